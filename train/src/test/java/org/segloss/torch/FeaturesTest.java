package org.segloss.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segloss.kernel.Lanes;
import org.segloss.kernel.VectorModule;
import org.segloss.random.CounterRandom;

/// Each operation and its way back against libtorch's operators and its autograd in double.
class FeaturesTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = new Scope();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    // ---- an operation in both forms

    /// Random numbers of a shape, which a bfloat16 holds exactly.
    private record Values(float[] numbers, long... shape) {
        static Values of(String name, long... shape) {
            CounterRandom random = CounterRandom.of(1, name);
            float[] numbers = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (random.nextInt(17) - 8) / 8f;
            }
            return new Values(numbers, shape);
        }

        Tensor tensor() {
            return Tensor.of(numbers, shape);
        }

        Weights weights() {
            return new Weights(tensor(), Tensor.zeros("cpu", shape));
        }

        org.bytedeco.pytorch.Tensor variable() {
            return tensor().data().to(torch.ScalarType.Double).requires_grad_(true);
        }
    }

    /// {@return the result, then the gradients of all features and all weights of its sum weighted by
    /// what [#upstream] gives}
    private static List<float[]> ours(
            BiFunction<List<Features>, List<Weights>, Features> operation,
            Precision precision,
            List<Values> features,
            List<Values> weights) {
        List<Features> leaves = features.stream()
                .map(values -> Features.leaf(values.tensor().to(precision).channelsLast()))
                .toList();
        List<Weights> learnt = weights.stream().map(Values::weights).toList();
        Features made = operation.apply(leaves, learnt);
        List<float[]> all = new ArrayList<>(List.of(made.value().toArray()));
        Features.back(
                List.of(made), List.of(upstream(made.value().shape()).tensor().to(precision)));
        leaves.forEach(leaf -> all.add(leaf.gradient().orElseThrow().toArray()));
        learnt.forEach(weight -> all.add(weight.gradient().toArray()));
        return all;
    }

    /// {@return the same by autograd}
    private static List<float[]> autograd(
            BiFunction<
                            List<org.bytedeco.pytorch.Tensor>,
                            List<org.bytedeco.pytorch.Tensor>,
                            org.bytedeco.pytorch.Tensor>
                    operation,
            List<Values> features,
            List<Values> weights) {
        var leaves = features.stream().map(Values::variable).toList();
        var learnt = weights.stream().map(Values::variable).toList();
        var made = operation.apply(leaves, learnt);
        List<float[]> all = new ArrayList<>(List.of(floats(made)));
        made.mul(upstream(made.shape()).tensor().data().to(torch.ScalarType.Double))
                .sum()
                .backward();
        leaves.forEach(leaf -> all.add(floats(leaf.grad())));
        learnt.forEach(weight -> all.add(floats(weight.grad())));
        return all;
    }

    private static Values upstream(long... shape) {
        return Values.of("upstream", shape);
    }

    private static float[] floats(org.bytedeco.pytorch.Tensor tensor) {
        return new Tensor(tensor.detach().to(torch.ScalarType.Float)).toArray();
    }

    /// @param share of the largest number, of each result
    private static void check(List<float[]> actual, List<float[]> expected, float share) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            float largest = 1e-3f;
            float error = 0;
            assertThat(actual.get(i)).hasSameSizeAs(expected.get(i));
            for (int j = 0; j < expected.get(i).length; j++) {
                largest = Math.max(largest, Math.abs(expected.get(i)[j]));
                error = Math.max(error, Math.abs(actual.get(i)[j] - expected.get(i)[j]));
            }
            assertThat(error / largest).as("result %d", i).isLessThanOrEqualTo(share);
        }
    }

    private static long[] numbers(String text) {
        return Stream.of(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    private static int[] ints(String text) {
        return Arrays.stream(numbers(text)).mapToInt(Math::toIntExact).toArray();
    }

    private static long[] shape(long first, long second, long... space) {
        return LongStream.concat(LongStream.of(first, second), Arrays.stream(space))
                .toArray();
    }

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

    private static org.bytedeco.pytorch.Tensor groupNorm(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor scale, org.bytedeco.pytorch.Tensor shift) {
        return torch.group_norm(x, x.size(1), new TensorOptional(scale), new TensorOptional(shift), 1e-5, false);
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
        "3 5,2 2",
        "1 4,1 2",
        "4 1,2 1",
        "1 1 1,2 2 2",
        "1 2 3,2 2 2",
        "3 5 4,2 2 2",
        "2 3 4,1 2 2",
        "2 3 4,2 1 2",
        "3 1 4,2 2 1",
        "1 5 4,2 1 1",
    })
    void aConvolutionOfRepeatedVoxelsAndFinerOnesNeedNotRepeatThem(String space, String repeated) {
        int[] factors = ints(repeated);
        long[] coarse = numbers(space);
        long[] fine = IntStream.range(0, coarse.length)
                .mapToLong(axis -> coarse[axis] * factors[axis])
                .toArray();
        long[] edges = coarse.clone();
        Arrays.fill(edges, 3);
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

    // ---- norms

    /// Blocks have 1024 numbers, and pieces of work 128 of them: with 5 channels and 27,720 voxels there are
    /// two pieces whose last block is not full. In bfloat16 the norm's gradients are rounded, 2^-8 of the
    /// largest, and so are the features that go in.
    @ParameterizedTest
    @CsvSource({
        "1,1,7 6",
        "1,5,7 6",
        "3,1,1 4 3",
        "3,5,3 4 7",
        "2,16,4 6 2",
        "2,3,1 9 8",
        "1,5,22 35 36",
        "2,16,10 30 30",
        "1,1100,2 3 2",
        "2,1025,1 1 2",
    })
    void anInstanceNormAndItsGradientsAreThoseOfGroups(int batch, int channels, String space) {
        List<Values> features = List.of(Values.of("features", shape(batch, channels, numbers(space))));
        List<Values> weights = List.of(Values.of("scale", channels), Values.of("shift", channels));
        float[] shift = weights.getLast().numbers();
        for (int i = 0; i < shift.length; i++) {
            // else the norm of a mean, or of one of two voxels, is 0 now and then, and has two derivatives
            shift[i] += 0.03f;
        }
        for (Precision precision : Precision.values()) {
            float share = precision == Precision.BFLOAT16 ? 1f / 128 : 1e-5f;
            check(
                    ours((x, w) -> x.getFirst().instanceNorm(w.get(0), w.get(1)), precision, features, weights),
                    autograd((x, w) -> groupNorm(x.getFirst(), w.get(0), w.get(1)), features, weights),
                    share);
            check(
                    ours(
                            (x, w) -> x.getFirst().instanceNormLeakyRelu(w.get(0), w.get(1)),
                            precision,
                            features,
                            weights),
                    autograd(
                            (x, w) -> torch.leaky_relu(groupNorm(x.getFirst(), w.get(0), w.get(1)), new Scalar(0.01)),
                            features,
                            weights),
                    share);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onADeviceTheNormIsTheSame(Precision precision) {
        Values features = Values.of("features", 2, 5, 3, 4, 7);
        Values[] weights = {Values.of("scale", 5), Values.of("shift", 5)};
        List<List<float[]>> both = new ArrayList<>();
        List<Function<Weights[], Norm>> norms = List.of(
                w -> new HostNorm(features.tensor().to(precision).channelsLast(), w[0], w[1], 0.01),
                w -> new DeviceNorm(features.tensor().to(precision).channelsLast(), w[0], w[1], 0.01));
        for (Function<Weights[], Norm> made : norms) {
            Weights[] learnt = Stream.of(weights).map(Values::weights).toArray(Weights[]::new);
            Norm norm = made.apply(learnt);
            both.add(List.of(
                    norm.apply(false).toArray(),
                    norm.back(upstream(2, 5, 3, 4, 7).tensor().to(precision)).toArray(),
                    learnt[0].gradient().toArray(),
                    learnt[1].gradient().toArray()));
        }
        check(both.get(1), both.get(0), precision == Precision.BFLOAT16 ? 1f / 128 : 1e-5f);
    }

    /// The mean of what lies far from 0 would swallow the spread, if squares were summed up as they are.
    @Test
    void aNormOfNumbersFarFromZeroIsThatOfTheirDifferences() {
        Values near = Values.of("features", 1, 4, 9, 9);
        Values far = new Values(near.numbers().clone(), near.shape());
        for (int i = 0; i < far.numbers().length; i++) {
            far.numbers()[i] += 4096;
        }
        List<Values> weights = List.of(Values.of("scale", 4), Values.of("shift", 4));
        BiFunction<List<Features>, List<Weights>, Features> norm =
                (x, w) -> x.getFirst().instanceNorm(w.get(0), w.get(1));
        check(
                ours(norm, Precision.FLOAT32, List.of(far), weights),
                ours(norm, Precision.FLOAT32, List.of(near), weights),
                1e-5f);
    }

    /// Air in the corner, and the rest far brighter: differences to the first voxel alone would swallow the spread.
    @Test
    void aFirstVoxelFarFromTheRestSpoilsNoSpread() {
        Values features = Values.of("features", 1, 1, 300, 300);
        for (int i = 0; i < features.numbers().length; i++) {
            // sums of eighths would be exact, whatever they are differences to
            features.numbers()[i] /= 3;
        }
        features.numbers()[0] = -250.1f;
        List<Values> weights = List.of(Values.of("scale", 1), Values.of("shift", 1));
        check(
                ours(
                        (x, w) -> x.getFirst().instanceNorm(w.get(0), w.get(1)),
                        Precision.FLOAT32,
                        List.of(features),
                        weights),
                autograd((x, w) -> groupNorm(x.getFirst(), w.get(0), w.get(1)), List.of(features), weights),
                1e-5f);
    }

    @Test
    void aSpreadBeyondFloatsIsNoNumber() {
        Features image = Features.toPredict(Tensor.of(new float[] {1e30f, -1e30f, 2e30f, 0}, 1, 1, 2, 2));
        assertThat(image.instanceNorm(
                                Values.of("scale", 1).weights(),
                                Values.of("shift", 1).weights())
                        .value()
                        .toArray())
                .containsOnly(Float.NaN);
    }

    @Test
    void theNormOfAConstantIsItsShift() {
        Features constant = Features.toPredict(Tensor.of(new float[] {3, 3, 3, 3}, 1, 1, 2, 2));
        assertThat(constant.instanceNorm(
                                new Values(new float[] {2}, 1).weights(), new Values(new float[] {5}, 1).weights())
                        .value()
                        .toArray())
                .containsExactly(5, 5, 5, 5);
    }

    @Test
    void aNumberThatIsNoneMakesItsChannelNone() {
        float[] numbers = {Float.NaN, 1, 2, 3, 4, 5};
        for (Precision precision : Precision.values()) {
            Features image = Features.toPredict(
                    Tensor.of(numbers, 1, 2, 1, 3).to(precision).channelsLast());
            float[] normed = image.instanceNormLeakyRelu(
                            Values.of("scale", 2).weights(),
                            Values.of("shift", 2).weights())
                    .value()
                    .toArray();
            assertThat(IntStream.range(0, 6).mapToObj(i -> Float.isNaN(normed[i])))
                    .containsExactly(true, true, true, false, false, false);
        }
    }

    @Test
    void theNormsBitsDependNeitherOnLanesNorOnThreads() {
        int channels = 7;
        float[] numbers = new float[2 * channels * 41 * 1009];
        CounterRandom random = CounterRandom.of(5, "norm");
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        Tensor x =
                Tensor.of(numbers, 2, channels, 41, 1009).to(Precision.BFLOAT16).channelsLast();
        int before = Libtorch.threads();
        List<float[]> first = List.of();
        try {
            for (int threads : new int[] {1, 2, 5}) {
                Libtorch.threads(threads);
                for (boolean lanes : new boolean[] {true, false}) {
                    Weights scale = Values.of("scale", channels).weights();
                    Weights shift = Values.of("shift", channels).weights();
                    HostNorm norm = lanes
                            ? new HostNorm(x, scale, shift, 0.01)
                            : new HostNorm(x, scale, shift, 0.01, block -> new PlainLoops(Precision.BFLOAT16, block));
                    List<float[]> all = List.of(
                            norm.apply(false).toArray(),
                            norm.back(x.copy()).toArray(),
                            scale.gradient().toArray(),
                            shift.gradient().toArray());
                    if (first.isEmpty()) {
                        first = all;
                    }
                    for (int i = 0; i < all.size(); i++) {
                        assertThat(all.get(i))
                                .as("%d threads, lanes %s", threads, lanes)
                                .isEqualTo(first.get(i));
                    }
                }
            }
        } finally {
            Libtorch.threads(before);
        }
    }

    /// A network predicts in the kind of numbers that it was trained with, also in a JVM that has no vectors, or
    /// others.
    @ParameterizedTest
    @CsvSource({
        "'',false 0",
        "--add-modules jdk.incubator.vector -Dsegloss.vectorBits=128,true 4",
        "--add-modules jdk.incubator.vector -Dsegloss.vectorBits=256,true 8",
    })
    void withOtherVectorsOrNoneTheBitsAreTheSame(String options, String lanes)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Stream.of(options.split(" "))
                .filter(option -> !option.isEmpty())
                .toList());
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OtherVectors.class.getName()));
        Process java = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String answer = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(java.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(answer.strip()).isEqualTo(lanes + " " + OtherVectors.hash());
        } finally {
            java.destroyForcibly();
        }
    }

    /// A program of its own.
    static final class OtherVectors {
        public static void main(String[] arguments) {
            int lanes = VectorModule.isPresent() ? Lanes.width() : 0;
            System.out.println(VectorModule.isPresent() + " " + lanes + " " + hash());
            System.exit(0);
        }

        static int hash() {
            int before = Libtorch.threads();
            // a convolution's sums may depend on them
            Libtorch.threads(1);
            try (Scope _ = new Scope()) {
                List<Values> weights =
                        List.of(Values.of("kernel", 8, 5, 3, 3, 3), Values.of("scale", 8), Values.of("shift", 8));
                List<float[]> all = ours(
                        (x, w) -> x.getFirst().convolve(w.get(0)).instanceNormLeakyRelu(w.get(1), w.get(2)),
                        Precision.BFLOAT16,
                        List.of(Values.of("image", 2, 5, 7, 9, 11)),
                        weights);
                return all.stream().mapToInt(Arrays::hashCode).reduce(0, (a, b) -> 31 * a + b);
            } finally {
                Libtorch.threads(before);
            }
        }
    }

    @Test
    void theInstanceNormLooksAtEachChannelOfEachSampleAlone() {
        // 1, 3: mean 2, variance 1; 10, 30: mean 20, variance 100; the norm adds 1e-5 to the variance
        Features image = Features.toPredict(Tensor.of(new float[] {1, 3, 10, 30, 5, 9, 0, 2}, 2, 2, 1, 2));
        Weights scale = new Values(new float[] {1, 2}, 2).weights();
        Weights shift = new Values(new float[] {0, 7}, 2).weights();

        float[] expected = {-1, 1, 5, 9, -1, 1, 5, 9};
        float[] actual = image.instanceNorm(scale, shift).value().toArray();
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isEqualTo(expected[i], within(2e-5f));
        }
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
