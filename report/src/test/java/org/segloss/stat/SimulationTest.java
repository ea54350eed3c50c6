package org.segloss.stat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.random.CounterRandom;

/// Do the verdicts and intervals keep what they promise, on scores whose truth is known? The scores come in groups
/// of two cases that belong together.
///
/// `-Dsegloss.simulations=10` makes ten times as many; the figures in docs/statistics.md are of such a run.
class SimulationTest {
    private static final int TIMES = Integer.getInteger("segloss.simulations", 1);
    private static final int LOSSES = 4;
    private static final double MARGIN = 0.01;
    // with one seed the verdict uses no bootstrap
    private static final Rules RULES = new Rules(MARGIN, Optional.empty(), 100, 1);

    /// How a case's score under a loss comes about: from what the group, the case, the loss on the group and the
    /// loss on the case add, each standard normal times its share.
    enum Scores {
        /// As it is.
        NORMAL {
            @Override
            double of(double level, double noise) {
                return 0.8 + 0.03 * level + 0.02 * noise;
            }
        },
        /// As Dice: bounded by 1 and skewed to the left, easy cases near the top and hard ones far below.
        DICE {
            @Override
            double of(double level, double noise) {
                return 1 / (1 + StrictMath.exp(-2 - 0.7 * level - 0.4 * noise));
            }
        };

        abstract double of(double level, double noise);
    }

    /// By how much a training differs from others of the same loss: the first loss's, and those of the others.
    private record SeedNoise(double first, double others) {
        static final SeedNoise NONE = new SeedNoise(0, 0);

        double of(int loss) {
            return loss == 0 ? first : others;
        }
    }

    /// Scores of losses that don't differ. With seeds each training has a shift of its own, too.
    private static PairedTable table(Scores scores, int groups, int seeds, SeedNoise noise, CounterRandom random) {
        return table(scores, groups, seeds, noise, 0, random);
    }

    /// Scores of losses of which the last one is better by `ahead`, in the noise's unit, and the others don't differ.
    private static PairedTable table(
            Scores scores, int groups, int seeds, SeedNoise seedNoise, double ahead, CounterRandom random) {
        double[][] training = new double[LOSSES][seeds];
        for (int j = 0; j < LOSSES; j++) {
            for (int s = 0; s < seeds; s++) {
                training[j][s] = seedNoise.of(j) * random.nextGaussian() + (j == LOSSES - 1 ? ahead : 0);
            }
        }
        double[][][] values = new double[2 * groups][LOSSES][seeds];
        var names = new ArrayList<String>();
        for (int g = 0; g < groups; g++) {
            double group = 0.8 * random.nextGaussian();
            double[] lossOnGroup = IntStream.range(0, LOSSES)
                    .mapToDouble(_ -> random.nextGaussian())
                    .toArray();
            for (int c = 0; c < 2; c++) {
                double level = group + 0.6 * random.nextGaussian();
                names.add("group " + g);
                for (int j = 0; j < LOSSES; j++) {
                    for (int s = 0; s < seeds; s++) {
                        double noise = 0.7 * lossOnGroup[j] + 0.7 * random.nextGaussian() + training[j][s];
                        values[2 * g + c][j][s] = scores.of(level, noise);
                    }
                }
            }
        }
        List<String> losses = List.of("a", "b", "c", "d");
        return PairedTable.of(losses, names, names, values, true);
    }

    private static boolean isWrong(Family family) {
        return family.pairs().stream().anyMatch(p -> p.verdict() == Verdict.BETTER || p.verdict() == Verdict.WORSE);
    }

    /// 2000 samples have a standard error of 0.005 at 5 %: the promised 5 % stay below 6 % by two of them.
    @ParameterizedTest
    @CsvSource({"NORMAL, 10", "NORMAL, 20", "NORMAL, 40", "DICE, 10", "DICE, 20", "DICE, 40"})
    void whereNoLossDiffersAFamilyOfVerdictsIsWrongInFivePercent(Scores scores, int groups) {
        int repeats = 2000 * TIMES;
        int wrong = 0;
        for (int r = 0; r < repeats; r++) {
            PairedTable table = table(scores, groups, 1, SeedNoise.NONE, CounterRandom.of(1, "simulation", groups, r));
            wrong += isWrong(Family.of(table, RULES)) ? 1 : 0;
        }
        report("family-wise error, %s, %d groups".formatted(scores, groups), wrong, repeats);
        assertThat((double) wrong / repeats).isLessThanOrEqualTo(0.06);
    }

    /// Trainings that differ by their seeds half as much as by the case, or a fifth, and one loss as the others, by
    /// five times as much, or by fifty times as one that fails with some seeds. 2000 samples have a standard error
    /// of 0.005 at 5 %; the cases alone, without a look at the seeds, would be wrong far more often.
    @ParameterizedTest
    @CsvSource({
        "2, 20, 0.5, 0.5, 0.2",
        "3, 20, 0.5, 0.5, 0.2",
        "3, 20, 0.2, 0.2, 0",
        "2, 10, 2.5, 0.5, 0.4",
        "2, 20, 2.5, 0.5, 0.4",
        "2, 40, 2.5, 0.5, 0.4",
        "3, 10, 2.5, 0.5, 0.4",
        "3, 20, 2.5, 0.5, 0.4",
        "3, 40, 2.5, 0.5, 0.4",
        "2, 20, 25, 0.5, 0.4",
        "3, 20, 25, 0.5, 0.4",
        "2, 20, 1, 0.2, 0.2",
        "3, 20, 1, 0.2, 0.2"
    })
    void whereOnlySeedsDifferAFamilyOfVerdictsIsWrongInFivePercent(
            int seeds, int groups, double first, double others, double byCasesAlone) {
        int repeats = 2000 * TIMES;
        int wrong = 0;
        int alone = 0;
        for (int r = 0; r < repeats; r++) {
            PairedTable table = table(
                    Scores.NORMAL,
                    groups,
                    seeds,
                    new SeedNoise(first, others),
                    CounterRandom.of(2, "simulation", seeds, r));
            Family family = Family.of(table, RULES);
            wrong += isWrong(family) ? 1 : 0;
            alone += isWrong(family) || family.pairs().stream().anyMatch(p -> p.verdict() == Verdict.WITHIN_SEED_NOISE)
                    ? 1
                    : 0;
        }
        report(
                "family-wise error, %d groups, %d seeds, noise %s beside %s".formatted(groups, seeds, first, others),
                wrong,
                repeats);
        report("by the cases alone", alone, repeats);
        // where two seeds of a loss that fails with one in two agree by chance nothing tells that it ever fails
        double most = first > 10 && seeds == 2 ? 0.07 : 0.06;
        assertThat((double) wrong / repeats).isLessThanOrEqualTo(most);
        assertThat((double) alone / repeats).isGreaterThanOrEqualTo(byCasesAlone);
    }

    /// The price: how many of the pairs with a loss that is better by 1.5 of the case's noise are found. 200 samples of
    /// three pairs.
    @ParameterizedTest
    @CsvSource({"2, 20, 0.2, 0.4", "3, 10, 0.2, 0.5", "3, 20, 0.2, 0.85", "3, 20, 0.5, 0.25"})
    void aDifferenceIsFoundDespiteTheSeeds(int seeds, int groups, double noise, double atLeast) {
        int repeats = 200 * TIMES;
        int found = 0;
        for (int r = 0; r < repeats; r++) {
            PairedTable table = table(
                    Scores.NORMAL,
                    groups,
                    seeds,
                    new SeedNoise(noise, noise),
                    1.5,
                    CounterRandom.of(8, "simulation", seeds, r));
            found += (int) Family.of(table, RULES).pairs().stream()
                    .filter(p -> p.b().equals("d") && p.verdict() == Verdict.WORSE)
                    .count();
        }
        report("found, %d groups, %d seeds, noise %s".formatted(groups, seeds, noise), found, 3 * repeats);
        assertThat(found / (3.0 * repeats)).isGreaterThanOrEqualTo(atLeast);
    }

    /// How the difference of two losses is distributed over cases.
    enum Differences {
        NORMAL,
        /// Of two Dice-like scores, of which the first is better.
        DICE,
        /// A few groups and cases are much worse: gamma of shape 3 a group and of shape 1 a case, turned round. The
        /// mean of a group has a skewness of -1.
        LEFT_SKEWED;

        double group(CounterRandom random) {
            return this == LEFT_SKEWED
                    ? -exponential(random) - exponential(random) - exponential(random)
                    : random.nextGaussian();
        }

        double draw(double ofGroup, CounterRandom random) {
            return switch (this) {
                case NORMAL -> ofGroup + random.nextGaussian();
                case DICE -> {
                    double level = ofGroup + 0.6 * random.nextGaussian();
                    yield Scores.DICE.of(level, 0.4 + random.nextGaussian())
                            - Scores.DICE.of(level, random.nextGaussian());
                }
                case LEFT_SKEWED -> 4 + ofGroup - exponential(random);
            };
        }

        private static double exponential(CounterRandom random) {
            return -StrictMath.log(1 - random.nextDouble());
        }

        /// Where there is no formula the average of two million draws: 0.02 of the standard error that 40 groups
        /// have.
        double mean() {
            return switch (this) {
                case NORMAL, LEFT_SKEWED -> 0;
                case DICE -> Truth.DICE;
            };
        }

        double[] groups(int count, CounterRandom random) {
            double[] means = new double[count];
            for (int g = 0; g < count; g++) {
                double ofGroup = group(random);
                means[g] = (draw(ofGroup, random) + draw(ofGroup, random)) / 2;
            }
            return means;
        }
    }

    private static final class Truth {
        static final double DICE = average();

        private static double average() {
            var random = CounterRandom.of(3, "simulation");
            double sum = 0;
            int draws = 2_000_000;
            for (int i = 0; i < draws; i++) {
                sum += Differences.DICE.draw(random.nextGaussian(), random);
            }
            return sum / draws;
        }
    }

    /// 20,000 samples have a standard error of 0.0015.
    @ParameterizedTest
    @CsvSource({
        "NORMAL, 10",
        "NORMAL, 20",
        "NORMAL, 40",
        "DICE, 10",
        "DICE, 20",
        "DICE, 40",
        "LEFT_SKEWED, 10",
        "LEFT_SKEWED, 20",
        "LEFT_SKEWED, 40"
    })
    void theIntervalHoldsTheTrueMeanIn93To97Percent(Differences differences, int groups) {
        int repeats = 20_000 * TIMES;
        int held = 0;
        for (int r = 0; r < repeats; r++) {
            var random = CounterRandom.of(4, "simulation", groups, r);
            held += Interval.student(differences.groups(groups, random)).contains(differences.mean()) ? 1 : 0;
        }
        report("coverage of Student's interval, %s, %d groups".formatted(differences, groups), held, repeats);
        assertThat((double) held / repeats).isBetween(0.93, 0.97);
    }

    /// Why verdicts don't rest on the bootstrap: this is what it would promise 95 % for. 1000 samples: a standard
    /// error of 0.01.
    @ParameterizedTest
    @EnumSource
    void tenGroupsAreTooFewForTheBootstrap(Differences differences) {
        int repeats = 1000 * TIMES;
        int held = 0;
        for (int r = 0; r < repeats; r++) {
            double[] values = differences.groups(10, CounterRandom.of(5, "simulation", r));
            double[][][] rows = new double[10][1][1];
            IntStream.range(0, 10).forEach(i -> rows[i][0][0] = values[i]);
            List<String> names =
                    IntStream.range(0, 10).mapToObj(Integer::toString).toList();
            double[][] means = Bootstrap.of(PairedTable.of(List.of("a"), names, names, rows, true), 1000, r)
                    .means();
            double[] replicates =
                    java.util.Arrays.stream(means).mapToDouble(m -> m[0]).toArray();
            held += Interval.bca(values, replicates).contains(differences.mean()) ? 1 : 0;
        }
        report("coverage of BCa, %s, 10 groups".formatted(differences), held, repeats);
        assertThat((double) held / repeats).isLessThan(0.93);
    }

    /// Losses that differ by just the margin, so that "equivalent" is wrong: the interval promises 2.5 %, and 4000
    /// samples have a standard error of 0.0025.
    @ParameterizedTest
    @ValueSource(ints = {10, 40})
    void lossesThatDifferByTheMarginAreCalledEquivalentInTwoAndAHalfPercent(int groups) {
        int repeats = 4000 * TIMES;
        int wrong = 0;
        for (int r = 0; r < repeats; r++) {
            var random = CounterRandom.of(6, "simulation", groups, r);
            double[][][] values = new double[groups][2][1];
            for (double[][] row : values) {
                row[0][0] = 0.8;
                row[1][0] = 0.8 + MARGIN + 0.2 * MARGIN * random.nextGaussian();
            }
            List<String> names =
                    IntStream.range(0, groups).mapToObj(Integer::toString).toList();
            PairedTable table = PairedTable.of(List.of("a", "b"), names, names, values, true);
            wrong += Family.of(table, RULES).pairs().getFirst().verdict() == Verdict.EQUIVALENT ? 1 : 0;
        }
        report("false equivalence, %d groups".formatted(groups), wrong, repeats);
        assertThat((double) wrong / repeats).isLessThanOrEqualTo(0.025 + 3 * 0.0025);
    }

    /// The other half of the promise: a difference that the design says it can find is found.
    @Test
    void aRealDifferenceIsFound() {
        int found = 0;
        for (int r = 0; r < 500; r++) {
            var random = CounterRandom.of(7, "simulation", r);
            double[][][] values = new double[20][2][1];
            double difference = Design.of(20, 2, 1, 1).detectable().get(1).alone();
            for (double[][] row : values) {
                row[0][0] = 80 + difference + random.nextGaussian();
                row[1][0] = 80;
            }
            List<String> names =
                    IntStream.range(0, 20).mapToObj(Integer::toString).toList();
            PairedTable table = PairedTable.of(List.of("a", "b"), names, names, values, true);
            found += Family.of(table, RULES).pairs().getFirst().verdict() == Verdict.BETTER ? 1 : 0;
        }
        // 80 % with a standard error of 0.018; the verdict asks for Student's interval, too
        assertThat(found / 500.0).isBetween(0.7, 0.86);
    }

    static void report(String what, int hits, int repeats) {
        if (TIMES > 1) {
            System.out.printf("%s: %.4f of %d%n", what, (double) hits / repeats, repeats);
        }
    }
}
