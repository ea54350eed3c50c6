package org.segloss.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// The polynomials against the JDK's functions in double, over the whole range. Runs at every width of a vector.
class ElementaryTwinTest {
    /// Every so-many-th float; a prime, so that no bit is left out.
    private static final int STEP = 1009;

    @Test
    void theExponentialIsWithinTwoUlp() {
        double worst = 0;
        float[] x = new float[Kernels.BLOCK];
        float[] actual = new float[Kernels.BLOCK];
        int last = Float.floatToRawIntBits(87.33f);
        for (int bits = 0; bits <= last; ) {
            int n = 0;
            for (; n < x.length && bits <= last; n++, bits += STEP) {
                x[n] = Float.intBitsToFloat(bits);
            }
            LaneFunctions.expOfMinusAbs(x, Lanes.padded(n), actual);
            worst = Math.max(worst, worst(x, actual, n, v -> Math.exp(-v), 0));
        }
        assertThat(worst).isBetween(0.5, 2.0);
    }

    @Test
    void beyondTheRangeOfFloatsTheExponentialIsZero() {
        float[] x = new float[Lanes.GROUP];
        Arrays.fill(x, 87.34f);
        x[1] = -1000;
        x[2] = Float.NEGATIVE_INFINITY;
        x[3] = Float.NaN;
        float[] actual = new float[Lanes.GROUP];
        LaneFunctions.expOfMinusAbs(x, Lanes.GROUP, actual);
        assertThat(actual[0]).isZero();
        assertThat(actual[1]).isZero();
        assertThat(actual[2]).isZero();
        assertThat(actual[3]).isNaN();
    }

    @Test
    void theLogarithmIsWithinThreeUlpOfTheLargerOfOneAndItself() {
        LaneFunctions functions = new LaneFunctions();
        double worst = 0;
        float[] x = new float[Kernels.BLOCK];
        float[] actual = new float[Kernels.BLOCK];
        int first = Float.floatToRawIntBits(Float.MIN_NORMAL);
        int last = Float.floatToRawIntBits(Float.MAX_VALUE);
        for (int bits = first; bits > 0 && bits <= last; ) {
            int n = 0;
            for (; n < x.length && bits > 0 && bits <= last; n++, bits += STEP) {
                x[n] = Float.intBitsToFloat(bits);
            }
            functions.log(x, Lanes.padded(n), actual);
            worst = Math.max(worst, worst(x, actual, n, Math::log, 1));
        }
        assertThat(worst).isBetween(0.5, 3.0);
    }

    /// {@return the largest error, in units of the last place of the exact number or of `least`}
    private static double worst(float[] x, float[] actual, int n, DoubleUnaryOperator function, float least) {
        double worst = 0;
        for (int i = 0; i < n; i++) {
            double exact = function.applyAsDouble(x[i]);
            double ulp = Math.ulp((float) Math.max(Math.abs(exact), least));
            worst = Math.max(worst, Math.abs(actual[i] - exact) / ulp);
        }
        return worst;
    }
}
