package org.segloss.prep;

import java.util.Arrays;
import org.segloss.image.Volume;

/// Brings images of any unit to one scale.
public final class Normalization {
    private static final double LOW = 0.005;
    private static final double HIGH = 0.995;

    private Normalization() {}

    /// Gives each channel of an image the mean 0 and the standard deviation 1, over all its voxels.
    ///
    /// ```
    /// v = clip(x, P0.5, P99.5),  z = (v - mean(v)) / sd(v)
    /// ```
    ///
    /// The percentiles interpolate linearly between ranks, and keep a few bright voxels from deciding the
    /// scale; where they are equal nothing is clipped. A channel with the same number everywhere becomes 0. All
    /// numbers have to be finite.
    public static Volume zScore(Volume image) {
        int voxels = Math.toIntExact(image.geometry().voxels());
        float[] values = image.values().clone();
        for (int channel = 0; channel < image.channels(); channel++) {
            zScore(values, channel * voxels, (channel + 1) * voxels);
        }
        return new Volume(image.geometry(), image.channels(), values);
    }

    private static void zScore(float[] values, int from, int to) {
        float[] sorted = Arrays.copyOfRange(values, from, to);
        Arrays.sort(sorted);
        double low = quantile(sorted, LOW);
        double high = quantile(sorted, HIGH);
        if (!(low < high)) {
            low = sorted[0];
            high = sorted[sorted.length - 1];
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += Math.clamp(values[i], low, high);
        }
        double mean = sum / (to - from);
        double squares = 0;
        for (int i = from; i < to; i++) {
            double difference = Math.clamp(values[i], low, high) - mean;
            squares += difference * difference;
        }
        double deviation = Math.sqrt(squares / (to - from));
        for (int i = from; i < to; i++) {
            values[i] = low < high ? (float) ((Math.clamp(values[i], low, high) - mean) / deviation) : 0;
        }
    }

    private static double quantile(float[] sorted, double q) {
        double rank = q * (sorted.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (rank - below) * ((double) sorted[above] - sorted[below]);
    }
}
