package org.segloss.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.segloss.metric.Score.Status;
import org.segloss.random.CounterRandom;
import org.segloss.score.CaseScore;
import org.segloss.score.ScoreRow;

class FailureTest {
    private static final List<String> THREE = List.of("a", "b", "c");

    /// Values of 20 cases, 0.8 and a little noise of each loss.
    private static double[][][] values(int seeds) {
        var random = CounterRandom.of(1, "failures");
        double[][][] values = new double[20][3][seeds];
        for (double[][] ofCase : values) {
            for (double[] ofLoss : ofCase) {
                for (int s = 0; s < seeds; s++) {
                    ofLoss[s] = 0.8 + 0.01 * random.nextGaussian();
                }
            }
        }
        return values;
    }

    private static List<Failure> failures(String metric, double margin, double[][][] values) {
        var rules = new ComparisonRules(
                metric, CaseScore.MEAN, Double.NaN, Optional.empty(), List.of("mm"), List.of(), 100, 1);
        List<String> cases =
                IntStream.range(0, values.length).mapToObj(i -> "c" + i).toList();
        List<Long> seeds =
                IntStream.range(0, values[0][0].length).mapToObj(s -> (long) s).toList();
        return Failure.of(
                THREE.subList(0, values[0].length), cases, seeds, values, MetricScale.of(metric, rules), margin);
    }

    @Test
    void noiseIsNoFailure() {
        assertThat(failures("dice", 0.01, values(1))).isEmpty();
    }

    // by hand: the median of 0.75 and 1 is 0.875
    @Test
    void aDropOfOneLossIsOne() {
        double[][][] values = values(1);
        values[7] = new double[][] {{0.75}, {0.25}, {1}};
        assertThat(failures("dice", 0.01, values)).containsExactly(new Failure("b", "c7", 0, 0.25, 0.875));
        assertThat(Failure.sentences(failures("dice", 0.01, values), false))
                .containsExactly("b alone fails on c7 (0.250, the others 0.875).");
    }

    @Test
    void aCaseThatIsHardForAllIsNone() {
        double[][][] values = values(1);
        values[7] = new double[][] {{0.31}, {0.3}, {0.32}};
        assertThat(failures("dice", 0.01, values)).isEmpty();
        // nor is one where two losses fail
        values[7] = new double[][] {{0}, {0}, {0.8}};
        assertThat(failures("dice", 0.01, values)).isEmpty();
    }

    /// However widely the values of a loss are spread.
    @Test
    void theWorstValueIsOne() {
        double[][][] values = values(1);
        for (int i = 0; i < values.length; i++) {
            values[i][0][0] = i / 20.0;
        }
        assertThat(failures("dice", 0.01, values))
                .extracting(Failure::loss, Failure::caseId)
                .containsExactly(org.assertj.core.api.Assertions.tuple("a", "c0"));
    }

    /// Far out, but by less than ten margins: 0.8 - 0.75.
    @Test
    void aSmallDropIsNone() {
        double[][][] values = new double[20][3][1];
        for (double[][] ofCase : values) {
            ofCase[0][0] = ofCase[1][0] = ofCase[2][0] = 0.8;
        }
        values[3][1][0] = 0.75;
        assertThat(failures("dice", 0.01, values)).isEmpty();
        assertThat(failures("dice", 0.004, values)).hasSize(1);
    }

    @Test
    void ofADistanceTheFarOneFails() {
        double[][][] values = values(1);
        values[2][0][0] = 40;
        values[3][1][0] = 0.01;
        assertThat(failures("mm", Double.NaN, values))
                .extracting(Failure::loss, Failure::caseId)
                .containsExactly(org.assertj.core.api.Assertions.tuple("a", "c2"));
    }

    @Test
    void oneLossHasNoOthers() {
        double[][][] values = {{{0}}, {{0.9}}};
        assertThat(failures("dice", 0.01, values)).isEmpty();
    }

    @Test
    void seedsAreNamedAndManyAreCounted() {
        double[][][] values = values(2);
        for (int i = 0; i < 5; i++) {
            values[i][2][1] = 0;
        }
        assertThat(Failure.sentences(failures("dice", 0.01, values), true))
                .singleElement()
                .asString()
                .startsWith("c alone fails on c0 with seed 1 (0.000, the others 0.")
                .endsWith(", and 2 more.");
    }

    /// In the file, with the sentence that the command line and the page print.
    @Test
    void aFamilyNamesThem() {
        var rows = new ArrayList<ScoreRow>();
        for (int i = 0; i < 12; i++) {
            for (String loss : List.of("a", "b")) {
                double value = i == 5 && loss.equals("b") ? Double.NaN : 0.8 + 0.001 * i;
                rows.add(new ScoreRow(
                        loss,
                        0,
                        1,
                        "c" + i,
                        "mean",
                        "dice",
                        value,
                        Double.isNaN(value) ? Status.PRED_EMPTY : Status.OK,
                        "c" + i));
            }
        }
        MetricFamily family =
                Comparison.of(rows, ComparisonRules.standard()).families().getFirst();
        // undefined, since nothing was predicted: it counts as 0
        assertThat(family.failures()).containsExactly(new Failure("b", "c5", 1, 0, 0.805));
        assertThat(family.failureSentences()).containsExactly("b alone fails on c5 (0.000, the others 0.805).");
    }
}
