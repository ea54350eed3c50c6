package org.segloss.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.metric.Score.Status;
import org.segloss.random.CounterRandom;
import org.segloss.run.Outcome;
import org.segloss.score.ScoreRow;
import org.segloss.stat.Pair;

class RacingTest {
    private static final Outcome DONE = new Outcome(Outcome.Ending.DONE, 10);
    private static final ComparisonRules RULES =
            new ComparisonRules("dice", "mean", Double.NaN, Optional.empty(), List.of(), List.of(), 100, 1);
    private static final List<String> LOSSES = List.of("bad", "good", "near");

    /// Dice of two cases of each of eight subjects; of the worst case of `bad` nothing was found.
    private static List<ScoreRow> rows(String loss, int fold, long seed) {
        double level = Map.of("bad", 0.4, "good", 0.8, "near", 0.79).get(loss);
        var random = CounterRandom.of(1, loss, fold, (int) seed);
        var rows = new ArrayList<ScoreRow>();
        for (int i = 0; i < 16; i++) {
            boolean missed = loss.equals("bad") && i == 0;
            rows.add(new ScoreRow(
                    loss,
                    fold,
                    seed,
                    "case_%d_%02d".formatted(fold, i),
                    "mean",
                    "dice",
                    missed ? Double.NaN : level + 0.01 * i + 0.002 * random.nextGaussian(),
                    missed ? Status.PRED_EMPTY : Status.OK,
                    "subject %d of fold %d".formatted(i / 2, fold)));
        }
        return rows;
    }

    private static Race.Look block(Racing racing, int fold, long seed, List<ScoreRow> all) {
        Map<String, Outcome> outcomes = racing.in().stream().collect(Collectors.toMap(loss -> loss, _ -> DONE));
        List<ScoreRow> rows = racing.in().stream()
                .flatMap(loss -> rows(loss, fold, seed).stream())
                .toList();
        all.addAll(rows);
        return racing.after(fold, seed, outcomes, rows);
    }

    @Test
    void theOneThatIsFarBehindLeavesAndItsScoresStay(@TempDir Path folder) throws IOException {
        var racing = new Racing(LOSSES, 1, 4, RULES);
        var rows = new ArrayList<ScoreRow>();
        assertThat(block(racing, 0, 1, rows).leaving()).isEmpty();
        Race.Look second = block(racing, 0, 2, rows);
        assertThat(second.leaving()).singleElement().satisfies(gone -> {
            assertThat(gone.loss()).isEqualTo("bad");
            assertThat(gone.rival()).isEqualTo("good");
            // 0.4 + 0.01 * 7.5, and the missed case counts 0 and not 0.4
            assertThat(gone.mean()).isCloseTo(0.475 - 0.4 / 16, within(0.002));
            assertThat(gone.ahead()).isCloseTo(0.4 + 0.4 / 16, within(0.002));
            assertThat(gone.p()).isLessThanOrEqualTo(gone.level());
        });
        assertThat(second.trained()).isEqualTo(3);
        assertThat(racing.in()).containsExactly("good", "near");
        block(racing, 0, 3, rows);
        assertThat(racing.isOver()).isFalse();
        Race.Look last = block(racing, 0, 4, rows);
        assertThat(last.trained()).isEqualTo(2);
        assertThat(last.spent()).isCloseTo(1, within(1e-12));
        assertThat(racing.isOver()).isTrue();

        Race race = racing.race();
        assertThat(race.done()).isEqualTo(10);
        assertThat(race.planned()).isEqualTo(12);
        assertThat(race.leftAfter("bad")).contains(2);
        assertThat(race.leftAfter("good")).isEmpty();
        assertThat(race.sentence())
                .isEqualTo(
                        "2 of 3 losses can be the best, or within 0.01 of it: good, near. 10 of 12 trainings were done.");
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        outcomes.put("bad", new Outcome(Outcome.Ending.LEFT, 10));
        outcomes.put("good", DONE);
        outcomes.put("near", DONE);
        Comparison comparison = Comparison.of(outcomes, rows, RULES, Optional.empty(), Optional.of(race));
        assertThat(comparison.losses().getFirst().dice().orElseThrow().cases()).hasSize(16);
        assertThat(comparison.best()).contains("good");
        Pair pair = comparison.families().getFirst().statistics().orElseThrow().pairs().stream()
                .reduce((a, b) -> {
                    throw new AssertionError("one pair");
                })
                .orElseThrow();
        // that of the two alone, times the three pairs of those that began
        assertThat(pair.adjustedP()).isCloseTo(3 * pair.test().p(), within(1e-12));
        assertThat(comparison.design().orElseThrow().losses()).isEqualTo(3);

        comparison.write(folder.resolve("comparison.json"));
        Comparison read = Comparison.read(folder.resolve("comparison.json"));
        assertThat(read.race().orElseThrow().looks()).hasSize(4);
        ScoreRow.write(folder.resolve("scores.csv"), rows, new TreeSet<>());
        assertThat(read.again(folder.resolve("scores.csv"), RULES).race()).isEqualTo(read.race());
    }

    /// Sixteen cases of five subjects are five witnesses, too few to let a loss go.
    @Test
    void casesOfOneSubjectAreOneWitness() {
        for (int subjects : new int[] {5, 6}) {
            var racing = new Racing(LOSSES, 1, 4, RULES);
            for (long seed = 1; seed <= 2; seed++) {
                long own = seed;
                Map<String, Outcome> outcomes = racing.in().stream().collect(Collectors.toMap(loss -> loss, _ -> DONE));
                List<ScoreRow> rows = racing.in().stream()
                        .flatMap(loss -> rows(loss, 0, own).stream())
                        .map(row -> new ScoreRow(
                                row.loss(),
                                row.fold(),
                                row.seed(),
                                row.caseId(),
                                row.label(),
                                row.metric(),
                                row.value(),
                                row.status(),
                                "subject " + row.caseId().hashCode() % subjects))
                        .toList();
                racing.after(0, seed, outcomes, rows);
            }
            assertThat(racing.in().contains("bad")).as("%d subjects", subjects).isEqualTo(subjects < 6);
        }
    }

    /// Its decisions follow from the scores alone, in whatever order they are.
    @Test
    void theSameScoresDecideTheSame() {
        var one = new Racing(LOSSES, 1, 4, RULES);
        var other = new Racing(LOSSES, 1, 4, RULES);
        for (long seed = 1; seed <= 4; seed++) {
            block(one, 0, seed, new ArrayList<>());
            List<ScoreRow> turned = new ArrayList<>();
            for (String loss : other.in()) {
                turned.addAll(rows(loss, 0, seed));
            }
            Map<String, Outcome> outcomes = other.in().stream().collect(Collectors.toMap(loss -> loss, _ -> DONE));
            other.after(0, seed, outcomes, turned.reversed());
        }
        assertThat(other.race()).isEqualTo(one.race());
    }

    @Test
    void aTrainingThatDivergedEndsItsLossAndIsNotToldAsABadOne() {
        var racing = new Racing(LOSSES, 1, 4, RULES);
        Map<String, Outcome> outcomes =
                Map.of("bad", DONE, "near", DONE, "good", new Outcome(Outcome.Ending.DIVERGED, 3));
        Race.Look look = racing.after(
                0,
                1,
                outcomes,
                Stream.of("bad", "near")
                        .flatMap(loss -> rows(loss, 0, 1).stream())
                        .toList());
        assertThat(look.ended()).containsExactly("good");
        assertThat(look.leaving()).isEmpty();
        assertThat(racing.in()).containsExactly("bad", "near");
        assertThat(racing.race().left()).isEmpty();
    }

    /// In folds each case is to be tested as often as any other.
    @Test
    void theLastLossGoesOnToTheEndOfItsSeed() {
        var racing = new Racing(List.of("bad", "good"), 3, 2, RULES);
        block(racing, 0, 1, new ArrayList<>());
        assertThat(block(racing, 1, 1, new ArrayList<>()).leaving()).hasSize(1);
        assertThat(racing.isOver()).isFalse();
        assertThat(block(racing, 2, 1, new ArrayList<>()).trained()).isEqualTo(1);
        assertThat(racing.isOver()).isTrue();
        assertThat(racing.race().sentence())
                .isEqualTo(
                        "good won the race: no other of 2 losses can be the best, or within 0.01 of it. 5 of 12 trainings were done.");
    }

    @Test
    void aMetricWithoutAWorstValueCantDecide() {
        var rules = new ComparisonRules("hd95", "mean", Double.NaN, Optional.empty(), List.of(), List.of(), 100, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Racing(LOSSES, 1, 4, rules))
                .withMessageContaining("a race can't be decided by hd95");
    }
}
