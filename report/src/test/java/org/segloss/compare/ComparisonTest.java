package org.segloss.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.compare.Comparison.Summary;
import org.segloss.metric.Metric;
import org.segloss.metric.OverlapMetric;
import org.segloss.metric.Score;
import org.segloss.metric.Score.Status;
import org.segloss.random.CounterRandom;
import org.segloss.run.Outcome;
import org.segloss.score.CaseScore;
import org.segloss.score.ScoreRow;
import org.segloss.stat.Design;
import org.segloss.stat.Verdict;

class ComparisonTest {
    private static final Outcome DONE = new Outcome(Outcome.Ending.DONE, 10);

    private static List<ScoreRow> rows(String loss, double... dice) {
        var rows = new ArrayList<ScoreRow>();
        for (Metric metric : CaseScore.SCORER.metrics()) {
            for (int i = 0; i < dice.length; i++) {
                Status status = dice[i] == 0 ? Status.PRED_EMPTY : Status.OK;
                var score = new Score(metric.equals(OverlapMetric.DICE) ? dice[i] : 0.5, status);
                rows.add(new ScoreRow(loss, 0, 1, new CaseScore("case_" + i, CaseScore.MEAN, metric, score), "g"));
                rows.add(
                        new ScoreRow(loss, 0, 1, new CaseScore("case_" + i, "1", metric, new Score(0.1, status)), "g"));
            }
        }
        return rows;
    }

    private static Comparison compare(Map<String, Outcome> outcomes, List<List<ScoreRow>> rows) {
        return Comparison.of(
                outcomes, rows.stream().flatMap(List::stream).toList(), ComparisonRules.standard(), Optional.empty());
    }

    @Test
    void meanSdAndMedianAreThoseOfTheCases() {
        Comparison comparison = compare(Map.of("dice", DONE), List.of(rows("dice", 0.5, 0.75, 0.25, 0)));
        Summary dice = comparison.losses().getFirst().dice().orElseThrow();
        assertThat(dice.n()).isEqualTo(4);
        // (0.5 + 0.75 + 0.25 + 0) / 4
        assertThat(dice.mean()).isEqualTo(0.375);
        // squares of 0.125, 0.375, -0.125, -0.375: 0.3125, over n - 1 = 3
        assertThat(dice.sd()).isEqualTo(Math.sqrt(0.3125 / 3));
        assertThat(dice.median()).isEqualTo((0.25 + 0.5) / 2);
        assertThat(dice.notOk()).isEqualTo(Map.of(Status.PRED_EMPTY, 1L));
    }

    @Test
    void aSingleCaseHasNoSd(@TempDir Path folder) throws IOException {
        Comparison comparison = compare(Map.of("dice", DONE), List.of(rows("dice", 0.5)));
        assertThat(comparison.losses().getFirst().dice().orElseThrow().sd()).isNaN();
        comparison.write(folder.resolve("comparison.json"));
        assertThat(folder.resolve("comparison.json"))
                .content()
                .contains("\"sd\" : null")
                .doesNotContain("NaN");
        assertThat(Comparison.read(folder.resolve("comparison.json"))).isEqualTo(comparison);
    }

    @Test
    void anUndefinedCaseIsNullInTheFile(@TempDir Path folder) throws IOException {
        Comparison comparison = compare(Map.of("dice", DONE), List.of(rows("dice", 0.5, Double.NaN)));
        comparison.write(folder.resolve("comparison.json"));
        assertThat(folder.resolve("comparison.json")).content().contains("\"case_1\" : null");
        assertThat(Comparison.read(folder.resolve("comparison.json"))).isEqualTo(comparison);
    }

    @Test
    void theBestHasTheHighestMeanAndOfEqualOnesIsTheFirst() {
        var outcomes = new LinkedHashMap<String, Outcome>();
        List.of("bce", "dice", "focal").forEach(loss -> outcomes.put(loss, DONE));
        Comparison comparison =
                compare(outcomes, List.of(rows("bce", 0.5, 0.5), rows("dice", 0.5, 0.75), rows("focal", 0.75, 0.5)));
        assertThat(comparison.best()).contains("dice");
    }

    @Test
    void aLossThatDivergedHasNoNumbersAndIsNeverTheBest() {
        var diverged = new Outcome(Outcome.Ending.DIVERGED, 7);
        Comparison comparison = compare(Map.of("bce", diverged), List.of());
        assertThat(comparison.best()).isEmpty();
        assertThat(comparison.losses().getFirst().metrics()).isEmpty();
        assertThat(comparison.losses().getFirst().step()).isEqualTo(7);
    }

    @Test
    void aComparisonReadsBackEqualToTenDigits(@TempDir Path folder) throws IOException {
        Comparison comparison = compare(Map.of("dice", DONE), List.of(rows("dice", 1.0 / 3)));
        comparison.write(folder.resolve("comparison.json"));
        assertThat(folder.resolve("comparison.json")).content().contains("\"mean\" : 0.3333333333,");
        assertReadsBack(folder.resolve("comparison.json"), comparison);
    }

    private static void assertReadsBack(Path file, Comparison comparison) throws IOException {
        assertThat(tenDigits(Comparison.read(file))).isEqualTo(tenDigits(comparison));
    }

    private static String tenDigits(Comparison comparison) {
        return Pattern.compile("\\d+\\.\\d+(E-?\\d+)?")
                .matcher(comparison.toString())
                .replaceAll(number -> new BigDecimal(number.group())
                        .round(new MathContext(10))
                        .stripTrailingZeros()
                        .toPlainString());
    }

    @Test
    void idsAreShortenedByWhatTheyShareUpToASign() {
        var rows = new ArrayList<ScoreRow>();
        for (String id : List.of("hippocampus_014", "hippocampus_019", "hippocampus_2")) {
            rows.add(new ScoreRow(
                    "bce", 0, 1, new CaseScore(id, CaseScore.MEAN, OverlapMetric.DICE, new Score(1, Status.OK)), "g"));
        }
        assertThat(Comparison.of(Map.of("bce", DONE), rows, ComparisonRules.standard(), Optional.empty())
                        .shortCases())
                .containsExactly("014", "019", "2");
    }

    private static ScoreRow row(
            String loss, long seed, String id, String metric, double value, Status status, String group) {
        return new ScoreRow(loss, 0, seed, id, CaseScore.MEAN, metric, value, status, group);
    }

    /// Two losses, two seeds, cases in groups of two; dice and a distance with holes.
    private static List<ScoreRow> twoMetrics() {
        var random = CounterRandom.of(1, "test");
        var rows = new ArrayList<ScoreRow>();
        for (String loss : List.of("ce", "dice")) {
            for (long seed = 1; seed <= 2; seed++) {
                for (int i = 0; i < 16; i++) {
                    String group = "person_" + i / 2;
                    double dice = 0.8 + (loss.equals("dice") ? 0.05 : 0) + 0.01 * random.nextGaussian();
                    rows.add(row(loss, seed, "case_" + i, "dice", dice, Status.OK, group));
                    boolean missed = i == 3 && loss.equals("ce");
                    rows.add(row(
                            loss,
                            seed,
                            "case_" + i,
                            "hd95",
                            missed ? Double.NaN : 1 + random.nextDouble(),
                            missed ? Status.PRED_EMPTY : Status.OK,
                            group));
                }
            }
        }
        return rows;
    }

    private static final ComparisonRules RULES =
            new ComparisonRules("dice", "mean", Double.NaN, Optional.empty(), List.of(), List.of(), 500, 1);

    @Test
    void groupsAreTheUnitsAndThePrimaryMetricComesFirst() {
        Comparison comparison = Comparison.of(twoMetrics(), RULES);
        assertThat(comparison.families()).extracting(MetricFamily::metric).containsExactly("dice", "hd95");
        MetricFamily dice = comparison.families().getFirst();
        assertThat(dice.primary()).isTrue();
        assertThat(dice.cases()).isEqualTo(16);
        assertThat(dice.statistics().orElseThrow().units()).isEqualTo(8);
        assertThat(dice.statistics().orElseThrow().pairs().getFirst().verdict()).isEqualTo(Verdict.WORSE);
        assertThat(comparison.design().orElseThrow()).isEqualTo(Design.of(8, 2, 2, 1));
        assertThat(comparison.best()).contains("dice");
        assertThat(comparison.losses().getFirst().dice().orElseThrow().n()).isEqualTo(16);
    }

    /// The farthest distance that was found would be a reward for what was not found at all.
    @Test
    void anUndefinedDistanceIsCountedAndComparesNothing() {
        MetricFamily distance = Comparison.of(twoMetrics(), RULES).families().getLast();
        assertThat(distance.higherIsBetter()).isFalse();
        MetricFamily.Count ce = distance.counts().getFirst();
        assertThat(ce.values()).isEqualTo(32);
        assertThat(ce.penalised()).isEqualTo(2);
        assertThat(ce.notOk()).isEqualTo(Map.of(Status.PRED_EMPTY, 2L));
        assertThat(distance.statistics()).isEmpty();
        assertThat(distance.note())
                .startsWith(
                        "2 of 64 values are infinite or undefined (loss ce, case case_3, seed 1; loss ce, case case_3, seed 2), and")
                .contains("--one-empty diag");
    }

    @Test
    void anUndefinedShareCountsAsTheWorst() {
        var rows = new ArrayList<ScoreRow>();
        for (int i = 0; i < 4; i++) {
            double value = i == 0 ? Double.NaN : 0.8;
            rows.add(row("a", 1, "c" + i, "dice", value, i == 0 ? Status.PRED_EMPTY : Status.OK, "c" + i));
        }
        MetricFamily family = Comparison.of(rows, RULES).families().getFirst();
        // (0 + 3 * 0.8) / 4
        assertThat(family.statistics().orElseThrow().standings().getFirst().mean())
                .isCloseTo(0.6, within(1e-15));
        assertThat(family.counts().getFirst().penalised()).isOne();
    }

    /// In a metric that all losses lack it would vanish without a word.
    @Test
    void aCaseWithoutAnyScoreOfAMetricIsNamed() {
        List<ScoreRow> rows = twoMetrics().stream()
                .filter(r -> !(r.metric().equals("hd95") && r.caseId().equals("case_3")))
                .toList();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Comparison.of(rows, RULES))
                .withMessageContainingAll("hd95", "case case_3");
    }

    @Test
    void nothingFoundWhereNothingWasIsPerfect() {
        var rows = new ArrayList<ScoreRow>();
        for (int i = 0; i < 3; i++) {
            rows.add(row(
                    "a",
                    1,
                    "c" + i,
                    "dice",
                    i == 0 ? Double.NaN : 0.5,
                    i == 0 ? Status.BOTH_EMPTY : Status.OK,
                    "c" + i));
        }
        MetricFamily family = Comparison.of(rows, RULES).families().getFirst();
        // (1 + 0.5 + 0.5) / 3
        assertThat(family.statistics().orElseThrow().standings().getFirst().mean())
                .isCloseTo(2.0 / 3, within(1e-15));
        assertThat(family.counts().getFirst().perfect()).isOne();
    }

    /// By hand: of three cases one is left out, and counted.
    @Test
    void aCaseOfWhichNothingIsKnownSaysNothingOfALoss() {
        var rows = new ArrayList<ScoreRow>();
        for (String loss : List.of("a", "b")) {
            for (int i = 0; i < 4; i++) {
                double value = i == 0 ? Double.NaN : loss.equals("a") ? 0.5 : 0.25 * i;
                rows.add(row(loss, 1, "c" + i, "dice", value, i == 0 ? Status.ALL_IGNORED : Status.OK, "c" + i));
            }
        }
        Comparison comparison = Comparison.of(rows, RULES);
        MetricFamily family = comparison.families().getFirst();
        assertThat(family.statistics().orElseThrow().standings())
                .extracting(standing -> standing.mean())
                .containsExactly(0.5, 0.5);
        assertThat(family.counts().getFirst())
                .isEqualTo(new MetricFamily.Count("a", 4, Map.of(Status.ALL_IGNORED, 1L), 0, 0));
        assertThat(comparison.groups()).containsOnlyKeys("c1", "c2", "c3");
        assertThat(comparison.losses().getFirst().metrics().get("dice").n()).isEqualTo(3);
        rows.set(0, row("a", 1, "c0", "dice", 0.5, Status.OK, "c0"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Comparison.of(rows, RULES))
                .withMessage(
                        "case c0 is wholly ignored in the scores of loss b and not in all others; score all with the same --ignore");
    }

    @Test
    void aMetricThatIsUndefinedEverywhereHasNoStatistics() {
        var rows = new ArrayList<>(twoMetrics());
        twoMetrics().stream()
                .filter(r -> r.metric().equals("dice"))
                .forEach(r ->
                        rows.add(row(r.loss(), r.seed(), r.caseId(), "assd", Double.NaN, Status.UNDEFINED, r.group())));
        MetricFamily assd = Comparison.of(rows, RULES).families().get(1);
        assertThat(assd.metric()).isEqualTo("assd");
        assertThat(assd.statistics()).isEmpty();
        assertThat(assd.note()).isEqualTo("undefined for every case");
    }

    private static ScoreRow volume(String loss, String id, String label, double value) {
        return new ScoreRow(loss, 0, 1, id, label, "rvd", value, Status.OK, id);
    }

    private static final ComparisonRules OF_VOLUMES =
            new ComparisonRules("rvd", "mean", Double.NaN, Optional.empty(), List.of(), List.of(), 200, 1);

    /// Twice too large and twice too small is no good volume on average.
    @Test
    void volumesTooLargeAndTooSmallDontCancel() {
        var rows = new ArrayList<ScoreRow>();
        for (int i = 0; i < 6; i++) {
            rows.add(volume("wild", "c" + i, "mean", i % 2 == 0 ? 0.5 : -0.5));
            rows.add(volume("calm", "c" + i, "mean", 0.1 + 0.01 * i));
        }
        Comparison comparison = Comparison.of(rows, OF_VOLUMES);
        assertThat(comparison.best()).contains("calm");
        MetricFamily family = comparison.families().getFirst();
        assertThat(family.statistics().orElseThrow().standings().getLast().mean())
                .isEqualTo(0.5);
        assertThat(comparison.losses().getLast().metrics().get("rvd").mean()).isEqualTo(0.5);
    }

    @Test
    void aMeanOverClassesThatHaveCancelledIsRefused() {
        var rows = new ArrayList<ScoreRow>();
        for (String label : List.of("1", "2", "mean")) {
            rows.add(volume("a", "c", label, label.equals("1") ? 0.5 : -0.7));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Comparison.of(rows, OF_VOLUMES))
                .withMessageContainingAll("rvd (class mean) of loss a, case c is -0.7", "distances from 0");
    }

    @Test
    void theOrderOfTheRowsChangesNoByte(@TempDir Path folder) throws IOException {
        List<ScoreRow> rows = twoMetrics();
        Comparison.of(rows, RULES).write(folder.resolve("a.json"));
        Collections.shuffle(rows, new Random(3));
        Comparison.of(rows, RULES).write(folder.resolve("b.json"));
        assertThat(folder.resolve("a.json")).hasSameBinaryContentAs(folder.resolve("b.json"));
        assertReadsBack(folder.resolve("a.json"), Comparison.of(rows, RULES));
    }

    @Test
    void lossesThatDivergedHaveNoPart() {
        var outcomes = new LinkedHashMap<String, Outcome>();
        outcomes.put("bce", new Outcome(Outcome.Ending.DIVERGED, 3));
        List.of("dice", "ce").forEach(loss -> outcomes.put(loss, DONE));
        List<ScoreRow> rows = new ArrayList<>(twoMetrics());
        // one of its trainings came to an end
        rows.add(row("bce", 1, "case_1", "dice", 1, Status.OK, "person_0"));
        Comparison comparison = Comparison.of(outcomes, rows, RULES, Optional.empty());
        assertThat(comparison.families().getFirst().statistics().orElseThrow().pairs())
                .extracting(p -> p.a() + "-" + p.b())
                .containsExactly("dice-ce");
        assertThat(comparison.losses().getFirst().metrics()).isEmpty();
        assertThat(comparison.best()).contains("dice");
    }

    @Test
    void whatIsMissingOrTwiceIsNamed() {
        List<ScoreRow> rows = twoMetrics();
        ScoreRow first = rows.removeFirst();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Comparison.of(rows, RULES))
                .withMessageStartingWith(
                        "there is no dice (class mean) of loss ce, case case_0, seed 1; losses are compared");
        rows.add(first);
        rows.add(first);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Comparison.of(rows, RULES))
                .withMessageStartingWith("there are two scores of dice (class mean), loss ce, case case_0, seed 1,");
        rows.removeLast();
        rows.add(row("ce", 3, "case_0", "dice", 1, Status.OK, "nobody"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Comparison.of(rows, RULES))
                .withMessage("case case_0 is in two groups, nobody and person_0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Comparison.of(List.of(), RULES))
                .withMessage("there are no scores to compare");
    }

    @Test
    void fromItsFileAndTheScoresItIsTheSameAgain(@TempDir Path folder) throws IOException {
        var outcomes = new LinkedHashMap<String, Outcome>();
        outcomes.put("bce", new Outcome(Outcome.Ending.DIVERGED, 3));
        List.of("dice", "ce").forEach(loss -> outcomes.put(loss, DONE));
        Comparison first = Comparison.of(outcomes, twoMetrics(), RULES, Optional.empty());
        first.write(folder.resolve("a.json"));
        ScoreRow.write(folder.resolve("scores.csv"), twoMetrics(), List.of());
        Comparison read = Comparison.read(folder.resolve("a.json"));
        read.again(folder.resolve("scores.csv"), read.rules()).write(folder.resolve("b.json"));
        assertThat(folder.resolve("b.json")).hasSameBinaryContentAs(folder.resolve("a.json"));
    }
}
