package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.experiment.Comparison.Summary;
import org.segloss.fit.Trainer;
import org.segloss.metric.Metric;
import org.segloss.metric.Score;
import org.segloss.metric.Score.Status;

class ComparisonTest {
    private static final Stages.Outcome DONE = new Stages.Outcome(Trainer.Status.DONE, 10);

    private static List<ScoreRow> rows(String loss, double... dice) {
        var rows = new ArrayList<ScoreRow>();
        for (Metric metric : CaseScore.SCORER.metrics()) {
            for (int i = 0; i < dice.length; i++) {
                Status status = dice[i] == 0 ? Status.PRED_EMPTY : Status.OK;
                var score = new Score(metric.equals(Metric.DICE) ? dice[i] : 0.5, status);
                rows.add(new ScoreRow(loss, 0, 1, new CaseScore("case_" + i, CaseScore.MEAN, metric, score)));
                rows.add(new ScoreRow(loss, 0, 1, new CaseScore("case_" + i, "1", metric, new Score(0.1, status))));
            }
        }
        return rows;
    }

    private static Comparison compare(Map<String, Stages.Outcome> outcomes, List<List<ScoreRow>> rows) {
        return Comparison.of(outcomes, rows.stream().flatMap(List::stream).toList());
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
        var outcomes = new LinkedHashMap<String, Stages.Outcome>();
        List.of("bce", "dice", "focal").forEach(loss -> outcomes.put(loss, DONE));
        Comparison comparison =
                compare(outcomes, List.of(rows("bce", 0.5, 0.5), rows("dice", 0.5, 0.75), rows("focal", 0.75, 0.5)));
        assertThat(comparison.best()).contains("dice");
    }

    @Test
    void aLossThatDivergedHasNoNumbersAndIsNeverTheBest() {
        var diverged = new Stages.Outcome(Trainer.Status.DIVERGED, 7);
        Comparison comparison = compare(Map.of("bce", diverged), List.of());
        assertThat(comparison.best()).isEmpty();
        assertThat(comparison.losses().getFirst().metrics()).isEmpty();
        assertThat(comparison.losses().getFirst().step()).isEqualTo(7);
    }

    @Test
    void aComparisonReadsBackEqual(@TempDir Path folder) throws IOException {
        Comparison comparison = compare(Map.of("dice", DONE), List.of(rows("dice", 1.0 / 3)));
        comparison.write(folder.resolve("comparison.json"));
        assertThat(Comparison.read(folder.resolve("comparison.json"))).isEqualTo(comparison);
    }

    @Test
    void idsAreShortenedByWhatTheyShareUpToASign() {
        var rows = new ArrayList<ScoreRow>();
        for (String id : List.of("hippocampus_014", "hippocampus_019", "hippocampus_2")) {
            rows.add(
                    new ScoreRow("bce", 0, 1, new CaseScore(id, CaseScore.MEAN, Metric.DICE, new Score(1, Status.OK))));
        }
        assertThat(Comparison.of(Map.of("bce", DONE), rows).shortCases()).containsExactly("014", "019", "2");
    }
}
