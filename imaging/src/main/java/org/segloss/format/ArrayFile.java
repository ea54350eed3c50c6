package org.segloss.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// The numbers of a file: of an array with its own axes, or of an image in the shape `(z, y, x)` or `(channel, z, y,
/// x)`.
///
/// @param grid of an image; an array's numbers lie nowhere
public record ArrayFile(NumericArray array, Optional<Geometry> grid) {

    /// {@return the numbers of a file}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static ArrayFile read(Path file) throws IOException {
        Optional<ArrayFormat> arrays = arrayFormat(file);
        return arrays.isPresent()
                ? of(arrays.get().readArray(file))
                : of(Images.inspect(file).orThrow());
    }

    /// As [#read], for labels and masks: of a picture they are the numbers in the file, of a palette its indices, and
    /// in a mask of 0 and 255, 255 becomes 1.
    ///
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static ArrayFile readLabels(Path file) throws IOException {
        return readLabels(file, Set.of());
    }

    /// As [#readLabels(Path)], where some labels are ignored: a mask may have them besides 0 and 255, and 255 stays 255
    /// if it is among them.
    public static ArrayFile readLabels(Path file, Collection<Integer> ignored) throws IOException {
        Optional<ArrayFormat> arrays = arrayFormat(file);
        if (arrays.isPresent()) {
            return of(arrays.get().readLabels(file));
        }
        ReadResult result = Images.inspectLabels(file);
        Scan scan = result.orThrow();
        if (Formats.IMAGES.of(file).filter(ImageFormat::isPicture).isEmpty()) {
            // these may be probabilities too
            return of(scan);
        }
        byte[] labels = Images.labels(result, ignored).values();
        return new ArrayFile(NumericArray.of(labels, scan.values().shape()), Optional.of(scan.geometry()));
    }

    /// {@return the format of a file that is no image}
    private static Optional<ArrayFormat> arrayFormat(Path file) throws IOException {
        List<Finding> findings = FileChecks.readable(file);
        if (!findings.isEmpty()) {
            throw ReadResult.failure(file.toString(), findings);
        }
        return Formats.ARRAYS.of(file).filter(ArrayFormat.class::isInstance).map(ArrayFormat.class::cast);
    }

    private static ArrayFile of(NumericArray array) {
        return new ArrayFile(array, Optional.empty());
    }

    private static ArrayFile of(Scan scan) {
        return new ArrayFile(scan.values(), Optional.of(scan.geometry()));
    }

    /// {@return the files that come to be, or are replaced, where numbers are written to a name}
    /// @throws IllegalArgumentException if the name asks for no format
    public static List<Path> written(Path file) {
        return format(file).written(file);
    }

    private static FileFormat format(Path file) {
        return Formats.ARRAYS
                .named(file)
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s should end with %s".formatted(file, Formats.ARRAYS.endings())));
    }

    /// Writes numbers in the format that the file's name asks for.
    ///
    /// @param grid asked for where that is an image's
    /// @throws IllegalArgumentException if the name asks for none
    public static void write(Path file, NumericArray array, Supplier<Geometry> grid) throws IOException {
        switch (format(file)) {
            case ImageFormat images -> images.write(file, grid.get(), array);
            case ArrayFormat arrays -> arrays.writeArray(file, array);
        }
    }
}
