package org.segloss.dicom.labels;

import java.io.IOException;
import java.nio.charset.Charset;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.segloss.dicom.part10.DataSetBuilder;
import org.segloss.dicom.part10.DicomFile;
import org.segloss.dicom.part10.Tag;
import org.segloss.dicom.part10.TransferSyntax;
import org.segloss.dicom.part10.Uids;
import org.segloss.dicom.series.ImageHeader;
import org.segloss.dicom.series.Placement;
import org.segloss.dicom.series.SeriesImage;
import org.segloss.dicom.series.Slice;
import org.segloss.format.ImageSource;

/// Labels on the grid of a DICOM image as a segmentation object (SEG): BINARY, a segment for each label from
/// 1 to the
/// largest, a frame for each slice that a segment is in.
///
/// The object belongs to the patient and the study of its image, as the standard asks. Nothing else that is written
/// has anything of these.
public final class SegmentationEncoder {
    private static final String SOP_CLASS = "1.2.840.10008.5.1.4.1.1.66.4";
    private static final String PROGRAM = "Segloss";

    /// Texts of kind LO are no longer.
    private static final int LONGEST_TEXT = 64;

    /// A frame that says where a segment is in a slice; slices are counted as the grid counts them.
    private record Plane(int segment, int slice) {}

    private final SeriesImage image;
    private final byte[] labels;
    private final SortedMap<Integer, String> names;
    private final LocalDateTime made;
    private final int pixels;

    private SegmentationEncoder(
            SeriesImage image, byte[] labels, SortedMap<Integer, String> names, LocalDateTime made) {
        this.image = image;
        this.labels = labels;
        this.names = names;
        this.made = made;
        pixels = image.grid().x() * image.grid().y();
    }

    /// {@return why an image has no segmentations}; nothing where it can have some
    public static Optional<String> obstacle(SeriesImage image) {
        ImageHeader first = image.slices().getFirst().header();
        if (image.series().frameOfReference().isEmpty()
                || image.slices().stream()
                        .anyMatch(slice -> slice.frame().position().isEmpty()
                                || slice.frame().orientation().isEmpty())) {
            return Optional.of("doesn't say where it lies (Frame of Reference, Image Position)");
        }
        return image.series().uid().isEmpty()
                        || first.sopInstance().isEmpty()
                        || first.sopClass().isEmpty()
                ? Optional.of("has no UIDs of its series and its instances")
                : Optional.empty();
    }

    /// {@return the bytes of a file}
    ///
    /// @param image  without an [#obstacle]
    /// @param labels on its grid
    /// @param names  of labels, as far as they have some
    /// @param made   when the labels were
    /// @throws IllegalArgumentException if they are more than a file holds
    public static byte[] encode(SeriesImage image, byte[] labels, SortedMap<Integer, String> names, LocalDateTime made)
            throws IOException {
        return new SegmentationEncoder(image, labels, names, made).encode();
    }

    private byte[] encode() throws IOException {
        int segments = segments();
        List<Plane> planes = planes(segments);
        byte[] bits = bits(planes);
        String time = made.format(DateTimeFormatter.ofPattern("HHmmss.SSSSSS"));
        String day = made.format(DateTimeFormatter.BASIC_ISO_DATE);
        String origin = " of %s at %s %s".formatted(image.series().uid(), day, time);
        String instance = Uids.of("instance" + origin, bits);
        var object = new DataSetBuilder();
        Slice first = image.slices().getFirst();
        try (DicomFile file =
                DicomFile.open(first.header().file().map(ImageSource::of).orElse(image.source()))) {
            var modules = new SourceModules(file.header());
            Charset charset = modules.copyTo(object);
            modules.copyLossTo(object);
            describe(object, segments, charset);
        }
        object.text(Tag.SOP_CLASS_UID, "UI", SOP_CLASS)
                .text(Tag.SOP_INSTANCE_UID, "UI", instance)
                .text(Tag.SERIES_INSTANCE_UID, "UI", Uids.of("series" + origin, bits))
                .text(Tag.CONTENT_DATE, "DA", day)
                .text(Tag.CONTENT_TIME, "TM", time)
                .text(Tag.SERIES_DATE, "DA", day)
                .text(Tag.SERIES_TIME, "TM", time)
                .items(Tag.REFERENCED_SERIES_SEQUENCE, List.of(references()));
        dimensions(object, Uids.of("dimensions" + origin, bits));
        frames(object, planes);
        object.bytes(Tag.PIXEL_DATA, "OB", bits);
        return object.file(SOP_CLASS, instance, TransferSyntax.EXPLICIT);
    }

    private int segments() {
        int largest = names.isEmpty() ? 1 : Math.max(1, names.lastKey());
        for (byte label : labels) {
            largest = Math.max(largest, label & 0xFF);
        }
        return largest;
    }

    /// Where there is nothing at all one plane says so: an object without a frame is none.
    private List<Plane> planes(int segments) {
        boolean[] there = new boolean[(segments + 1) * image.grid().z()];
        for (int i = 0; i < labels.length; i++) {
            there[(labels[i] & 0xFF) * image.grid().z() + i / pixels] = true;
        }
        var planes = new ArrayList<Plane>();
        for (int segment = 1; segment <= segments; segment++) {
            for (int slice = 0; slice < image.grid().z(); slice++) {
                if (there[segment * image.grid().z() + slice]) {
                    planes.add(new Plane(segment, slice));
                }
            }
        }
        return planes.isEmpty() ? List.of(new Plane(1, 0)) : planes;
    }

    /// Frames follow one another without a gap, the first pixel in the lowest bit.
    private byte[] bits(List<Plane> planes) {
        long count = ((long) planes.size() * pixels + 7) / 8;
        if (count > Integer.MAX_VALUE / 4) {
            throw new IllegalArgumentException(
                    "its segments take %d MiB, which are too many for one file of DICOM; write .nii.gz"
                            .formatted(count >> 20));
        }
        byte[] bits = new byte[(int) count];
        long bit = 0;
        for (Plane plane : planes) {
            int from = plane.slice() * pixels;
            for (int i = 0; i < pixels; i++, bit++) {
                if ((labels[from + i] & 0xFF) == plane.segment()) {
                    bits[(int) (bit >> 3)] |= (byte) (1 << (bit & 7));
                }
            }
        }
        return bits;
    }

    private void describe(DataSetBuilder object, int segments, Charset charset) {
        var described = new ArrayList<DataSetBuilder>();
        for (int segment = 1; segment <= segments; segment++) {
            String name = names.getOrDefault(segment, "")
                    .replaceAll("[\\\\\\p{Cntrl}]", " ")
                    .strip();
            // a name says nothing that a terminology would know
            described.add(new DataSetBuilder()
                    .shorts(Tag.SEGMENT_NUMBER, segment)
                    .text(Tag.SEGMENT_LABEL, "LO", name.isEmpty() ? "label " + segment : shortened(name), charset)
                    .text(Tag.SEGMENT_ALGORITHM_TYPE, "CS", "AUTOMATIC")
                    .text(Tag.SEGMENT_ALGORITHM_NAME, "LO", PROGRAM)
                    .items(Tag.SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE, List.of(code("85756007", "SCT", "Tissue")))
                    .items(Tag.SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE, List.of(code("85756007", "SCT", "Tissue"))));
        }
        object.items(Tag.SEGMENT_SEQUENCE, described)
                .text(Tag.MODALITY, "CS", "SEG")
                .text(Tag.IMAGE_TYPE, "CS", "DERIVED\\PRIMARY")
                .text(Tag.SERIES_NUMBER, "IS", "1000")
                .text(Tag.SERIES_DESCRIPTION, "LO", "Segmentation")
                .text(Tag.INSTANCE_NUMBER, "IS", "1")
                .text(Tag.MANUFACTURER, "LO", PROGRAM)
                .text(Tag.MANUFACTURER_MODEL_NAME, "LO", PROGRAM)
                .text(Tag.DEVICE_SERIAL_NUMBER, "LO", "0")
                .text(
                        Tag.SOFTWARE_VERSIONS,
                        "LO",
                        Optional.ofNullable(
                                        SegmentationEncoder.class.getPackage().getImplementationVersion())
                                .orElse("development"))
                .text(Tag.SEGMENTATION_TYPE, "CS", "BINARY")
                .text(Tag.SEGMENTS_OVERLAP, "CS", "NO")
                .text(Tag.CONTENT_LABEL, "CS", "SEGMENTATION")
                .text(Tag.CONTENT_DESCRIPTION, "LO", "Labels of an image's voxels")
                .text(Tag.CONTENT_CREATOR_NAME, "PN", "");
    }

    private static String shortened(String name) {
        return name.codePointCount(0, name.length()) <= LONGEST_TEXT
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST_TEXT));
    }

    private static DataSetBuilder code(String value, String scheme, String meaning) {
        return new DataSetBuilder()
                .text(Tag.CODE_VALUE, "SH", value)
                .text(Tag.CODING_SCHEME_DESIGNATOR, "SH", scheme)
                .text(Tag.CODE_MEANING, "LO", meaning);
    }

    private DataSetBuilder references() {
        Set<ImageHeader> headers = new LinkedHashSet<>();
        image.slices().forEach(slice -> headers.add(slice.header()));
        return new DataSetBuilder()
                .text(Tag.SERIES_INSTANCE_UID, "UI", image.series().uid())
                .items(
                        Tag.REFERENCED_INSTANCE_SEQUENCE,
                        headers.stream().map(SegmentationEncoder::reference).toList());
    }

    private static DataSetBuilder reference(ImageHeader header) {
        return new DataSetBuilder()
                .text(Tag.REFERENCED_SOP_CLASS_UID, "UI", header.sopClass())
                .text(Tag.REFERENCED_SOP_INSTANCE_UID, "UI", header.sopInstance());
    }

    /// Frames are told apart by their segments, and then by their places.
    private static void dimensions(DataSetBuilder object, String organization) {
        object.items(
                        Tag.DIMENSION_ORGANIZATION_SEQUENCE,
                        List.of(new DataSetBuilder().text(Tag.DIMENSION_ORGANIZATION_UID, "UI", organization)))
                .items(
                        Tag.DIMENSION_INDEX_SEQUENCE,
                        List.of(
                                dimension(
                                        organization,
                                        Tag.REFERENCED_SEGMENT_NUMBER,
                                        Tag.SEGMENT_IDENTIFICATION_SEQUENCE,
                                        "Segment Number"),
                                dimension(
                                        organization,
                                        Tag.IMAGE_POSITION_PATIENT,
                                        Tag.PLANE_POSITION_SEQUENCE,
                                        "Image Position Patient")));
    }

    private static DataSetBuilder dimension(String organization, int pointer, int group, String label) {
        return new DataSetBuilder()
                .text(Tag.DIMENSION_ORGANIZATION_UID, "UI", organization)
                .tag(Tag.DIMENSION_INDEX_POINTER, pointer)
                .tag(Tag.FUNCTIONAL_GROUP_POINTER, group)
                .text(Tag.DIMENSION_DESCRIPTION_LABEL, "LO", label);
    }

    private void frames(DataSetBuilder object, List<Plane> planes) {
        ImageHeader.Frame first = image.slices().getFirst().frame();
        double[] orientation = first.orientation().orElseThrow();
        double between = between(orientation);
        object.shorts(Tag.SAMPLES_PER_PIXEL, 1)
                .text(Tag.PHOTOMETRIC_INTERPRETATION, "CS", "MONOCHROME2")
                .text(Tag.NUMBER_OF_FRAMES, "IS", Integer.toString(planes.size()))
                .shorts(Tag.ROWS, image.grid().y())
                .shorts(Tag.COLUMNS, image.grid().x())
                .shorts(Tag.BITS_ALLOCATED, 1)
                .shorts(Tag.BITS_STORED, 1)
                .shorts(Tag.HIGH_BIT, 0)
                .shorts(Tag.PIXEL_REPRESENTATION, 0)
                .items(
                        Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE,
                        List.of(new DataSetBuilder()
                                .items(
                                        Tag.PIXEL_MEASURES_SEQUENCE,
                                        List.of(new DataSetBuilder()
                                                .decimals(Tag.SLICE_THICKNESS, between)
                                                .decimals(Tag.SPACING_BETWEEN_SLICES, between)
                                                .decimals(
                                                        Tag.PIXEL_SPACING,
                                                        first.spacing().orElseThrow())))
                                .items(
                                        Tag.PLANE_ORIENTATION_SEQUENCE,
                                        List.of(new DataSetBuilder()
                                                .decimals(Tag.IMAGE_ORIENTATION_PATIENT, orientation)))));
        List<Integer> slices =
                planes.stream().map(Plane::slice).sorted().distinct().toList();
        object.items(
                Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
                planes.stream()
                        .map(plane -> frame(plane, slices.indexOf(plane.slice()) + 1))
                        .toList());
    }

    /// From slice to slice along their normal, which in tilted series is less than from voxel to voxel.
    private double between(double[] orientation) {
        double[] normal = Placement.normal(orientation);
        double[] affine = image.grid().affine();
        return Math.abs(-affine[2] * normal[0] - affine[6] * normal[1] + affine[10] * normal[2]);
    }

    private DataSetBuilder frame(Plane plane, int place) {
        Slice slice = image.slices().get(plane.slice());
        DataSetBuilder source = reference(slice.header())
                .text(Tag.SPATIAL_LOCATIONS_PRESERVED, "CS", "YES")
                .items(
                        Tag.PURPOSE_OF_REFERENCE_CODE_SEQUENCE,
                        List.of(code("121322", "DCM", "Source image for image processing operation")));
        if (slice.header().frames().size() > 1) {
            source.text(
                    Tag.REFERENCED_FRAME_NUMBER,
                    "IS",
                    Integer.toString(slice.frame().index() + 1));
        }
        return new DataSetBuilder()
                .items(
                        Tag.FRAME_CONTENT_SEQUENCE,
                        List.of(new DataSetBuilder().ints(Tag.DIMENSION_INDEX_VALUES, plane.segment(), place)))
                .items(
                        Tag.PLANE_POSITION_SEQUENCE,
                        List.of(new DataSetBuilder()
                                .decimals(
                                        Tag.IMAGE_POSITION_PATIENT,
                                        slice.frame().position().orElseThrow())))
                .items(
                        Tag.SEGMENT_IDENTIFICATION_SEQUENCE,
                        List.of(new DataSetBuilder().shorts(Tag.REFERENCED_SEGMENT_NUMBER, plane.segment())))
                .items(
                        Tag.DERIVATION_IMAGE_SEQUENCE,
                        List.of(new DataSetBuilder()
                                .items(Tag.DERIVATION_CODE_SEQUENCE, List.of(code("113076", "DCM", "Segmentation")))
                                .items(Tag.SOURCE_IMAGE_SEQUENCE, List.of(source))));
    }
}
