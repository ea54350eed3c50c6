package org.segloss.stat;

import java.util.stream.IntStream;
import org.segloss.loss.Check;

/// Friedman's test of whether any loss differs from the others, with the correction of Iman and Davenport.
///
/// ```
/// chi2 = (k - 1) * sum_j (R_j - n (k + 1) / 2)^2 / (sum_ij r_ij^2 - n k (k + 1)^2 / 4)
/// F    = (n - 1) * chi2 / (n (k - 1) - chi2),   with k - 1 and (n - 1)(k - 1) degrees of freedom
/// ```
///
/// `r_ij` is loss j's rank on unit i, tied ones sharing their mean, and `R_j` its sum. If all losses tie everywhere
/// nothing is defined and p is NaN. If all units order the losses alike there is no finite F; p is then its exact
/// value `(k!)^(1-n)`.
///
/// @param f NaN if there is none
/// @see <a href="https://doi.org/10.1080/03610928008827904">Iman and Davenport (1980), Approximations of the
///     critical region of the Friedman statistic</a>
public record Friedman(double chiSquared, double f, int numerator, int denominator, double p) {

    /// @param values (unit, loss), at least two of each
    public static Friedman of(double[][] values) {
        int n = values.length;
        Check.that(n > 1, "Friedman's test needs at least two units, but there are %d", n);
        int k = values[0].length;
        Check.that(k > 1, "Friedman's test needs at least two losses, but there are %d", k);
        double[] sums = new double[k];
        double squares = 0;
        for (double[] row : values) {
            Quantiles.finite("values of a unit", row);
            int[] ranks = Ranks.doubledMiddle(row);
            for (int j = 0; j < k; j++) {
                sums[j] += ranks[j] / 2.0;
                squares += (double) ranks[j] * ranks[j] / 4;
            }
        }
        double between = 0;
        for (double sum : sums) {
            double d = sum - n * (k + 1.0) / 2;
            between += d * d;
        }
        // multiples of 1/4 below 2^53: exact, so that a total agreement is found by comparing
        double within = squares - (double) n * k * (k + 1) * (k + 1) / 4;
        double chiSquared = (k - 1) * between / within;
        double rest = n * within - between;
        double f = rest == 0 ? Double.NaN : (n - 1) * between / rest;
        int denominator = Math.multiplyExact(n - 1, k - 1);
        double p = within == 0
                ? Double.NaN
                : rest == 0
                        ? StrictMath.pow(
                                IntStream.rangeClosed(1, k).asDoubleStream().reduce(1, (x, y) -> x * y), 1 - n)
                        : Distributions.fTail(f, k - 1, denominator);
        return new Friedman(chiSquared, f, k - 1, denominator, p);
    }
}
