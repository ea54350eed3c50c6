package org.segloss.loss.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.segloss.grid.Spacing;

class SoftSkeletonTest {

    /// The skeleton of a bar of three rows is its middle row, and with one more depth than it has nothing changes.
    @Test
    void theSoftSkeletonOfABarIsItsMiddle() {
        double[] bar = new double[5 * 9];
        for (int y = 1; y < 4; y++) {
            for (int x = 1; x < 8; x++) {
                bar[y * 9 + x] = 1;
            }
        }
        double[] skeleton = new SoftSkeleton(Spacing.ONE.grid(1, 5, 9), 1, 1).of(bar);
        for (int i = 0; i < bar.length; i++) {
            boolean middle = i / 9 == 2 && i % 9 >= 2 && i % 9 <= 6;
            boolean corner = (i / 9 == 1 || i / 9 == 3) && (i % 9 == 1 || i % 9 == 7);
            assertThat(skeleton[i]).as("row %d, column %d", i / 9, i % 9).isEqualTo(middle && !corner ? 1 : 0);
        }
        assertThat(new SoftSkeleton(Spacing.ONE.grid(1, 5, 9), 5, 1).of(bar)).isEqualTo(skeleton);
    }
}
