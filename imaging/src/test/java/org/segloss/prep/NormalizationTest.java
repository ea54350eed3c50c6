package org.segloss.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;
import org.segloss.random.CounterRandom;

class NormalizationTest {

    private static float[] zScore(float... values) {
        return Normalization.apply(new Volume(Geometry.identity(values.length, 1, 1), 1, values), Map.of())
                .values();
    }

    @Test
    void threeNumbersByHand() {
        // ranks 0.01 and 1.99 of (1, 2, 3): clipped to 1.01, 2, 2.99; mean 2, deviation 0.99 sqrt(2/3)
        float z = (float) Math.sqrt(1.5);
        assertThat(zScore(1, 2, 3)).containsExactly(new float[] {-z, 0, z}, within(1e-6f));
    }

    @Test
    void numbersAreThoseOfNumPy() {
        float[] values = new float[1001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * i % 997;
        }
        values[17] = 1e6f;
        float[] z = zScore(values);
        // NumPy 2.4.6: v = np.clip(x, *np.percentile(x, [0.5, 99.5])); (v - v.mean()) / v.std()
        assertThat(z[0]).isCloseTo(-1.6802029f, within(1e-6f));
        assertThat(z[17]).isCloseTo(1.6888380f, within(1e-6f));
        assertThat(z[500]).isCloseTo(0.8618916f, within(1e-6f));
    }

    @Test
    void scaleAndShiftMakeNoDifference() {
        CounterRandom random = CounterRandom.of(1, "values");
        float[] values = new float[500];
        float[] others = new float[500];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(1000);
            others[i] = 8 * values[i] - 4096;
        }
        float[] z = zScore(values);
        assertThat(zScore(others)).containsExactly(z, within(1e-5f));
        double mean = 0;
        double square = 0;
        for (float v : z) {
            mean += v / 500.0;
            square += v * v / 500.0;
        }
        assertThat(mean).isCloseTo(0, within(1e-6));
        assertThat(square).isCloseTo(1, within(1e-5));
    }

    @Test
    void aConstantImageBecomesZero() {
        assertThat(zScore(7, 7, 7, 7)).containsOnly(0);
        assertThat(zScore(7)).containsOnly(0);
    }

    @Test
    void aFewBrightVoxelsInAnEmptyImageAreNotLost() {
        float[] values = new float[10_000];
        values[5] = 3;
        float[] z = zScore(values);
        // one of n: mean p, deviation sqrt(p - p^2), so z = (1 - p) / sqrt(p - p^2) = sqrt((1 - p) / p), p = 1e-4
        assertThat(z[5]).isCloseTo((float) Math.sqrt(9999), within(1e-3f));
    }

    @Test
    void aChannelIsBroughtToTheScaleThatIsGivenForIt() {
        float[] values = {1, 2, 3, 4, -1000, 0, 50, 400};
        Volume image = new Volume(Geometry.identity(4, 1, 1), 2, values);
        float[] z = Normalization.apply(image, Map.of(1, new IntensityScale(-100, 200, 40, 20)))
                .values();
        assertThat(Arrays.copyOf(z, 4)).isEqualTo(zScore(1, 2, 3, 4));
        assertThat(Arrays.copyOfRange(z, 4, 8)).containsExactly(-7, -2, 0.5f, 8);
    }

    @Test
    void channelsAreScaledEachOnItsOwn() {
        float[] values = {1, 2, 3, 4, 100, 200, 300, 400};
        float[] z = Normalization.apply(new Volume(Geometry.identity(4, 1, 1), 2, values), Map.of())
                .values();
        assertThat(Arrays.copyOfRange(z, 4, 8)).containsExactly(Arrays.copyOf(z, 4), within(1e-6f));
        assertThat(values).as("the image itself stays").containsExactly(1, 2, 3, 4, 100, 200, 300, 400);
    }
}
