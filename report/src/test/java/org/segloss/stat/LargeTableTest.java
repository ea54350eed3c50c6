package org.segloss.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.random.CounterRandom;

/// What is computed without a list of all pairs or a box around each number is what the plain way gives, to the last
/// bit; and tables of a size at which the plain way ends in a sum that is too large for an `int`.
class LargeTableTest {

    /// The median of a list of all pairs' means.
    private static double plainHodgesLehmann(double[] d) {
        return Quantiles.median(IntStream.range(0, d.length)
                .boxed()
                .flatMapToDouble(i -> IntStream.rangeClosed(i, d.length - 1).mapToDouble(j -> (d[i] + d[j]) / 2))
                .toArray());
    }

    /// Differences of many kinds: of no relation to one another, tied, mostly zero, of very different sizes.
    private static List<double[]> samples(int n) {
        var random = CounterRandom.of(11, "test", n);
        double[] normal = DoubleStream.generate(random::nextGaussian).limit(n).toArray();
        return List.of(
                normal,
                DoubleStream.of(normal).map(x -> Math.rint(2 * x) / 4 + 0.0).toArray(),
                DoubleStream.of(normal).map(x -> Math.abs(x) < 1.3 ? 0 : x).toArray(),
                DoubleStream.of(normal).map(x -> StrictMath.pow(10, 8 * x)).toArray(),
                DoubleStream.of(normal).map(x -> 0.1 * Math.rint(3 * x) - 0.3).toArray(),
                DoubleStream.of(normal).map(x -> -Math.abs(x)).toArray(),
                new double[n]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 31, 32, 33, 255, 256, 257, 501, 700})
    void theMedianOfAllMeansIsThatOfTheirList(int n) {
        for (double[] d : samples(n)) {
            assertThat(Double.doubleToLongBits(HodgesLehmann.of(d)))
                    .isEqualTo(Double.doubleToLongBits(plainHodgesLehmann(d)));
        }
    }

    /// By hand: of -1, 0 and 1 the means are -1, -1/2, 0, 0, 1/2 and 1, and no zero has a sign.
    @Test
    void aMedianOfZeroHasNoSign() {
        assertThat(Double.doubleToLongBits(HodgesLehmann.of(new double[] {-1, 0, 1})))
                .isZero();
        assertThat(HodgesLehmann.of(new double[] {-3, 1})).isEqualTo(-1);
    }

    private static int[] plainRanks(double[] values) {
        Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        double tolerance = 1e-10 * DoubleStream.of(values).map(Math::abs).max().orElse(0);
        int[] ranks = new int[values.length];
        int from = 0;
        for (int i = 1; i <= values.length; i++) {
            if (i == values.length || values[order[i]] - values[order[i - 1]] > tolerance) {
                for (int k = from; k < i; k++) {
                    ranks[order[k]] = from + 1 + i;
                }
                from = i;
            }
        }
        return ranks;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 33, 257, 1000})
    void ranksAreThoseOfASortedListOfPlaces(int n) {
        for (double[] values : samples(n)) {
            assertThat(Ranks.doubledMiddle(values)).isEqualTo(plainRanks(values));
        }
    }

    /// Plain sums in the order of the draws, as an array of rows would be added.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 12})
    void meansOfDrawsAreThoseOfPlainSums(int losses) {
        int units = 37;
        var random = CounterRandom.of(12, "test", losses);
        double[][][] values = new double[units][losses][1];
        for (double[][] unit : values) {
            for (double[] ofLoss : unit) {
                ofLoss[0] = random.nextGaussian();
            }
        }
        List<String> names =
                IntStream.range(0, units).mapToObj(Integer::toString).toList();
        List<String> ofLosses =
                IntStream.range(0, losses).mapToObj(j -> "loss" + j).toList();
        double[][] means = Bootstrap.of(PairedTable.of(ofLosses, names, names, values, true), 100, 5)
                .means();
        for (int r = 0; r < means.length; r++) {
            var draws = CounterRandom.of(5, "bootstrap units", units, r);
            double[] plain = new double[losses];
            for (int i = 0; i < units; i++) {
                int unit = draws.nextInt(units);
                for (int j = 0; j < losses; j++) {
                    plain[j] += values[unit][j][0];
                }
            }
            for (int j = 0; j < losses; j++) {
                plain[j] /= units;
            }
            assertThat(means[r]).isEqualTo(plain);
        }
    }

    /// Above 46,341 units the sum of all ranks, doubled, is no `int` any more. With so many units the exact p is
    /// that of a normal number: T has the mean 0 and the variance sum of ranks^2, and p changes by 1 / n of itself.
    @Test
    void beyond46341UnitsTheTestIsThatOfANormalNumber() {
        int n = 50_000;
        var random = CounterRandom.of(13, "test");
        double[] d = DoubleStream.generate(() -> random.nextGaussian() + 0.01)
                .limit(n)
                .toArray();
        int[] ranks = plainRanks(DoubleStream.of(d).map(Math::abs).toArray());
        double t = IntStream.range(0, n)
                .mapToDouble(i -> Math.signum(d[i]) * ranks[i] / 2)
                .sum();
        double squares = IntStream.of(ranks).mapToDouble(r -> r / 2.0 * r / 2).sum();
        double p = 2 * Distributions.normal(-Math.abs(t) / Math.sqrt(squares));
        SignedRankTest test = SignedRankTest.of(d);
        assertThat(test.p()).isCloseTo(p, within(1e-4 * p));
        assertThat(test.approximate()).isCloseTo(p, within(1e-4 * p));
        // the same sum over n (n + 1) / 2
        assertThat(test.rankBiserial()).isCloseTo(2 * t / (n * (n + 1.0)), within(1e-12));
    }

    /// From the middle to where every sign is the same.
    @ParameterizedTest
    @ValueSource(ints = {501, 5_000, 100_000})
    void pIsANumberHoweverSureItIs(int n) {
        for (double shift : new double[] {0, 1e-3, 0.1, 1, 10}) {
            var random = CounterRandom.of(14, "test", n);
            double[] d = DoubleStream.generate(() -> random.nextGaussian() + shift)
                    .limit(n)
                    .toArray();
            SignedRankTest test = SignedRankTest.of(d);
            assertThat(test.p()).as("shift %s", shift).isBetween(0.0, shift >= 1 ? 1e-50 : 1);
            assertThat(test.greater()).isBetween(0.0, 1.0);
            assertThat(SignedRankTest.of(DoubleStream.of(d).map(x -> -x).toArray())
                            .p())
                    .isEqualTo(test.p());
        }
        // as many ranks above as below
        double[] even = IntStream.range(0, n - n % 2)
                .mapToDouble(i -> i % 2 == 0 ? 1 : -1)
                .toArray();
        assertThat(SignedRankTest.of(even).p()).isOne();
    }

    /// Twelve losses of 20,000 cases, which once took a list of 200 million means for each of 66 pairs.
    @Test
    void aTableOf20000CasesIsNoBurden() {
        int units = 20_000;
        var random = CounterRandom.of(15, "test");
        double[][][] values = new double[units][12][1];
        for (double[][] unit : values) {
            double level = random.nextGaussian();
            for (int j = 0; j < unit.length; j++) {
                unit[j][0] = 0.8 + 0.03 * level + 0.02 * random.nextGaussian() + 0.001 * j;
            }
        }
        List<String> names =
                IntStream.range(0, units).mapToObj(Integer::toString).toList();
        List<String> losses = IntStream.range(0, 12).mapToObj(j -> "loss" + j).toList();
        Family family = Family.of(
                PairedTable.of(losses, names, names, values, true), new Rules(0.0001, Optional.empty(), 100, 1));
        assertThat(family.pairs()).hasSize(66);
        Pair ends = family.pairs().get(10);
        // loss0 beside loss11: 0.011 with a standard error of 0.02 sqrt(2 / 20000) = 0.0002
        assertThat(ends.hodgesLehmann()).isCloseTo(-0.011, within(0.001));
        assertThat(ends.verdict()).isEqualTo(Verdict.WORSE);
        assertThat(family.omnibus().orElseThrow().denominator()).isEqualTo(11 * 19_999);
    }
}
