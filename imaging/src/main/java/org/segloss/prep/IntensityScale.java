package org.segloss.prep;

import java.util.Arrays;
import java.util.Optional;

/// A scale that numbers are brought to.
///
/// ```
/// v = clip(x, low, high),  z = (v - mean) / deviation
/// ```
///
/// @param mean      of numbers once they are clipped
/// @param deviation likewise, their standard deviation
public record IntensityScale(double low, double high, double mean, double deviation) {
    private static final double LOW = 0.005;
    private static final double HIGH = 0.995;

    /// {@return the scale that gives numbers the mean 0 and the standard deviation 1}; none if all are equal
    ///
    /// They are clipped to their percentiles 0.5 and 99.5, which interpolate linearly between ranks and keep a few
    /// bright voxels from deciding the scale; where these are equal nothing is clipped.
    ///
    /// @param values all finite
    /// @param from   the first of the numbers
    /// @param to     behind the last of them
    public static Optional<IntensityScale> of(float[] values, int from, int to) {
        float[] sorted = Arrays.copyOfRange(values, from, to);
        Arrays.sort(sorted);
        boolean clips = quantile(sorted, LOW) < quantile(sorted, HIGH);
        double low = clips ? quantile(sorted, LOW) : sorted[0];
        double high = clips ? quantile(sorted, HIGH) : sorted[sorted.length - 1];
        if (!(low < high)) {
            return Optional.empty();
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += Math.clamp(values[i], low, high);
        }
        double mean = sum / sorted.length;
        double squares = 0;
        for (int i = from; i < to; i++) {
            double difference = Math.clamp(values[i], low, high) - mean;
            squares += difference * difference;
        }
        return Optional.of(new IntensityScale(low, high, mean, Math.sqrt(squares / sorted.length)));
    }

    private static double quantile(float[] sorted, double q) {
        double rank = q * (sorted.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (rank - below) * ((double) sorted[above] - sorted[below]);
    }

    /// @throws IllegalArgumentException if one isn't finite, `low` isn't below `high`, or the deviation isn't positive
    void checkSound() {
        if (!Double.isFinite(low + high + mean + deviation) || !(low < high) || !(deviation > 0)) {
            throw new IllegalArgumentException(
                    "a scale has finite numbers, low below high and a positive deviation, not low %s, high %s, mean %s, deviation %s"
                            .formatted(low, high, mean, deviation));
        }
    }

    String inWords() {
        return "clipped to %s … %s, less %s, divided by %s".formatted(low, high, mean, deviation);
    }

    float apply(float number) {
        return (float) ((Math.clamp(number, low, high) - mean) / deviation);
    }
}
