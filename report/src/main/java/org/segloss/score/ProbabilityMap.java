package org.segloss.score;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.segloss.decide.Probabilities;
import org.segloss.format.ArrayFile;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;
import org.segloss.image.Volume;

/// Predicted probabilities of one image: of the foreground, or of every label from 0 on.
///
/// @param channels 1, or how many labels there are
/// @param values   `(channel, z, y, x)`, x fastest
record ProbabilityMap(int channels, float[] values) {
    /// Sums of float16 probabilities are within it.
    private static final double TOLERANCE = 2e-3;

    /// Reads an image with a channel for each label, or an npy array `(channel, z, y, x)`, without the channel or
    /// without the axis of a plane's one slice.
    ///
    /// @param grid of an array, which doesn't say it
    /// @return the probabilities on the file's own grid
    /// @throws IOException that names the file and what is wrong with it
    static Volume read(Path file, Geometry grid) throws IOException {
        ArrayFile array = ArrayFile.read(file);
        Volume map = array.grid().isPresent()
                ? ofImage(array.array(), array.grid().get())
                : ofArray(file, array.array(), grid);
        check(file, map.channels(), map.values());
        return map;
    }

    static ProbabilityMap of(Volume map) {
        return new ProbabilityMap(map.channels(), map.values());
    }

    private static Volume ofImage(NumericArray array, Geometry grid) {
        return new Volume(grid, (int) (array.size() / grid.voxels()), array.toFloats());
    }

    private static Volume ofArray(Path file, NumericArray array, Geometry grid) throws IOException {
        Geometry plane = grid.asPlane();
        List<Integer> whole = List.of(grid.z(), grid.y(), grid.x());
        List<Integer> space = grid.isPlane() && !endsWith(array.shape(), whole) ? List.of(plane.y(), plane.x()) : whole;
        List<Integer> shape = new ArrayList<>(array.shape());
        int channels = shape.size() == space.size() + 1 ? shape.removeFirst() : 1;
        if (!shape.equals(space)) {
            throw new IOException(
                    "%s: an array of shape %s, but the prediction needs %s, or that after an axis of labels"
                            .formatted(file, array.shape(), space));
        }
        return new Volume(grid, channels, array.toFloats());
    }

    private static boolean endsWith(List<Integer> shape, List<Integer> end) {
        return shape.size() >= end.size()
                && shape.subList(shape.size() - end.size(), shape.size()).equals(end);
    }

    private static void check(Path file, int channels, float[] values) throws IOException {
        int voxels = values.length / channels;
        for (int i = 0; i < voxels; i++) {
            double sum = 0;
            for (int c = 0; c < channels; c++) {
                float p = values[c * voxels + i];
                if (!(p >= 0 && p <= 1 + TOLERANCE)) {
                    throw new IOException(
                            "%s: %s is no probability; take sigmoid or softmax of logits first".formatted(file, p));
                }
                sum += p;
            }
            if (channels > 1 && !(Math.abs(sum - 1) <= TOLERANCE)) {
                throw new IOException("%s: the probabilities of a voxel sum to %s, not to 1".formatted(file, sum));
            }
        }
    }

    /// {@return the probabilities of a class}
    /// @throws IllegalArgumentException if the map doesn't have a label of it
    float[] of(LabelGroup group) {
        return of(Probabilities.of(channels, values), group);
    }

    /// As [#of(LabelGroup)], of probabilities that come from anywhere.
    static float[] of(Probabilities all, LabelGroup group) {
        if (all.channels() == 1) {
            return clamped(all.of(0));
        }
        float[] sum = new float[all.voxels()];
        for (int label : group.isAnyLabel() ? foreground(all.channels()) : group.labels()) {
            if (label >= all.channels()) {
                throw new IllegalArgumentException("there are probabilities of the labels 0 to %d, but none of %d"
                        .formatted(all.channels() - 1, label));
            }
            float[] own = all.of(label);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += own[i];
            }
        }
        return clamped(sum);
    }

    private static List<Integer> foreground(int channels) {
        return IntStream.range(1, channels).boxed().toList();
    }

    private static float[] clamped(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.clamp(values[i], 0f, 1f);
        }
        return values;
    }
}
