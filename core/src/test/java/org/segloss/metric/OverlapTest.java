package org.segloss.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class OverlapTest {
    private static final byte[] REFERENCE = {0, 1, 1, 1, 0, 0, 0, 0};
    private static final byte[] PREDICTION = {1, 1, (byte) 200, 0, 0, 0, 0, 0};
    private static final byte[] NONE = {0, 0};
    private static final byte[] ALL = {1, 1};

    @Test
    void countsByHand() {
        Overlap o = Overlap.of(PREDICTION, REFERENCE);
        assertThat(o).isEqualTo(new Overlap(2, 1, 1, 4));
        assertThat(o.dice()).isEqualTo(4 / 6.0);
        assertThat(o.iou()).isEqualTo(2 / 4.0);
        assertThat(o.precision()).isEqualTo(2 / 3.0);
        assertThat(o.recall()).isEqualTo(2 / 3.0);
        assertThat(o.specificity()).isEqualTo(4 / 5.0);
        assertThat(o.relativeVolumeDifference()).isZero();
        assertThat(o.volumetricSimilarity()).isEqualTo(1);
    }

    @Test
    void correlationsOfTrivialMasksAreZeroOrUndefined() {
        for (Overlap same : new Overlap[] {Overlap.of(NONE, NONE), Overlap.of(ALL, ALL)}) {
            assertThat(same.mcc()).isNaN();
            assertThat(same.kappa()).isNaN();
        }
        byte[] half = {1, 0};
        for (byte[] trivial : new byte[][] {NONE, ALL}) {
            assertThat(Overlap.of(trivial, half).mcc()).isZero();
            assertThat(Overlap.of(half, trivial).mcc()).isZero();
            assertThat(Overlap.of(half, trivial).kappa()).isZero();
        }
        assertThat(Overlap.of(ALL, ALL).specificity()).isNaN();
    }

    /// In float, and in long, these products overflow.
    @Test
    void correlationOfTwoThousandMillionVoxelsIsANumber() {
        long q = 500_000_000;
        assertThat(new Overlap(q, 0, 0, q).mcc()).isEqualTo(1);
        assertThat(new Overlap(0, q, q, 0).mcc()).isEqualTo(-1);
    }

    @Test
    void differentSizesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Overlap.of(new byte[2], new byte[3]))
                .withMessageContaining("prediction has 2 voxels, reference has 3");
    }
}
