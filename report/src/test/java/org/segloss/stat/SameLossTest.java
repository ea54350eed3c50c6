package org.segloss.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.random.CounterRandom;

class SameLossTest {
    private static final Rules RULES = new Rules(Double.NaN, Optional.empty(), 100, 1);

    /// With noise that is known: each training moves its loss by an SD of `training`, and each of its cases by
    /// one of 1. The mean of n differences has the variance `2 / n + 2 training^2`, of which a test from the
    /// cases knows `2 / n`: Student's test finds a difference as often as |T| is above `t / sqrt(1 + n
    /// training^2)`. Student's interval and the signed-rank test both have to find one, so that the rate is a
    /// little lower.
    @ParameterizedTest
    @CsvSource({"0, 20", "0.2, 20", "0.5, 20", "0.5, 40", "1, 10"})
    void statesTheRateThatTheNoiseGives(double training, int units) {
        double known = Distributions.studentTails(
                Distributions.studentQuantile(0.05, units - 1) / Math.sqrt(1 + units * training * training), units - 1);
        int different = 0;
        int pairs = 0;
        for (int repeat = 0; repeat < 100; repeat++) {
            SameLoss same =
                    SameLoss.of(noise(repeat, units, 4, 6, training), RULES).orElseThrow();
            different += same.different();
            pairs += same.pairs();
        }
        assertEquals(6000, pairs);
        double rate = (double) different / pairs;
        assertTrue(rate > known - 0.05 && rate < known + 0.02, "%s, expected about %s".formatted(rate, known));
    }

    /// It is what a comparison of the two trainings says, done by itself.
    @Test
    void isWhatTheComparisonOfTwoTrainingsSays() {
        PairedTable table = noise(1, 12, 3, 3, 0.5);
        int different = 0;
        for (int j = 0; j < 3; j++) {
            for (int s = 0; s < 3; s++) {
                for (int t = s + 1; t < 3; t++) {
                    Verdict verdict = Family.of(table.ofSeeds(j, s, t), RULES)
                            .pairs()
                            .getFirst()
                            .verdict();
                    different += verdict == Verdict.BETTER || verdict == Verdict.WORSE ? 1 : 0;
                }
            }
        }
        assertTrue(different > 0 && different < 9, "the example shows nothing");
        assertEquals(different, SameLoss.of(table, RULES).orElseThrow().different());
    }

    /// Twelve cases, of which the second of three seeds is better by 0.05 and a little, and the third as the first.
    @Test
    void saysItInWords() {
        double[][][] values = new double[12][2][3];
        for (int i = 0; i < 12; i++) {
            values[i][0] = new double[] {0.8, 0.85 + 0.001 * i, 0.8};
            values[i][1] = new double[] {0.7, 0.7 + 0.001 * (i % 2), 0.7};
        }
        List<String> cases = IntStream.range(0, 12).mapToObj(String::valueOf).toList();
        PairedTable table = PairedTable.of(List.of("ce", "dice"), cases, cases, values, true);
        SameLoss same =
                SameLoss.of(table, new Rules(0.01, Optional.empty(), 100, 1)).orElseThrow();
        assertEquals(List.of(new SameLoss.OfLoss("ce", 3, 2), new SameLoss.OfLoss("dice", 3, 0)), same.losses());
        assertEquals(
                "A single-seed comparison on these cases finds a false difference in 2 of 6: so often two trainings of the same loss, with two seeds, would have been called better and worse (ce 2 of 3). By so few trainings the share lies between 0 % and 96 % with 95 % confidence.",
                same.sentence(Compared.LOSSES));
        assertTrue(same.sentence(Compared.METHODS).contains("of the same method"));
    }

    @Test
    void aCorrectionForAllPairsFindsNoMore() {
        PairedTable table = noise(2, 10, 5, 4, 0.5);
        SameLoss same = SameLoss.of(table, RULES).orElseThrow();
        assertEquals(10, same.tests());
        assertTrue(same.corrected() < same.different());
        assertTrue(same.sentence(Compared.LOSSES)
                .endsWith(" Corrected for 10 pairs, as here, it is %d.".formatted(same.corrected())));
        assertEquals(
                4,
                SameLoss.of(table, new Rules(0.01, Optional.of("2"), 100, 1))
                        .orElseThrow()
                        .tests());
    }

    @Test
    void oneSeedAndFewCasesSayNothing() {
        assertTrue(SameLoss.of(noise(1, 12, 2, 1, 1), RULES).isEmpty());
        assertTrue(SameLoss.of(noise(1, 5, 2, 3, 1), RULES).isEmpty());
    }

    /// scipy 1.17.1: scipy.stats.binomtest(3, 10).proportion_ci(), and of 0 and 10; the last by scipy.stats.beta.ppf
    @ParameterizedTest
    @CsvSource({
        "3, 10, 0.06673951117773447, 0.6524528500599972",
        "0, 10, 0, 0.3084971078187608",
        "10, 10, 0.6915028921812392, 1",
        "1.5, 4, 0.02847089508714679, 0.8772461172304822"
    })
    void intervalsAreThoseOfClopperAndPearson(double successes, double trials, double low, double high) {
        Interval interval = Interval.binomial(successes, trials);
        assertEquals(low, interval.low(), 1e-7);
        assertEquals(high, interval.high(), 1e-7);
    }

    private static PairedTable noise(int repeat, int units, int losses, int seeds, double training) {
        CounterRandom random = CounterRandom.of(repeat, "same loss");
        double[][][] values = new double[units][losses][seeds];
        for (int j = 0; j < losses; j++) {
            for (int s = 0; s < seeds; s++) {
                double shift = training * random.nextGaussian();
                for (int i = 0; i < units; i++) {
                    values[i][j][s] = shift + random.nextGaussian();
                }
            }
        }
        List<String> cases = IntStream.range(0, units).mapToObj(String::valueOf).toList();
        List<String> names =
                IntStream.range(0, losses).mapToObj(String::valueOf).toList();
        return PairedTable.of(names, cases, cases, values, true);
    }
}
