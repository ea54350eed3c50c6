package org.segloss.cli;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.segloss.evaluate.Target;
import org.segloss.format.ArrayFile;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;
import org.segloss.image.Reorientation;
import org.segloss.loss.Task;

/// The array of a target or a mask, fitted to a prediction.
final class TargetFile {
    private TargetFile() {}

    /// Indices in the shape `(batch, space...)` or `(batch, 1, space...)`, or probabilities in the prediction's shape.
    ///
    /// Whole numbers in the prediction's shape are indices where it has one class, otherwise probabilities. Floats
    /// in the shape of indices are probabilities where there is one class, otherwise indices, if they are whole.
    static Target read(Path file, BatchFile prediction, Task task) throws IOException {
        ArrayFile read = read(file, prediction, task.ignoredLabels());
        NumericArray array = read.array();
        List<Integer> axes = axes(read, prediction);
        boolean oneClass = prediction.shape().classes() == 1;
        boolean full = axes.equals(prediction.axes());
        boolean flat = axes.equals(prediction.indexAxes()) || axes.equals(withOneClass(prediction.indexAxes()));
        if (!full && !flat) {
            throw new IllegalArgumentException(
                    "%s has the shape %s, but the prediction %s has %s; the target needs %s or %s for indices, or the prediction's shape for probabilities"
                            .formatted(
                                    file,
                                    BatchFile.text(axes),
                                    prediction.file(),
                                    BatchFile.text(prediction.axes()),
                                    BatchFile.text(prediction.indexAxes()),
                                    BatchFile.text(withOneClass(prediction.indexAxes()))));
        }
        if (oneClass) {
            boolean probabilities = array.type().isFloat() || task.kind() == Task.Kind.MULTILABEL;
            return probabilities ? probabilities(array) : indices(array);
        }
        return full ? probabilities(array) : indices(array.type().isFloat() ? whole(file, array) : array);
    }

    /// A byte for each voxel, 0 where the file has 0.
    static MemorySegment mask(Path file, BatchFile prediction) throws IOException {
        ArrayFile read = read(file, prediction, Set.of());
        NumericArray array = read.array();
        List<Integer> axes = axes(read, prediction);
        if (!axes.equals(prediction.indexAxes()) && !axes.equals(withOneClass(prediction.indexAxes()))) {
            throw new IllegalArgumentException(
                    "the mask %s has the shape %s, but the prediction %s has %s; the mask needs %s"
                            .formatted(
                                    file,
                                    BatchFile.text(axes),
                                    prediction.file(),
                                    BatchFile.text(prediction.axes()),
                                    BatchFile.text(prediction.indexAxes())));
        }
        byte[] mask = new byte[Math.toIntExact(array.size())];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (array.get(i) == 0 ? 0 : 1);
        }
        return MemorySegment.ofArray(mask);
    }

    /// Where both are images, their voxels are paired by their places.
    private static ArrayFile read(Path file, BatchFile prediction, Set<Integer> ignored) throws IOException {
        ArrayFile read = ArrayFile.readLabels(file, ignored);
        if (read.grid().isEmpty() || prediction.grid().isEmpty()) {
            return read;
        }
        Geometry here = read.grid().get();
        Geometry there = prediction.grid().get();
        Optional<Reorientation> way = Reorientation.between(here, there);
        if (way.isEmpty() && here.sameShape(there)) {
            throw new IllegalArgumentException(
                    "%s has the affine %s, but the prediction %s has %s; both need the same to a fiftieth of a voxel, in any order and direction of axes"
                            .formatted(file, here.affineText(), prediction.file(), there.affineText()));
        }
        return way.isEmpty() ? read : new ArrayFile(way.get().turn(read.array()), prediction.grid());
    }

    /// An image is one sample; a plane image has lost its axis z if the prediction has none.
    private static List<Integer> axes(ArrayFile file, BatchFile prediction) {
        List<Integer> axes = BatchFile.axes(file);
        if (file.grid().isPresent() && axes.size() == 5 && prediction.axes().size() == 4 && axes.get(2) == 1) {
            axes = new ArrayList<>(axes);
            axes.remove(2);
        }
        return axes;
    }

    private static List<Integer> withOneClass(List<Integer> indexAxes) {
        var axes = new ArrayList<>(indexAxes);
        axes.add(1, 1);
        return axes;
    }

    private static Target probabilities(NumericArray array) {
        NumericArray floats = array.type().isFloat() ? array : NumericArray.of(array.toFloats(), array.shape());
        Target.Type type = floats.type() == ElementType.FLOAT32 ? Target.Type.FLOAT32 : Target.Type.FLOAT64;
        return Target.probabilities(floats.data(), type);
    }

    private static Target indices(NumericArray array) {
        return switch (array.type()) {
            case BOOL, UINT8 -> Target.labels(array.data(), Target.Type.UINT8);
            case INT16 -> Target.labels(array.data(), Target.Type.INT16);
            case INT32 -> Target.labels(array.data(), Target.Type.INT32);
            case INT64 -> Target.labels(array.data(), Target.Type.INT64);
            case INT8, UINT16, UINT32, UINT64, FLOAT32, FLOAT64 -> Target.labels(longs(array), Target.Type.INT64);
        };
    }

    private static MemorySegment longs(NumericArray array) {
        long[] values = new long[Math.toIntExact(array.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (long) array.get(i);
        }
        return MemorySegment.ofArray(values);
    }

    private static NumericArray whole(Path file, NumericArray array) {
        for (long i = 0; i < array.size(); i++) {
            double value = array.get(i);
            if (value != Math.rint(value)) {
                throw new IllegalArgumentException(
                        "%s has the shape of indices, but holds %s; give whole numbers, or probabilities in the prediction's shape"
                                .formatted(file, value));
            }
        }
        return array;
    }
}
