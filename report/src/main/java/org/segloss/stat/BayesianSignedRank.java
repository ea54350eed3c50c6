package org.segloss.stat;

import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.segloss.random.CounterRandom;

/// The Bayesian signed-rank test of paired differences: how probable it is that one loss is better, that both are
/// equivalent within the margin, and that it is worse.
///
/// ```
/// w ~ Dirichlet(1/2, 1, ..., 1)                  of a difference of 0 (the prior), and of each unit's difference d
/// better     = sum over all i, j of w_i w_j [d_i + d_j > 2 margin]      where the sum equals it, half of w_i w_j
/// worse      = sum over all i, j of w_i w_j [d_i + d_j < -2 margin]
/// equivalent = 1 - better - worse
/// ```
///
/// Each probability is the share of draws of w in which its sum is the largest of the three. Without a margin there
/// are two sums, and the sums that equal 0 count half for either. There are as many draws as the bootstrap has
/// replicates: with 10,000 the standard error of a probability is 0.005 at most. They are the same for all pairs and
/// tables of as many units, and follow from the seed alone. Above [#MOST_DRAWN] units it is the limit instead, by
/// which the sums are normal with the exact mean and the covariance of what is linear in w: no draws, and time
/// `units log units`.
///
/// The units are a sample, and nothing else is: what other seeds or training sets would change it does not know.
///
/// @param better that the first loss is better by more than the margin; by anything, if there is no margin
/// @param equivalent that the difference is within the margin; NaN if there is none
/// @param worse that it is worse by more than the margin
/// @see <a href="https://proceedings.mlr.press/v32/benavoli14.html">Benavoli, Mangili, Corani, Zaffalon and Ruggeri
///     (2014), A Bayesian Wilcoxon signed-rank test based on the Dirichlet process</a>
/// @see <a href="https://jmlr.org/papers/v18/16-305.html">Benavoli, Corani, Demsar and Zaffalon (2017), Time for a
///     change: a tutorial for comparing multiple classifiers through Bayesian analysis</a>
public record BayesianSignedRank(double better, double equivalent, double worse) {

    /// So many units at most are drawn: a draw takes time in proportion to them.
    public static final int MOST_DRAWN = 500;

    /// Of fewer units than can give a verdict nothing is said.
    static final BayesianSignedRank UNKNOWN = new BayesianSignedRank(Double.NaN, Double.NaN, Double.NaN);

    /// Draws that are summed side by side.
    private static final int BLOCK = 128;

    private static final double PRIOR = 0.5;

    /// {@return this of the second loss beside the first}
    public BayesianSignedRank turned() {
        return new BayesianSignedRank(worse, equivalent, better);
    }

    /// {@return the probabilities in percent: `93/7/<1 %`, without a margin `93/7 %`}; a dash where nothing is said
    public String text() {
        if (Double.isNaN(better)) {
            return "–";
        }
        return DoubleStream.of(better, equivalent, worse)
                .filter(p -> !Double.isNaN(p))
                .mapToObj(BayesianSignedRank::percent)
                .collect(Collectors.joining("/", "", " %"));
    }

    /// Only what is certain is 0 or 100.
    private static String percent(double p) {
        long percent = Math.round(100 * p);
        return percent == 0 && p > 0 ? "<1" : percent == 100 && p < 1 ? ">99" : Long.toString(percent);
    }

    /// {@return what is said of each of some pairs}
    ///
    /// @param differences the units' differences of each pair, by its number; all of as many units, finite, and
    ///     above 0 where the first loss is better
    /// @param margin above 0; NaN for none
    /// @param draws  how many, at least one
    static List<BayesianSignedRank> of(
            int pairs, IntFunction<double[]> differences, double margin, int draws, long seed) {
        if (pairs == 0) {
            return List.of();
        }
        int units = differences.apply(0).length;
        if (Design.smallestP(units) > Rules.ALPHA) {
            return Collections.nCopies(pairs, UNKNOWN);
        }
        if (units > MOST_DRAWN) {
            return IntStream.range(0, pairs)
                    .parallel()
                    .mapToObj(i -> limit(differences.apply(i), margin))
                    .toList();
        }
        List<Sorted> sorted = IntStream.range(0, pairs)
                .mapToObj(i -> Sorted.of(differences.apply(i), margin))
                .toList();
        Weights weights = Weights.of(units, draws, seed);
        long[][] wins = IntStream.range(0, Math.ceilDiv(draws, BLOCK))
                .parallel()
                .mapToObj(weights::block)
                .map(block -> sorted.stream().map(pair -> pair.wins(block)).toArray(long[][]::new))
                .reduce(new long[pairs][3], BayesianSignedRank::sum);
        return IntStream.range(0, pairs)
                .mapToObj(i -> sorted.get(i)
                        .posterior(wins[i][0] / (2.0 * draws), wins[i][1] / (2.0 * draws), wins[i][2] / (2.0 * draws)))
                .toList();
    }

    static BayesianSignedRank limit(double[] differences, double margin) {
        return Sorted.of(differences, margin).limit();
    }

    private static long[][] sum(long[][] a, long[][] b) {
        var sums = new long[a.length][3];
        for (int i = 0; i < a.length; i++) {
            for (int k = 0; k < 3; k++) {
                sums[i][k] = a[i][k] + b[i][k];
            }
        }
        return sums;
    }

    /// The weights of all draws. All metrics and classes of a comparison have the same, so they are kept for the next
    /// one where they are few.
    private record Weights(int units, int draws, long seed, double[][][] blocks) {
        private static final int MOST_KEPT = 1 << 20;
        private static volatile SoftReference<Weights> last = new SoftReference<>(null);

        static Weights of(int units, int draws, long seed) {
            Weights kept = last.get();
            if (kept != null && kept.units == units && kept.draws == draws && kept.seed == seed) {
                return kept;
            }
            var weights = new Weights(units, draws, seed, new double[0][][]);
            if ((long) units * draws > MOST_KEPT) {
                return weights;
            }
            var drawn = new Weights(
                    units,
                    draws,
                    seed,
                    IntStream.range(0, Math.ceilDiv(draws, BLOCK))
                            .parallel()
                            .mapToObj(weights::block)
                            .toArray(double[][][]::new));
            last = new SoftReference<>(drawn);
            return drawn;
        }

        /// (unit, draw): weights in proportion to those of the Dirichlet distribution; the prior's is the first.
        double[][] block(int block) {
            if (blocks.length > 0) {
                return blocks[block];
            }
            int first = block * BLOCK;
            double[][] weights = new double[units + 1][Math.min(BLOCK, draws - first)];
            for (int r = 0; r < weights[0].length; r++) {
                CounterRandom random = CounterRandom.of(seed, "signed-rank weights", units, first + r);
                double z = random.nextGaussian();
                weights[0][r] = z * z / 2;
                for (int i = 1; i <= units; i++) {
                    weights[i][r] = -StrictMath.log(1 - random.nextDouble());
                }
            }
            return weights;
        }
    }

    /// The differences in ascending order, that of the prior among them.
    ///
    /// @param order  which unit's each is, from 1; 0 for the prior
    /// @param above  for each the first place whose sum with it is above `2 margin`
    /// @param from   the first place whose sum is at least that
    /// @param below  the first place whose sum is at least `-2 margin`
    /// @param upTo   the first place whose sum is above that
    private record Sorted(boolean hasMargin, int[] order, int[] above, int[] from, int[] below, int[] upTo) {

        static Sorted of(double[] differences, double margin) {
            Quantiles.finite("differences", differences);
            double[] all = new double[differences.length + 1];
            for (int i = 0; i < differences.length; i++) {
                // a zero has no sign
                all[i + 1] = differences[i] + 0.0;
            }
            double[] inOrder = all.clone();
            Arrays.sort(inOrder);
            boolean hasMargin = !Double.isNaN(margin);
            double width = hasMargin ? 2 * margin : 0;
            return new Sorted(
                    hasMargin,
                    order(all, inOrder),
                    places(inOrder, width, false),
                    places(inOrder, width, true),
                    places(inOrder, -width, true),
                    places(inOrder, -width, false));
        }

        private static int[] order(double[] values, double[] sorted) {
            int[] order = new int[values.length];
            int[] taken = new int[values.length];
            for (int i = 0; i < values.length; i++) {
                int first = place(sorted, values[i]);
                order[first + taken[first]++] = i;
            }
            return order;
        }

        /// The first place of a value.
        private static int place(double[] sorted, double value) {
            int low = 0;
            int high = sorted.length - 1;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (sorted[middle] < value) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        /// For each the first place whose sum with it is above a bound, or reaches it.
        private static int[] places(double[] sorted, double bound, boolean reaches) {
            int[] places = new int[sorted.length];
            int place = sorted.length;
            for (int i = 0; i < sorted.length; i++) {
                while (place > 0
                        && (reaches ? sorted[i] + sorted[place - 1] >= bound : sorted[i] + sorted[place - 1] > bound)) {
                    place--;
                }
                places[i] = place;
            }
            return places;
        }

        BayesianSignedRank posterior(double better, double equivalent, double worse) {
            return new BayesianSignedRank(better, hasMargin ? equivalent : Double.NaN, worse);
        }

        /// Twice how often each sum is the largest; draws of two that are equal count half for either.
        ///
        /// @param weights (unit, draw), those of the prior first
        long[] wins(double[][] weights) {
            int n = order.length;
            int count = weights[0].length;
            double[][] sums = new double[n + 1][count];
            for (int i = 0; i < n; i++) {
                double[] own = weights[order[i]];
                double[] before = sums[i];
                double[] after = sums[i + 1];
                for (int r = 0; r < count; r++) {
                    after[r] = before[r] + own[r];
                }
            }
            double[] high = new double[count];
            double[] low = new double[count];
            double[] all = sums[n];
            for (int i = 0; i < n; i++) {
                double[] own = weights[order[i]];
                double[] first = sums[above[i]];
                double[] second = sums[from[i]];
                double[] third = sums[below[i]];
                double[] fourth = sums[upTo[i]];
                for (int r = 0; r < count; r++) {
                    high[r] += own[r] * (all[r] - (first[r] + second[r]) / 2);
                    low[r] += own[r] * ((third[r] + fourth[r]) / 2);
                }
            }
            var wins = new long[3];
            for (int r = 0; r < count; r++) {
                double middle = hasMargin ? all[r] * all[r] - high[r] - low[r] : Double.NEGATIVE_INFINITY;
                count(wins, high[r], middle, low[r]);
            }
            return wins;
        }

        private static void count(long[] wins, double high, double middle, double low) {
            if (high == low && high > middle) {
                wins[0]++;
                wins[2]++;
            } else if (high > middle && high > low) {
                wins[0] += 2;
            } else if (low > middle && low > high) {
                wins[2] += 2;
            } else {
                wins[1] += 2;
            }
        }

        /// What the probabilities come to with many units.
        BayesianSignedRank limit() {
            int n = order.length;
            double[] weight = new double[n];
            double[] sums = new double[n + 1];
            for (int i = 0; i < n; i++) {
                weight[i] = order[i] == 0 ? PRIOR : 1;
                sums[i + 1] = sums[i] + weight[i];
            }
            double total = sums[n];
            var high = new Moments(total);
            var low = new Moments(total);
            double products = 0;
            for (int i = 0; i < n; i++) {
                double up = 1 - (sums[above[i]] + sums[from[i]]) / (2 * total);
                double down = (sums[below[i]] + sums[upTo[i]]) / (2 * total);
                double p = weight[i] / total;
                high.add(p, up, (i >= above[i] ? 0.5 : 0) + (i >= from[i] ? 0.5 : 0));
                low.add(p, down, (i < below[i] ? 0.5 : 0) + (i < upTo[i] ? 0.5 : 0));
                products += p * up * down;
            }
            double factor = 4 / (total + 1);
            double ofHigh = factor * high.variance();
            double ofLow = factor * low.variance();
            double both = factor * (products - high.linear * low.linear);
            double better = largest(high.mean(), low.mean(), ofHigh, ofLow, both);
            double worse = largest(low.mean(), high.mean(), ofLow, ofHigh, both);
            return posterior(better, Math.max(0, 1 - better - worse), worse);
        }

        /// The probability that the first of the three sums is the largest, or the first of two.
        private double largest(double mean, double other, double variance, double ofOther, double both) {
            // first - second and first - third, where second = 1 - first - third
            double beside = mean - other;
            double ofBeside = Math.sqrt(Math.max(0, variance + ofOther - 2 * both));
            if (!hasMargin) {
                return ofBeside == 0 ? beside > 0 ? 1 : beside < 0 ? 0 : 0.5 : Distributions.normal(beside / ofBeside);
            }
            double middle = 2 * mean + other - 1;
            double ofMiddle = Math.sqrt(Math.max(0, 4 * variance + ofOther + 4 * both));
            double covariance = 2 * variance - ofOther - both;
            return Distributions.bothPositive(beside, ofBeside, middle, ofMiddle, covariance);
        }
    }

    /// The mean of a sum over pairs, and the variance of what is linear in the weights.
    private static final class Moments {
        private final double total;
        private double linear;
        private double squares;
        private double diagonal;

        Moments(double total) {
            this.total = total;
        }

        /// @param p    the mean of the unit's weight
        /// @param with the mean weight of those whose sum with it counts
        /// @param self what its sum with itself counts
        void add(double p, double with, double self) {
            linear += p * with;
            squares += p * with * with;
            diagonal += p * self;
        }

        double mean() {
            return (total * linear + diagonal) / (total + 1);
        }

        double variance() {
            return Math.max(0, squares - linear * linear);
        }
    }
}
