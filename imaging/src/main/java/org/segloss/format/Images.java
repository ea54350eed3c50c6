package org.segloss.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.segloss.format.ImageFormat.Purpose;
import org.segloss.image.Geometry;
import org.segloss.image.LabelMap;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;
import org.segloss.image.Volume;

/// Image files of any format in [Formats#IMAGES], told apart by their content, and written as their names ask for.
public final class Images {
    private Images() {}

    /// {@return an image}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static Volume read(Path file) throws IOException {
        return inspect(file).orThrow().volume();
    }

    /// As [#read(Path)], from bytes or a file.
    public static Volume read(ImageSource source) throws IOException {
        return inspect(source, Purpose.IMAGE).orThrow().volume();
    }

    /// {@return an image in which every voxel has a finite number}
    /// @throws IOException as [#read], or with the count and the first of the voxels that are NaN or infinite
    public static Volume readFinite(Path file) throws IOException {
        Volume image = read(file);
        float[] values = image.values();
        int bad = 0;
        int first = 0;
        for (int i = values.length - 1; i >= 0; i--) {
            if (!Float.isFinite(values[i])) {
                bad++;
                first = i;
            }
        }
        if (bad > 0) {
            Geometry grid = image.geometry();
            throw new IOException(
                    "%s: %d voxels are NaN or infinite, the first is voxel (x, y, z) = (%d, %d, %d); replace them by finite numbers"
                            .formatted(
                                    file,
                                    bad,
                                    first % grid.x(),
                                    first / grid.x() % grid.y(),
                                    first / (grid.x() * grid.y()) % grid.z()));
        }
        return image;
    }

    /// {@return a segmentation with the labels that the file has; whole numbers in floats are fine, and in a
    /// mask of 0 and 255, 255 becomes 1}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static Labels readLabels(Path file) throws IOException {
        return readLabels(file, Set.of());
    }

    /// As [#readLabels(Path)], where some labels are ignored: a mask may have them besides 0 and 255, and 255
    /// stays 255 if it is among them.
    public static Labels readLabels(Path file, Collection<Integer> ignored) throws IOException {
        return labels(inspectLabels(file), ignored);
    }

    /// {@return a segmentation with labels of any size, such as an atlas; in a mask of 0 and 255, 255 becomes 1}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static LabelMap readLabelMap(Path file) throws IOException {
        return readLabelMap(ImageSource.of(file), Optional.empty(), List.of());
    }

    /// As [#readLabelMap(Path)], from bytes or a file. Labels that are ignored may be there besides 0 and
    /// 255, and 255 is no mask's if it is ignored.
    ///
    /// @param image on whose grid the labels lie, if it is known, as [#inspectLabels(Path, Path)]
    public static LabelMap readLabelMap(ImageSource source, Optional<Path> image, Collection<Integer> ignored)
            throws IOException {
        return scanLabels(source, image).labelMap(ignored);
    }

    /// As [#readLabelMap(ImageSource, Optional, Collection)], where no image is known.
    public static LabelMap readLabelMap(ImageSource source, Collection<Integer> ignored) throws IOException {
        return readLabelMap(source, Optional.empty(), ignored);
    }

    private static Scan scanLabels(ImageSource source, Optional<Path> image) throws IOException {
        Scan scan = inspectLabels(source, image).orThrow();
        var findings = scan.numberFindings();
        if (!findings.isEmpty()) {
            throw ReadResult.failure(source.name(), findings);
        }
        return scan;
    }

    /// Reads a file and collects all that is wrong with it; throws nothing.
    public static ReadResult inspect(Path file) {
        return inspect(ImageSource.of(file), Purpose.IMAGE);
    }

    /// As [#inspect], for a file that is a segmentation: the numbers of a palette image are its indices, and
    /// scaled numbers a warning.
    public static ReadResult inspectLabels(Path file) {
        return inspect(ImageSource.of(file), Purpose.LABELS);
    }

    /// As [#inspectLabels(Path)], of labels that belong to an image: outlines, and labels that are stored for
    /// some of the slices alone, are put on its grid.
    ///
    /// @param image a file or a folder of any format
    public static ReadResult inspectLabels(Path file, Path image) {
        return inspectLabels(ImageSource.of(file), Optional.of(image));
    }

    private static ReadResult inspectLabels(ImageSource source, Optional<Path> image) {
        var findings = new ArrayList<Finding>();
        Optional<Scan> scan = found(
                source,
                findings,
                format -> image.isPresent()
                        ? format.readLabels(source, image.get(), findings)
                        : format.read(source, Purpose.LABELS, findings));
        return new ReadResult(source.name(), findings, scan);
    }

    /// {@return what a file of labels calls them, by their numbers}; nothing where its format has no names
    /// @throws IOException that names the file and what is wrong with it
    public static SortedMap<Integer, String> labelNames(Path file) throws IOException {
        ImageSource source = ImageSource.of(file);
        var findings = new ArrayList<Finding>();
        return found(source, findings, format -> Optional.of(format.labelNames(source)))
                .orElseThrow(() -> ReadResult.failure(source.name(), findings));
    }

    /// {@return what an image is known by wherever it lies}, as [ImageFormat#identity]; nothing where it
    /// can't be read
    public static Optional<String> identity(Path file) {
        ImageSource source = ImageSource.of(file);
        return found(source, new ArrayList<>(), format -> format.identity(source));
    }

    /// {@return what the images are known by that labels were made on}, as [ImageFormat#labelled]; none where
    /// they can't be read
    public static Set<String> labelled(Path file) {
        ImageSource source = ImageSource.of(file);
        return found(source, new ArrayList<>(), format -> Optional.of(format.labelled(source)))
                .orElse(Set.of());
    }

    private static ReadResult inspect(ImageSource source, Purpose purpose) {
        var findings = new ArrayList<Finding>();
        Optional<Scan> scan = found(source, findings, format -> format.read(source, purpose, findings));
        return new ReadResult(source.name(), findings, scan);
    }

    /// {@return what a file is said to hold, without its voxels}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static ImageInfo info(Path file) throws IOException {
        return info(ImageSource.of(file));
    }

    /// As [#info(Path)], from bytes or a file.
    public static ImageInfo info(ImageSource source) throws IOException {
        var findings = new ArrayList<Finding>();
        return found(source, findings, format -> format.info(source, findings))
                .orElseThrow(() -> ReadResult.failure(source.name(), findings));
    }

    /// {@return what a file of labels is said to hold, where an image is known that they belong to}, as
    /// [#inspectLabels(Path, Path)]
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static ImageInfo labelInfo(Path file, Path image) throws IOException {
        ImageSource source = ImageSource.of(file);
        var findings = new ArrayList<Finding>();
        return found(source, findings, format -> format.labelInfo(source, image, findings))
                .orElseThrow(() -> ReadResult.failure(source.name(), findings));
    }

    /// Asks a format for something in a source.
    private interface Question<T> {
        Optional<T> ask(ImageFormat format) throws IOException;
    }

    private static <T> Optional<T> found(ImageSource source, List<Finding> findings, Question<T> question) {
        findings.addAll(source.readable());
        if (findings.isEmpty()) {
            try {
                Optional<ImageFormat> format = Formats.IMAGES.of(source);
                if (format.isPresent()) {
                    return question.ask(format.get());
                }
                findings.add(Finding.error("this is no image of a kind that is known here", expected()));
            } catch (IOException e) {
                findings.add(FileChecks.damaged(e));
            }
        }
        return Optional.empty();
    }

    /// {@return a sentence that says which images are read}
    public static String expected() {
        return "Images have to be %s (%s).".formatted(Formats.IMAGES.names(), Formats.IMAGES.endings());
    }

    /// {@return the files that an image is made of, the named one first}; of a folder those that are in it
    public static List<Path> files(Path file) throws IOException {
        ImageSource source = ImageSource.of(file);
        var files = new ArrayList<Path>(source.isFolder() ? List.of() : List.of(file));
        if (source.readable().isEmpty()) {
            Optional<ImageFormat> format = Formats.IMAGES.of(source);
            if (format.isPresent()) {
                files.addAll(format.get().companions(file));
            }
        }
        return files;
    }

    /// Writes an image as float32 in the format that the file's name asks for; it is there whole or not at all.
    ///
    /// @throws IllegalArgumentException if the name asks for none, or for one that can't hold the image
    public static void write(Path file, Volume volume) throws IOException {
        write(file, volume.geometry(), NumericArray.of(volume.values(), shape(volume.geometry(), volume.channels())));
    }

    /// Writes a segmentation as uint8, as [#write(Path, Volume)].
    public static void write(Path file, Labels labels) throws IOException {
        format(Formats.LABELS, file)
                .write(file, labels.geometry(), NumericArray.of(labels.values(), shape(labels.geometry(), 1)));
    }

    /// Writes the segmentation of an image as uint8, so that any program finds it where it finds the image: in the
    /// image's format its header's words on the grid are taken over as they stand. As [#write(Path, Volume)].
    public static void writeLike(Path image, Path file, Labels labels) throws IOException {
        writeLike(image, file, labels, new TreeMap<>());
    }

    /// As [#writeLike(Path, Path, Labels)], with what labels are called, which some formats say.
    public static void writeLike(Path image, Path file, Labels labels, SortedMap<Integer, String> names)
            throws IOException {
        format(Formats.LABELS, file)
                .writeLabels(
                        image,
                        file,
                        labels.geometry(),
                        NumericArray.of(labels.values(), shape(labels.geometry(), 1)),
                        names);
    }

    /// As [#writeLike(Path, Path, Labels)], numbers in their own type.
    ///
    /// @param values `(z, y, x)` or `(channel, z, y, x)`, of the shape of `geometry`
    public static void writeLike(Path image, Path file, Geometry geometry, NumericArray values) throws IOException {
        format(Formats.IMAGES, file).writeLike(image, file, geometry, values);
    }

    /// {@return a segmentation in which all labels but 0 are one, for a file of a name}: 1, in a picture 255,
    /// so that it is seen
    ///
    /// @throws IllegalArgumentException if the name asks for no format
    public static Labels mask(Path file, Labels labels) {
        byte foreground = (byte) (format(Formats.LABELS, file).isPicture() ? 255 : 1);
        byte[] mask = new byte[labels.values().length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = labels.values()[i] != 0 ? foreground : 0;
        }
        return new Labels(labels.geometry(), mask);
    }

    /// Writes numbers in their own type (bool as uint8), as [#write(Path, Volume)].
    ///
    /// @param values `(z, y, x)` or `(channel, z, y, x)`, of the shape of `geometry`
    public static void write(Path file, Geometry geometry, NumericArray values) throws IOException {
        format(Formats.IMAGES, file).write(file, geometry, values);
    }

    /// @throws IllegalArgumentException if a file's name asks for no format, or for one that can't hold a
    ///     segmentation on a grid
    public static void checkHolds(Path file, Geometry grid) {
        format(Formats.LABELS, file).checkHolds(file, grid);
    }

    /// @param image that the segmentation is of
    /// @throws IllegalArgumentException if a file's name asks for no format, or for one that can't hold a
    /// segmentation
    ///     on a grid, or of an image
    public static void checkHolds(Path image, Path file, Geometry grid) throws IOException {
        format(Formats.LABELS, file).checkHolds(image, file, grid);
    }

    /// {@return the files that come to be, or are replaced, where an image is written to a name}; the name
    /// itself is the first
    ///
    /// @throws IllegalArgumentException if the name asks for no format
    public static List<Path> written(Path file) {
        return format(Formats.IMAGES, file).written(file);
    }

    private static ImageFormat format(Formats<ImageFormat> formats, Path file) {
        return formats.named(file)
                .orElseThrow(
                        () -> new IllegalArgumentException("%s should end with %s".formatted(file, formats.endings())));
    }

    /// {@return the axes of numbers on a grid}: `(z, y, x)`, or `(channel, z, y, x)` if there are several channels
    public static List<Integer> shape(Geometry g, int channels) {
        return channels == 1 ? List.of(g.z(), g.y(), g.x()) : List.of(channels, g.z(), g.y(), g.x());
    }

    /// {@return how many channels numbers have on a grid}
    /// @throws IllegalArgumentException if they don't fill it
    public static int channels(Geometry grid, NumericArray values) {
        int channels = values.shape().size() == 4 ? values.shape().getFirst() : 1;
        if (values.size() != channels * grid.voxels() || !values.shape().equals(shape(grid, channels))) {
            throw new IllegalArgumentException(
                    "numbers of shape %s do not fill a grid of %s voxels".formatted(values.shape(), grid.shapeText()));
        }
        return channels;
    }

    static Labels labels(ReadResult result, Collection<Integer> ignored) throws IOException {
        Scan scan = result.orThrow();
        var findings = scan.labelFindings();
        if (!findings.isEmpty()) {
            throw ReadResult.failure(result.name(), findings);
        }
        return scan.maskLabels(ignored);
    }
}
