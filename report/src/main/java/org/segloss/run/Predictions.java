package org.segloss.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.segloss.dataset.ClassLabels;
import org.segloss.decide.Probabilities;
import org.segloss.format.ArrayFile;
import org.segloss.format.Formats;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;
import org.segloss.image.Reorientation;
import org.segloss.image.Volume;
import org.segloss.loss.Task;

/// The files that predicted segmentations are written to, and their probabilities.
public final class Predictions {
    /// No array is longer.
    private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

    private Predictions() {}

    /// {@return the file of a case, in the format of its image if that holds labels, and needs no image to do so}
    public static Path file(Path folder, String id, Path image) {
        return folder.resolve(id
                + Formats.LABELS
                        .named(image)
                        .filter(format -> !format.needsImage())
                        .map(format -> format.endings().getFirst())
                        .orElse(Formats.LABELS.ownEnding()));
    }

    /// Writes labels on their grid, where any program finds their image, with the numbers that the data set's
    /// files have.
    /// A binary picture has 0 and 255, to be looked at.
    ///
    /// @param classes of the network, which [write their numbers][ClassLabels#inFiles] where these are bytes
    /// @param image the file that the labels are of, if they are of one; they are stored as it is, whatever the
    ///              order and direction of its axes
    public static void write(Path file, Labels labels, Task.Kind kind, ClassLabels classes, Optional<Path> image)
            throws IOException {
        Labels written = kind == Task.Kind.BINARY ? Images.mask(file, labels) : classes.inFiles(labels);
        if (image.isPresent()) {
            Geometry stored = Images.info(image.get()).geometry();
            Images.writeLike(
                    image.get(),
                    file,
                    way(labels.geometry(), stored).turn(written),
                    classes.namesInFiles(kind == Task.Kind.BINARY));
        } else {
            Images.write(file, written);
        }
    }

    /// {@return the way from a grid to the one that a file stores}; where that has other voxels the grid is kept
    private static Reorientation way(Geometry grid, Geometry stored) {
        return Reorientation.between(grid, stored).orElse(Reorientation.none(grid));
    }

    /// {@return the file of a case's probabilities in a folder}
    public static Path probabilities(Path folder, String id) {
        return folder.resolve(id + Formats.IMAGES.ownEnding());
    }

    /// @throws IllegalArgumentException if a file's name asks for no format that holds probabilities, or they
    /// are more
    ///     numbers than fit into memory; says so before anything is computed
    public static void checkHoldsProbabilities(Path file, int channels, Geometry grid) {
        boolean picture = Formats.IMAGES
                .named(file)
                .filter(format -> format.isPicture() || format.needsImage() || !format.holdsLabels())
                .isPresent();
        if (picture || Formats.ARRAYS.named(file).isEmpty()) {
            throw new IllegalArgumentException(
                    "%s should end with .nii.gz, .nii, .mha, .mhd or .npy: a file of another format doesn't hold probabilities"
                            .formatted(file));
        }
        if (channels * (double) grid.voxels() > MOST_NUMBERS) {
            throw new IllegalArgumentException(
                    "the probabilities of %d classes of %s voxels are more numbers than fit into memory (%d)"
                            .formatted(channels, grid.shapeText(), MOST_NUMBERS));
        }
    }

    /// Writes probabilities as float32, `(class, z, y, x)`: in NIfTI the classes are the fourth axis. That of a
    /// foreground alone has no axis of classes. NIfTI has no type of 16 bits that would hold them, and integers
    /// with a scale would lose the small ones.
    ///
    /// @param grid  that they are on
    /// @param image the file that they are of; they are stored as it is, whatever the order and direction
    ///              of its axes
    public static void writeProbabilities(Path file, Probabilities probabilities, Geometry grid, Path image)
            throws IOException {
        Geometry stored = Images.info(image).geometry();
        Reorientation way = way(grid, stored);
        Geometry written = way.to();
        float[] all = new float[Math.multiplyExact(probabilities.channels(), probabilities.voxels())];
        for (int c = 0; c < probabilities.channels(); c++) {
            float[] turned = way.turn(new Volume(grid, 1, probabilities.of(c))).values();
            System.arraycopy(turned, 0, all, c * turned.length, turned.length);
        }
        NumericArray values = NumericArray.of(all, Images.shape(written, probabilities.channels()));
        if (Formats.IMAGES.named(file).isPresent()) {
            Images.writeLike(image, file, written, values);
        } else {
            ArrayFile.write(file, values, () -> written);
        }
    }

    /// Reads labels as a network has them; in a binary task they are 0 and 1, whatever stands in the file for 1.
    ///
    /// @param grid of the case, on which the labels are, whatever the order and direction in which the file
    ///             stores its axes
    public static Labels read(Path file, Task.Kind kind, ClassLabels classes, Geometry grid) throws IOException {
        Labels stored = Images.readLabels(file);
        Labels labels = Reorientation.between(stored.geometry(), grid)
                .map(way -> way.turn(stored))
                .orElse(stored.geometry().sameShape(grid) ? stored : stored.asPlane());
        return kind == Task.Kind.BINARY ? labels.foreground() : classes.inMemory(labels);
    }
}
