package org.segloss.dicom.labels;

import static org.segloss.format.Finding.error;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.segloss.dicom.part10.DataSet;
import org.segloss.dicom.part10.DicomFile;
import org.segloss.dicom.part10.Tag;
import org.segloss.dicom.pixel.Frames;
import org.segloss.dicom.pixel.PixelFormat;
import org.segloss.dicom.series.FunctionalGroups;
import org.segloss.dicom.series.ImageHeader;
import org.segloss.dicom.series.References;
import org.segloss.format.Finding;
import org.segloss.format.Images;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// A segmentation object (SEG): frames, each of a segment in a slice, on the grid of an image. Slices that have
/// nothing of a segment may have no frame.
///
/// @param segments of each frame; 0 where its numbers are the segments (LABELMAP)
/// @param most     the number that stands for a whole voxel
public record Segmentation(
        ImageHeader header,
        Type type,
        SortedMap<Integer, String> names,
        List<Integer> segments,
        int most,
        References references) {
    private static final int LARGEST = 0xFFFF;

    /// How pixels say what they belong to.
    public enum Type {
        /// Each frame has bits of one segment.
        BINARY,
        /// Each frame has amounts of one segment.
        FRACTIONAL,
        /// Numbers are segments.
        LABELMAP
    }

    /// @throws IOException if the header is damaged
    public static Segmentation of(DicomFile file) throws IOException {
        DataSet data = file.header();
        Type type =
                switch (data.text(Tag.SEGMENTATION_TYPE)) {
                    case "BINARY" -> Type.BINARY;
                    case "FRACTIONAL" -> Type.FRACTIONAL;
                    case "LABELMAP" -> Type.LABELMAP;
                    default -> throw new IOException("it is no BINARY, FRACTIONAL or LABELMAP segmentation");
                };
        SortedMap<Integer, String> names = names(data);
        ImageHeader header = ImageHeader.of(file, Optional.empty());
        FunctionalGroups groups = FunctionalGroups.of(data);
        var segments = new ArrayList<Integer>();
        for (int i = 0; i < header.frames().size(); i++) {
            segments.add(type == Type.LABELMAP ? 0 : segment(groups, i, names));
        }
        int most = type == Type.FRACTIONAL
                ? data.integer(Tag.MAXIMUM_FRACTIONAL_VALUE, "US").orElse(255)
                : 1;
        if (most < 1) {
            throw new IOException("its Maximum Fractional Value is 0");
        }
        return new Segmentation(header, type, names, segments, most, References.of(data));
    }

    /// {@return the segments' labels by their numbers, without the background of a LABELMAP}
    private static SortedMap<Integer, String> names(DataSet data) throws IOException {
        var names = new TreeMap<Integer, String>();
        for (DataSet segment : data.items(Tag.SEGMENT_SEQUENCE)) {
            OptionalInt number = segment.integer(Tag.SEGMENT_NUMBER, "US");
            if (number.isEmpty() || number.getAsInt() < 0 || number.getAsInt() > LARGEST) {
                throw new IOException("one of its segments has no number");
            }
            if (number.getAsInt() > 0) {
                names.put(number.getAsInt(), segment.text(Tag.SEGMENT_LABEL));
            }
        }
        return names;
    }

    private static int segment(FunctionalGroups groups, int frame, SortedMap<Integer, String> names)
            throws IOException {
        if (groups.frames() > 0) {
            for (DataSet group : groups.of(frame)) {
                Optional<DataSet> item = group.item(Tag.SEGMENT_IDENTIFICATION_SEQUENCE);
                if (item.isPresent()) {
                    int number = item.get()
                            .integer(Tag.REFERENCED_SEGMENT_NUMBER, "US")
                            .orElse(0);
                    if (names.containsKey(number)) {
                        return number;
                    }
                }
            }
        }
        throw new IOException("its frame %d says of no segment that it is there".formatted(frame + 1));
    }

    /// {@return how many channels it has as an image}: fractions are one for each segment, anything else is labels
    public int channels() {
        return type == Type.FRACTIONAL ? names.size() : 1;
    }

    /// {@return what keeps it from being read}
    public List<Finding> findings() {
        PixelFormat pixels = header.pixels();
        var findings =
                new ArrayList<Finding>(PixelFormat.findings(header.syntax().packing()));
        findings.addAll(pixels.ofLabels().findings(header.syntax()));
        if (pixels.signed() || pixels.allocated() > 16 || pixels.samples() != 1) {
            findings.add(error(
                    "its pixels have %d numbers of %d bits%s"
                            .formatted(pixels.samples(), pixels.allocated(), pixels.signed() ? " with a sign" : ""),
                    "Segmentations with one number of 1, 8 or 16 bits are read."));
        }
        if (header.frames().stream()
                .anyMatch(f -> f.position().isEmpty()
                        || f.orientation().isEmpty()
                        || f.spacing().isEmpty())) {
            findings.add(error(
                    "it doesn't say where each of its frames lies (Image Position, Image Orientation, Pixel Measures)",
                    "The header is damaged: get it again."));
        }
        return findings;
    }

    /// {@return the grid that its own frames are on}, from the lowest to the highest; nothing if they are on none
    public Optional<Geometry> ownGrid(List<Finding> findings) {
        return grid(header.frames(), findings);
    }

    /// {@return the grid that the frames of both are on}: where two segmentations are compared without their image,
    /// either may have slices that the other hasn't
    public Optional<Geometry> gridWith(Segmentation other, List<Finding> findings) {
        findings.addAll(references.findings(other.references));
        if (findings.stream().anyMatch(Finding::isError) || !other.findings().isEmpty()) {
            return ownGrid(findings);
        }
        return grid(
                Stream.concat(header.frames().stream(), other.header.frames().stream())
                        .toList(),
                findings);
    }

    private Optional<Geometry> grid(List<ImageHeader.Frame> frames, List<Finding> findings) {
        return new FrameStack(header.pixels().columns(), header.pixels().rows(), frames).grid(findings);
    }

    /// {@return the labels on a grid}: of fractions the largest that is at least a half, of equal ones the
    /// first; nothing if an error was found
    public Optional<Scan> labels(DicomFile file, Geometry grid, List<Finding> findings) throws IOException {
        findings.addAll(LabelArray.room(grid, type == Type.FRACTIONAL ? 5 : 3));
        if (findings.stream().anyMatch(Finding::isError)) {
            return Optional.empty();
        }
        var labels = new LabelArray(grid, names);
        short[] amounts = new short[type == Type.FRACTIONAL ? Math.toIntExact(grid.voxels()) : 0];
        eachVoxel(file, grid, findings, (voxel, segment, number) -> {
            switch (type) {
                case BINARY -> labels.add(voxel, segment);
                case LABELMAP -> labels.put(voxel, number);
                case FRACTIONAL -> {
                    int before = amounts[voxel] & 0xFFFF;
                    boolean more = number > before || number == before && segment < labels.get(voxel);
                    if (2 * number >= most && more) {
                        labels.put(voxel, segment);
                        amounts[voxel] = (short) number;
                    }
                }
            }
        });
        findings.addAll(labels.overlaps("segments"));
        return findings.stream().anyMatch(Finding::isError) ? Optional.empty() : Optional.of(labels.scan());
    }

    /// {@return the fractions on a grid, from 0 to 1, a channel for each segment}; nothing if an error was found
    public Optional<Scan> fractions(DicomFile file, Geometry grid, List<Finding> findings) throws IOException {
        double numbers = (double) grid.voxels() * names.size();
        if (numbers > Integer.MAX_VALUE - 8) {
            findings.add(
                    error("it has %.0f numbers".formatted(numbers), "Images of up to 2^31 numbers are read: crop it."));
        }
        findings.addAll(LabelArray.room(grid, 4 * names.size()));
        if (findings.stream().anyMatch(Finding::isError)) {
            return Optional.empty();
        }
        int plane = (int) grid.voxels();
        float[] fractions = new float[plane * names.size()];
        List<Integer> order = List.copyOf(names.keySet());
        eachVoxel(
                file,
                grid,
                findings,
                (voxel, segment, number) ->
                        fractions[order.indexOf(segment) * plane + voxel] = (float) ((double) number / most));
        return findings.stream().anyMatch(Finding::isError)
                ? Optional.empty()
                : Optional.of(
                        new Scan(grid, names.size(), NumericArray.of(fractions, Images.shape(grid, names.size()))));
    }

    private interface Visitor {
        void at(int voxel, int segment, int number);
    }

    /// Visits the voxels that have numbers above 0.
    private void eachVoxel(DicomFile file, Geometry grid, List<Finding> findings, Visitor visitor) throws IOException {
        Frames frames = Frames.of(file, header.pixels());
        var map = new GridMap(grid);
        int columns = header.pixels().columns();
        long outside = 0;
        for (ImageHeader.Frame frame : header.frames()) {
            GridMap.Frame place = map.frame(
                    frame.position().orElseThrow(),
                    frame.orientation().orElseThrow(),
                    frame.spacing().orElseThrow(),
                    columns,
                    header.pixels().rows());
            if (!place.isOnGrid()) {
                findings.add(error(
                        String.format(
                                Locale.ROOT,
                                "its frames are not slices of its image: they are up to %.2f voxels off the grid of %s with %s",
                                place.off(),
                                grid.shapeText(),
                                grid.spacingText()),
                        "Give the series that it was made on, or resample it."));
                return;
            }
            int[] numbers = frames.frame(frame.index());
            int segment = segments.get(frame.index());
            for (int i = 0; i < numbers.length; i++) {
                if (numbers[i] != 0) {
                    int voxel = place.voxel(grid, i % columns, i / columns);
                    if (voxel < 0) {
                        outside++;
                    } else {
                        visitor.at(voxel, segment, numbers[i]);
                    }
                }
            }
        }
        if (outside > 0) {
            findings.add(error(
                    "%d of its voxels lie outside of its image".formatted(outside),
                    "Give the whole series that it was made on."));
        }
    }
}
