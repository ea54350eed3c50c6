package org.segloss.stat;

import java.util.Comparator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.segloss.loss.Check;

/// Holm's step-down correction for several tests.
///
/// ```
/// p sorted ascending:   adjusted_i = max over j <= i of min(1, (m - j + 1) * p_j)
/// ```
///
/// Calling different what has an adjusted p of at most 0.05 makes one or more mistakes with a probability of at
/// most 5 %, however the tests depend on each other.
///
/// @see <a href="https://www.jstor.org/stable/4615733">Holm (1979), A simple sequentially rejective multiple test
///     procedure</a>
public final class Holm {
    private Holm() {}

    /// {@return the adjusted p-values, in the order of the given ones}
    ///
    /// @param p each from 0 to 1; may be empty
    public static double[] adjust(double[] p) {
        return stepDown(p, left -> left);
    }

    /// @param equal how many of so many tests at most have nothing to find, if the others have
    static double[] stepDown(double[] p, IntUnaryOperator equal) {
        for (double each : p) {
            Check.that(each >= 0 && each <= 1, "a p-value lies between 0 and 1, not at %s", each);
        }
        int[] order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(i -> i)
                .toArray();
        double[] adjusted = new double[p.length];
        double largest = 0;
        for (int j = 0; j < order.length; j++) {
            largest = Math.max(largest, Math.min(1, equal.applyAsInt(p.length - j) * p[order[j]]));
            adjusted[order[j]] = largest;
        }
        return adjusted;
    }
}
