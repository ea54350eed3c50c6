package org.segloss.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.grid.Grid;
import org.segloss.metric.Score.Status;

class LabelMapScoresTest {
    private static final Grid GRID = new Grid(1, 2, 5, 1, 1, 1);
    private static final byte[] PREDICTION = {0, 1, 1, 2, 2, 0, 0, 2, 3, (byte) 255};
    private static final byte[] REFERENCE = {0, 1, 1, 1, 2, 0, 2, 2, 0, (byte) 255};

    private static final Scorer SCORER = new Scorer(Metric.parseList("dice,hd,recall"), Policy.DEFAULT);

    @Test
    void eachClassIsScoredByItsNumber() {
        Map<Integer, Map<Metric, Score>> scores =
                SCORER.scoreClasses(PREDICTION, REFERENCE, List.of(2, 1, 3, 255, 4), GRID, 2);
        assertThat(scores.keySet()).containsExactly(2, 1, 3, 255, 4);
        assertThat(scores.values())
                .extracting(s -> s.get(OverlapMetric.DICE))
                .containsExactly(
                        // of three and three voxels two are shared
                        new Score(4 / 6.0, Status.OK),
                        new Score(4 / 5.0, Status.OK),
                        new Score(0, Status.REF_EMPTY),
                        new Score(1, Status.OK),
                        new Score(1, Status.BOTH_EMPTY));
        // from the voxel at (0, 3) to the nearest of (0, 4), (1, 1) and (1, 2), or back from (1, 1)
        assertThat(scores.get(2).get(DistanceMetric.HD)).isEqualTo(new Score(1, Status.OK));
    }

    @Test
    void aClassHasTheScoresOfItsMask() {
        var random = new Random(3);
        byte[] prediction = new byte[600];
        byte[] reference = new byte[600];
        for (int i = 0; i < 600; i++) {
            prediction[i] = (byte) random.nextInt(4);
            reference[i] = (byte) random.nextInt(4);
        }
        var grid = new Grid(5, 10, 12, 2, 1, 0.5);
        for (int label = 0; label < 4; label++) {
            byte[] p = new byte[600];
            byte[] r = new byte[600];
            for (int i = 0; i < 600; i++) {
                p[i] = (byte) (prediction[i] == label ? 1 : 0);
                r[i] = (byte) (reference[i] == label ? 1 : 0);
            }
            assertThat(SCORER.scoreClasses(prediction, reference, List.of(label), grid, 1))
                    .isEqualTo(Map.of(label, SCORER.score(p, r, grid, 1)));
        }
    }

    @Test
    void aLabelMapIsNoMask() {
        byte[] mask = {0, 1, 1, 1, 0, 0, 0, 0, 0, 0};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SCORER.score(PREDICTION, mask, GRID, 1))
                .withMessageContainingAll("prediction has the values 1 and 2 besides 0", "scoreClasses");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SCORER.score(mask, REFERENCE, GRID, Optional.empty(), 1))
                .withMessageContaining("reference has the values 1 and 2 besides 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SCORER.missed(REFERENCE, GRID, 1))
                .withMessageContaining("reference has the values 1 and 2 besides 0");
    }

    /// Whatever the length of the row, for eight voxels are looked at together.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 15, 16, 17, 40})
    void aSecondValueIsFoundWhereverItIs(int columns) {
        var grid = new Grid(2, 2, columns, 1, 1, 1);
        for (int at = 1; at < 4 * columns; at++) {
            byte[] map = new byte[4 * columns];
            Arrays.fill(map, (byte) 1);
            map[at] = 2;
            assertThatIllegalArgumentException()
                    .as("at %d of %d", at, columns)
                    .isThrownBy(() -> SCORER.score(map, map, grid, 1))
                    .withMessageContaining("values 1 and 2 besides 0");
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {1, 2, 3, 100, -128, -1})
    void anyOneValueMayStandForTheInside(byte inside) {
        byte[] ones = {0, 1, 1, 1, 0, 0, 0, 0, 0, 0};
        byte[] mask = new byte[10];
        for (int i = 0; i < 10; i++) {
            mask[i] = (byte) (ones[i] * inside);
        }
        assertThat(SCORER.score(mask, ones, GRID, 1)).isEqualTo(SCORER.score(ones, ones, GRID, 1));
        assertThatCode(() -> SCORER.score(mask, new byte[10], GRID, 1)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256})
    void aClassThatNoByteHoldsIsRefused(int label) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SCORER.scoreClasses(PREDICTION, REFERENCE, List.of(1, label), GRID, 1))
                .withMessageContaining("class %d is no label", label);
    }
}
