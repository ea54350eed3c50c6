package org.segloss.stat;

import java.util.Arrays;
import org.segloss.loss.Check;

/// Means and quantiles of a few numbers, at least one.
public final class Quantiles {
    private Quantiles() {}

    public static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /// {@return the standard deviation, with n - 1}; NaN for a single value
    public static double sd(double[] values) {
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (values.length - 1));
    }

    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /// {@return a quantile}, linear between neighbours, as R's type 7 and NumPy's default
    ///
    /// @param sorted      ascending, without NaN
    /// @param probability 0 for the least, 1 for the greatest
    public static double of(double[] sorted, double probability) {
        double at = probability * (sorted.length - 1);
        int below = Math.min((int) at, sorted.length - 1);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    static void finite(String name, double[] values) {
        Check.that(values.length > 0, "there are no %s, at least one is needed", name);
        for (int i = 0; i < values.length; i++) {
            Check.that(Double.isFinite(values[i]), "%s have to be finite, but number %d is %s", name, i + 1, values[i]);
        }
    }
}
