package org.segloss.loss.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.segloss.grid.Spacing;
import org.segloss.loss.VolumeLoss;

class SoftSkeletonTest {

    /// The skeleton of a bar of three rows is its middle row, and with one more depth than it has nothing changes.
    @Test
    void theSoftSkeletonOfABarIsItsMiddle() {
        double[] bar = bar();
        double[] skeleton = new SoftSkeleton(field(bar, -1), 1).of(bar);
        for (int i = 0; i < bar.length; i++) {
            boolean middle = i / 9 == 2 && i % 9 >= 2 && i % 9 <= 6;
            boolean corner = (i / 9 == 1 || i / 9 == 3) && (i % 9 == 1 || i % 9 == 7);
            assertThat(skeleton[i]).as("row %d, column %d", i / 9, i % 9).isEqualTo(middle && !corner ? 1 : 0);
        }
        assertThat(new SoftSkeleton(field(bar, -1), 5).of(bar)).isEqualTo(skeleton);
    }

    @Test
    void aVoxelThatDoesNotCountErodesNothing() {
        int unknown = 9 + 4;
        double[] bar = bar();
        double[] skeleton = new SoftSkeleton(field(bar, -1), 1).of(bar).clone();
        bar[unknown] = 0;
        double[] beside = new SoftSkeleton(field(bar, unknown), 1).of(bar);
        assertThat(beside).isEqualTo(skeleton);
    }

    /// {@return three rows of seven in the middle of an image}
    private static double[] bar() {
        double[] bar = new double[5 * 9];
        for (int y = 1; y < 4; y++) {
            for (int x = 1; x < 8; x++) {
                bar[y * 9 + x] = 1;
            }
        }
        return bar;
    }

    private static VolumeLoss.Field field(double[] numbers, int unknown) {
        boolean[] counts = new boolean[numbers.length];
        Arrays.fill(counts, true);
        if (unknown >= 0) {
            counts[unknown] = false;
        }
        return new VolumeLoss.Field(
                numbers, numbers, counts, numbers.length - (unknown < 0 ? 0 : 1), Spacing.ONE.grid(1, 5, 9), 1);
    }
}
