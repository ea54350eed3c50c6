package org.segloss.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecisionTest {

    @Test
    void namesAreReadAndWritten() {
        assertThat(Decision.parseList("argmax, threshold,dice")).containsExactly(Decision.values());
        assertThat(Decision.DICE).hasToString("dice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decision.parseList("argmax,best"))
                .withMessage("'best' is no decision; there are argmax, threshold, dice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decision.parseList("dice,dice"))
                .withMessage("the decision dice is named twice");
    }

    @Test
    void theMostProbableClassIsTheFirstOfEqualOnes() {
        // three classes at two voxels
        var p = Probabilities.of(3, new float[] {0.4f, 0.2f, 0.4f, 0.4f, 0.2f, 0.4f});
        assertThat(Decision.ARGMAX.labels(p, Optional.empty())).containsExactly(0, 1);
        assertThat(Decision.ARGMAX.labels(Probabilities.of(1, new float[] {0.5f, 0.49f}), Optional.empty()))
                .containsExactly(1, 0);
    }

    @Test
    void thresholdsOfOneHalfDecideAsTheMostProbableClassDoesWhereOneHasHalf() {
        var random = new Random(1);
        float[] values = new float[3 * 1000];
        for (int i = 0; i < 1000; i++) {
            double[] odds = random.doubles(3).map(x -> x * x * x).toArray();
            for (int c = 0; c < 3; c++) {
                values[c * 1000 + i] = (float) (odds[c] / (odds[0] + odds[1] + odds[2]));
            }
        }
        var p = Probabilities.of(3, values);
        byte[] most = Decision.ARGMAX.labels(p, Optional.empty());
        byte[] half = Decision.THRESHOLD.labels(p, Optional.of(new Thresholds(List.of(0.5, 0.5))));
        for (int i = 0; i < 1000; i++) {
            float largest = Math.max(values[1000 + i], values[2000 + i]);
            assertThat(half[i]).isEqualTo(largest >= 0.5f ? most[i] : 0);
        }
    }

    @Test
    void theClassFarthestAboveItsThresholdWins() {
        var p = Probabilities.of(3, new float[] {0.2f, 0.7f, 0.2f, 0.5f, 0.1f, 0.6f, 0.3f, 0.2f, 0.2f});
        // 0.5 / 0.4 beside 0.3 / 0.2; 0.1 / 0.4 beside 0.2 / 0.2; 0.6 / 0.4 beside 0.2 / 0.2
        assertThat(Decision.THRESHOLD.labels(p, Optional.of(new Thresholds(List.of(0.4, 0.2)))))
                .containsExactly(2, 2, 1);
        assertThat(Decision.THRESHOLD.labels(p, Optional.of(new Thresholds(List.of(0.6, 0.9)))))
                .containsExactly(0, 0, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decision.THRESHOLD.labels(p, Optional.of(new Thresholds(List.of(0.4)))))
                .withMessage("there are thresholds of 1 classes, but probabilities of 2");
        assertThatIllegalArgumentException().isThrownBy(() -> Decision.THRESHOLD.labels(p, Optional.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Thresholds(List.of(0.0)));
    }

    @Test
    void theThresholdsOfSeveralNetworksAreAveraged() {
        assertThat(Thresholds.mean(List.of(new Thresholds(List.of(0.25, 0.5)), new Thresholds(List.of(0.75, 0.5)))))
                .isEqualTo(new Thresholds(List.of(0.5, 0.5)));
    }

    @Test
    void theForegroundIsTheSetWithTheLargestExpectedDice() {
        var p = Probabilities.of(1, new float[] {0.4f, 0.1f, 0.9f, 0.4f});
        byte[] labels = new byte[4];
        for (int voxel : ExpectedDice.largest(p.of(0)).voxels()) {
            labels[voxel] = 1;
        }
        assertThat(Decision.DICE.labels(p, Optional.empty())).isEqualTo(labels).contains(1);
    }

    /// Two classes at four voxels: every way to label them, by the mean of both classes' expected Dice.
    @Test
    void whereSetsOverlapTheLabelsAreNearlyTheBest() {
        var random = new Random(4);
        double lost = 0;
        double lostByMost = 0;
        int trials = 200;
        for (int trial = 0; trial < trials; trial++) {
            int n = 4;
            float[] values = new float[3 * n];
            for (int i = 0; i < n; i++) {
                double[] odds = random.doubles(3).map(x -> x * x).toArray();
                for (int c = 0; c < 3; c++) {
                    values[c * n + i] = (float) (odds[c] / (odds[0] + odds[1] + odds[2]));
                }
            }
            var p = Probabilities.of(3, values);
            double best = 0;
            for (int way = 0; way < 81; way++) {
                byte[] labels = {(byte) (way % 3), (byte) (way / 3 % 3), (byte) (way / 9 % 3), (byte) (way / 27)};
                best = Math.max(best, mean(p, labels));
            }
            lost += (best - mean(p, Decision.DICE.labels(p, Optional.empty()))) / trials;
            lostByMost += (best - mean(p, Decision.ARGMAX.labels(p, Optional.empty()))) / trials;
        }
        assertThat(lost).isLessThan(0.005);
        assertThat(lost).isLessThan(lostByMost / 10);
    }

    private static double mean(Probabilities p, byte[] labels) {
        return (expected(p.of(1), labels, 1) + expected(p.of(2), labels, 2)) / 2;
    }

    private static double expected(float[] p, byte[] labels, int label) {
        double sum = 0;
        for (int truth = 0; truth < 1 << p.length; truth++) {
            double probability = 1;
            int both = 0;
            int common = 0;
            for (int i = 0; i < p.length; i++) {
                int there = truth >> i & 1;
                int said = labels[i] == label ? 1 : 0;
                probability *= there == 1 ? p[i] : 1 - (double) p[i];
                both += there + said;
                common += there * said;
            }
            sum += probability * (both == 0 ? 1 : 2.0 * common / both);
        }
        return sum;
    }
}
