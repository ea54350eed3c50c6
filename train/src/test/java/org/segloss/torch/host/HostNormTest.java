package org.segloss.torch.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.segloss.torch.Derivatives.autograd;
import static org.segloss.torch.Derivatives.check;
import static org.segloss.torch.Derivatives.numbers;
import static org.segloss.torch.Derivatives.ours;
import static org.segloss.torch.Derivatives.shape;
import static org.segloss.torch.Derivatives.upstream;

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
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segloss.kernel.Lanes;
import org.segloss.kernel.VectorModule;
import org.segloss.plan.Precision;
import org.segloss.random.CounterRandom;
import org.segloss.torch.Features;
import org.segloss.torch.InScope;
import org.segloss.torch.Libtorch;
import org.segloss.torch.Norm;
import org.segloss.torch.Operators;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;
import org.segloss.torch.Values;
import org.segloss.torch.Weights;

/// The instance norm and its way back against libtorch's group norm and its autograd in double.
@ExtendWith(InScope.class)
class HostNormTest {
    private static final Operators HOST = new HostOperators();

    private static org.bytedeco.pytorch.Tensor groupNorm(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor scale, org.bytedeco.pytorch.Tensor shift) {
        return torch.group_norm(x, x.size(1), new TensorOptional(scale), new TensorOptional(shift), 1e-5, false);
    }

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
                    ours(HOST, (x, w) -> x.getFirst().instanceNorm(w.get(0), w.get(1)), precision, features, weights),
                    autograd((x, w) -> groupNorm(x.getFirst(), w.get(0), w.get(1)), features, weights),
                    share);
            check(
                    ours(
                            HOST,
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
    void theNormOfLibtorchIsTheSame(Precision precision) {
        Values features = Values.of("features", 2, 5, 3, 4, 7);
        Values[] weights = {Values.of("scale", 5), Values.of("shift", 5)};
        List<List<float[]>> both = new ArrayList<>();
        List<Function<Weights[], Norm>> norms = List.of(
                w -> new HostNorm(features.tensor().to(precision).channelsLast(), w[0], w[1], 0.01),
                w -> Operators.LIBTORCH.norm(features.tensor().to(precision).channelsLast(), w[0], w[1], 0.01));
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
                ours(HOST, norm, Precision.FLOAT32, List.of(far), weights),
                ours(HOST, norm, Precision.FLOAT32, List.of(near), weights),
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
                        HOST,
                        (x, w) -> x.getFirst().instanceNorm(w.get(0), w.get(1)),
                        Precision.FLOAT32,
                        List.of(features),
                        weights),
                autograd((x, w) -> groupNorm(x.getFirst(), w.get(0), w.get(1)), List.of(features), weights),
                1e-5f);
    }

    @Test
    void aSpreadBeyondFloatsIsNoNumber() {
        Features image = Features.toPredict(Tensor.of(new float[] {1e30f, -1e30f, 2e30f, 0}, 1, 1, 2, 2), HOST);
        assertThat(image.instanceNorm(
                                Values.of("scale", 1).weights(),
                                Values.of("shift", 1).weights())
                        .value()
                        .toArray())
                .containsOnly(Float.NaN);
    }

    @Test
    void theNormOfAConstantIsItsShift() {
        Features constant = Features.toPredict(Tensor.of(new float[] {3, 3, 3, 3}, 1, 1, 2, 2), HOST);
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
                    Tensor.of(numbers, 1, 2, 1, 3).to(precision).channelsLast(), HOST);
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
                        HOST,
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
        Features image = Features.toPredict(Tensor.of(new float[] {1, 3, 10, 30, 5, 9, 0, 2}, 2, 2, 1, 2), HOST);
        Weights scale = new Values(new float[] {1, 2}, 2).weights();
        Weights shift = new Values(new float[] {0, 7}, 2).weights();

        float[] expected = {-1, 1, 5, 9, -1, 1, 5, 9};
        float[] actual = image.instanceNorm(scale, shift).value().toArray();
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isEqualTo(expected[i], within(2e-5f));
        }
    }
}
