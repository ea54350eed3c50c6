package org.segloss.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.torch.Derivatives.autograd;
import static org.segloss.torch.Derivatives.check;
import static org.segloss.torch.Derivatives.convolution;
import static org.segloss.torch.Derivatives.ints;
import static org.segloss.torch.Derivatives.numbers;
import static org.segloss.torch.Derivatives.ours;
import static org.segloss.torch.Derivatives.shape;
import static org.segloss.torch.Derivatives.upsampled;
import static org.segloss.torch.Derivatives.upstream;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segloss.plan.Precision;

/// Each operation and its way back against libtorch's operators and its autograd in double.
@ExtendWith(InScope.class)
class FeaturesTest {
    // ---- convolutions

    /// Halves of a kernel's gradient differ by their rounding, 2^-8 of the largest; floats by some hundred of 6e-8.
    @ParameterizedTest
    @CsvSource({
        "1 6 6,3 3 3,1 1 1",
        "2 6 6,3 3 3,1 1 1",
        "3 6 6,3 3 3,1 1 1",
        "4 6 6,3 3 3,1 1 1",
        "2 6 6,3 3 3,2 2 2",
        "4 6 6,3 3 3,2 2 2",
        "2 6 6,1 1 1,1 1 1",
        "2 6 6,1 1 1,2 2 2",
        "2 6 6,2 2 2,2 2 2",
        "4 6 6,2 2 2,2 2 2",
        "1 6 6,3 3 3,1 2 2",
        "2 6 6,3 3 3,1 2 2",
        "3 6 6,3 3 3,1 2 2",
        "4 6 6,3 3 3,1 2 2",
        "2 6 6,3 3 3,2 1 1",
        "4 6 6,3 3 3,2 1 2",
        "2 6 6,1 1 1,1 2 2",
        "1 6 6,1 2 2,1 2 2",
        "2 6 6,1 2 2,1 2 2",
        "3 6 6,1 2 2,1 2 2",
        "4 6 6,2 1 2,2 1 2",
        "1 6 6,1 3 3,1 1 1",
        "2 6 6,1 3 3,1 1 1",
        "3 6 6,1 3 3,1 2 2",
        "4 6 6,1 3 3,1 2 2",
        "4 6 6,3 1 3,2 1 1",
        "5 6,3 3,1 1",
        "4 6,3 3,2 2",
        "4 6,2 2,2 2",
    })
    void aConvolutionAndItsGradientsAreThoseOfAutograd(String space, String edges, String strides) {
        long[] stride = numbers(strides);
        for (int in : new int[] {1, 8}) {
            List<Values> image = List.of(Values.of("image", shape(2, in, numbers(space))));
            List<Values> kernel = List.of(Values.of("kernel", shape(16, in, numbers(edges))));
            checkConvolution(image, kernel, stride);
        }
    }

    private static void checkConvolution(List<Values> image, List<Values> kernel, long[] stride) {
        List<float[]> expected = autograd((x, w) -> convolution(x.getFirst(), w.getFirst(), stride), image, kernel);
        for (Precision precision : Precision.values()) {
            List<float[]> actual = ours(
                    (x, w) -> x.getFirst()
                            .convolve(
                                    w.getFirst(),
                                    Arrays.stream(stride)
                                            .mapToInt(Math::toIntExact)
                                            .toArray()),
                    precision,
                    image,
                    kernel);
            check(actual, expected, precision == Precision.BFLOAT16 ? 1f / 256 : 1e-5f);
        }
    }

    @Test
    void aKernelOfEdgeTwoAndStrideTwoTakesWholeBlocks() {
        Features image =
                Features.toPredict(Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 1, 2, 4), Operators.LIBTORCH);
        Weights ones = new Values(new float[] {1, 1, 1, 1}, 1, 1, 2, 2).weights();

        // 1 + 2 + 5 + 6 and 3 + 4 + 7 + 8
        assertThat(image.convolve(ones, new int[] {2, 2}).value().toArray()).containsExactly(14, 22);
    }

    @ParameterizedTest
    @EnumSource
    void aBiasIsAddedToItsChannelAndItsGradientIsTheSum(Precision precision) {
        List<Values> image = List.of(Values.of("image", 2, 3, 2, 3, 4));
        List<Values> weights = List.of(Values.of("kernel", 5, 3, 1, 1, 1), Values.of("bias", 5));
        check(
                ours((x, w) -> x.getFirst().convolve(w.get(0), w.get(1)), precision, image, weights),
                autograd(
                        (x, w) -> convolution(x.getFirst(), w.get(0), new long[] {1, 1, 1})
                                .add(w.get(1).view(1, 5, 1, 1, 1)),
                        image,
                        weights),
                precision == Precision.BFLOAT16 ? 1f / 128 : 1e-5f);
    }

    @Test
    void imagesToTrainWithNeedNoGradient() {
        Features images = Features.toTrain(Values.of("image", 1, 2, 4, 4).tensor(), Operators.LIBTORCH);
        Weights kernel = Values.of("kernel", 3, 2, 3, 3).weights();
        Features made = images.convolve(kernel);
        Features.back(List.of(made), List.of(upstream(1, 3, 4, 4).tensor()));

        assertThat(images.gradient()).isEmpty();
        assertThat(kernel.gradient().norm()).isPositive();
    }

    @Test
    void whatIsMadeOfImagesAloneNeedsNoGradientEither() {
        Features images = Features.toTrain(Values.of("image", 1, 2, 4, 4).tensor(), Operators.LIBTORCH);
        Features made = Features.autograd(
                List.of(images), List.of(), (x, _) -> x.getFirst().sigmoid());
        Weights kernel = Values.of("kernel", 3, 2, 3, 3).weights();
        Features.back(
                List.of(made.convolve(kernel)), List.of(upstream(1, 3, 4, 4).tensor()));

        assertThat(made.gradient()).isEmpty();
        assertThat(kernel.gradient().norm()).isPositive();
    }

    // ---- the rest

    @ParameterizedTest
    @CsvSource({"3 5,2 2", "1 4,1 3", "2 3 4,2 2 2", "2 3 4,1 2 2"})
    void upsamplingRepeatsAlongEveryAxis(String space, String repeated) {
        int[] factors = ints(repeated);
        List<Values> features = List.of(Values.of("features", shape(2, 3, numbers(space))));
        check(
                ours((x, _) -> x.getFirst().upsample(factors), Precision.FLOAT32, features, List.of()),
                autograd((x, _) -> upsampled(x.getFirst(), factors), features, List.of()),
                1e-6f);
    }

    @ParameterizedTest
    @EnumSource
    void rectifiersKeepPositiveNumbersAndScaleNegativeOnes(Precision precision) {
        List<Values> features = List.of(Values.of("features", 2, 3, 4, 5, 6));
        List<Values> slope = List.of(Values.of("slope", 3));
        float share = precision == Precision.BFLOAT16 ? 1f / 256 : 1e-6f;
        check(
                ours((x, w) -> x.getFirst().prelu(w.getFirst()), precision, features, slope),
                autograd((x, w) -> torch.prelu(x.getFirst(), w.getFirst()), features, slope),
                share);
        check(
                ours((x, _) -> x.getFirst().leakyRelu(), precision, features, List.of()),
                autograd((x, _) -> torch.leaky_relu(x.getFirst(), new Scalar(0.01)), features, List.of()),
                share);
    }

    @Test
    void featuresUsedTwiceGetTheSumOfBothGradients() {
        List<Values> features = List.of(Values.of("features", 2, 3, 4, 4));
        List<Values> weights = List.of(Values.of("one", 3, 3, 3, 3), Values.of("other", 3, 3, 3, 3));
        long[] ones = {1, 1};
        check(
                ours(
                        (x, w) -> {
                            Features one = x.getFirst().convolve(w.get(0));
                            return one.convolve(w.get(1)).plus(one).plus(x.getFirst());
                        },
                        Precision.FLOAT32,
                        features,
                        weights),
                autograd(
                        (x, w) -> {
                            var one = convolution(x.getFirst(), w.get(0), ones);
                            return convolution(one, w.get(1), ones).add(one).add(x.getFirst());
                        },
                        features,
                        weights),
                1e-5f);
    }

    @Test
    void weightsShareTheFlatMemoryAndItsGradient() {
        Tensor values = Tensor.of(new float[] {1, 2, 3, 4}, 4);
        Tensor gradient = Tensor.zeros("cpu", 4);
        Weights slope = Weights.of(values, gradient, 3, 1);

        Features image = Features.leaf(Tensor.of(new float[] {-2, 5}, 1, 1, 1, 2), Operators.LIBTORCH);
        Features.back(List.of(image.prelu(slope)), List.of(Tensor.of(new float[] {10, 100}, 1, 1, 1, 2)));

        // prelu(-2) = 4 * -2: its derivative by the slope is -2; that of prelu(5) is 0
        assertThat(gradient.toArray()).containsExactly(0, 0, 0, -20);
        values.fill(9);
        assertThat(slope.value().toArray()).containsExactly(9);
    }
}
