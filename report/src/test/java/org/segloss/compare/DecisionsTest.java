package org.segloss.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.decide.Decision;
import org.segloss.metric.Score.Status;
import org.segloss.report.Report;
import org.segloss.score.ScoreRow;
import org.segloss.stat.Verdict;

class DecisionsTest {
    @TempDir
    Path folder;

    /// Two losses on 30 cases that differ by argmax alone.
    private static List<ScoreRow> rows(Map<Decision, Double> gapOfB) {
        var random = new Random(1);
        double[] cases = random.doubles(30, 0.7, 0.8).toArray();
        var rows = new ArrayList<ScoreRow>();
        gapOfB.forEach((decision, gap) -> {
            for (int i = 0; i < cases.length; i++) {
                for (String loss : List.of("a", "b")) {
                    double noise = 0.004 * random.nextGaussian();
                    double value =
                            cases[i] + noise + (decision == Decision.ARGMAX ? 0 : 0.1) + (loss.equals("b") ? gap : 0);
                    String id = "case_" + i;
                    rows.add(new ScoreRow(loss, 0, 1, id, "mean", "dice", value, Status.OK, id).by(decision));
                }
            }
        });
        return rows;
    }

    private static Map<Decision, Double> gaps(double argmax, double dice) {
        var gaps = new LinkedHashMap<Decision, Double>();
        gaps.put(Decision.ARGMAX, argmax);
        gaps.put(Decision.DICE, dice);
        return gaps;
    }

    @Test
    void theAnswerRestsOnTheFirstDecisionAndTheOthersStandBesideIt() {
        List<ScoreRow> rows = rows(gaps(-0.05, 0));
        Comparison comparison = Comparison.of(rows, ComparisonRules.standard());
        List<ScoreRow> argmax =
                rows.stream().filter(row -> row.decision().equals("argmax")).toList();
        Comparison alone = Comparison.of(argmax, ComparisonRules.standard());
        assertThat(comparison.families()).isEqualTo(alone.families());
        assertThat(comparison.losses()).isEqualTo(alone.losses());
        assertThat(alone.decisions()).isEmpty();

        Decisions decisions = comparison.decisions().orElseThrow();
        assertThat(decisions.names()).containsExactly("argmax", "dice");
        assertThat(decisions.families().getFirst()).isEqualTo(alone.families().getFirst());
        assertThat(decisions.pairs(0).getFirst().verdict()).isEqualTo(Verdict.BETTER);
        assertThat(decisions.pairs(1).getFirst().verdict()).isEqualTo(Verdict.EQUIVALENT);
        assertThat(decisions.besideFirst(0, 0)).isEmpty();
        var gain = decisions.besideFirst(1, 1).orElseThrow();
        assertThat(gain.verdict()).isEqualTo(Verdict.BETTER);
        assertThat(gain.difference()).isCloseTo(0.15, within(0.005));
        assertThat(gain.interval().low()).isPositive().isLessThan(gain.difference());
        assertThat(decisions.sentence())
                .startsWith(
                        "Does the loss still matter when the decision is good? Hardly: by dice no pair of losses is told apart (1 by argmax); their means lie 0.00")
                .contains("instead of 0.05")
                .contains("The best decision is dice (means over the losses: dice 0.85");
    }

    @Test
    void aLossThatMattersByTheBestDecisionIsSaidToMatter() {
        String both = Comparison.of(rows(gaps(-0.05, -0.03)), ComparisonRules.standard())
                .decisions()
                .orElseThrow()
                .sentence();
        assertThat(both)
                .contains(
                        "Yes: by dice 1 of 1 pairs of losses is told apart (1 by argmax); their means lie 0.029 apart instead of 0.050");
        String none = Comparison.of(rows(gaps(0, 0)), ComparisonRules.standard())
                .decisions()
                .orElseThrow()
                .sentence();
        assertThat(none).contains("No pair of losses is told apart by argmax, nor by dice");
    }

    /// A value of any sign and order keeps what it is, through the file and the page.
    @Test
    void theTableHasAColumnAndThePageASection() throws IOException {
        List<ScoreRow> rows = rows(gaps(-0.05, 0));
        Path file = folder.resolve("scores.csv");
        ScoreRow.write(file, rows, Collections.emptySet());
        assertThat(Files.readString(file))
                .startsWith("loss,fold,seed,case,class,metric,value,status,group,policy,decision\r\n");
        assertThat(ScoreRow.read(file)).isEqualTo(rows);
        Comparison comparison = Comparison.of(ScoreRow.read(file), ComparisonRules.standard());
        Path json = folder.resolve("comparison.json");
        comparison.write(json);
        assertThat(Comparison.read(json).decisions().orElseThrow().sentence())
                .isEqualTo(comparison.decisions().orElseThrow().sentence());
        Path page = folder.resolve("report.html");
        Report.write(page, "decided", comparison, rows);
        String html = Files.readString(page);
        assertThat(html).contains("Does the loss still matter when the decision is good?", "Hardly: by dice", "▲");

        List<ScoreRow> argmax =
                rows.stream().filter(row -> row.decision().equals("argmax")).toList();
        ScoreRow.write(file, argmax, Collections.emptySet());
        assertThat(Files.readString(file)).startsWith("loss,fold,seed,case,class,metric,value,status,group,policy\r\n");
    }
}
