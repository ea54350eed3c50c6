package org.segloss.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.metric.Metric;
import org.segloss.metric.OverlapMetric;
import org.segloss.metric.Policy;
import org.segloss.metric.Score;
import org.segloss.metric.Score.Status;

class CaseScoreTest {
    private static Labels row(int... labels) {
        byte[] values = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            values[i] = (byte) labels[i];
        }
        return new Labels(Geometry.identity(labels.length, 1, 1), values);
    }

    private static Score score(List<CaseScore> scores, String label, Metric metric) {
        return scores.stream()
                .filter(s -> s.label().equals(label) && s.metric().equals(metric))
                .findFirst()
                .orElseThrow()
                .score();
    }

    @Test
    void everyMetricIsScoredForEachClassAndAsTheirMean() {
        List<CaseScore> scores =
                CaseScore.of("a", row(1, 1, 0, 2, 2, 0, 0, 0), row(1, 0, 0, 2, 2, 2, 2, 0), List.of(1, 2));
        assertThat(scores).hasSize(24);
        // class 1: TP 1, FP 1, FN 0; class 2: TP 2, FP 0, FN 2
        assertThat(score(scores, "1", OverlapMetric.DICE).value()).isEqualTo(2.0 / 3);
        assertThat(score(scores, "2", OverlapMetric.DICE).value()).isEqualTo(4.0 / 6);
        assertThat(score(scores, "1", OverlapMetric.PRECISION).value()).isEqualTo(0.5);
        assertThat(score(scores, "2", OverlapMetric.RECALL).value()).isEqualTo(0.5);
        assertThat(score(scores, CaseScore.MEAN, OverlapMetric.IOU).value()).isEqualTo((0.5 + 0.5) / 2);
        assertThat(score(scores, CaseScore.MEAN, OverlapMetric.PRECISION).value())
                .isEqualTo((0.5 + 1) / 2);
    }

    @Test
    void aMeanOverAnUndefinedClassIsUndefinedAndSaysWhy() {
        List<CaseScore> scores = CaseScore.of("a", row(1, 0, 0), row(1, 0, 2), List.of(1, 2));
        assertThat(score(scores, CaseScore.MEAN, OverlapMetric.PRECISION))
                .isEqualTo(new Score(Double.NaN, Status.PRED_EMPTY));
        assertThat(score(scores, CaseScore.MEAN, OverlapMetric.DICE)).isEqualTo(new Score(0.5, Status.PRED_EMPTY));
    }

    @Test
    void differentShapesAreRefusedWithBoth() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CaseScore.of("liver_7", row(1, 1), row(1, 1, 0), List.of(1)))
                .withMessageContainingAll("liver_7", "2 x 1 x 1", "3 x 1 x 1");
    }

    @Test
    void aTableOfScoresReadsBackWithAllDigits(@TempDir Path folder) throws IOException {
        List<ScoreRow> rows = List.of(
                new ScoreRow(
                        "bce + dice",
                        0,
                        3,
                        new CaseScore("a, \"b\"", "1", OverlapMetric.DICE, new Score(1.0 / 3, Status.OK))),
                new ScoreRow(
                        "tversky(fp=0.3, fn=0.6)",
                        0,
                        3,
                        new CaseScore("c", "mean", OverlapMetric.RECALL, new Score(Double.NaN, Status.REF_EMPTY)),
                        "p2"));
        ScoreRow.write(folder.resolve("scores.csv"), rows, List.of());
        assertThat(ScoreRow.read(folder.resolve("scores.csv"))).isEqualTo(rows);
    }

    @Test
    void aTableHasOnePolicy(@TempDir Path folder) throws IOException {
        var row = new ScoreRow("dice", 0, 3, new CaseScore("a", "1", OverlapMetric.DICE, new Score(0.5, Status.OK)));
        Path file = folder.resolve("scores.csv");
        ScoreRow.write(file, List.of(row), Policy.parse("na", "374"), List.of());
        assertThat(file).content().isEqualToNormalizingNewlines("""
                loss,fold,seed,case,class,metric,value,status,group,policy
                dice,0,3,a,1,dice,0.5,OK,a,both-empty=na one-empty=374
                """);
        Path other = folder.resolve("other.csv");
        ScoreRow.write(other, List.of(row), Policy.DEFAULT, List.of());
        Files.writeString(file, Files.readAllLines(other).getLast() + "\n", StandardOpenOption.APPEND);
        assertThatIOException()
                .isThrownBy(() -> ScoreRow.read(file))
                .withMessageContainingAll("scores.csv", "different policies", "one-empty=374", "one-empty=diag");
    }

    @Test
    void aTableIgnoresTheSameLabels(@TempDir Path folder) throws IOException {
        var row = new ScoreRow("dice", 0, 3, new CaseScore("a", "1", OverlapMetric.DICE, new Score(0.5, Status.OK)));
        Path file = folder.resolve("scores.csv");
        ScoreRow.write(file, List.of(row), List.of(255, 254));
        assertThat(Files.readAllLines(file))
                .last()
                .isEqualTo("dice,0,3,a,1,dice,0.5,OK,a,both-empty=score one-empty=diag ignored=254+255");
        assertThat(ScoreRow.read(file)).containsExactly(row);
        for (List<Integer> other : List.of(List.<Integer>of(), List.of(255))) {
            Path another = folder.resolve("other.csv");
            ScoreRow.write(another, List.of(row), other);
            Files.writeString(
                    another,
                    Files.readAllLines(file).getLast().replace(",a,", ",b,") + "\n",
                    StandardOpenOption.APPEND);
            assertThatIOException()
                    .isThrownBy(() -> ScoreRow.read(another))
                    .withMessageContainingAll("other.csv", "without different labels", "ignored=254+255");
        }
    }
}
