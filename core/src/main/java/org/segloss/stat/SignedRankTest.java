package org.segloss.stat;

import java.util.Arrays;

/// Wilcoxon's signed-rank test of paired differences, by flipping signs.
///
/// ```
/// T = sum over i of sign(d_i) * rank(|d_i|)
/// p = P(|T*| >= |T|),   T* = sum of s_i * rank(|d_i|),   s_i = -1 or +1, each equally likely
/// ```
///
/// Ranks are those of all magnitudes, zeros among them (Pratt 1959); tied ones share their mean rank. A zero counts
/// for neither side. The distribution of `T*` is exact, with ties and zeros, for up to [#EXACT_LIMIT] differences;
/// above it is the normal one with the same variance. If all differences are zero p is 1.
///
/// The p-values are right if, without a true difference, each difference is as likely to be `d` as `-d`.
///
/// @param n how many differences
/// @param zeros how many of them are 0
/// @param p two-sided
/// @param greater one-sided, against "the differences tend to be above 0"
/// @param approximate for comparison: the two-sided p of the usual program, zeros dropped, normal approximation
///     with continuity correction and correction for ties (R's `wilcox.test(exact = FALSE)`, which challengeR uses)
/// @param rankBiserial the matched-pairs rank-biserial correlation `(R+ - R-) / (R+ + R-)` of the ranks without
///     zeros, -1 to 1; NaN if all differences are zero
/// @see <a href="https://doi.org/10.1080/01621459.1959.10501526">Pratt (1959), Remarks on zeros and ties in the
///     Wilcoxon signed rank procedures</a>
/// @see <a href="https://doi.org/10.2466/11.IT.3.1">Kerby (2014), The simple difference formula</a>
public record SignedRankTest(int n, int zeros, double p, double greater, double approximate, double rankBiserial) {

    /// The table of the exact distribution grows with the square of n, its work with the cube.
    public static final int EXACT_LIMIT = 1000;

    /// @param differences finite, at least one
    public static SignedRankTest of(double[] differences) {
        Check.finite("differences", differences);
        int[] ranks = Ranks.doubledMiddle(magnitudes(differences));
        int positive = 0;
        int all = 0;
        int count = 0;
        int[] weights = new int[differences.length];
        for (int i = 0; i < differences.length; i++) {
            if (differences[i] != 0) {
                weights[count++] = ranks[i];
                all += ranks[i];
                positive += differences[i] > 0 ? ranks[i] : 0;
            }
        }
        weights = Arrays.copyOf(weights, count);
        // the distribution is symmetric: as little as this below its middle is as rare as as much above it
        double[] tails = atLeast(weights, all, positive, all - positive);
        double greater = tails[0];
        double less = tails[1];
        double[] others = Arrays.stream(differences).filter(d -> d != 0).toArray();
        return new SignedRankTest(
                differences.length,
                differences.length - count,
                Math.min(1, 2 * Math.min(greater, less)),
                greater,
                approximate(others),
                rankBiserial(others));
    }

    /// The probabilities that the ranks with a positive sign add up to at least these sums.
    private static double[] atLeast(int[] weights, int all, int... sums) {
        if (weights.length > EXACT_LIMIT) {
            double squares =
                    Arrays.stream(weights).mapToDouble(w -> (double) w * w).sum();
            return Arrays.stream(sums)
                    .mapToDouble(sum -> Distributions.normal((all / 2.0 - sum) / Math.sqrt(squares / 4)))
                    .toArray();
        }
        double[] probability = distribution(weights, all);
        return Arrays.stream(sums)
                .mapToDouble(sum -> {
                    double tail = 0;
                    // the small ones first
                    for (int k = all; k >= sum; k--) {
                        tail += probability[k];
                    }
                    return Math.min(1, tail);
                })
                .toArray();
    }

    private static double[] distribution(int[] weights, int all) {
        double[] probability = new double[all + 1];
        probability[0] = 1;
        int reached = 0;
        for (int weight : weights) {
            reached += weight;
            for (int sum = reached; sum >= weight; sum--) {
                probability[sum] = (probability[sum] + probability[sum - weight]) / 2;
            }
            for (int sum = weight - 1; sum >= 0; sum--) {
                probability[sum] /= 2;
            }
        }
        return probability;
    }

    private static double approximate(double[] others) {
        if (others.length == 0) {
            return 1;
        }
        int[] ranks = Ranks.doubledMiddle(magnitudes(others));
        double squares = 0;
        double statistic = 0;
        for (int i = 0; i < ranks.length; i++) {
            squares += ranks[i] * (double) ranks[i] / 4;
            statistic += Math.signum(others[i]) * ranks[i] / 4;
        }
        // the distance of R+ from its mean, less the correction; the squares of mean ranks hold the correction for ties
        double z = Math.max(0, Math.abs(statistic) - 0.5) / Math.sqrt(squares / 4);
        return Math.min(1, 2 * Distributions.normal(-z));
    }

    private static double rankBiserial(double[] others) {
        int[] ranks = Ranks.doubledMiddle(magnitudes(others));
        double signed = 0;
        double all = 0;
        for (int i = 0; i < ranks.length; i++) {
            signed += Math.signum(others[i]) * ranks[i];
            all += ranks[i];
        }
        return signed / all;
    }

    private static double[] magnitudes(double[] values) {
        return Arrays.stream(values).map(Math::abs).toArray();
    }
}
