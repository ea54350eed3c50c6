package org.segloss.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segloss.prep.Resampling.Kernel;

class ResamplingTest {

    private static float[] line(float[] values, int to, Kernel kernel) {
        return Resampling.apply(
                values, 0, new int[] {1, 1, values.length}, new int[] {1, 1, to}, new Kernel[] {kernel, kernel, kernel
                });
    }

    private static float[] parabola(int n, int m) {
        float[] values = new float[m];
        for (int i = 0; i < m; i++) {
            double x = (i + 0.5) * n / m - 0.5;
            values[i] = (float) (x * x - 3 * x + 1);
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource
    void aConstantStaysWhatItIs(Kernel kernel) {
        float[] values = new float[7];
        Arrays.fill(values, 3);
        for (int to : new int[] {1, 2, 5, 7, 9, 30}) {
            assertThat(line(values, to, kernel)).hasSize(to).containsOnly(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSameGridIsACopy(Kernel kernel) {
        float[] values = {1, 7, -2, 4};
        assertThat(line(values, 4, kernel)).containsExactly(values);
    }

    @Test
    void aParabolaGoesThroughTheCubicUnchanged() {
        float[] finer = line(parabola(12, 12), 30, Kernel.CUBIC);
        // two voxels from the edges, where the kernel reaches over them
        assertThat(Arrays.copyOfRange(finer, 5, 25))
                .containsExactly(Arrays.copyOfRange(parabola(12, 30), 5, 25), within(1e-4f));
    }

    @Test
    void linearDrawsLines() {
        assertThat(line(new float[] {0, 4, 0}, 6, Kernel.LINEAR)).containsExactly(0, 1, 3, 3, 1, 0);
        assertThat(line(new float[] {0, 4, 0}, 6, Kernel.NEAREST)).containsExactly(0, 0, 4, 4, 0, 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"LINEAR", "CUBIC"})
    void aFineCheckerboardBecomesGreyNotAFalsePattern(Kernel kernel) {
        float[] board = new float[60];
        for (int i = 0; i < board.length; i++) {
            board[i] = i % 2;
        }
        float[] coarse = line(board, 20, kernel);
        for (int i = 2; i < 18; i++) {
            // every third voxel alone would alternate between 0 and 1
            assertThat(coarse[i]).isEqualTo(0.5f, within(0.12f));
        }
    }

    @Test
    void eachAxisIsResampledByItself() {
        float[] values = new float[2 * 3 * 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = 100 * (i / 12) + 10 * (i / 4 % 3) + i % 4;
        }
        float[] numbers = Resampling.apply(values, 0, new int[] {2, 3, 4}, new int[] {4, 3, 2}, new Kernel[] {
            Kernel.NEAREST, Kernel.CUBIC, Kernel.LINEAR
        });
        assertThat(numbers).hasSize(24);
        for (int k = 0; k < 4; k++) {
            for (int j = 0; j < 3; j++) {
                // a kernel twice as wide around 0.5: 1/8, 3/8, 3/8, 1/8 of -1, 0, 1, 2, where -1 is 0's again
                assertThat(numbers[(k * 3 + j) * 2]).isEqualTo(100f * (k / 2) + 10 * j + 0.625f, within(1e-4f));
            }
        }
    }
}
