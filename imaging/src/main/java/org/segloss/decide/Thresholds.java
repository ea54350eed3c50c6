package org.segloss.decide;

import java.util.Arrays;
import java.util.List;

/// From which probability on a voxel may be of a class.
///
/// @param values of each class but the background, above 0 and up to 1
public record Thresholds(List<Double> values) {

    public Thresholds {
        values = List.copyOf(values);
        for (double value : values) {
            if (!(value > 0 && value <= 1)) {
                throw new IllegalArgumentException("a threshold is above 0 and at most 1, not %s".formatted(value));
            }
        }
    }

    /// {@return the means of several networks' thresholds}, for the mean of their probabilities
    ///
    /// @param all at least one, of as many classes each
    public static Thresholds mean(List<Thresholds> all) {
        int classes = all.getFirst().values.size();
        double[] sums = new double[classes];
        for (Thresholds one : all) {
            if (one.values.size() != classes) {
                throw new IllegalArgumentException(
                        "there are thresholds of %d and of %d classes".formatted(classes, one.values.size()));
            }
            for (int c = 0; c < classes; c++) {
                sums[c] += one.values.get(c);
            }
        }
        return new Thresholds(
                Arrays.stream(sums).mapToObj(sum -> sum / all.size()).toList());
    }

    /// {@return the thresholds}
    /// @throws IllegalArgumentException if they are those of more or fewer classes
    List<Double> of(int classes) {
        if (values.size() != classes) {
            throw new IllegalArgumentException(
                    "there are thresholds of %d classes, but probabilities of %d".formatted(values.size(), classes));
        }
        return values;
    }

    byte[] labels(Probabilities probabilities) {
        int first = probabilities.firstForeground();
        int classes = probabilities.channels() - first;
        of(classes);
        byte[] labels = new byte[probabilities.voxels()];
        float[] most = new float[labels.length];
        for (int c = 0; c < classes; c++) {
            float threshold = (float) (double) values.get(c);
            float[] own = probabilities.of(first + c);
            for (int i = 0; i < labels.length; i++) {
                float times = own[i] / threshold;
                if (own[i] >= threshold && times > most[i]) {
                    most[i] = times;
                    labels[i] = (byte) (c + 1);
                }
            }
        }
        return labels;
    }
}
