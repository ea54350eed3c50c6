package org.segloss.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.segloss.torch.Derivatives.autograd;
import static org.segloss.torch.Derivatives.check;
import static org.segloss.torch.Derivatives.ints;
import static org.segloss.torch.Derivatives.numbers;
import static org.segloss.torch.Derivatives.ours;
import static org.segloss.torch.Derivatives.shape;
import static org.segloss.torch.Derivatives.upstream;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
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
    private static org.bytedeco.pytorch.Tensor convolution(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor kernel, long[] stride) {
        long[] padding = Arrays.stream(kernel.shape())
                .skip(2)
                .map(edge -> (edge - 1) / 2)
                .toArray();
        long[] ones = new long[stride.length];
        Arrays.fill(ones, 1);
        return stride.length == 2
                ? torch.conv2d(x, kernel, new TensorOptional(), stride, padding, ones, 1)
                : torch.conv3d(x, kernel, new TensorOptional(), stride, padding, ones, 1);
    }

    private static org.bytedeco.pytorch.Tensor upsampled(org.bytedeco.pytorch.Tensor x, int[] factors) {
        long[] size = IntStream.range(0, factors.length)
                .mapToLong(axis -> factors[axis] * x.size(2 + axis))
                .toArray();
        return factors.length == 2 ? torch.upsample_nearest2d(x, size) : torch.upsample_nearest3d(x, size);
    }

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

    /// Against the same with the repeated voxels in memory. Of bfloat16 the sums of weights are rounded, 2^-9 of each,
    /// and so is the kernel's gradient for each of the up to eight voxels that are made of one.
    @ParameterizedTest
    @CsvSource({
        "3 5,2 2,3 3",
        "1 4,1 2,3 3",
        "4 1,2 1,3 3",
        "1 1 1,2 2 2,3 3 3",
        "1 2 3,2 2 2,3 3 3",
        "3 5 4,2 2 2,3 3 3",
        "2 3 4,1 2 2,3 3 3",
        "2 3 4,2 1 2,3 3 3",
        "3 1 4,2 2 1,3 3 3",
        "1 5 4,2 1 1,3 3 3",
        "2 3 4,1 2 2,1 3 3",
        "1 3 4,1 2 2,1 3 3",
        "3 4 5,2 1 1,3 1 3",
        "3 4,1 2,1 3",
    })
    void aConvolutionOfRepeatedVoxelsAndFinerOnesNeedNotRepeatThem(String space, String repeated, String kernelEdges) {
        int[] factors = ints(repeated);
        long[] coarse = numbers(space);
        long[] fine = IntStream.range(0, coarse.length)
                .mapToLong(axis -> coarse[axis] * factors[axis])
                .toArray();
        long[] edges = numbers(kernelEdges);
        long[] ones = coarse.clone();
        Arrays.fill(ones, 1);
        List<Values> image = List.of(Values.of("fine", shape(2, 5, fine)));
        List<Values> kernels =
                List.of(Values.of("to coarse", shape(16, 5, ones)), Values.of("kernel", shape(8, 21, edges)));
        long[] stride = Arrays.stream(factors).asLongStream().toArray();
        List<float[]> expected = autograd(
                (x, w) -> convolution(
                        torch.cat(
                                new TensorVector(
                                        upsampled(convolution(x.getFirst(), w.get(0), stride), factors), x.getFirst()),
                                1),
                        w.get(1),
                        ones),
                image,
                kernels);
        for (Precision precision : Precision.values()) {
            float share = precision == Precision.BFLOAT16 ? 1f / 64 : 1e-5f;
            check(
                    ours(
                            (x, w) -> x.getFirst()
                                    .convolveBeside(x.getFirst().convolve(w.get(0), factors), factors, w.get(1)),
                            precision,
                            image,
                            kernels),
                    expected,
                    share);
            check(
                    ours(
                            (x, w) -> x.getFirst()
                                    .convolveBesideUpsampled(
                                            x.getFirst().convolve(w.get(0), factors), factors, w.get(1)),
                            precision,
                            image,
                            kernels),
                    expected,
                    share);
        }
    }

    @Test
    void voxelsAreRepeatedOnceOrTwice() {
        Features coarse = Features.leaf(Tensor.zeros("cpu", 1, 1, 4, 4));
        Features fine = Features.leaf(Tensor.zeros("cpu", 1, 1, 4, 12));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fine.convolveBeside(
                        coarse,
                        new int[] {1, 3},
                        Values.of("kernel", 1, 2, 3, 3).weights()))
                .withMessage("voxels are repeated once or twice, not [1, 3]");
    }

    @Test
    void aKernelOfEdgeTwoAndStrideTwoTakesWholeBlocks() {
        Features image = Features.toPredict(Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 1, 2, 4));
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
        Features images = Features.toTrain(Values.of("image", 1, 2, 4, 4).tensor());
        Weights kernel = Values.of("kernel", 3, 2, 3, 3).weights();
        Features made = images.convolve(kernel);
        Features.back(List.of(made), List.of(upstream(1, 3, 4, 4).tensor()));

        assertThat(images.gradient()).isEmpty();
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

        Features image = Features.leaf(Tensor.of(new float[] {-2, 5}, 1, 1, 1, 2));
        Features.back(List.of(image.prelu(slope)), List.of(Tensor.of(new float[] {10, 100}, 1, 1, 1, 2)));

        // prelu(-2) = 4 * -2: its derivative by the slope is -2; that of prelu(5) is 0
        assertThat(gradient.toArray()).containsExactly(0, 0, 0, -20);
        values.fill(9);
        assertThat(slope.value().toArray()).containsExactly(9);
    }
}
