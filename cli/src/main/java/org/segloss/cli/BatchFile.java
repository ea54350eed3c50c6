package org.segloss.cli;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.segloss.evaluate.Prediction;
import org.segloss.format.ArrayFile;
import org.segloss.format.Formats;
import org.segloss.format.Images;
import org.segloss.grid.Shape;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// The array of a prediction, `(batch, class, space...)`.
///
/// @param file  where it was read
/// @param array with the axes of the file; an image without an axis for the batch has none here either
/// @param shape with all axes
/// @param grid  of an image
record BatchFile(Path file, NumericArray array, Shape shape, Optional<Geometry> grid) {

    static BatchFile read(Path file) throws IOException {
        ArrayFile read = ArrayFile.read(file);
        List<Integer> axes = axes(read);
        if (axes.size() < 3 || axes.size() > 5) {
            throw new IllegalArgumentException(
                    "%s has the shape %s; a prediction has (batch, class, space...) with one to three axes of space"
                            .formatted(file, text(axes)));
        }
        int[] full = {axes.get(0), axes.get(1), 1, 1, 1};
        for (int i = axes.size() - 1, to = 4; i >= 2; i--, to--) {
            full[to] = axes.get(i);
        }
        return new BatchFile(file, read.array(), new Shape(full[0], full[1], full[2], full[3], full[4]), read.grid());
    }

    /// {@return the axes of an array; of an image, which is one sample, those that a batch of it has}
    static List<Integer> axes(ArrayFile file) {
        return file.grid().isEmpty()
                ? file.array().shape()
                : withBatch(file.array().shape());
    }

    /// `(z, y, x)` and `(class, z, y, x)` as a batch of one.
    private static List<Integer> withBatch(List<Integer> axes) {
        var all = new ArrayList<>(axes);
        if (axes.size() == 3) {
            all.addFirst(1);
        }
        all.addFirst(1);
        return all;
    }

    static String text(List<Integer> axes) {
        return axes.toString().replace('[', '(').replace(']', ')');
    }

    /// The same with numbers that the evaluator takes: float32 and float64 stay, others become float64.
    BatchFile asFloats() {
        return array.type().isFloat()
                ? this
                : new BatchFile(file, NumericArray.of(array.toDoubles(), array.shape()), shape, grid);
    }

    Prediction.FloatType floatType() {
        return array.type() == ElementType.FLOAT32 ? Prediction.FloatType.FLOAT32 : Prediction.FloatType.FLOAT64;
    }

    /// {@return the axes `(batch, space...)` with as many axes of space as the file has}
    List<Integer> indexAxes() {
        List<Integer> axes = axes();
        var index = new ArrayList<>(axes);
        index.remove(1);
        return index;
    }

    /// {@return `(batch, class, space...)` with as many axes of space as the file has}
    List<Integer> axes() {
        return axes(new ArrayFile(array, grid));
    }

    /// {@return memory for as many numbers of the same type}
    MemorySegment empty() {
        return floatType() == Prediction.FloatType.FLOAT32
                ? MemorySegment.ofArray(new float[Math.toIntExact(array.size())])
                : MemorySegment.ofArray(new double[Math.toIntExact(array.size())]);
    }

    /// Writes numbers in this array's shape and type; of an image where it lies.
    void write(Path target, MemorySegment data) throws IOException {
        boolean image = Formats.IMAGES.named(target).isPresent();
        var numbers = new NumericArray(image ? imageAxes() : array.shape(), array.type(), data);
        if (image && grid.isPresent()) {
            Images.writeLike(file, target, grid.get(), numbers);
        } else {
            ArrayFile.write(target, numbers, this::geometry);
        }
    }

    private Geometry geometry() {
        if (shape.batch() > 1) {
            throw new IllegalArgumentException(
                    "an image holds one sample, but the batch has %d; write the gradient as %s"
                            .formatted(shape.batch(), Formats.ARRAYS.ownEnding()));
        }
        return Geometry.identity(shape.x(), shape.y(), shape.z());
    }

    private List<Integer> imageAxes() {
        return shape.classes() == 1
                ? List.of(shape.z(), shape.y(), shape.x())
                : List.of(shape.classes(), shape.z(), shape.y(), shape.x());
    }
}
