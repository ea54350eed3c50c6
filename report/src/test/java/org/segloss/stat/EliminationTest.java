package org.segloss.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.random.CounterRandom;

/// Races: how often a loss leaves that should have stayed, and what is saved.
class EliminationTest {
    private static final int TIMES = Integer.getInteger("segloss.simulations", 1);
    private static final double MARGIN = 0.01;

    /// Where each loss truly stands, and how much a training and a case move it.
    private record Truth(double[] level, double[] ofTraining, double[] ofCase) {

        /// 40 losses: the levels of 26 are those of a bell with an SD of 0.02, 18 of them within 0.05 of the best; 14
        /// are a tail that reaches 0.45 below. A good loss's trainings differ with an SD of 0.005, the worse
        /// a loss the more, up to 0.02; a case moves a loss by twice that.
        static Truth plausible() {
            double[] level = new double[40];
            double[] sd = new double[40];
            for (int j = 0; j < 40; j++) {
                level[j] = j < 26
                        ? 0.02 * Distributions.normalQuantile(1 - (j + 0.6) / 26.2)
                        : -0.05 - 0.4 * (j - 25) * (j - 25) / 196;
                sd[j] = Math.min(0.02, 0.005 + 0.05 * (level[0] - level[j]));
            }
            return new Truth(level, sd, Arrays.stream(sd).map(x -> 2 * x).toArray());
        }

        boolean isNearBest(int loss, double margin) {
            return level[loss] >= Arrays.stream(level).max().orElseThrow() - margin - 1e-12;
        }
    }

    private record Raced(List<Integer> left, int trainings) {}

    /// A case moves all losses alike by 0.08, and a block by 0.01; a fold each loss by half of what a training does.
    private static Raced race(Truth truth, double margin, int units, int folds, int looks, CounterRandom random) {
        int losses = truth.level.length;
        double[][][] ofCase = new double[folds][losses][units];
        for (double[][] fold : ofCase) {
            double[] shared = noise(units, 0.08, random);
            for (int j = 0; j < losses; j++) {
                double set = folds > 1 ? truth.ofTraining[j] / 2 * random.nextGaussian() : 0;
                for (int i = 0; i < units; i++) {
                    fold[j][i] = shared[i] + set + truth.ofCase[j] * random.nextGaussian();
                }
            }
        }
        var elimination = new Elimination(losses, looks, margin);
        List<Integer> left = new ArrayList<>(IntStream.range(0, losses).boxed().toList());
        List<double[][]> values = new ArrayList<>();
        int trainings = 0;
        while (values.size() < looks && left.size() > 1) {
            trainings += left.size();
            double[][] cases = ofCase[values.size() % folds];
            double block = 0.01 * random.nextGaussian();
            values.add(IntStream.range(0, losses)
                    .mapToObj(j -> {
                        double training = truth.level[j] + truth.ofTraining[j] * random.nextGaussian() + block;
                        double[] own = noise(units, truth.ofCase[j] / 2, random);
                        return IntStream.range(0, units)
                                .mapToDouble(i -> cases[j][i] + training + own[i])
                                .toArray();
                    })
                    .toArray(double[][]::new));
            List<Elimination.Block> blocks = IntStream.range(0, values.size())
                    .mapToObj(b -> new Elimination.Block(b % folds, values.get(b)).of(left))
                    .toList();
            List<Integer> gone = elimination.after(blocks).stream()
                    .map(leaving -> left.get(leaving.loss()))
                    .toList();
            left.removeAll(gone);
        }
        return new Raced(left, trainings);
    }

    private static double[] noise(int count, double sd, CounterRandom random) {
        return IntStream.range(0, count)
                .mapToDouble(_ -> sd * random.nextGaussian())
                .toArray();
    }

    /// 200 races have a standard error of 0.015 at 5 %, and of 0.003 of the mean cost.
    @ParameterizedTest
    @CsvSource({"1, 20, 15, 0.4", "5, 20, 15, 0.4", "1, 20, 10, 0.47", "1, 20, 6, 0.6"})
    void ofFortyLossesTheBestStayForTwoFifthsOfTheCost(int folds, int units, int looks, double most) {
        int repeats = 200 * TIMES;
        Truth truth = Truth.plausible();
        int wrong = 0;
        int best = 0;
        int size = 0;
        long trainings = 0;
        for (int r = 0; r < repeats; r++) {
            Raced raced = race(truth, MARGIN, units, folds, looks, CounterRandom.of(31, "race", folds, looks, r));
            trainings += raced.trainings;
            size += raced.left.size();
            best += raced.left.contains(0) ? 1 : 0;
            wrong += IntStream.range(0, 40).anyMatch(j -> truth.isNearBest(j, MARGIN) && !raced.left.contains(j))
                    ? 1
                    : 0;
        }
        String what = "%d folds, %d units each, %d looks".formatted(folds, units, looks);
        SimulationTest.report("trainings done, " + what, (int) trainings, 40 * looks * repeats);
        SimulationTest.report("of 40 losses left, " + what, size, 40 * repeats);
        SimulationTest.report("the best is among them", best, repeats);
        SimulationTest.report("one within the margin isn't", wrong, repeats);
        assertThat(trainings / (40.0 * looks * repeats)).isLessThanOrEqualTo(most);
        assertThat((double) best / repeats).isGreaterThanOrEqualTo(0.95);
        assertThat((double) wrong / repeats).isLessThanOrEqualTo(0.05);
    }

    /// Nothing is to be found: all are alike, or half lie just the margin behind. 1000 races have a standard error of
    /// 0.007 at 5 %.
    ///
    /// @param first the SD of the first loss's trainings, which may be noisier than the others'
    /// @param most  how often at most one leaves; more than 5 % where one loss is three times as noisy
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0.01, 0.01, 0.01, 1, 10, 6, 0.05",
        "0, 0, 0.01, 0.01, 0.01, 1, 10, 15, 0.05",
        "0, 0, 0.01, 0.01, 0.0001, 1, 10, 6, 0.05",
        "0, 0, 0.0001, 0.0001, 0.01, 1, 10, 6, 0.05",
        "0.01, 0.01, 0.01, 0.01, 0.01, 1, 10, 6, 0.05",
        "0, 0, 0.02, 0.01, 0.01, 1, 10, 6, 0.05",
        "0, 0, 0.03, 0.01, 0.01, 1, 10, 6, 0.07",
        "0, 0, 0.01, 0.01, 0.01, 5, 8, 10, 0.05",
        "0, 0, 0.02, 0.01, 0.01, 5, 8, 5, 0.05",
        "0, 0, 0.03, 0.01, 0.01, 5, 8, 5, 0.07"
    })
    void inFivePercentOfRacesOneLeavesThatShouldHaveStayed(
            double margin,
            double behind,
            double first,
            double others,
            double ofCase,
            int folds,
            int units,
            int looks,
            double most) {
        int repeats = 1000 * TIMES;
        int losses = 8;
        var truth = new Truth(
                IntStream.range(0, losses)
                        .mapToDouble(j -> j % 2 == 0 ? 0 : -behind)
                        .toArray(),
                IntStream.range(0, losses)
                        .mapToDouble(j -> j == 0 ? first : others)
                        .toArray(),
                IntStream.range(0, losses).mapToDouble(_ -> ofCase).toArray());
        int wrong = 0;
        for (int r = 0; r < repeats; r++) {
            wrong += race(truth, margin, units, folds, looks, CounterRandom.of(32, "race", folds, looks, r))
                                    .left
                                    .size()
                            < losses
                    ? 1
                    : 0;
        }
        SimulationTest.report(
                "races in which one leaves that is as good, trainings' SD %s beside %s, cases' %s, margin %s, %d folds, %d looks"
                        .formatted(first, others, ofCase, margin, folds, looks),
                wrong,
                repeats);
        assertThat((double) wrong / repeats).isLessThanOrEqualTo(most);
    }

    // ln(1 + (e - 1) x) 0.05 at x = 0.2, 0.5 and 0.8: 0.0148, 0.0310 and 0.0432; without a test after the first block
    @Test
    void whatIsSpentIsThatOfPococksType() {
        var elimination = new Elimination(40, 10, MARGIN);
        assertThat(elimination.share(1)).isZero();
        assertThat(0.05 * elimination.share(2)).isCloseTo(0.0147697, within(1e-6));
        assertThat(0.05
                        * IntStream.rangeClosed(1, 5)
                                .mapToDouble(elimination::share)
                                .sum())
                .isCloseTo(0.031006, within(1e-6));
        assertThat(IntStream.rangeClosed(1, 10).mapToDouble(elimination::share).sum())
                .isCloseTo(1, within(1e-12));
    }

    // scipy.stats.ttest_1samp([0.03, 0.032, 0.029, 0.031, 0.033, 0.0305], 0.01, alternative="greater"), SciPy 1.17.1
    @Test
    void twoLossesInFoldsAreTestedAsStudentsTestOfTheFolds() {
        double[] ahead = {0.03, 0.032, 0.029, 0.031, 0.033, 0.0305};
        List<Elimination.Block> blocks = IntStream.range(0, 6)
                .mapToObj(f -> new Elimination.Block(f, new double[][] {
                    {0.5, 0.7}, {0.5 + ahead[f] - 0.1, 0.7 + ahead[f] + 0.1}
                }))
                .toList();
        List<Elimination.Leaving> leaving = new Elimination(2, 6, MARGIN).after(blocks);
        assertThat(leaving).singleElement().satisfies(gone -> {
            assertThat(gone.loss()).isZero();
            assertThat(gone.rival()).isEqualTo(1);
            assertThat(gone.ahead()).isCloseTo(0.030916666666666666, within(1e-12));
            assertThat(gone.p()).isCloseTo(1.5877539128706956e-7, within(1e-15));
            // two losses, of each of which one comparison could be wrong
            assertThat(gone.level()).isCloseTo(0.05 * (1 - Math.log(1 + (Math.E - 1) * 5 / 6)) / 2, within(1e-15));
        });
    }

    @Test
    void nobodyLeavesAfterOneBlockOrOnFewerThanSixCases() {
        assertThat(new Elimination(2, 6, MARGIN).after(blocks(1, 10))).isEmpty();
        assertThat(new Elimination(2, 6, MARGIN).after(blocks(6, 5))).isEmpty();
        assertThat(new Elimination(2, 6, MARGIN).after(blocks(6, 6))).hasSize(1);
    }

    /// Of two losses the second is ahead by 0.5 and a little noise.
    private static List<Elimination.Block> blocks(int blocks, int units) {
        return IntStream.range(0, blocks)
                .mapToObj(b -> new Elimination.Block(0, new double[][] {
                    noise(units, 1e-4, CounterRandom.of(33, "race", b)),
                    Arrays.stream(noise(units, 1e-4, CounterRandom.of(34, "race", b)))
                            .map(x -> x + 0.5)
                            .toArray()
                }))
                .toList();
    }
}
