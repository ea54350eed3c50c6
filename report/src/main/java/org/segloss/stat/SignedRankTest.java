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
/// above it is the saddlepoint approximation, whose p differs by less than 2e-4 of itself there. If all differences are
/// zero p is 1.
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
/// @see <a href="https://doi.org/10.2307/1426607">Lugannani and Rice (1980), Saddle point approximation for the
///     distribution of the sum of independent random variables</a>
/// @see <a href="https://doi.org/10.2466/11.IT.3.1">Kerby (2014), The simple difference formula</a>
public record SignedRankTest(int n, int zeros, double p, double greater, double approximate, double rankBiserial) {

    /// The table of the exact distribution grows with the square of n, its work with the cube.
    public static final int EXACT_LIMIT = 500;

    private static final double LOG_2 = StrictMath.log(2);

    /// @param differences finite, at least one
    public static SignedRankTest of(double[] differences) {
        Quantiles.finite("differences", differences);
        int[] ranks = Ranks.doubledMiddle(magnitudes(differences));
        long positive = 0;
        long all = 0;
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
        int[] ranksOfOthers = Ranks.doubledMiddle(magnitudes(others));
        return new SignedRankTest(
                differences.length,
                differences.length - count,
                Math.min(1, 2 * Math.min(greater, less)),
                greater,
                others.length == 0 ? 1 : approximate(others, ranksOfOthers),
                rankBiserial(others, ranksOfOthers));
    }

    /// The probabilities that the ranks with a positive sign add up to at least these sums.
    private static double[] atLeast(int[] weights, long all, long... sums) {
        if (weights.length > EXACT_LIMIT) {
            return Arrays.stream(sums)
                    .mapToDouble(sum -> saddlepoint(weights, all, sum))
                    .toArray();
        }
        int most = Math.toIntExact(all);
        double[] probability = distribution(weights, most);
        return Arrays.stream(sums)
                .mapToDouble(sum -> {
                    double tail = 0;
                    // the small ones first
                    for (int k = most; k >= sum; k--) {
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

    /// The probability that the weights with a positive sign add up to at least `sum`, by Lugannani and Rice with
    /// Daniels' correction for steps.
    ///
    /// ```
    /// K(s) = sum of log cosh(s w / 2),   K'(s) = y,   y = sum - step / 2 - all / 2
    /// p    = P(Z > r) + density(r) * (1 / u - 1 / r)
    /// r    = sqrt(2 (s y - K(s))),   u = 2 sinh(s step / 2) sqrt(K''(s)) / step
    /// ```
    static double saddlepoint(int[] weights, long all, long sum) {
        if (sum == 0) {
            // where all signs are alike; no slope is as large as what is one step above all weights
            return 1;
        }
        int step = Arrays.stream(weights).reduce(0, SignedRankTest::commonDivisor);
        double y = sum - (all + step) / 2.0;
        if (y < 0) {
            return 1 - saddlepoint(weights, all, all - sum + step);
        }
        double s = saddle(weights, y);
        double k = 0;
        double curvature = 0;
        for (int w : weights) {
            double half = s * w / 2;
            // log cosh, and its second derivative, without an overflow
            double e = StrictMath.exp(-2 * half);
            k += half + StrictMath.log1p(e) - LOG_2;
            curvature += w * (double) w * e / ((1 + e) * (1 + e));
        }
        double r = Math.sqrt(Math.max(0, 2 * (s * y - k)));
        // beside the middle both fractions are large and their difference is about r / n
        if (r < 1e-4) {
            return Distributions.normal(-r);
        }
        double u = 2 * StrictMath.sinh(s * step / 2) * Math.sqrt(curvature) / step;
        return Distributions.normal(-r) + Distributions.normalDensity(r) * (1 / u - 1 / r);
    }

    private static int commonDivisor(int a, int b) {
        return b == 0 ? a : commonDivisor(b, a % b);
    }

    /// Where the slope of K is `y`, at least 0. The slope bends downwards above 0, so that Newton's steps from there
    /// come ever nearer and never too far; they end where rounding lets them grow no more.
    private static double saddle(int[] weights, double y) {
        double s = 0;
        while (true) {
            double slope = 0;
            double curvature = 0;
            for (int w : weights) {
                double e = StrictMath.expm1(-s * w);
                double tanh = -e / (2 + e);
                slope += w / 2.0 * tanh;
                curvature += w / 2.0 * w / 2 * (1 - tanh) * (1 + tanh);
            }
            double next = s + (y - slope) / curvature;
            if (!(next > s)) {
                return s;
            }
            s = next;
        }
    }

    private static double approximate(double[] others, int[] ranks) {
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

    private static double rankBiserial(double[] others, int[] ranks) {
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
