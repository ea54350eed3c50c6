package org.segloss.dicom;

import static org.segloss.format.Finding.error;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.segloss.dicom.labels.Segmentation;
import org.segloss.dicom.labels.SegmentationEncoder;
import org.segloss.dicom.labels.Structures;
import org.segloss.dicom.labels.Target;
import org.segloss.dicom.part10.DicomFile;
import org.segloss.dicom.series.ImageHeader;
import org.segloss.dicom.series.References;
import org.segloss.dicom.series.SeriesFolder;
import org.segloss.dicom.series.SeriesImage;
import org.segloss.dicom.series.SopClass;
import org.segloss.file.AtomicFile;
import org.segloss.format.Finding;
import org.segloss.format.ImageFormat;
import org.segloss.format.ImageInfo;
import org.segloss.format.ImageSource;
import org.segloss.format.Images;
import org.segloss.format.Scan;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// DICOM: a folder of a series, or a file with one frame or several; segmentations (SEG) and outlines
/// (RTSTRUCT), in a file or among the series that they were made on.
///
/// Slices are sorted by their positions along their normal, the lowest first; DICOM counts millimetres to the
/// left and to the back, an affine to the right and to the front. Numbers have each slice's own scale.
public final class Dicom implements ImageFormat {

    @Override
    public String name() {
        return "DICOM";
    }

    @Override
    public List<String> endings() {
        return List.of(".dcm");
    }

    @Override
    public boolean recognises(byte[] head) {
        return DicomFile.isStart(head);
    }

    @Override
    public boolean recognisesFolder(Path folder) throws IOException {
        return SeriesFolder.isOne(folder);
    }

    @Override
    public List<Path> companions(Path file) throws IOException {
        return Files.isDirectory(file) ? SeriesFolder.of(file).files() : List.of();
    }

    @Override
    public boolean needsImage() {
        return true;
    }

    @Override
    public Optional<ImageInfo> info(ImageSource source, List<Finding> findings) throws IOException {
        Optional<ImageSource> labels = imageless(source, findings);
        if (labels.isPresent()) {
            return info(labels.get(), Optional.empty(), findings);
        }
        return failed(findings)
                ? Optional.empty()
                : SeriesImage.of(source, findings).map(SeriesImage::info);
    }

    @Override
    public Optional<ImageInfo> labelInfo(ImageSource source, Path image, List<Finding> findings) throws IOException {
        Optional<ImageSource> labels = labels(source, findings);
        if (labels.isPresent()) {
            return info(labels.get(), Optional.of(image(source, image, findings)), findings);
        }
        return failed(findings) ? Optional.empty() : info(source, findings);
    }

    private static Optional<ImageInfo> info(ImageSource source, Optional<Path> image, List<Finding> findings)
            throws IOException {
        try (DicomFile file = DicomFile.open(source)) {
            return switch (ImageHeader.kind(file)) {
                case SEGMENTATION -> {
                    Segmentation segmentation = Segmentation.of(file);
                    int channels = image.isPresent() ? 1 : segmentation.channels();
                    yield grid(segmentation, image, findings).map(grid -> new ImageInfo(grid, channels));
                }
                case STRUCTURES ->
                    grid(Structures.of(file.header()), image, findings).map(grid -> new ImageInfo(grid, 1));
                default -> throw new IllegalStateException("these are no labels");
            };
        }
    }

    @Override
    public Optional<Scan> read(ImageSource source, Purpose purpose, List<Finding> findings) throws IOException {
        Optional<ImageSource> labels =
                purpose == Purpose.LABELS ? labels(source, findings) : imageless(source, findings);
        if (failed(findings)) {
            return Optional.empty();
        }
        if (labels.isPresent()) {
            Optional<Path> image = isAmong(source, findings) ? source.file() : Optional.empty();
            return read(labels.get(), image, purpose == Purpose.LABELS, findings);
        }
        Optional<SeriesImage> image = SeriesImage.of(source, findings);
        return image.isPresent() ? image.get().read(purpose == Purpose.IMAGE, findings) : Optional.empty();
    }

    @Override
    public Optional<Scan> readLabels(ImageSource source, Path image, List<Finding> findings) throws IOException {
        Optional<ImageSource> labels = labels(source, findings);
        if (failed(findings)) {
            return Optional.empty();
        }
        return labels.isPresent()
                ? read(labels.get(), Optional.of(image(source, image, findings)), true, findings)
                : read(source, Purpose.LABELS, findings);
    }

    /// {@return the image that labels are of}: the series that they lie beside, or else one that was given
    private static Path image(ImageSource source, Path given, List<Finding> findings) throws IOException {
        return isAmong(source, findings) ? source.file().orElseThrow() : given;
    }

    private static boolean isAmong(ImageSource source, List<Finding> findings) throws IOException {
        return source.isFolder() && imageless(source, findings).isEmpty();
    }

    private static Optional<Scan> read(
            ImageSource source, Optional<Path> image, boolean asLabels, List<Finding> findings) throws IOException {
        try (DicomFile file = DicomFile.open(source)) {
            if (ImageHeader.kind(file) == SopClass.STRUCTURES) {
                Structures structures = Structures.of(file.header());
                Optional<Geometry> grid = grid(structures, image, findings);
                return grid.isPresent() ? structures.labels(grid.get(), findings) : Optional.empty();
            }
            Segmentation segmentation = Segmentation.of(file);
            Optional<Geometry> grid = grid(segmentation, image, findings);
            if (grid.isEmpty()) {
                return Optional.empty();
            }
            return asLabels || segmentation.type() != Segmentation.Type.FRACTIONAL
                    ? segmentation.labels(file, grid.get(), findings)
                    : segmentation.fractions(file, grid.get(), findings);
        }
    }

    private static Optional<Geometry> grid(Segmentation segmentation, Optional<Path> image, List<Finding> findings)
            throws IOException {
        findings.addAll(segmentation.findings());
        if (failed(findings)) {
            return Optional.empty();
        }
        if (image.isEmpty()) {
            return segmentation.ownGrid(findings);
        }
        Optional<ImageSource> other = labels(image.get());
        if (other.isPresent()) {
            try (DicomFile file = DicomFile.open(other.get())) {
                if (ImageHeader.kind(file) == SopClass.SEGMENTATION) {
                    return segmentation.gridWith(Segmentation.of(file), findings);
                }
            }
        }
        Target target = Target.of(image.get());
        findings.addAll(target.findings(segmentation.references()));
        return failed(findings) ? Optional.empty() : Optional.of(target.grid());
    }

    private static Optional<Geometry> grid(Structures structures, Optional<Path> image, List<Finding> findings)
            throws IOException {
        if (image.isEmpty()) {
            findings.add(error(
                    "these are outlines (RTSTRUCT), which have no voxels of their own",
                    "Give them as the labels of the series that they were drawn on."));
            return Optional.empty();
        }
        if (labels(image.get()).isPresent()) {
            findings.add(error(
                    "these are outlines (RTSTRUCT), and what they are compared with has only some of the slices of their series",
                    "Put them into the folder of their series, and give that."));
            return Optional.empty();
        }
        Target target = Target.of(image.get());
        findings.addAll(target.findings(structures.references()));
        return failed(findings) ? Optional.empty() : Optional.of(target.grid());
    }

    @Override
    public void write(Path file, Geometry geometry, NumericArray values) {
        checkHolds(file, geometry);
    }

    @Override
    public void writeLike(Path image, Path file, Geometry geometry, NumericArray values) throws IOException {
        writeLabels(image, file, geometry, values, new TreeMap<>());
    }

    @Override
    public void writeLabels(
            Path image, Path file, Geometry geometry, NumericArray values, SortedMap<Integer, String> names)
            throws IOException {
        boolean labels = values.type() == ElementType.UINT8 || values.type() == ElementType.BOOL;
        if (!labels || Images.channels(geometry, values) != 1) {
            throw new IllegalArgumentException(
                    "%s: in DICOM labels are written, and no %s; write .nii.gz".formatted(file, values.type()));
        }
        byte[] bytes = SegmentationEncoder.encode(
                segmented(image, file, geometry), values.toBytes(), names, LocalDateTime.now());
        AtomicFile.write(file, out -> out.write(bytes));
    }

    @Override
    public void checkHolds(Path file, Geometry grid) {
        throw unheld(file, "none is given");
    }

    @Override
    public void checkHolds(Path image, Path file, Geometry grid) throws IOException {
        segmented(image, file, grid);
    }

    /// {@return the image that a segmentation refers to}
    private static SeriesImage segmented(Path image, Path file, Geometry grid) throws IOException {
        Optional<SeriesImage> found = Target.series(image);
        if (found.isEmpty()) {
            throw unheld(file, "%s is no image in DICOM".formatted(image));
        }
        Optional<String> obstacle = SegmentationEncoder.obstacle(found.get());
        if (obstacle.isPresent()) {
            throw unheld(file, "%s %s".formatted(image, obstacle.get()));
        }
        if (!found.get().grid().sameGrid(grid)) {
            throw unheld(file, "its labels don't lie on the grid of " + image);
        }
        return found.get();
    }

    private static IllegalArgumentException unheld(Path file, String why) {
        return new IllegalArgumentException(
                "%s: a segmentation in DICOM refers to the series that it is of, but %s; write .nii.gz"
                        .formatted(file, why));
    }

    @Override
    public SortedMap<Integer, String> labelNames(ImageSource source) throws IOException {
        Optional<ImageSource> labels = labels(source, new ArrayList<>());
        if (labels.isEmpty()) {
            return new TreeMap<>();
        }
        try (DicomFile file = DicomFile.open(labels.get())) {
            return ImageHeader.kind(file) == SopClass.SEGMENTATION
                    ? Segmentation.of(file).names()
                    : Structures.of(file.header()).names();
        }
    }

    @Override
    public Optional<String> identity(ImageSource source) throws IOException {
        var findings = new ArrayList<Finding>();
        if (imageless(source, findings).isPresent() || failed(findings)) {
            return Optional.empty();
        }
        return SeriesImage.of(source, findings).map(image -> image.series().uid());
    }

    @Override
    public Set<String> labelled(ImageSource source) throws IOException {
        if (source.isFolder()) {
            return SeriesFolder.of(source.file().orElseThrow()).labels().values().stream()
                    .flatMap(references -> references.series().stream())
                    .collect(Collectors.toSet());
        }
        if (labels(source, new ArrayList<>()).isEmpty()) {
            return Set.of();
        }
        try (DicomFile file = DicomFile.open(source)) {
            return References.of(file.header()).series();
        }
    }

    private static boolean failed(List<Finding> findings) {
        return findings.stream().anyMatch(Finding::isError);
    }

    /// {@return the file of labels that a source is, or has alone, without an image}
    private static Optional<ImageSource> imageless(ImageSource source, List<Finding> findings) throws IOException {
        if (!source.isFolder()) {
            return labels(source, findings);
        }
        SeriesFolder folder = SeriesFolder.of(source.file().orElseThrow());
        return folder.images().isEmpty()
                        && folder.unreadable().isEmpty()
                        && folder.labels().size() == 1
                ? Optional.of(ImageSource.of(folder.labels().keySet().iterator().next()))
                : Optional.empty();
    }

    /// {@return the file of labels that an image of any format is in truth}
    private static Optional<ImageSource> labels(Path image) throws IOException {
        return Files.isDirectory(image) || DicomFile.isOne(image)
                ? imageless(ImageSource.of(image), new ArrayList<>())
                : Optional.empty();
    }

    /// {@return the file of labels that a source is, or has}
    ///
    /// @param findings gets an error where a folder has several, or a file is neither labels nor an image
    private static Optional<ImageSource> labels(ImageSource source, List<Finding> findings) throws IOException {
        if (!source.isFolder()) {
            try (DicomFile file = DicomFile.open(source)) {
                return switch (ImageHeader.kind(file)) {
                    case SEGMENTATION, STRUCTURES -> Optional.of(source);
                    case IMAGE -> Optional.empty();
                    case DIRECTORY -> {
                        findings.add(error("this is the index of a medium (DICOMDIR)", "Give the folder of a series."));
                        yield Optional.empty();
                    }
                    case OTHER -> {
                        findings.add(error(
                                "this is a DICOM file, but neither an image nor labels",
                                "Give a file or the folder of a series, a SEG or an RTSTRUCT."));
                        yield Optional.empty();
                    }
                };
            }
        }
        List<Path> files = List.copyOf(
                SeriesFolder.of(source.file().orElseThrow()).labels().keySet());
        if (files.size() > 1) {
            findings.add(error(
                    "it has %d segmentations: %s"
                            .formatted(
                                    files.size(),
                                    String.join(
                                            ", ",
                                            files.stream()
                                                    .limit(5)
                                                    .map(file ->
                                                            file.getFileName().toString())
                                                    .toList())),
                    "Give the file of the one that is meant."));
            return Optional.empty();
        }
        return files.stream().findFirst().map(ImageSource::of);
    }
}
