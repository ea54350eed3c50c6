package org.segloss.stat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// How much of the differences between losses another training would change: with another seed, or on another training
/// set.
///
/// From the two-way table of the losses' means under each seed, or in each fold, of which each was tested by
/// networks of a training set of its own. What is said of seeds holds of folds likewise, but that a fold's mean has
/// the noise of its own cases in it. With one seed or fold all numbers are NaN: unknown.
///
/// @param ofLosses for each loss the SD of its means over the seeds
/// @param between the SD of the losses' means
/// @param within the SD that a loss's mean has because of the seed, after what a seed does to all losses alike is
///     taken off: the root of the mean square of the interaction loss x seed
/// @param own of each loss the part of `within` that is its own: where one loss is noisier than the others,
///     `within` is the root of the mean of all squares. 0 where it would be negative; of two losses the parts can't
///     be told apart, and both are `within`
/// @param ratio `between / within`: far above 1 the losses' order will hold under other seeds
/// @param freedom degrees of freedom of `within`: `(losses - 1) * (seeds - 1)`
/// @see <a href="https://doi.org/10.1080/01621459.1948.10483261">Grubbs (1948), On estimating precision of measuring
///     instruments and product variability</a>
public record TrainingVariance(
        List<Double> ofLosses, double between, double within, List<Double> own, double ratio, int freedom) {

    static TrainingVariance unknown(int losses) {
        return of(new double[losses][1]);
    }

    /// @param mean (loss, seed)
    static TrainingVariance of(double[][] mean) {
        int losses = mean.length;
        int seeds = mean[0].length;
        double[] ofLoss = new double[losses];
        double[] ofSeed = new double[seeds];
        var sds = new ArrayList<Double>();
        for (int j = 0; j < losses; j++) {
            ofLoss[j] = Quantiles.mean(mean[j]);
            sds.add(Quantiles.sd(mean[j]));
            for (int s = 0; s < seeds; s++) {
                ofSeed[s] += mean[j][s] / losses;
            }
        }
        double grand = Quantiles.mean(ofLoss);
        double[] squares = new double[losses];
        for (int j = 0; j < losses; j++) {
            for (int s = 0; s < seeds; s++) {
                double rest = mean[j][s] - ofLoss[j] - ofSeed[s] + grand;
                squares[j] += rest * rest;
            }
        }
        int freedom = (losses - 1) * (seeds - 1);
        double between = Quantiles.sd(ofLoss);
        double within = Math.sqrt(Arrays.stream(squares).sum() / freedom);
        List<Double> own = Arrays.stream(squares)
                .mapToObj(x -> losses > 2 ? own(x / (seeds - 1), within, losses) : Double.valueOf(within))
                .toList();
        return new TrainingVariance(List.copyOf(sds), between, within, own, between / within, freedom);
    }

    /// {@return this with fewer degrees of freedom}, at least 1
    TrainingVariance withLessFreedom(int less) {
        return new TrainingVariance(
                ofLosses, between, within, own, ratio, less == 0 ? freedom : Math.max(1, freedom - less));
    }

    /// A loss's mean square holds `1 - 2 / losses` of its own variance, and one in `losses` parts of the mean variance.
    private static double own(double meanSquare, double within, int losses) {
        return Math.sqrt(Math.max(0, (meanSquare - within * within / losses) / (1 - 2.0 / losses)));
    }

    /// What a difference of two losses is worth, units and seeds both being samples.
    ///
    /// @param interval 95 %
    /// @param p two-sided
    record Test(Interval interval, double p) {
        static final Test UNKNOWN = new Test(Interval.UNKNOWN, Double.NaN);
    }

    /// The test of Cochran and Cox, with the sum of two variances, that between units and that between seeds.
    ///
    /// ```
    /// u = sd(differences)^2 / units
    /// s = 2 * max(within^2, (own_a^2 + own_b^2) / 2) / seeds
    /// t = (u * t(units - 1) + s * t(f)) / (u + s)             a quantile weighted by what it belongs to
    /// f = (seeds + 1) * (sum of own^2)^2 / (sum of own^4) - 2, at least 1 and at most freedom (Welch)
    /// ```
    ///
    /// Two or three seeds of a pair alone would often seem to agree by chance, so the variance is never less than
    /// the pooled one; and where one loss is far noisier than the others the pooled one is too small for its pairs,
    /// so it is never less than their own. What one loss alone makes noisy has also fewer degrees of freedom than
    /// losses have that are noisy alike, `f`. Satterthwaite's degrees of freedom would do for neither: they are
    /// found from the same few seeds, and are many just where these agree by chance. Source: Cochran (1964),
    /// Approximate significance levels of the Behrens-Fisher test, Biometrics 20, 191-195.
    Test test(int a, int b, double[] differences, int seeds) {
        if (differences.length < 2) {
            return Test.UNKNOWN;
        }
        double sd = Quantiles.sd(differences);
        return test(a, b, Quantiles.mean(differences), sd * sd / differences.length, differences.length - 1, seeds);
    }

    /// As the test over seeds, but `u` is 0: what the cases add is in the means of their folds.
    Test testOfFolds(int a, int b, double[] differences, int folds) {
        return test(a, b, Quantiles.mean(differences), 0, 1, folds);
    }

    private Test test(int a, int b, double mean, double units, int freedomOfUnits, int seeds) {
        if (freedom == 0) {
            return Test.UNKNOWN;
        }
        Part part = part(a, b, seeds);
        double variance = units + part.variance;
        if (variance == 0) {
            return new Test(new Interval(mean, mean), mean == 0 ? 1 : 0);
        }
        var t = new WeightedStudent(units / variance, freedomOfUnits, part.freedom);
        double error = Math.sqrt(variance);
        double half = t.quantile(Rules.ALPHA) * error;
        return new Test(new Interval(mean - half, mean + half), t.tails(Math.abs(mean) / error));
    }

    /// What the seeds alone, as a sample, add to the variance of a difference of two losses.
    ///
    /// @param variance 2 * max(within^2, (own_a^2 + own_b^2) / 2) / seeds
    /// @param freedom  f, of it
    record Part(double variance, double freedom) {}

    Part part(int a, int b, int seeds) {
        double ofPair = (own.get(a) * own.get(a) + own.get(b) * own.get(b)) / 2;
        return new Part(2 * Math.max(within * within, ofPair) / seeds, evenFreedom(seeds));
    }

    private double evenFreedom(int seeds) {
        if (own.size() == 2) {
            return freedom;
        }
        double sum = own.stream().mapToDouble(x -> x * x).sum();
        double squares = own.stream().mapToDouble(x -> x * x * x * x).sum();
        return squares == 0 ? freedom : Math.clamp((seeds + 1) * sum * sum / squares - 2, 1, freedom);
    }

    /// What Cochran and Cox put in the place of Student's t: between those of two degrees of freedom.
    ///
    /// @param share the weight of the first
    record WeightedStudent(double share, double first, double second) {

        /// The number that is exceeded, with either sign, with probability `tails`.
        double quantile(double tails) {
            return share * Distributions.studentQuantile(tails, first)
                    + (1 - share) * Distributions.studentQuantile(tails, second);
        }

        /// The `tails` of which `t` is the quantile.
        double tails(double t) {
            if (share == 0 || share == 1) {
                return Distributions.studentTails(t, share == 1 ? first : second);
            }
            // t is a mean of two quantiles: the first is sought of which the second has the same tails
            double ofFirst = solve(
                    x -> Distributions.studentTails(Math.max(0, (t - share * x) / (1 - share)), second)
                            - Distributions.studentTails(x, first),
                    0,
                    0,
                    t / share);
            return Distributions.studentTails(ofFirst, first);
        }
    }

    /// The place where a growing function has a value, found by halving until no number is left in between.
    ///
    /// @param low  a place where the function is below `value`
    /// @param high a place where it isn't
    private static double solve(DoubleUnaryOperator function, double value, double low, double high) {
        double a = low;
        double b = high;
        for (double middle = (a + b) / 2; middle > a && middle < b; middle = (a + b) / 2) {
            if (function.applyAsDouble(middle) < value) {
                a = middle;
            } else {
                b = middle;
            }
        }
        return b;
    }
}
