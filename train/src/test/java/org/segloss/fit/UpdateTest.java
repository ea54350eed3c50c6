package org.segloss.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;

class UpdateTest {

    @Test
    void theFirstStepOfAdamIsTheRateInTheGradientsDirectionWhateverItsSize() {
        try (AdamW adam = new AdamW(3, "cpu");
                Scope _ = new Scope()) {
            Tensor weights = Tensor.of(new float[] {0, 0, 2}, 3);
            adam.apply(weights, Tensor.of(new float[] {1e-3f, -1e3f, 0}, 3), 1e3, 0, 0.1);

            // g / (|g| + 1e-8) is the sign to 1e-5; the third weight has no gradient and decays by 1 - 0.1 * 0.01
            float[] expected = {-0.1f, 0.1f, 1.998f};
            float[] actual = weights.toArray();
            for (int i = 0; i < 3; i++) {
                assertThat(actual[i]).isEqualTo(expected[i], within(2e-6f));
            }
        }
    }

    @Test
    void laterStepsOfAdamFollowItsFormula() {
        double[] gradients = {0.5, -2, 1, 0.25};
        double w = 0.7;
        double m = 0;
        double v = 0;
        try (AdamW adam = new AdamW(1, "cpu");
                Scope _ = new Scope()) {
            Tensor weights = Tensor.of(new float[] {0.7f}, 1);
            for (int t = 0; t < gradients.length; t++) {
                double g = gradients[t];
                m = 0.9 * m + 0.1 * g;
                v = 0.999 * v + 0.001 * g * g;
                double mHat = m / (1 - Math.pow(0.9, t + 1));
                double vHat = v / (1 - Math.pow(0.999, t + 1));
                w = (1 - 0.02 * 0.01) * w - 0.02 * mHat / (Math.sqrt(vHat) + 1e-8);

                adam.apply(weights, Tensor.of(new float[] {(float) g}, 1), Math.abs(g), t, 0.02);
                assertThat((double) weights.toArray()[0]).isEqualTo(w, within(1e-6));
            }
        }
    }

    @Test
    void theMeanFollowsTheWeightsAtOnceAndLaterSlowly() {
        try (Scope _ = new Scope();
                Averaged averaged = new Averaged(new AdamW(1, "cpu"), 0.75, Tensor.of(new float[] {4}, 1), "cpu")) {
            Tensor weights = Tensor.of(new float[] {4}, 1);
            // a training that ends before its first update predicts with what it began with
            assertThat(averaged.predicting(weights).toArray()).containsExactly(4);
            double mean = 0;
            for (int t = 0; t < 40; t++) {
                averaged.apply(weights, Tensor.of(new float[] {(float) Math.sin(t)}, 1), 1, t, 0.1);
                // 9 / (t + 9) is 0.25 at t = 27
                double d = t < 27 ? t / (t + 9.0) : 0.75;
                mean = d * mean + (1 - d) * weights.toArray()[0];
                assertThat((double) averaged.predicting(weights).toArray()[0]).isEqualTo(mean, within(1e-5));
            }
            assertThat(averaged.moments().keySet()).containsExactly("mean", "square", "average");
        }
    }

    @Test
    void nesterovLooksAhead() {
        try (Nesterov sgd = new Nesterov(1, "cpu");
                Scope _ = new Scope()) {
            Tensor weights = Tensor.of(new float[] {0}, 1);

            // m = 1, w = -0.1 (1 + 0.99); then g = 1 + 3e-5 w, m = 0.99 + g, w -= 0.1 (g + 0.99 m)
            sgd.apply(weights, Tensor.of(new float[] {1}, 1), 1, 0, 0.1);
            assertThat(weights.toArray()[0]).isEqualTo(-0.199f, within(1e-6f));
            sgd.apply(weights, Tensor.of(new float[] {1}, 1), 1, 1, 0.1);
            assertThat(weights.toArray()[0]).isEqualTo(-0.496009f, within(2e-6f));
        }
    }

    @Test
    void aLongGradientIsCutAtNormTwelve() {
        try (Nesterov sgd = new Nesterov(2, "cpu");
                Scope _ = new Scope()) {
            Tensor weights = Tensor.zeros("cpu", 2);
            sgd.apply(weights, Tensor.of(new float[] {300, -400}, 2), 500, 0, 1);

            // 12 / 500 of it, then 1 + 0.99 times
            assertThat(weights.toArray()[0]).isEqualTo(-7.2f * 1.99f, within(1e-5f));
            assertThat(weights.toArray()[1]).isEqualTo(9.6f * 1.99f, within(1e-5f));
        }
    }
}
