package org.segloss.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segloss.plan.Architecture;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.Precision;
import org.segloss.torch.Features;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;

class NetworkTest {

    private static NetworkPlan plan(Architecture architecture, int dimensions, int levels) {
        return new NetworkPlan(architecture, dimensions, 2, 3, 4, levels, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "UNET,2,1",
        "UNET,2,4",
        "UNET,3,3",
        "ATTUNET,2,1",
        "ATTUNET,2,4",
        "ATTUNET,3,3",
        "VNET,2,1",
        "VNET,2,4",
        "VNET,3,3"
    })
    void logitsHaveTheImagesShapeAndDependOnIt(Architecture architecture, int dimensions, int levels) {
        try (Network network = new Network(plan(architecture, dimensions, levels), 1, "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            long[] shape = dimensions == 2 ? new long[] {2, 2, 16, 24} : new long[] {2, 2, 8, 12, 4};
            float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sin(i * i);
            }
            Tensor logits = network.apply(Tensor.of(values, shape));
            shape[1] = 3;

            assertThat(logits.shape()).isEqualTo(shape);
            float[] first = logits.toArray();
            values[5] += 1;
            shape[1] = 2;
            assertThat(network.apply(Tensor.of(values, shape)).toArray()).isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachHeadHasHalfTheResolutionOfTheOneBefore(Architecture architecture) {
        NetworkPlan plan = new NetworkPlan(architecture, 3, 2, 3, 4, 4, 3);
        try (Network network = new Network(plan, 1, "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            Tensor images = Tensor.of(waves(2 * 2 * 16 * 8 * 24), 2, 2, 16, 8, 24);
            List<Features> outputs = network.outputs(images);
            assertThat(outputs.stream().map(output -> output.value().shape()))
                    .containsExactly(
                            new long[] {2, 3, 16, 8, 24}, new long[] {2, 3, 8, 4, 12}, new long[] {2, 3, 4, 2, 6});
            assertThat(network.apply(images).toArray())
                    .isEqualTo(outputs.getFirst().value().toArray());
        }
    }

    @ParameterizedTest
    @EnumSource
    void levelsAreHalvedAlongTheAxesThatTheStridesName(Architecture architecture) {
        NetworkPlan plan = new NetworkPlan(
                architecture,
                3,
                2,
                3,
                4,
                List.of(List.of(1, 2, 2), List.of(2, 1, 2)),
                List.of(List.of(1, 3, 3), List.of(3, 3, 3), List.of(3, 1, 3)),
                2);
        assertThat(plan.multiples()).containsExactly(2, 2, 4);
        try (Network network = new Network(plan, 1, "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            assertThat(edges(network, "down0.0")).containsExactly(1, 3, 3);
            assertThat(edges(network, "down1.0")).containsExactly(3, 3, 3);
            assertThat(edges(network, "down2.0")).containsExactly(3, 1, 3);
            assertThat(edges(network, "up0.0")).containsExactly(1, 3, 3);
            List<Features> outputs = network.outputs(Tensor.of(waves(2 * 2 * 6 * 10 * 12), 2, 2, 6, 10, 12));
            assertThat(outputs.stream().map(output -> output.value().shape()))
                    .containsExactly(new long[] {2, 3, 6, 10, 12}, new long[] {2, 3, 6, 5, 6});
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.apply(Tensor.zeros("cpu", 1, 2, 3, 4, 4)))
                    .withMessage(
                            "the network takes edges (z, y, x) that are multiples of [2, 2, 4], but the images are [1, 2, 3, 4, 4]");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deeper(architecture, 3, List.of(1, 1, 1), List.of(3, 3, 3)))
                .withMessageContaining("strides are 1 or 2 along (z, y, x)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deeper(architecture, 2, List.of(2, 2, 2), List.of(1, 3, 3)))
                .withMessageContaining("in 2 dimensions 1 along z, but not [2, 2, 2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deeper(architecture, 3, List.of(2, 2, 2), List.of(1, 3, 3)))
                .withMessage(
                        "kernels have edges of 1 or 3 along (z, y, x), of 3 where the level is halved, but not [1, 3, 3] beside strides of [2, 2, 2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deeper(architecture, 2, List.of(1, 2, 2), List.of(3, 3, 3)))
                .withMessageContaining("in 2 dimensions of 1 along z, but not [3, 3, 3]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deeper(architecture, 3, List.of(2, 2, 2), List.of(3, 5, 3)))
                .withMessageContaining("not [3, 5, 3]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NetworkPlan(
                        architecture, 3, 2, 3, 4, List.of(List.of(2, 2, 2)), List.of(List.of(3, 3, 3)), 1))
                .withMessage("a network with 2 levels has kernels for each, not for 1");
    }

    private static NetworkPlan deeper(
            Architecture architecture, int dimensions, List<Integer> stride, List<Integer> kernel) {
        return new NetworkPlan(architecture, dimensions, 2, 3, 4, List.of(stride), List.of(kernel, kernel), 1);
    }

    private static long[] edges(Network network, String layer) {
        return Arrays.stream(network.parameters().shapes().get(layer + ".kernel"))
                .skip(2)
                .toArray();
    }

    private static float[] waves(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) Math.sin(i * i);
        }
        return values;
    }

    /// bfloat16 has a relative error of 2^-9 in each number, and a network some ten layers; a gradient that goes up and
    /// down from voxel to voxel is a small sum of large numbers, and so loses more.
    @ParameterizedTest
    @EnumSource
    void inBfloat16LogitsAndGradientsAreNearlyThoseOfFloats(Architecture architecture) {
        NetworkPlan plan = new NetworkPlan(architecture, 3, 2, 3, 8, 3, 2);
        float[][] logits = new float[2][];
        float[][] gradients = new float[2][];
        for (Precision precision : Precision.values()) {
            try (Network network = new Network(plan, 1, "cpu", precision);
                    Scope _ = new Scope()) {
                List<Features> outputs = network.outputs(Tensor.of(waves(2 * 16 * 16 * 16), 1, 2, 16, 16, 16));
                assertThat(outputs)
                        .allSatisfy(
                                output -> assertThat(output.value().precision()).isEqualTo(precision));
                assertThat(outputs.getFirst().value().toHost().memory().byteSize())
                        .isEqualTo(3 * 16 * 16 * 16 * (precision == Precision.FLOAT32 ? 4 : 2));
                logits[precision.ordinal()] = outputs.getFirst().value().toArray();
                Features.back(
                        outputs,
                        List.of(
                                Tensor.of(waves(3 * 4096), 1, 3, 16, 16, 16).to(precision),
                                Tensor.of(waves(3 * 512), 1, 3, 8, 8, 8).to(precision)));
                gradients[precision.ordinal()] = network.parameters().gradient().toArray();
                assertThat(network.parameters().gradient().precision()).isEqualTo(Precision.FLOAT32);
            }
        }
        assertThat(distance(logits[0], logits[1])).isBetween(1e-5, 0.03);
        assertThat(distance(gradients[0], gradients[1])).isBetween(1e-5, 0.3);
    }

    private static double distance(float[] a, float[] b) {
        double norm = 0;
        double difference = 0;
        for (int i = 0; i < a.length; i++) {
            norm += a[i] * a[i];
            difference += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(difference / norm);
    }

    @ParameterizedTest
    @EnumSource
    void everyParameterGetsAGradient(Architecture architecture) {
        try (Network network = new Network(plan(architecture, 3, 3), 1, "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            float[] values = new float[2 * 16 * 16 * 16];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sin(i * i);
            }
            List<Features> outputs = network.outputs(Tensor.of(values, 1, 2, 16, 16, 16));
            float[] upstream = new float[3 * 16 * 16 * 16];
            for (int i = 0; i < upstream.length; i++) {
                upstream[i] = (float) Math.cos(i * i);
            }
            Features.back(outputs, List.of(Tensor.of(upstream, 1, 3, 16, 16, 16)));

            Parameters parameters = network.parameters();
            parameters.split(parameters.gradient()).forEach((name, gradient) -> {
                for (float g : gradient) {
                    assertThat(g).as(name).isFinite();
                }
                assertThat(gradient).as(name).isNotEqualTo(new float[gradient.length]);
            });
        }
    }

    /// {@return whether the logits still depend on the image when the named parameters are 0}
    private static boolean seesTheImage(Architecture architecture, Predicate<String> zero) {
        try (Network network = new Network(plan(architecture, 2, 2), 1, "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            Map<String, float[]> weights = new HashMap<>(
                    network.parameters().split(network.parameters().values()));
            assertThat(weights.keySet()).anyMatch(zero);
            weights.replaceAll((name, values) -> zero.test(name) ? new float[values.length] : values);
            network.parameters().load(weights);
            float[] values = new float[2 * 8 * 8];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sin(i * i);
            }
            float[] logits = network.apply(Tensor.of(values, 1, 2, 8, 8)).toArray();
            return logits[0] != logits[63];
        }
    }

    @ParameterizedTest
    @EnumSource
    void fineFeaturesReachTheLogitsBesideTheCoarseLevels(Architecture architecture) {
        assertThat(seesTheImage(architecture, name -> name.equals("up0.kernel")))
                .isTrue();
        assertThat(seesTheImage(architecture, name -> name.startsWith("down0.")))
                .isFalse();
    }

    @Test
    void theLevelsOfAVNetHaveShortcutsPastTheirConvolutions() {
        Predicate<String> convolutions = name -> name.matches("(down|up)[01]\\.[0-9]\\.scale");

        assertThat(seesTheImage(Architecture.VNET, convolutions)).isTrue();
        assertThat(seesTheImage(Architecture.UNET, convolutions)).isFalse();
    }

    /// A gate that is shut lets nothing of the fine features through, an open one all.
    @Test
    void theGatesOfAnAttentionUNetDecideWhatOfTheFineFeaturesGoesUp() {
        float[] image = waves(2 * 8 * 8);
        assertThat(gated(image, -100)).isNotEqualTo(gated(image, 100));
        float[] open = gated(image, 100);
        try (Network plain = new Network(plan(Architecture.UNET, 2, 2), 1, "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            // the same names draw the same weights
            assertThat(plain.apply(Tensor.of(image, 1, 2, 8, 8)).toArray()).isEqualTo(open);
            Map<String, float[]> weights =
                    new HashMap<>(plain.parameters().split(plain.parameters().values()));
            float[] kernel = weights.get("up0.0.kernel");
            for (int i = 0; i < kernel.length; i++) {
                // (out, in, 3, 3): the inputs are 4 coarse channels, then 4 fine ones
                kernel[i] *= i / 9 % 8 < 4 ? 1 : 0;
            }
            plain.parameters().load(weights);
            assertThat(plain.apply(Tensor.of(image, 1, 2, 8, 8)).toArray()).isEqualTo(gated(image, -100));
        }
    }

    /// {@return the logits with the same bias of all gates}
    private static float[] gated(float[] image, float bias) {
        try (Network network = new Network(plan(Architecture.ATTUNET, 2, 2), 1, "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            Map<String, float[]> weights = new HashMap<>(
                    network.parameters().split(network.parameters().values()));
            weights.put("up0.gate.psi.bias", new float[] {bias});
            network.parameters().load(weights);
            return network.apply(Tensor.of(image, 1, 2, 8, 8)).toArray();
        }
    }

    @Test
    void theFirstWeightsDependOnTheSeedAlone() {
        NetworkPlan plan = plan(Architecture.UNET, 3, 2);
        try (Network a = new Network(plan, 1, "cpu", Precision.FLOAT32);
                Network b = new Network(plan, 1, "cpu", Precision.FLOAT32);
                Network c = new Network(plan, 2, "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            float[] weights = a.parameters().values().toArray();
            assertThat(b.parameters().values().toArray()).isEqualTo(weights);
            assertThat(c.parameters().values().toArray()).isNotEqualTo(weights);
        }
    }

    @Test
    void kernelsStartWithTheVarianceOfHe() {
        Initializer init = new Initializer(1, 3);
        float[] kernel = init.kernel("a", 64, 32, init.each(3)).initial();

        double squares = 0;
        for (float w : kernel) {
            squares += w * w;
        }
        // the variance of 55,296 squares' mean is 2/55,296 of its square: four standard deviations are 2.4 %
        double expected = 2.0 / (32 * 27);
        assertThat(squares / kernel.length).isEqualTo(expected, within(0.024 * expected));
        assertThat(init.kernel("b", 64, 32, init.each(3)).initial()).isNotEqualTo(kernel);
    }

    @Test
    void weightsSurviveSplittingAndLoading() {
        NetworkPlan plan = plan(Architecture.VNET, 2, 2);
        try (Network a = new Network(plan, 1, "cpu", Precision.FLOAT32);
                Network b = new Network(plan, 2, "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            b.parameters().load(a.parameters().split(a.parameters().values()));

            assertThat(b.parameters().values().toArray())
                    .isEqualTo(a.parameters().values().toArray());
        }
    }

    @Test
    void loadingNamesTheArrayThatIsMissingOrTooShort() {
        try (Network network = new Network(plan(Architecture.UNET, 2, 1), 1, "cpu", Precision.FLOAT32)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.parameters().load(Map.of()))
                    .withMessage("there is no array 'down0.0.kernel'");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.parameters().load(Map.of("down0.0.kernel", new float[3])))
                    .withMessage("array 'down0.0.kernel' has 3 numbers, the network needs 72");
        }
    }

    @Test
    void imagesThatDoNotFitAreRefusedWithWhatIsNeeded() {
        try (Network network = new Network(plan(Architecture.UNET, 2, 3), 1, "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.apply(Tensor.zeros("cpu", 1, 1, 8, 8)))
                    .withMessage("the network takes 2 channels in 2 dimensions, but the images are [1, 1, 8, 8]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.apply(Tensor.zeros("cpu", 1, 2, 8, 10)))
                    .withMessage(
                            "the network takes edges (z, y, x) that are multiples of [1, 4, 4], but the images are [1, 2, 8, 10]");
        }
    }

    @Test
    void aPlanRefusesWhatNoNetworkHas() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan(Architecture.UNET, 4, 2))
                .withMessage("a network has 2 or 3 dimensions, not 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan(Architecture.UNET, 3, 0))
                .withMessage("a network needs levels of at least 1, not 0");
    }
}
