package org.segloss.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.segloss.random.CounterRandom;

class FamilyTest {
    private static final Rules RULES = new Rules(0.01, Optional.empty(), 2000, 1);

    // (case, loss)
    private static PairedTable table(boolean higherIsBetter, double[]... values) {
        double[][][] cube = Arrays.stream(values)
                .map(row -> DoubleStream.of(row).mapToObj(x -> new double[] {x}).toArray(double[][]::new))
                .toArray(double[][][]::new);
        List<String> cases =
                IntStream.range(0, values.length).mapToObj(i -> "case " + i).toList();
        return PairedTable.of(List.of("a", "b", "c").subList(0, values[0].length), cases, cases, cube, higherIsBetter);
    }

    /// Losses that lie this far above one another on each of n units, plus a little noise.
    private static double[][] steps(int n, double... offsets) {
        var random = CounterRandom.of(4, "test");
        return IntStream.range(0, n)
                .mapToObj(_ -> {
                    double unit = 0.8 + 0.03 * random.nextGaussian();
                    return DoubleStream.of(offsets)
                            .map(x -> unit + x + 0.002 * random.nextGaussian())
                            .toArray();
                })
                .toArray(double[][]::new);
    }

    // scipy.stats.friedmanchisquare(*M.T).statistic; F = (n-1) c / (n (k-1) - c); scipy.stats.f.sf(F, 2, 10). SciPy
    // 1.17.1
    /// Five losses with two seeds on twenty cases: 0.8, 0.7, 0.6 and 0.5, and one that learned nothing with the second
    /// seed. Other seeds change the four by 0.005, each in its own way.
    @Test
    void aLossThatFailsWithOneSeedDoesNotHideWhatTheOthersShow() {
        double[] level = {0.8, 0.7, 0.6, 0.5, 0.75};
        double[] bySeed = {0.005, -0.005, 0.004, -0.006, 0};
        double[][][] values = new double[20][5][2];
        CounterRandom random = CounterRandom.of(1, "fails");
        for (double[][] unit : values) {
            for (int j = 0; j < 5; j++) {
                double noise = 0.02 * random.nextGaussian();
                unit[j][0] = level[j] + bySeed[j] + noise;
                unit[j][1] = j == 4 ? 0 : level[j] - bySeed[j] + noise;
            }
        }
        List<String> cases = IntStream.range(0, 20).mapToObj(i -> "case" + i).toList();
        PairedTable table = PairedTable.of(List.of("a", "b", "c", "d", "fails"), cases, cases, values, true);
        assertThat(TrainingTests.of(table.meansOfSeeds()).kept()).containsExactly(0, 1, 2, 3);
        Family family = Family.of(table, new Rules(0.01, Optional.empty(), 200, 1));
        for (Pair pair : family.pairs()) {
            assertThat(pair.verdict())
                    .as("%s beside %s", pair.a(), pair.b())
                    .isEqualTo(pair.b().equals("fails") ? Verdict.WITHIN_SEED_NOISE : Verdict.BETTER);
        }
    }

    @Test
    void friedmanAsScipy() {
        double[][] m = {{.8, .82, .79}, {.7, .75, .71}, {.9, .9, .88}, {.6, .66, .66}, {.85, .83, .8}, {.77, .79, .7}};
        Friedman f = Friedman.of(m);
        assertThat(f.chiSquared()).isCloseTo(5.181818181818182, within(1e-12));
        assertThat(f.f()).isCloseTo(3.7999999999999994, within(1e-12));
        assertThat(f.p()).isCloseTo(0.0592156718310504, within(1e-12));
        assertThat(f.numerator()).isEqualTo(2);
        assertThat(f.denominator()).isEqualTo(10);
    }

    @Test
    void friedmanAtItsEnds() {
        Friedman agreed = Friedman.of(new double[][] {{1, 2, 3}, {4, 5, 6}, {0, 1, 2}});
        assertThat(agreed.f()).isNaN();
        // all of 3! orders alike, for each unit but the first
        assertThat(agreed.p()).isCloseTo(1.0 / 36, within(1e-15));
        Friedman tied = Friedman.of(new double[][] {{1, 1}, {2, 2}});
        assertThat(tied.p()).isNaN();
    }

    // scipy.stats.t.interval; scipy.stats.bootstrap(n_resamples=200000, method="BCa" and "percentile"), SciPy 1.17.1.
    // The means are
    // multiples of 1/240, and the density there lets a quantile of 200,000 samples vary by a few of these
    @Test
    void intervalsAsScipy() {
        double[] x = {0.8, 0.3, -0.5, 1.2, 0.1, 0.9, 2.5, -0.2, 0.4, 0.6, 1.1, 0.05};
        Interval student = Interval.student(x);
        assertThat(student.low()).isCloseTo(0.10159652196047364, within(1e-12));
        assertThat(student.high()).isCloseTo(1.1067368113728597, within(1e-12));
        double[][] rows = DoubleStream.of(x).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
        double[] replicates = Arrays.stream(
                        Bootstrap.of(table(true, rows), 200_000, 1).means())
                .mapToDouble(m -> m[0])
                .sorted()
                .toArray();
        Interval bca = Interval.bca(x, replicates);
        assertThat(bca.low()).isCloseTo(0.25, within(0.0126));
        assertThat(bca.high()).isCloseTo(1.1333333333333335, within(0.0126));
        assertThat(Interval.percentile(replicates).low()).isCloseTo(0.2083333333333333, within(0.0126));
        assertThat(Interval.percentile(replicates).high()).isCloseTo(1.0625, within(0.0126));
    }

    @Test
    void belowTenUnitsTheBootstrapIntervalIsThatOfPercentiles() {
        double[] x = {0, 0, 0, 0, 0, 0, 0, 0, 9};
        double[] replicates = {0, 1, 2, 3, 4};
        // NumPy's quantile of 0..4 at 0.025 and 0.975
        assertThat(Interval.bca(x, replicates)).isEqualTo(new Interval(0.1, 3.9));
    }

    // by hand: d = 0.02 on all ten units but for noise; the smallest p 2^-9 three times: Shaffer's 3 * 2^-9 = 0.0059
    @Test
    void verdictsOnAnOrderOfThree() {
        Family family = Family.of(table(true, steps(10, 0, 0.05, 0.1)), RULES);
        assertThat(family.pairs())
                .extracting(Pair::verdict)
                .containsOnly(Verdict.WORSE)
                .hasSize(3);
        assertThat(family.pairs()).extracting(Pair::adjustedP).containsOnly(3 / 512.0);
        assertThat(family.pairs()).extracting(Pair::worse).containsOnly(10);
        for (RankingMethod method : RankingMethod.values()) {
            assertThat(family.standings())
                    .as(method.name())
                    .extracting(s -> s.ranks().get(method))
                    .containsExactly(3, 2, 1);
        }
        assertThat(family.standings()).extracting(Standing::first).containsExactly(0.0, 0.0, 1.0);
        assertThat(family.agreement().median()).isOne();
        assertThat(family.standings().getLast().rankRange()).isEqualTo(new Interval(1, 1));
    }

    @Test
    void whereLessIsBetterTheVerdictTurns() {
        Family family = Family.of(table(false, steps(10, 0, 0.05)), RULES);
        assertThat(family.pairs().getFirst().verdict()).isEqualTo(Verdict.BETTER);
        assertThat(family.pairs().getFirst().better()).isEqualTo(10);
        assertThat(family.pairs().getFirst().difference()).isNegative();
        assertThat(family.standings().getFirst().ranks().get(RankingMethod.TEST_BASED))
                .isOne();
    }

    @Test
    void aCertainButSmallDifferenceIsEquivalentWithinTheMargin() {
        Family family = Family.of(table(true, steps(20, 0, 0.004)), RULES);
        assertThat(family.pairs().getFirst().adjustedP()).isLessThan(0.05);
        assertThat(family.pairs().getFirst().verdict()).isEqualTo(Verdict.EQUIVALENT);
        assertThat(family.pairs().getFirst().even()).isEqualTo(18);
        Rules noMargin = new Rules(Double.NaN, Optional.empty(), 100, 1);
        assertThat(Family.of(table(true, steps(20, 0, 0.004)), noMargin)
                        .pairs()
                        .getFirst()
                        .verdict())
                .isEqualTo(Verdict.WORSE);
    }

    @Test
    void fewUnitsNeverGiveAVerdict() {
        // equal on all five: nothing says that the sixth would be
        double[][] same = new double[5][2];
        assertThat(Family.of(table(true, same), RULES).pairs().getFirst().verdict())
                .isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(Family.of(table(true, new double[6][2]), RULES)
                        .pairs()
                        .getFirst()
                        .verdict())
                .isEqualTo(Verdict.EQUIVALENT);
    }

    @Test
    void aSingleUnitIsDescribedAndNotTested() {
        Family family = Family.of(table(true, new double[][] {{0.5, 0.7}}), RULES);
        assertThat(family.omnibus()).isEmpty();
        assertThat(family.pairs().getFirst().interval()).isEqualTo(Interval.UNKNOWN);
        assertThat(family.pairs().getFirst().verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(family.pairs().getFirst().test().p()).isOne();
        assertThat(family.standings())
                .extracting(s -> s.ranks().get(RankingMethod.MEAN_THEN_RANK))
                .containsExactly(2, 1);
    }

    @Test
    void aGroupIsOneUnit() {
        double[][][] values = {{{0.2}, {0.3}}, {{0.4}, {0.7}}, {{0.9}, {0.1}}};
        PairedTable table =
                PairedTable.of(List.of("a", "b"), List.of("x", "y", "z"), List.of("p", "q", "p"), values, true);
        assertThat(table.units()).containsExactly("p", "q");
        assertThat(table.of(0)).containsExactly(0.55, 0.4);
        assertThat(table.differences(0, 1)).containsExactly(new double[] {0.35, -0.3}, within(1e-15));
    }

    @Test
    void aBaselineIsComparedWithEachOther() {
        Rules rules = new Rules(0.01, Optional.of("b"), 100, 1);
        Family family = Family.of(table(true, steps(10, 0, 0.05, 0.1)), rules);
        assertThat(family.pairs()).extracting(p -> p.a() + p.b()).containsExactly("ab", "bc");
        assertThat(family.pairs()).extracting(Pair::adjustedP).containsOnly(2 / 512.0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Family.of(table(true, steps(9, 0, 1)), new Rules(1, Optional.of("x"), 100, 1)))
                .withMessage("the baseline x is none of the losses: a, b");
    }

    // ranks of the five methods by hand: columns a, b, c
    @Test
    void rankingMethodsByHand() {
        double[][] values = {{0.9, 0.8, 0.7}, {0.9, 0.8, 0.7}, {0.1, 0.8, 0.7}, {0.5, 0.5, 0.7}};
        Family family = Family.of(table(true, values), RULES);
        Map<RankingMethod, List<Integer>> expected = Map.of(
                // 0.6, 0.725, 0.7
                RankingMethod.MEAN_THEN_RANK, List.of(3, 1, 2),
                // 0.7, 0.8, 0.7
                RankingMethod.MEDIAN_THEN_RANK, List.of(2, 1, 2),
                // ranks 1 1 3 2, 2 2 1 2, 3 3 2 1: means 1.75, 1.75, 2.25
                RankingMethod.RANK_THEN_MEAN, List.of(1, 1, 3),
                // medians 1.5, 2, 2.5
                RankingMethod.RANK_THEN_MEDIAN, List.of(1, 2, 3),
                // four units can't separate
                RankingMethod.TEST_BASED, List.of(1, 1, 1));
        expected.forEach((method, ranks) -> assertThat(family.standings())
                .as(method.name())
                .extracting(s -> s.ranks().get(method))
                .isEqualTo(ranks));
    }

    // means a: 0.5 0.7, b: 0.3 0.1: after losses (0.6, 0.2) and seeds (0.4, 0.4) a rest of -0.1 0.1 0.1 -0.1;
    // square sum 0.04 with 1 degree of freedom
    @Test
    void seedVarianceByHand() {
        double[][][] values = {{{0.4, 0.6}, {0.2, 0}}, {{0.6, 0.8}, {0.4, 0.2}}};
        TrainingVariance seeds = TrainingVariance.of(
                PairedTable.of(List.of("a", "b"), List.of("x", "y"), List.of("x", "y"), values, true)
                        .meansOfSeeds());
        assertThat(seeds.within()).isCloseTo(0.2, within(1e-15));
        assertThat(seeds.between()).isCloseTo(0.4 / Math.sqrt(2), within(1e-15));
        assertThat(seeds.ratio()).isCloseTo(Math.sqrt(2), within(1e-14));
        assertThat(seeds.ofLosses().getFirst()).isCloseTo(0.2 / Math.sqrt(2), within(1e-15));
        assertThat(seeds.freedom()).isOne();
        assertThat(seeds.own()).containsExactly(seeds.within(), seeds.within());
    }

    // means of a: 0 6, of b and c: 3 3; after losses (3, 3, 3) and seeds (2, 4) a: -2 2, b and c: 1 -1. Square
    // sums 8, 2 and 2 with 2 degrees of freedom: 6. Their own: 3 (8 - 6 / 3) = 18, the variance of 0 and 6, and 3 (2 -
    // 6 / 3) = 0
    @Test
    void aLossIsNoisierThanTheOthersByHand() {
        double[][][] values = {{{0, 6}, {3, 3}, {3, 3}}};
        TrainingVariance seeds =
                TrainingVariance.of(PairedTable.of(List.of("a", "b", "c"), List.of("x"), List.of("x"), values, true)
                        .meansOfSeeds());
        assertThat(seeds.within()).isCloseTo(Math.sqrt(6), within(1e-14));
        assertThat(seeds.own().getFirst()).isCloseTo(Math.sqrt(18), within(1e-14));
        assertThat(seeds.own().getLast()).isCloseTo(0, within(1e-7));
    }

    @Test
    void theSeedsOfALossThatIsNoisierCountInItsPairs() {
        var seeds = new TrainingVariance(List.of(), 1, 1, List.of(3.0, 1.0, 0.5), 1, 2);
        double[] d = {-1, 1, -1, 1, -1, 1};
        // units: 1.2 / 6 = 0.2; seeds: 2 * max(1, (9 + 1) / 2) / 2 = 5; 3 (9 + 1 + 0.25)^2 / (81 + 1 + 0.0625) - 2
        // = 1.841
        // scipy.stats.t.isf(0.025, [5, 1.8408225437928409]), SciPy 1.17.1
        double t = (0.2 * 2.5705818356363155 + 5 * 4.679614551974531) / 5.2;
        assertThat(seeds.test(0, 1, d, 2).interval().high()).isCloseTo(t * Math.sqrt(5.2), within(1e-9));
        // (1 + 0.25) / 2 is less than the pooled 1
        double other = (0.2 * 2.5705818356363155 + 4.679614551974531) / 1.2;
        assertThat(seeds.test(1, 2, d, 2).interval().high()).isCloseTo(other * Math.sqrt(1.2), within(1e-9));
    }

    @Test
    void whereOneLossIsNoisyThereAreFewerDegreesOfFreedom() {
        double[] d = {-1, 1, -1, 1, -1, 1};
        var one = new TrainingVariance(List.of(), 1, 1, List.of(2.0, 0.0, 0.0, 0.0), 1, 3);
        var all = new TrainingVariance(List.of(), 1, 1, List.of(1.0, 1.0, 1.0, 1.0), 1, 3);
        // 3 * 1 - 2 = 1 and min(3, 3 * 4 - 2): t of 12.7 and 3.2
        assertThat(one.test(1, 2, d, 2).interval().high())
                .isGreaterThan(3 * all.test(1, 2, d, 2).interval().high());
    }

    @Test
    void theWeightedTailsAreThoseOfTheWeightedQuantile() {
        for (double share : new double[] {0, 1e-12, 0.3, 0.999, 1}) {
            var t = new TrainingVariance.WeightedStudent(share, 19, 3);
            for (double tails : new double[] {0.9, 0.05, 1e-3, 1e-9}) {
                assertThat(t.tails(t.quantile(tails))).isCloseTo(tails, within(1e-9 * tails));
            }
            assertThat(t.tails(0)).isOne();
        }
    }

    /// By how much loss a lies above b under each of two seeds.
    private static Pair underSeeds(double first, double second) {
        var random = CounterRandom.of(9, "test");
        double[][][] values = IntStream.range(0, 20)
                .mapToObj(_ -> new double[][] {
                    {0.6 + first + 0.002 * random.nextGaussian(), 0.6 + second + 0.002 * random.nextGaussian()},
                    {0.6 + 0.002 * random.nextGaussian(), 0.6 + 0.002 * random.nextGaussian()}
                })
                .toArray(double[][][]::new);
        List<String> cases = IntStream.range(0, 20).mapToObj(i -> "case " + i).toList();
        return Family.of(PairedTable.of(List.of("a", "b"), cases, cases, values, true), RULES)
                .pairs()
                .getFirst();
    }

    @Test
    void whatOneSeedAloneShowsIsSeedNoise() {
        Pair alone = underSeeds(0, 0.1);
        assertThat(alone.adjustedP()).isLessThan(0.001);
        assertThat(alone.verdict()).isEqualTo(Verdict.WITHIN_SEED_NOISE);
        assertThat(alone.overSeeds().contains(0)).isTrue();
        // one of four samples of two seeds holds the first alone
        assertThat(alone.hierarchical().low()).isLessThan(0.01);
        Pair both = underSeeds(0.1, 0.1);
        assertThat(both.verdict()).isEqualTo(Verdict.BETTER);
        assertThat(both.overSeeds().contains(0)).isFalse();
    }

    @Test
    void lossesThatDifferByTheSeedAloneAreNotEquivalent() {
        // the means over the seeds are equal, but either seed alone would say otherwise
        assertThat(underSeeds(-0.1, 0.1).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(underSeeds(0, 0).verdict()).isEqualTo(Verdict.EQUIVALENT);
    }

    @Test
    void sameSeedSameBitsAndOrderOfLossesChangesNothing() {
        double[][] values = steps(15, 0, 0.002, 0.004);
        Family family = Family.of(table(true, values), RULES);
        assertThat(Family.of(table(true, values), RULES)).isEqualTo(family);
        assertThat(Family.of(table(true, values), new Rules(0.01, Optional.empty(), 2000, 2))
                        .pairs()
                        .getFirst()
                        .bca())
                .isNotEqualTo(family.pairs().getFirst().bca());
        double[][] turned = Arrays.stream(values)
                .map(row -> new double[] {row[1], row[0], row[2]})
                .toArray(double[][]::new);
        Family other = Family.of(table(true, turned), RULES);
        assertThat(other.pairs().getFirst().bca().low())
                .isCloseTo(-family.pairs().getFirst().bca().high(), within(1e-12));
        assertThat(other.standings().get(0).first())
                .isEqualTo(family.standings().get(1).first());
    }

    @Test
    void aMissingValueIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table(true, new double[] {1, 2}, new double[] {1, Double.NaN}))
                .withMessage(
                        "case 1, b, seed number 1: the value is NaN; each case needs a finite one for each loss and seed");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> PairedTable.of(List.of("a"), List.of("x", "y"), List.of("x"), new double[2][1][1], true))
                .withMessageContaining("2 cases have 1 groups and 2 rows");
    }

    @Test
    void wrongRulesAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rules(-1, Optional.empty(), 100, 1))
                .withMessage("the margin has to be finite and above 0, but is -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rules(Double.POSITIVE_INFINITY, Optional.empty(), 100, 1))
                .withMessage("the margin has to be finite and above 0, but is Infinity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rules(1, Optional.empty(), 10, 1))
                .withMessageContaining("at least 100");
    }

    @Test
    void roundingIsNoDifference() {
        var rows = new ArrayList<double[]>();
        for (int i = 0; i < 8; i++) {
            rows.add(new double[] {0.1 + 0.2, 0.3});
        }
        assertThat(table(true, rows.toArray(double[][]::new)).differences(0, 1)).containsOnly(0.0);
    }
}
