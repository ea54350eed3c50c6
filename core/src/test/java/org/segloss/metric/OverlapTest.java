package org.segloss.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.segloss.metric.Score.Status;

class OverlapTest {
    private static final byte[] REFERENCE = {0, 1, 1, 1, 2, 2, 0, (byte) 200};
    private static final byte[] PREDICTION = {1, 1, 1, 0, 2, 0, 0, (byte) 200};

    @Test
    void countsByHand() {
        Overlap one = Overlap.of(PREDICTION, REFERENCE, 1);
        assertThat(one).isEqualTo(new Overlap(2, 1, 1, 4));
        assertThat(one.dice()).isEqualTo(new Score(4 / 6.0, Status.OK));
        assertThat(one.iou()).isEqualTo(new Score(2 / 4.0, Status.OK));
        assertThat(one.precision()).isEqualTo(new Score(2 / 3.0, Status.OK));
        assertThat(one.recall()).isEqualTo(new Score(2 / 3.0, Status.OK));
    }

    @Test
    void labelsAreUnsigned() {
        assertThat(Overlap.of(PREDICTION, REFERENCE, 200).dice().value()).isEqualTo(1);
    }

    @Test
    void emptyMasksHaveAStatus() {
        byte[] none = {0, 0};
        byte[] all = {1, 1};
        Overlap both = Overlap.of(none, none, 1);
        assertThat(both.dice()).isEqualTo(new Score(1, Status.BOTH_EMPTY));
        assertThat(both.iou()).isEqualTo(new Score(1, Status.BOTH_EMPTY));
        assertThat(both.precision()).isEqualTo(new Score(Double.NaN, Status.BOTH_EMPTY));
        assertThat(both.recall()).isEqualTo(new Score(Double.NaN, Status.BOTH_EMPTY));
        Overlap missed = Overlap.of(none, all, 1);
        assertThat(missed.dice()).isEqualTo(new Score(0, Status.PREDICTION_EMPTY));
        assertThat(missed.precision()).isEqualTo(new Score(Double.NaN, Status.PREDICTION_EMPTY));
        assertThat(missed.recall()).isEqualTo(new Score(0, Status.PREDICTION_EMPTY));
        Overlap invented = Overlap.of(all, none, 1);
        assertThat(invented.dice()).isEqualTo(new Score(0, Status.REFERENCE_EMPTY));
        assertThat(invented.recall()).isEqualTo(new Score(Double.NaN, Status.REFERENCE_EMPTY));
    }

    @Test
    void differentSizesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Overlap.of(new byte[2], new byte[3], 1))
                .withMessageContaining("prediction has 2 voxels, reference has 3");
    }
}
