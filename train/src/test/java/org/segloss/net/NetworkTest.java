package org.segloss.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segloss.net.NetworkPlan.Architecture;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;

class NetworkTest {

    private static NetworkPlan plan(Architecture architecture, int dimensions, int levels) {
        return new NetworkPlan(architecture, dimensions, 2, 3, 4, levels);
    }

    @ParameterizedTest
    @CsvSource({"UNET,2,1", "UNET,2,4", "UNET,3,3", "VNET,2,1", "VNET,2,4", "VNET,3,3"})
    void logitsHaveTheImagesShapeAndDependOnIt(Architecture architecture, int dimensions, int levels) {
        try (Network network = new Network(plan(architecture, dimensions, levels), 1, "cpu");
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
    void everyParameterGetsAGradient(Architecture architecture) {
        try (Network network = new Network(plan(architecture, 3, 3), 1, "cpu");
                Scope _ = new Scope()) {
            float[] values = new float[2 * 16 * 16 * 16];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sin(i * i);
            }
            Tensor logits = network.apply(Tensor.of(values, 1, 2, 16, 16, 16));
            float[] upstream = new float[3 * 16 * 16 * 16];
            for (int i = 0; i < upstream.length; i++) {
                upstream[i] = (float) Math.cos(i * i);
            }
            logits.backward(Tensor.of(upstream, 1, 3, 16, 16, 16));

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
        try (Network network = new Network(plan(architecture, 2, 2), 1, "cpu");
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

    @Test
    void theFirstWeightsDependOnTheSeedAlone() {
        NetworkPlan plan = plan(Architecture.UNET, 3, 2);
        try (Network a = new Network(plan, 1, "cpu");
                Network b = new Network(plan, 1, "cpu");
                Network c = new Network(plan, 2, "cpu");
                Scope _ = new Scope()) {
            float[] weights = a.parameters().values().toArray();
            assertThat(b.parameters().values().toArray()).isEqualTo(weights);
            assertThat(c.parameters().values().toArray()).isNotEqualTo(weights);
        }
    }

    @Test
    void kernelsStartWithTheVarianceOfHe() {
        Initializer init = new Initializer(1, 3);
        float[] kernel = init.kernel("a", 64, 32, 3).initial();

        double squares = 0;
        for (float w : kernel) {
            squares += w * w;
        }
        // the variance of 55,296 squares' mean is 2/55,296 of its square: four standard deviations are 2.4 %
        double expected = 2.0 / (32 * 27);
        assertThat(squares / kernel.length).isEqualTo(expected, within(0.024 * expected));
        assertThat(init.kernel("b", 64, 32, 3).initial()).isNotEqualTo(kernel);
    }

    @Test
    void weightsSurviveSplittingAndLoading() {
        NetworkPlan plan = plan(Architecture.VNET, 2, 2);
        try (Network a = new Network(plan, 1, "cpu");
                Network b = new Network(plan, 2, "cpu");
                Scope _ = new Scope()) {
            b.parameters().load(a.parameters().split(a.parameters().values()));

            assertThat(b.parameters().values().toArray())
                    .isEqualTo(a.parameters().values().toArray());
        }
    }

    @Test
    void loadingNamesTheArrayThatIsMissingOrTooShort() {
        try (Network network = new Network(plan(Architecture.UNET, 2, 1), 1, "cpu")) {
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
        try (Network network = new Network(plan(Architecture.UNET, 2, 3), 1, "cpu");
                Scope _ = new Scope()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.apply(Tensor.zeros("cpu", 1, 1, 8, 8)))
                    .withMessage("the network takes 2 channels in 2 dimensions, but the images are [1, 1, 8, 8]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.apply(Tensor.zeros("cpu", 1, 2, 8, 10)))
                    .withMessage("the network takes edges that are multiples of 4, but the images are [1, 2, 8, 10]");
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
