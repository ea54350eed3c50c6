package org.segloss.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.random.CounterRandom;

/// Cross-validation: what is said of losses whose networks differ by what they were trained on.
class TrainingSetTest {
    private static final int TIMES = Integer.getInteger("segloss.simulations", 1);
    private static final List<String> LOSSES = List.of("a", "b", "c", "d");
    private static final Rules RULES = new Rules(Double.NaN, Optional.empty(), 100, 1);

    /// Scores whose case's noise is 1. A training set moves each loss by so much, the first by another SD than the
    /// others, and each training by 0.2 more; the last loss is better by `ahead`.
    private static PairedTable table(
            int units, int folds, int seeds, double first, double others, double ahead, CounterRandom random) {
        double[][][] training = new double[4][folds][seeds];
        for (int j = 0; j < 4; j++) {
            for (int f = 0; f < folds; f++) {
                double set = (j == 0 ? first : others) * random.nextGaussian() + (j == 3 ? ahead : 0);
                for (int s = 0; s < seeds; s++) {
                    training[j][f][s] = set + 0.2 * random.nextGaussian();
                }
            }
        }
        double[][][] values = new double[units][4][seeds];
        for (int i = 0; i < units; i++) {
            double level = 2 * random.nextGaussian();
            for (int j = 0; j < 4; j++) {
                double noise = level + random.nextGaussian();
                for (int s = 0; s < seeds; s++) {
                    values[i][j][s] = noise + training[j][i % folds][s];
                }
            }
        }
        List<String> names = names(units);
        return PairedTable.of(LOSSES, names, names, Optional.of(folds(units, folds)), values, true);
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private static List<Integer> folds(int units, int folds) {
        return IntStream.range(0, units).mapToObj(i -> i % folds).toList();
    }

    private static boolean isTold(Pair pair) {
        return pair.verdict() == Verdict.BETTER || pair.verdict() == Verdict.WORSE;
    }

    /// No loss is better than another, over training sets. 2000 samples have a standard error of 0.005 at 5 %.
    ///
    /// @param byCasesAlone how often at least the verdicts would be wrong without a look at the folds
    /// @param coverage how often at most the interval of the cases alone holds the true difference
    @ParameterizedTest
    @CsvSource({
        "40, 5, 3, 0.6, 0.6, 0.3, 0.85",
        "40, 5, 1, 0.6, 0.6, 0.3, 0.85",
        "40, 5, 1, 0.3, 0.3, 0.08, 0.94",
        "40, 5, 1, 0, 0, 0, 1",
        "20, 5, 1, 0.6, 0.6, 0.1, 0.92",
        "23, 5, 1, 0.6, 0.6, 0.1, 0.92",
        "40, 2, 1, 0.6, 0.6, 0.4, 0.8",
        "40, 10, 1, 0.6, 0.6, 0.1, 0.92",
        "40, 5, 1, 2.5, 0.5, 0.5, 0.8",
        "40, 3, 3, 2.5, 0.5, 0.6, 0.8"
    })
    void whereOnlyTrainingSetsDifferAFamilyOfVerdictsIsWrongInFivePercent(
            int units, int folds, int seeds, double first, double others, double byCasesAlone, double coverage) {
        int repeats = 2000 * TIMES;
        int wrong = 0;
        int alone = 0;
        int held = 0;
        int heldAlone = 0;
        int pairs = 0;
        for (int r = 0; r < repeats; r++) {
            var random = CounterRandom.of(21, "simulation", units, folds, r);
            Family family = Family.of(table(units, folds, seeds, first, others, 0, random), RULES);
            boolean told = family.pairs().stream().anyMatch(TrainingSetTest::isTold);
            wrong += told ? 1 : 0;
            alone += told
                            || family.pairs().stream()
                                    .anyMatch(p -> p.verdict() == Verdict.WITHIN_TRAINING_SET_NOISE
                                            || p.verdict() == Verdict.WITHIN_SEED_NOISE)
                    ? 1
                    : 0;
            for (Pair pair : family.pairs()) {
                pairs++;
                held += pair.overFolds().contains(0) ? 1 : 0;
                heldAlone += pair.interval().contains(0) ? 1 : 0;
            }
        }
        SimulationTest.report(
                "family-wise error, %d units, %d folds, %d seeds, training sets %s beside %s"
                        .formatted(units, folds, seeds, first, others),
                wrong,
                repeats);
        SimulationTest.report("by the cases alone", alone, repeats);
        SimulationTest.report("coverage over training sets", held, pairs);
        SimulationTest.report("coverage of the cases alone", heldAlone, pairs);
        assertThat((double) wrong / repeats).isLessThanOrEqualTo(0.06);
        assertThat((double) alone / repeats).isGreaterThanOrEqualTo(byCasesAlone);
        assertThat((double) held / pairs).isGreaterThanOrEqualTo(0.935);
        assertThat((double) heldAlone / pairs).isLessThanOrEqualTo(coverage);
    }

    /// The price: how many of the pairs with a loss that is better are found. 200 samples of three pairs.
    @ParameterizedTest
    @CsvSource({"40, 5, 0.3, 1, 0.45", "40, 5, 0, 1, 0.7", "40, 10, 0.6, 1.5, 0.7", "40, 5, 0.6, 1.5, 0.4"})
    void aDifferenceIsFoundDespiteTheTrainingSets(int units, int folds, double sd, double ahead, double atLeast) {
        int repeats = 200 * TIMES;
        int found = 0;
        for (int r = 0; r < repeats; r++) {
            var random = CounterRandom.of(22, "simulation", folds, r);
            found += (int) Family.of(table(units, folds, 1, sd, sd, ahead, random), RULES).pairs().stream()
                    .filter(pair -> pair.b().equals("d") && pair.verdict() == Verdict.WORSE)
                    .count();
        }
        SimulationTest.report(
                "found, %d units, %d folds, training sets %s, ahead %s".formatted(units, folds, sd, ahead),
                found,
                3 * repeats);
        assertThat(found / (3.0 * repeats)).isGreaterThanOrEqualTo(atLeast);
    }

    // Two losses, three folds of two cases, a - b: means 1, 2 and 6 of the folds; 3 +- t sqrt(7 / 3).
    // scipy.stats.ttest_1samp([1, 2, 6], 0): p, and confidence_interval(), SciPy 1.17.1
    @Test
    void twoLossesAreTestedAsStudentsTestOfTheFolds() {
        double[] d = {0.5, 1.5, 2, 2, 5, 7};
        double[][][] values = IntStream.range(0, 6)
                .mapToObj(i -> new double[][] {{d[i]}, {0}})
                .toArray(double[][][]::new);
        Family family = Family.of(
                PairedTable.of(
                        List.of("a", "b"), names(6), names(6), Optional.of(List.of(4, 4, 7, 7, 9, 9)), values, true),
                RULES);
        assertThat(family.trainingSets()).isEqualTo(3);
        Pair pair = family.pairs().getFirst();
        assertThat(pair.foldsP()).isCloseTo(0.18849732879931097, within(1e-12));
        assertThat(pair.overFolds().low()).isCloseTo(-3.572410607728428, within(1e-9));
        assertThat(pair.overFolds().high()).isCloseTo(9.572410607728428, within(1e-9));
        assertThat(pair.retrained()).isEqualTo(pair.overFolds());
    }

    /// Numbers of a program in Python that was written from docs/statistics.md alone (SciPy 1.17.1): seedsP, overSeeds,
    /// seedsAdjustedP, foldsP, overFolds, foldsAdjustedP and, of 100 samples, hierarchical of four losses, 13
    /// cases, three seeds and four folds; and of the same where the last loss learned nothing with the first
    /// seed.
    @ParameterizedTest
    @CsvSource({
        "false, 0, 1, 0.000295422661608543, -0.034050048506620065, -0.016241271320714266, 0.0005108289556599136, 8.2003797600974e-05, -0.03355098291622415, -0.016740336911110175, 0.000164007595201948, -0.030166941751348632, -0.01766166817836787",
        "false, 0, 2, 2.3558158355145745e-06, -0.0639041461634297, -0.045371978028733384, 7.067447506543724e-06, 4.3858910244853797e-07, -0.064281659385638, -0.04499446480652508, 1.3157673073456139e-06, -0.06187489479424867, -0.04753724030548544",
        "false, 0, 3, 8.882240919945581e-08, -0.09907173580594242, -0.08262897198414107, 5.329344551967349e-07, 1.5334393111694798e-09, -0.09925567689759873, -0.08244503089248476, 9.200635867016878e-09, -0.09370729293182295, -0.08804984040933259",
        "false, 1, 2, 0.0002554144778299568, -0.03968891929109657, -0.019295885073732186, 0.0005108289556599136, 0.00016069194022663713, -0.04026966024778773, -0.018715144117041026, 0.000164007595201948, -0.03718961096549263, -0.02464772430076612",
        "false, 1, 3, 1.0876472099803856e-06, -0.07506425785510637, -0.05634513010764284, 3.2629416299411568e-06, 2.681421572206919e-08, -0.07411001698393159, -0.05729937097881761, 8.044264716620758e-08, -0.07440904824407009, -0.05906204980623276",
        "false, 2, 3, 8.324218421780322e-05, -0.04670670137974767, -0.02571788221817278, 0.00024972655265340966, 1.3309529472932275e-05, -0.045824537754991464, -0.026600045842928986, 3.992858841879683e-05, -0.04470569515266948, -0.028762637822492294",
        "true, 0, 1, 0.0038521943593132512, -0.03594674422166373, -0.014344575605670594, 0.011556583077939754, 8.200379760097329e-05, -0.033550982916224145, -0.016740336911110182, 0.00016400759520194657, -0.030166941751348632, -0.01766166817836787",
        "true, 0, 2, 0.0003413156715996033, -0.06603201937175941, -0.04324410482040366, 0.00204789402959762, 4.3858910244851695e-07, -0.06428165938563794, -0.044994464806525136, 1.3157673073455508e-06, -0.06187489479424867, -0.04753724030548544",
        "true, 0, 3, 0.6934717275301159, -0.6200041502818799, 0.7716367758251298, 1.0, 7.608348129776356e-09, 0.06741098976906792, 0.08422163577418187, 2.2825044389329068e-08, -0.09338725954236854, 0.33012894991909325",
        "true, 1, 2, 0.0020118351336007425, -0.04024078393986594, -0.01874402042496281, 0.006035505400802227, 0.00016069194022663914, -0.04026966024778774, -0.018715144117041012, 0.00016400759520194657, -0.03718961096549263, -0.02464772430076612",
        "true, 1, 3, 0.6071801141352572, -0.5980738587056647, 0.7999978040762488, 1.0, 6.000775607186241e-10, 0.09255664968273508, 0.10936729568784906, 1.8002326821558722e-09, -0.07440904824407009, 0.35734139818976957",
        "true, 2, 3, 0.5146882795734625, -0.5653689247250073, 0.8262776744604201, 1.0, 2.021049983904619e-10, 0.12084212891167528, 0.1400666208237376, 1.2126299903427714e-09, -0.04347376190867628, 0.38617946461939545"
    })
    void numbersAreThoseOfAProgramWrittenFromTheDocumentation(
            boolean fails,
            int a,
            int b,
            double seedsP,
            double seedsLow,
            double seedsHigh,
            double seedsAdjustedP,
            double foldsP,
            double foldsLow,
            double foldsHigh,
            double foldsAdjustedP,
            double hierarchicalLow,
            double hierarchicalHigh) {
        double[][][] values = new double[13][4][3];
        long x = 1;
        for (int i = 0; i < 13; i++) {
            for (int j = 0; j < 4; j++) {
                for (int s = 0; s < 3; s++) {
                    x = (x * 1_103_515_245 + 12_345) % (1L << 31);
                    values[i][j][s] = 0.7
                            + 0.01 * (i % 5)
                            + 0.03 * j
                            + 0.02 * (x * 0x1p-31 - 0.5)
                            + 0.01 * (i % 4 * (j + 1) % 3)
                            + 0.006 * (s * (j + 2) % 3)
                            - (fails && j == 3 && s == 0 ? 0.5 : 0);
                }
            }
        }
        PairedTable table = PairedTable.of(LOSSES, names(13), names(13), Optional.of(folds(13, 4)), values, true);
        Pair pair = Family.of(table, RULES).pairs().stream()
                .filter(p -> p.a().equals(LOSSES.get(a)) && p.b().equals(LOSSES.get(b)))
                .findFirst()
                .orElseThrow();
        assertThat(pair.seedsP()).isCloseTo(seedsP, withinPercentage(1e-6));
        assertThat(pair.overSeeds().low()).isCloseTo(seedsLow, within(1e-10));
        assertThat(pair.overSeeds().high()).isCloseTo(seedsHigh, within(1e-10));
        assertThat(pair.seedsAdjustedP()).isCloseTo(seedsAdjustedP, withinPercentage(1e-6));
        assertThat(pair.foldsP()).isCloseTo(foldsP, withinPercentage(1e-6));
        assertThat(pair.overFolds().low()).isCloseTo(foldsLow, within(1e-10));
        assertThat(pair.overFolds().high()).isCloseTo(foldsHigh, within(1e-10));
        assertThat(pair.foldsAdjustedP()).isCloseTo(foldsAdjustedP, withinPercentage(1e-6));
        assertThat(pair.hierarchical().low()).isCloseTo(hierarchicalLow, within(1e-12));
        assertThat(pair.hierarchical().high()).isCloseTo(hierarchicalHigh, within(1e-12));
    }

    // by hand: folds of 1, 2 and 3 cases with a sum of 2, 2 and 8, mean 2: 2 + 3 / 6 (2 - 2, 2 - 4, 8 - 6)
    @Test
    void foldsOfUnequalSizeWeighAsTheirCases() {
        double[] d = {2, 0, 2, 1, 3, 4};
        double[][][] values =
                IntStream.range(0, 6).mapToObj(i -> new double[][] {{d[i]}}).toArray(double[][][]::new);
        PairedTable table =
                PairedTable.of(List.of("a"), names(6), names(6), Optional.of(List.of(0, 1, 1, 2, 2, 2)), values, true);
        assertThat(table.meansOfFolds()[0]).containsExactly(2, 1, 3);
    }

    /// Loss a is better by 0.2 in one fold of four and by nothing elsewhere.
    @Test
    void whatOneTrainingSetAloneShowsIsTrainingSetNoise() {
        var random = CounterRandom.of(23, "test");
        double[][][] values = IntStream.range(0, 40)
                .mapToObj(i -> new double[][] {
                    {(i % 4 == 0 ? 0.2 : 0.05) + 0.01 * random.nextGaussian()}, {0.01 * random.nextGaussian()}
                })
                .toArray(double[][][]::new);
        Family folds = Family.of(
                PairedTable.of(LOSSES.subList(0, 2), names(40), names(40), Optional.of(folds(40, 4)), values, true),
                RULES);
        assertThat(folds.pairs().getFirst().verdict()).isEqualTo(Verdict.WITHIN_TRAINING_SET_NOISE);
        Family one = Family.of(PairedTable.of(LOSSES.subList(0, 2), names(40), names(40), values, true), RULES);
        assertThat(one.pairs().getFirst().verdict()).isEqualTo(Verdict.BETTER);
        assertThat(one.trainingSets()).isOne();
        assertThat(one.pairs().getFirst().overFolds()).isEqualTo(Interval.UNKNOWN);
    }

    @Test
    void lossesThatDifferByTheTrainingSetAreNotEquivalent() {
        double[][][] values = IntStream.range(0, 40)
                .mapToObj(i -> new double[][] {{(i % 2 == 0 ? 0.015 : -0.015) + 1e-4 * i}, {1e-4 * i}})
                .toArray(double[][][]::new);
        Rules margin = new Rules(0.01, Optional.empty(), 100, 1);
        PairedTable one = PairedTable.of(LOSSES.subList(0, 2), names(40), names(40), values, true);
        assertThat(Family.of(one, margin).pairs().getFirst().verdict()).isEqualTo(Verdict.EQUIVALENT);
        PairedTable two =
                PairedTable.of(LOSSES.subList(0, 2), names(40), names(40), Optional.of(folds(40, 2)), values, true);
        assertThat(Family.of(two, margin).pairs().getFirst().verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void aGroupThatWasTestedInTwoFoldsHasNone() {
        double[][][] values = new double[4][1][1];
        PairedTable table = PairedTable.of(
                List.of("a"), names(4), List.of("p", "p", "q", "r"), Optional.of(List.of(0, 1, 0, 1)), values, true);
        assertThat(table.folds()).isZero();
        assertThat(PairedTable.of(List.of("a"), names(4), names(4), Optional.empty(), values, true)
                        .folds())
                .isZero();
        assertThat(PairedTable.of(List.of("a"), names(4), names(4), values, true)
                        .folds())
                .isOne();
    }
}
