package org.segloss.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.random.CounterRandom;

class TensorTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = new Scope();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void itsMemoryIsTheTensorItself() {
        Tensor tensor = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        tensor.memory().setAtIndex(ValueLayout.JAVA_FLOAT, 3, 40);

        assertThat(tensor.toArray()).containsExactly(1, 2, 3, 40);
        assertThat(tensor.scale(2).memory().getAtIndex(ValueLayout.JAVA_FLOAT, 3))
                .isEqualTo(80);
    }

    @Test
    void asManyValuesAsTheShapeHas() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tensor.of(new float[3], 2, 2))
                .withMessage("shape [2, 2] has 4 elements, but there are 3 values");
    }

    @Test
    void aScopeFreesItsTensorsButNotTheKeptOnes() {
        Tensor kept;
        Tensor freed;
        try (Scope _ = new Scope()) {
            kept = Tensor.of(new float[] {7}, 1).keep();
            freed = Tensor.of(new float[] {8}, 1);
        }
        assertThat(freed.data().isNull()).isTrue();
        assertThat(kept.toArray()).containsExactly(7);

        kept.release();
        assertThat(kept.data().isNull()).isTrue();
    }

    @Test
    void aKernelWithOneInItsMiddleCopiesTheImage() {
        Tensor image = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 1, 2, 4);
        float[] kernel = new float[9];
        kernel[4] = 1;

        assertThat(image.convolve(Tensor.of(kernel, 1, 1, 3, 3)).toArray()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(image.convolve(Tensor.of(kernel, 1, 1, 3, 3), new int[] {2, 2})
                        .toArray())
                .containsExactly(1, 3);
    }

    @Test
    void aKernelOfEdgeTwoAndStrideTwoTakesWholeBlocks() {
        Tensor image = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 1, 2, 4);
        Tensor ones = Tensor.of(new float[] {1, 1, 1, 1}, 1, 1, 2, 2);

        // 1 + 2 + 5 + 6 and 3 + 4 + 7 + 8
        assertThat(image.convolve(ones, new int[] {2, 2}).toArray()).containsExactly(14, 22);
    }

    @Test
    void aBiasIsAddedToItsChannel() {
        Tensor image = Tensor.of(new float[] {1, 2}, 1, 1, 1, 2);
        Tensor kernel = Tensor.of(new float[] {1, 10}, 2, 1, 1, 1);

        assertThat(image.convolve(kernel, Tensor.of(new float[] {3, 4}, 2)).toArray())
                .containsExactly(4, 5, 14, 24);
    }

    /// Of random numbers against float's; halves of a kernel's gradient differ by their rounding, 2^-8 of the largest.
    @ParameterizedTest
    @CsvSource({
        "1,3 3 3,1 1 1",
        "2,3 3 3,1 1 1",
        "3,3 3 3,1 1 1",
        "4,3 3 3,1 1 1",
        "2,3 3 3,2 2 2",
        "4,3 3 3,2 2 2",
        "2,1 1 1,1 1 1",
        "2,1 1 1,2 2 2",
        "2,2 2 2,2 2 2",
        "4,2 2 2,2 2 2",
        "1,3 3 3,1 2 2",
        "2,3 3 3,1 2 2",
        "3,3 3 3,1 2 2",
        "4,3 3 3,1 2 2",
        "2,3 3 3,2 1 1",
        "4,3 3 3,2 1 2",
        "2,1 1 1,1 2 2",
        "1,1 2 2,1 2 2",
        "2,1 2 2,1 2 2",
        "3,1 2 2,1 2 2",
        "4,2 1 2,2 1 2",
    })
    void aConvolutionOfHalvesAndItsGradientsAreThoseOfFloats(int depth, String edges, String strides) {
        int[] edge = numbers(edges);
        int[] stride = numbers(strides);
        CounterRandom random = CounterRandom.of(1, "convolution", depth);
        int out = 16;
        int in = 8;
        int width = 6;
        long[] shape = {2, in, depth, width, width};
        float[] image = numbers(random, shape);
        float[] kernel = numbers(random, out, in, edge[0], edge[1], edge[2]);
        float[] factors = numbers(random, 2, out, Math.ceilDiv(depth, stride[0]), width / stride[1], width / stride[2]);

        BinaryOperator<Tensor> convolution = (x, k) -> x.convolve(k, stride);
        long[] kernelShape = {out, in, edge[0], edge[1], edge[2]};
        List<float[]> halves = convolution(convolution, Precision.BFLOAT16, image, shape, kernel, kernelShape, factors);
        List<float[]> floats = convolution(convolution, Precision.FLOAT32, image, shape, kernel, kernelShape, factors);
        for (int i = 0; i < 3; i++) {
            assertThat(halves.get(i)).containsExactly(floats.get(i), Offset.offset(largest(floats.get(i)) / 256));
        }
    }

    /// Against the same with the repeated voxels in memory. Of bfloat16 the sums of weights are rounded, 2^-9 of each,
    /// and so is the kernel's gradient for each of the up to eight voxels that are made of one.
    @ParameterizedTest
    @CsvSource({
        "3 5,2 2,FLOAT32",
        "1 4,1 2,FLOAT32",
        "4 1,2 1,BFLOAT16",
        "3 5,2 2,BFLOAT16",
        "1 1 1,2 2 2,FLOAT32",
        "3 5 4,2 2 2,FLOAT32",
        "2 3 4,1 2 2,FLOAT32",
        "2 3 4,2 1 2,FLOAT32",
        "3 1 4,2 2 1,FLOAT32",
        "1 2 3,2 2 2,BFLOAT16",
        "2 3 4,1 2 2,BFLOAT16",
        "3 5 4,2 2 2,BFLOAT16",
        "1 5 4,2 1 1,BFLOAT16",
    })
    void aConvolutionOfRepeatedVoxelsNeedNotRepeatThem(String space, String repeated, Precision precision) {
        int[] edges = numbers(space);
        int[] times = numbers(repeated);
        CounterRandom random = CounterRandom.of(3, "upsampled");
        int out = 8;
        int in = 16;
        long[] shape = concatenation(new long[] {2, in}, edges);
        long[] kernelShape = concatenation(
                new long[] {out, in},
                IntStream.generate(() -> 3).limit(edges.length).toArray());
        long[] result = concatenation(
                new long[] {2, out},
                IntStream.range(0, edges.length)
                        .map(axis -> edges[axis] * times[axis])
                        .toArray());
        float[] image = numbers(random, shape);
        float[] kernel = numbers(random, kernelShape);
        float[] factors = numbers(random, result);

        List<float[]> plain = convolution(
                (x, k) -> x.upsample(times).convolve(k), Precision.FLOAT32, image, shape, kernel, kernelShape, factors);
        List<float[]> ours = convolution(
                (x, k) -> x.convolveUpsampled(k, times), precision, image, shape, kernel, kernelShape, factors);
        float share = precision == Precision.BFLOAT16 ? 1f / 128 : 1e-6f;
        for (int i = 0; i < 3; i++) {
            assertThat(ours.get(i)).containsExactly(plain.get(i), Offset.offset(share * largest(plain.get(i))));
        }
    }

    @Test
    void voxelsAreRepeatedOnceOrTwice() {
        Tensor image = Tensor.zeros("cpu", 1, 1, 4, 4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> image.convolveUpsampled(Tensor.zeros("cpu", 1, 1, 3, 3), 1, 3))
                .withMessage("voxels are repeated once or twice, not [1, 3]");
    }

    private static long[] concatenation(long[] first, int[] second) {
        return LongStream.concat(Arrays.stream(first), Arrays.stream(second).asLongStream())
                .toArray();
    }

    /// Against the group norm with a channel a group, another way through libtorch. Of bfloat16 the norm's gradients
    /// are rounded, 2^-8 of the largest, and so are the features that go in.
    @ParameterizedTest
    @CsvSource({
        "1,1,1,1,1,FLOAT32",
        "1,5,1,7,6,FLOAT32",
        "3,1,1,4,3,FLOAT32",
        "3,5,3,4,7,FLOAT32",
        "2,16,4,6,2,FLOAT32",
        "1,5,3,4,7,BFLOAT16",
        "2,16,4,6,2,BFLOAT16",
        "2,3,1,9,8,BFLOAT16",
    })
    void anInstanceNormAndItsGradientsAreThoseOfGroups(
            int batch, int channels, int depth, int height, int width, Precision precision) {
        CounterRandom random = CounterRandom.of(2, "norm");
        long[] shape = depth == 1
                ? new long[] {batch, channels, height, width}
                : new long[] {batch, channels, depth, height, width};
        float[] features = numbers(random, shape);
        float[] scale = numbers(random, channels);
        float[] shift = numbers(random, channels);
        float[] factors = numbers(random, shape);

        List<float[]> ours = norm(Tensor::instanceNorm, precision, features, shape, scale, shift, factors);
        List<float[]> groups = norm(
                (x, a, b) -> new Tensor(torch.group_norm(
                        x.data(), channels, new TensorOptional(a.data()), new TensorOptional(b.data()), 1e-5, false)),
                Precision.FLOAT32,
                features,
                shape,
                scale,
                shift,
                factors);
        for (int i = 0; i < 4; i++) {
            float share = precision == Precision.BFLOAT16 ? 1f / 128 : 1e-5f;
            assertThat(ours.get(i)).containsExactly(groups.get(i), Offset.offset(share * largest(groups.get(i))));
        }
    }

    private interface Norm {
        Tensor of(Tensor features, Tensor scale, Tensor shift);
    }

    /// {@return the norm, and the gradients for features, scale and shift of its sum weighted by `factors`}
    private static List<float[]> norm(
            Norm norm,
            Precision precision,
            float[] features,
            long[] shape,
            float[] scale,
            float[] shift,
            float[] factors) {
        try (Scope _ = new Scope()) {
            Tensor gradient = Tensor.zeros("cpu", features.length);
            Tensor scaleGradient = Tensor.zeros("cpu", scale.length);
            Tensor shiftGradient = Tensor.zeros("cpu", shift.length);
            Tensor normed = norm.of(
                    Tensor.of(features, features.length)
                            .parameter(gradient, 0, shape)
                            .to(precision),
                    Tensor.of(scale, scale.length).parameter(scaleGradient, 0, scale.length),
                    Tensor.of(shift, shift.length).parameter(shiftGradient, 0, shift.length));
            normed.backward(Tensor.of(factors, shape).to(precision));
            return List.of(
                    normed.detach().toArray(), gradient.toArray(), scaleGradient.toArray(), shiftGradient.toArray());
        }
    }

    private static float largest(float[] numbers) {
        float largest = 1e-3f;
        for (float number : numbers) {
            largest = Math.max(largest, Math.abs(number));
        }
        return largest;
    }

    private static float[] numbers(CounterRandom random, long... shape) {
        float[] numbers = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < numbers.length; i++) {
            // a bfloat16 holds them exactly
            numbers[i] = (random.nextInt(17) - 8) / 8f;
        }
        return numbers;
    }

    private static int[] numbers(String text) {
        return Stream.of(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    /// {@return the convolution, and the gradients for image and kernel of its sum weighted by `factors`}
    private static List<float[]> convolution(
            BinaryOperator<Tensor> convolution,
            Precision precision,
            float[] image,
            long[] shape,
            float[] kernel,
            long[] kernelShape,
            float[] factors) {
        try (Scope _ = new Scope()) {
            Tensor imageGradient = Tensor.zeros("cpu", image.length);
            Tensor kernelGradient = Tensor.zeros("cpu", kernel.length);
            Tensor convolved = convolution.apply(
                    Tensor.of(image, image.length)
                            .parameter(imageGradient, 0, shape)
                            .to(precision),
                    Tensor.of(kernel, kernel.length).parameter(kernelGradient, 0, kernelShape));
            convolved.backward(Tensor.of(factors, convolved.shape()).to(precision));
            return List.of(convolved.detach().toArray(), imageGradient.toArray(), kernelGradient.toArray());
        }
    }

    @Test
    void upsamplingRepeatsAlongEveryAxis() {
        assertThat(Tensor.of(new float[] {1, 2}, 1, 1, 1, 2).upsample(2, 2).toArray())
                .containsExactly(1, 1, 2, 2, 1, 1, 2, 2);
        assertThat(Tensor.of(new float[] {5}, 1, 1, 1, 1, 1).upsample(2, 2, 2).toArray())
                .containsExactly(5, 5, 5, 5, 5, 5, 5, 5);
        assertThat(Tensor.of(new float[] {1, 2}, 1, 1, 2, 1).upsample(1, 3).toArray())
                .containsExactly(1, 1, 1, 2, 2, 2);
    }

    @Test
    void theInstanceNormLooksAtEachChannelOfEachSampleAlone() {
        // 1, 3: mean 2, variance 1; 10, 30: mean 20, variance 100; the norm adds 1e-5 to the variance
        Tensor image = Tensor.of(new float[] {1, 3, 10, 30, 5, 9, 0, 2}, 2, 2, 1, 2);
        Tensor scale = Tensor.of(new float[] {1, 2}, 2);
        Tensor shift = Tensor.of(new float[] {0, 7}, 2);

        float[] expected = {-1, 1, 5, 9, -1, 1, 5, 9};
        float[] actual = image.instanceNorm(scale, shift).toArray();
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isEqualTo(expected[i], within(2e-5f));
        }
    }

    @Test
    void rectifiersKeepPositiveNumbersAndScaleNegativeOnes() {
        Tensor image = Tensor.of(new float[] {4, -4, 8, -8}, 1, 2, 1, 2);

        assertThat(image.prelu(Tensor.of(new float[] {0.5f, 0.25f}, 2)).toArray())
                .containsExactly(4, -2, 8, -2);
        assertThat(image.leakyRelu().toArray()).containsExactly(4, -0.04f, 8, -0.08f);
    }

    @Test
    void channelsAreThoseOfEverySample() {
        Tensor image = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3, 1, 1);

        assertThat(image.channels(1, 2).toArray()).containsExactly(2, 3, 5, 6);
    }

    @Test
    void parametersShareTheFlatMemoryAndItsGradient() {
        Tensor values = Tensor.of(new float[] {1, 2, 3, 4}, 4);
        Tensor gradient = Tensor.zeros("cpu", 4);
        Tensor slope = values.parameter(gradient, 3, 1);

        Tensor image = Tensor.of(new float[] {-2, 5}, 1, 1, 1, 2);
        image.prelu(slope).backward(Tensor.of(new float[] {10, 100}, 1, 1, 1, 2));

        // prelu(-2) = 4 * -2: its derivative by the slope is -2; that of prelu(5) is 0
        assertThat(gradient.toArray()).containsExactly(0, 0, 0, -20);
        values.fill(9);
        assertThat(slope.toArray()).containsExactly(9);
    }

    @Test
    void arithmeticInPlaceIsWhatItsNameSays() {
        Tensor x = Tensor.of(new float[] {1, 2}, 2);
        Tensor y = Tensor.of(new float[] {4, 8}, 2);

        assertThat(x.add(0.5, y).toArray()).containsExactly(3, 6);
        assertThat(x.addSquare(2, y).toArray()).containsExactly(35, 134);
        assertThat(x.addQuotient(-1, y, y).toArray()).containsExactly(34, 133);
        assertThat(x.add(2.0).root().toArray()[0]).isEqualTo(6);
        assertThat(Tensor.of(new float[] {3, 4}, 2).norm()).isEqualTo(5);
    }

    @Test
    void probabilitiesOfTheSoftmaxAddUpToOne() {
        float[] p = Tensor.of(new float[] {0, (float) Math.log(3)}, 1, 2, 1, 1)
                .softmax()
                .toArray();

        assertThat(p[0]).isEqualTo(0.25f, within(1e-6f));
        assertThat(p[1]).isEqualTo(0.75f, within(1e-6f));
    }
}
