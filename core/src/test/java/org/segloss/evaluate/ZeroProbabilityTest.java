package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// A probability of exactly 0 for what is true: the gradient is the limit of that of small ones.
class ZeroProbabilityTest {

    private static double[] gradient(String text, Task task, double[] p, byte... labels) {
        double[] gradient = new double[p.length];
        Shape shape = new Shape(1, task.channels(), 1, 1, labels.length);
        new LossEvaluator(Loss.parse(text), task, 1)
                .evaluate(
                        new Prediction(
                                MemorySegment.ofArray(p),
                                Prediction.FloatType.FLOAT64,
                                shape,
                                Prediction.Scale.PROBABILITIES),
                        Target.labels(MemorySegment.ofArray(labels)),
                        MemorySegment.ofArray(gradient));
        return gradient;
    }

    /// Of two voxels the first has p = 0 where 1 is true, the second p = 1 where 0 is true, so that its 1 - p is 0; the
    /// derivative by p is the opposite there.
    @ParameterizedTest
    @CsvSource({
        "ce, -Infinity",
        "poly, -Infinity",
        "focal, -Infinity",
        // -y p^(q - 1)
        "gce, -Infinity",
        "gce(q=0.1), -Infinity",
        "gce(q=1), -0.5",
        // -y gamma (-log p)^(gamma - 1) / p
        "powerCe, -Infinity",
        "powerCe(gamma=1), -Infinity",
        "powerCe(gamma=2), -Infinity",
        "unifiedFocal, -Infinity",
        // a clip is flat beyond its edge
        "bce(clip=0.01), 0",
    })
    void theGradientIsTheLimit(String text, double expected) {
        double[] binary = gradient(text, Task.binary(), new double[] {0, 1}, (byte) 1, (byte) 0);
        assertThat(binary).containsExactly(expected, expected == 0 ? 0 : -expected);
    }

    /// Each of two voxels counts half.
    @ParameterizedTest
    @CsvSource({"ce, -Infinity", "gce, -Infinity", "gce(q=1), -0.5", "powerCe, -Infinity"})
    void theGradientOfASoftmaxIsTheLimitToo(String text, double expected) {
        double[] gradient =
                gradient(text, Task.multiclass(3), new double[] {0, 0.2, 0.4, 0.3, 0.6, 0.5}, (byte) 0, (byte) 1);
        assertThat(gradient[0]).isEqualTo(expected);
        assertThat(gradient[3]).isFinite().isNegative();
        assertThat(new double[] {gradient[1], gradient[2], gradient[4], gradient[5]})
                .containsOnly(0);
    }

    /// The quotient is infinite. So is its derivative by the other factors (1 - p)^2, but not that at p = 0, which is
    /// that of the numerator alone.
    @Test
    void aNormalizedFocalLossIsInfiniteAndNotNothing() {
        double[] gradient = gradient(
                "focal(reduction=normalized)", Task.binary(), new double[] {0, 0.5, 1}, (byte) 1, (byte) 1, (byte) 1);
        assertThat(gradient[0]).isEqualTo(Double.NEGATIVE_INFINITY);
        // more of p is less of the divisor
        assertThat(gradient[1]).isEqualTo(Double.POSITIVE_INFINITY);
        // (1 - p)^2 is flat at p = 1, and so is all of it
        assertThat(gradient[2]).isZero();
    }

    /// Finite near it: by hand, focal with alpha 1 of p = e^-10, gamma 2, alone: the factor is its own divisor.
    @Test
    void aNormalizedFocalLossNearZeroIsTheLogarithm() {
        double p = Math.exp(-10);
        double value = new LossEvaluator(Loss.parse("focal(alpha=[], reduction=normalized)"), Task.binary(), 1)
                .evaluate(
                        new Prediction(
                                MemorySegment.ofArray(new double[] {p}),
                                Prediction.FloatType.FLOAT64,
                                new Shape(1, 1, 1, 1, 1),
                                Prediction.Scale.PROBABILITIES),
                        Target.labels(MemorySegment.ofArray(new byte[] {1})))
                .value();
        assertThat(value).isEqualTo(10, within(1e-9));
    }
}
