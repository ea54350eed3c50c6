package org.segloss.stat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.random.CounterRandom;

/// For what data the verdicts' error rates hold: measured where the differences are skewed, and where a loss fails
/// rarely. What the tables of docs/statistics.md say of it is of a run with `-Dsegloss.simulations=10`.
class RareFailuresTest {
    private static final int TIMES = Integer.getInteger("segloss.simulations", 1);
    private static final double MARGIN = 0.01;
    private static final Rules RULES = new Rules(MARGIN, Optional.empty(), 100, 1);
    /// How much of its Dice a loss loses on a case on which it fails.
    private static final double DROP = 0.5;

    /// What a loss's score of a case differs by from the case's own.
    private enum Noise {
        NORMAL {
            @Override
            double of(CounterRandom random) {
                return 0.02 * random.nextGaussian();
            }
        },
        /// An exponential number, turned round: its skewness is -2, but that of the difference of two losses is 0.
        SKEWED {
            @Override
            double of(CounterRandom random) {
                return 0.02 * (1 + StrictMath.log(1 - random.nextDouble()));
            }
        },
        /// One case in fifty is a failure.
        CONTAMINATED {
            @Override
            double of(CounterRandom random) {
                return 0.02 * random.nextGaussian() - (random.nextDouble() < 0.02 ? DROP : 0);
            }
        };

        abstract double of(CounterRandom random);
    }

    private static PairedTable table(double[][][] values) {
        List<String> names =
                IntStream.range(0, values.length).mapToObj(Integer::toString).toList();
        return PairedTable.of(List.of("a", "b", "c", "d").subList(0, values[0].length), names, names, values, true);
    }

    private static boolean isTold(Pair pair) {
        return pair.verdict() == Verdict.BETTER || pair.verdict() == Verdict.WORSE;
    }

    /// Four losses that are alike in all: however their scores are distributed, differences are as likely `d` as `-d`.
    /// 2000 samples have a standard error of 0.005 at 5 %.
    @ParameterizedTest
    @CsvSource({
        "SKEWED, 10",
        "SKEWED, 20",
        "SKEWED, 40",
        "SKEWED, 100",
        "CONTAMINATED, 10",
        "CONTAMINATED, 20",
        "CONTAMINATED, 40",
        "CONTAMINATED, 100"
    })
    void lossesThatAreAlikeAreToldApartInFivePercent(Noise noise, int units) {
        int repeats = 2000 * TIMES;
        int wrong = 0;
        for (int r = 0; r < repeats; r++) {
            var random = CounterRandom.of(17, "simulation", units, r);
            double[][][] values = new double[units][4][1];
            for (double[][] unit : values) {
                for (double[] loss : unit) {
                    loss[0] = 0.8 + noise.of(random);
                }
            }
            wrong += Family.of(table(values), RULES).pairs().stream().anyMatch(RareFailuresTest::isTold) ? 1 : 0;
        }
        SimulationTest.report("family-wise error, %s, %d cases".formatted(noise, units), wrong, repeats);
        assertThat((double) wrong / repeats).isLessThanOrEqualTo(0.06);
    }

    /// Two losses of which the first is better by as much on each case as it loses by failing on one in fifty, so that
    /// their means are equal: the one that fails is called better, until enough cases show that it fails. No
    /// test of the cases that are there can do otherwise; that is why the report says what may be unseen.
    ///
    /// @param least and `most`: bounds of the share of wrong verdicts
    @ParameterizedTest
    @CsvSource({"10, 0.7, 0.85", "20, 0.5, 0.75", "40, 0.3, 0.6", "100, 0.05, 0.3"})
    void aLossThatFailsRarelyIsCalledBetterThanItIs(int units, double least, double most) {
        int wrong = 0;
        int repeats = 1000 * TIMES;
        for (int r = 0; r < repeats; r++) {
            var random = CounterRandom.of(18, "simulation", units, r);
            double[][][] values = new double[units][2][1];
            for (double[][] unit : values) {
                unit[0][0] = 0.8 + 0.02 * DROP + 0.25 * Noise.NORMAL.of(random);
                unit[0][0] -= random.nextDouble() < 0.02 ? DROP : 0;
                unit[1][0] = 0.8 + 0.25 * Noise.NORMAL.of(random);
            }
            Rules noMargin = new Rules(Double.NaN, Optional.empty(), 100, 1);
            wrong += isTold(Family.of(table(values), noMargin).pairs().getFirst()) ? 1 : 0;
        }
        SimulationTest.report("better for equal means, %d cases".formatted(units), wrong, repeats);
        assertThat((double) wrong / repeats).isBetween(least, most);
    }

    /// Two losses of which the first fails on one case in fifty by 0.5, so that they differ by the margin, 0.01. They
    /// are called equivalent about as often as no failure is among the cases, 0.98^n.
    @ParameterizedTest
    @CsvSource({"10, 0.75, 0.85", "20, 0.6, 0.72", "40, 0.38, 0.5", "100, 0.05, 0.2"})
    void aLossThatFailsRarelyIsCalledEquivalent(int units, double least, double most) {
        int wrong = 0;
        int repeats = 1000 * TIMES;
        for (int r = 0; r < repeats; r++) {
            var random = CounterRandom.of(19, "simulation", units, r);
            double[][][] values = new double[units][2][1];
            for (double[][] unit : values) {
                unit[0][0] = 0.8 + 0.25 * Noise.NORMAL.of(random);
                unit[0][0] -= random.nextDouble() < 0.02 ? DROP : 0;
                unit[1][0] = 0.8 + 0.25 * Noise.NORMAL.of(random);
            }
            wrong += Family.of(table(values), RULES).pairs().getFirst().verdict() == Verdict.EQUIVALENT ? 1 : 0;
        }
        SimulationTest.report("equivalent, %d cases".formatted(units), wrong, repeats);
        assertThat((double) wrong / repeats).isBetween(least, most);
        // what the report says may be unseen is more than what is there
        assertThat(Design.of(units, 2, 1, 1).unseenFailures()).isGreaterThan(0.02);
    }

    /// Two losses of equal means, whose difference has a skewness of -2, as where a few cases are much worse.
    @ParameterizedTest
    @CsvSource({"10, 0.06, 0.1", "20, 0.06, 0.1", "40, 0.04, 0.08", "100, 0.03, 0.07"})
    void equalMeansOfSkewedDifferencesAreToldApart(int units, double least, double most) {
        int wrong = 0;
        int repeats = 2000 * TIMES;
        for (int r = 0; r < repeats; r++) {
            var random = CounterRandom.of(20, "simulation", units, r);
            double[][][] values = new double[units][2][1];
            for (double[][] unit : values) {
                unit[0][0] = 0.8 + Noise.SKEWED.of(random);
                unit[1][0] = 0.8;
            }
            Rules noMargin = new Rules(Double.NaN, Optional.empty(), 100, 1);
            wrong += isTold(Family.of(table(values), noMargin).pairs().getFirst()) ? 1 : 0;
        }
        SimulationTest.report("told apart for equal means, skewness -2, %d cases".formatted(units), wrong, repeats);
        assertThat((double) wrong / repeats).isBetween(least, most);
    }
}
