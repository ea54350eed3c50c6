package org.segloss.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.segloss.random.CounterRandom;

class IntensityTest {
    private static final PatchShape SHAPE = new PatchShape(4, 6, 8);
    private static final int OFFSET = 3;

    private static float[] image() {
        float[] values = new float[OFFSET + 192 + 2];
        CounterRandom random = CounterRandom.of(1, "image");
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] channel(float[] values) {
        return Arrays.copyOfRange(values, OFFSET, OFFSET + 192);
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double deviation(float[] values) {
        double mean = mean(values);
        double squares = 0;
        for (float value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / values.length);
    }

    private static float[] extremes(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        return new float[] {sorted[0], sorted[sorted.length - 1]};
    }

    @Test
    void nothingOutsideOfTheChannelChanges() {
        float[] before = image();
        float[] after = image();
        Noise.add(after, OFFSET, SHAPE, 1, CounterRandom.of(1, "noise"));
        Blur.convolve(after, OFFSET, SHAPE, 1, PatchShape.NO_AXIS);
        Brightness.multiply(after, OFFSET, SHAPE, 2);
        Contrast.stretch(after, OFFSET, SHAPE, 2);
        LowResolution.coarsen(after, OFFSET, SHAPE, 0.5, PatchShape.NO_AXIS);
        Gamma.raise(after, OFFSET, SHAPE, 2, false);

        assertThat(channel(after)).isNotEqualTo(channel(before));
        assertThat(Arrays.copyOf(after, OFFSET)).isEqualTo(Arrays.copyOf(before, OFFSET));
        assertThat(Arrays.copyOfRange(after, OFFSET + 192, after.length))
                .isEqualTo(Arrays.copyOfRange(before, OFFSET + 192, before.length));
    }

    @Test
    void noiseHasItsDeviation() {
        float[] values = new float[64 * 64 * 64];
        Noise.add(values, 0, new PatchShape(64, 64, 64), 0.1, CounterRandom.of(1, "noise"));
        // a standard error of 0.14 %
        assertThat(deviation(values)).isEqualTo(0.1, within(0.0006));
    }

    @Test
    void contrastKeepsMeanAndRange() {
        float[] values = image();
        float[] before = channel(values);
        Contrast.stretch(values, OFFSET, SHAPE, 0.8);
        assertThat(deviation(channel(values))).isEqualTo(0.8 * deviation(before), within(1e-6));
        assertThat(mean(channel(values))).isEqualTo(mean(before), within(1e-6));

        values = image();
        Contrast.stretch(values, OFFSET, SHAPE, 1.25);
        assertThat(extremes(channel(values))).containsExactly(extremes(before));
    }

    @Test
    void gammaKeepsMeanAndDeviationAndOrder() {
        for (boolean inverted : new boolean[] {false, true}) {
            float[] values = image();
            float[] before = channel(values);
            Gamma.raise(values, OFFSET, SHAPE, 1.5, inverted);
            float[] after = channel(values);
            assertThat(mean(after)).isEqualTo(mean(before), within(1e-6));
            assertThat(deviation(after)).isEqualTo(deviation(before), within(1e-6));
            assertThat(order(after)).isEqualTo(order(before));
            // the power's slope is least at the dark end, or with bright and dark changed at the bright one
            double[] steps = endSteps(before, after);
            assertThat(steps[0] < steps[1]).isEqualTo(!inverted);
        }
    }

    private static int[] order(float[] values) {
        Integer[] index = new Integer[values.length];
        Arrays.setAll(index, i -> i);
        Arrays.sort(index, (a, b) -> Float.compare(values[a], values[b]));
        return Arrays.stream(index).mapToInt(Integer::intValue).toArray();
    }

    /// How much the two darkest and the two brightest were drawn apart.
    private static double[] endSteps(float[] before, float[] after) {
        int[] order = order(before);
        int n = order.length;
        return new double[] {
            (after[order[1]] - after[order[0]]) / (before[order[1]] - before[order[0]]),
            (after[order[n - 1]] - after[order[n - 2]]) / (before[order[n - 1]] - before[order[n - 2]])
        };
    }

    @Test
    void aConstantChannelSurvivesGamma() {
        float[] values = new float[192];
        Arrays.fill(values, 2);
        Gamma.raise(values, 0, SHAPE, 1.5, false);
        assertThat(values).containsOnly(2);
    }

    @Test
    void blurSpreadsAPointAsAGaussian() {
        PatchShape shape = new PatchShape(9, 9, 9);
        float[] values = new float[729];
        int middle = (4 * 9 + 4) * 9 + 4;
        values[middle] = 1;
        Blur.convolve(values, 0, shape, 0.8, PatchShape.NO_AXIS);
        double fall = Math.exp(-1 / (2 * 0.8 * 0.8));
        assertThat(values[middle + 1] / values[middle]).isEqualTo((float) fall, within(1e-5f));
        assertThat(values[middle + 9] / values[middle]).isEqualTo((float) fall, within(1e-5f));
        assertThat(values[middle + 81] / values[middle]).isEqualTo((float) fall, within(1e-5f));
        assertThat(729 * mean(values)).isEqualTo(1, within(1e-5));
    }

    @Test
    void inAPlaneSlicesStayApart() {
        float[] values = new float[192];
        Arrays.fill(values, 0, 48, 1);
        Blur.convolve(values, 0, SHAPE, 1, 0);
        LowResolution.coarsen(values, 0, SHAPE, 0.5, 0);
        assertThat(values[47]).isEqualTo(1);
        assertThat(values[48]).isZero();
        for (int i = 0; i < values.length; i++) {
            values[i] = i % SHAPE.x();
        }
        float[] before = values.clone();
        Blur.convolve(values, 0, SHAPE, 1, 2);
        LowResolution.coarsen(values, 0, SHAPE, 0.5, 2);
        assertThat(values).isEqualTo(before);
    }

    @Test
    void lowResolutionDrawsLinesBetweenTheVoxelsThatItKeeps() {
        float[] line = {0, 1, 4, 9, 16, 25, 36, 49};
        LowResolution.coarsen(line, 0, new PatchShape(1, 1, 8), 0.5, PatchShape.NO_AXIS);
        // kept are the numbers 1, 9, 25 and 49, which stand for two voxels each
        assertThat(line).containsExactly(new float[] {1, 3, 7, 13, 21, 31, 43, 49}, within(1e-5f));

        float[] all = image();
        LowResolution.coarsen(all, OFFSET, SHAPE, 1, PatchShape.NO_AXIS);
        assertThat(all).isEqualTo(image());
    }
}
