package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.golden.GoldenFile;
import org.segloss.grid.Shape;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The cases of MONAI 1.5.0's own tests.
class MonaiGoldenTest {
    private static final int CASES = 111;

    /// `tanh` and a logarithm of a softmax make no probabilities of logits.
    private static final Set<Integer> OTHER_ACTIVATION = Set.of(8, 9, 10, 11, 20, 21, 31, 32, 51, 52, 53, 61, 62, 63);

    /// Numbers of any size are taken for probabilities, because no activation was asked for.
    private static final Set<Integer> NO_PROBABILITIES = Set.of(41, 42, 108, 109, 110);

    /// Masked voxels count as probability 0.5 and background: see [#aMaskTakesVoxelsOut].
    private static final Set<Integer> MASKED_BEFORE_ACTIVATION = Set.of(69, 70, 71);

    /// Perfect predictions, whose loss is 0 but for the square root of a rounding error in float, and for
    /// the 1e-4 that clDice has had in a denominator since.
    private static final Set<String> NEAR_ZERO =
            Set.of("AsymmetricUnifiedFocalLoss", "SoftclDiceLoss", "SoftDiceclDiceLoss");

    static IntStream met() {
        return IntStream.range(0, CASES)
                .filter(i -> !OTHER_ACTIVATION.contains(i)
                        && !NO_PROBABILITIES.contains(i)
                        && !MASKED_BEFORE_ACTIVATION.contains(i));
    }

    @ParameterizedTest
    @MethodSource("met")
    void monaisTestsAreMet(int index) throws Exception {
        isMet(GoldenFile.readForeign("losses-monai.json").get("cases").get(index));
    }

    @Test
    void everyCaseIsMetOrHasAReason() throws Exception {
        JsonNode cases = GoldenFile.readForeign("losses-monai.json").get("cases");
        assertThat(cases).hasSize(CASES);
        assertThat(met().count() + OTHER_ACTIVATION.size() + NO_PROBABILITIES.size() + MASKED_BEFORE_ACTIVATION.size())
                .isEqualTo(CASES);
        SoftAssertions softly = new SoftAssertions();
        for (int i = 0; i < CASES; i++) {
            JsonNode arguments = arguments(cases.get(i));
            boolean activates = arguments.has("sigmoid") || arguments.has("softmax");
            JsonNode inputs = cases.get(i).get("inputs");
            boolean overlap = cases.get(i).toString().contains("Dice")
                    && !cases.get(i).toString().contains("Wasserstein");
            boolean outside = !activates
                    && overlap
                    && !inputs.has("y_pred")
                    && DoubleStream.of(Golden.numbers(inputs.get("input"))).anyMatch(p -> p < 0 || p > 1);
            boolean other = arguments.has("other_act");
            softly.assertThat(OTHER_ACTIVATION.contains(i))
                    .as("activation of case %d", i)
                    .isEqualTo(other);
            softly.assertThat(NO_PROBABILITIES.contains(i))
                    .as("probabilities of case %d", i)
                    .isEqualTo(outside && !other);
            softly.assertThat(MASKED_BEFORE_ACTIVATION.contains(i))
                    .as("mask of case %d", i)
                    .isEqualTo(inputs.has("mask") && !outside);
        }
        softly.assertAll();
    }

    // MONAI 1.6.1, float64. 69, 70: MaskedDiceLoss(**kwargs)(input, target, mask), where the mask now comes after the
    // activation. 71: DiceLoss(**kwargs)(input[..., :2], target[..., :2]), without the voxel that is masked: with the
    // mask it would still count as a false negative of the background, 0.579
    @ParameterizedTest
    @CsvSource({"69, 0.33333322222225925", "70, 0.30112787642080774", "71, 0.5281313857610589"})
    void aMaskTakesVoxelsOut(int index, double right) throws Exception {
        JsonNode golden =
                GoldenFile.readForeign("losses-monai.json").get("cases").get(index);
        Input input = Input.of(golden.get("inputs"));
        double[] mask = Golden.numbers(golden.get("inputs").get("mask"));
        int voxels = input.shape().batch() * (int) input.shape().voxels();
        byte[] bytes = new byte[voxels];
        for (int i = 0; i < voxels; i++) {
            // one mask may be that of all samples
            bytes[i] = (byte) mask[i % mask.length];
        }
        double ours = MonaiNames.evaluate(
                        "MaskedDiceLoss",
                        golden.get("kwargs"),
                        input.shape(),
                        input.prediction(),
                        input.target(),
                        Optional.of(bytes),
                        OptionalInt.empty())
                .value();
        assertThat(ours).isCloseTo(right, within(1e-12));
        assertThat(Math.abs(ours - golden.get("expected").asDouble())).isGreaterThan(0.05);
    }

    // ----------------------------------------------------------------

    private static void isMet(JsonNode golden) {
        JsonNode inputs = golden.get("inputs");
        double[] ours;
        if (inputs.has("input") && golden.get("shapes").get("input").get(0).isArray()) {
            ours = new double[] {deeplySupervised(golden)};
        } else if (arguments(golden).path("reduction").asString("mean").equals("none")) {
            ours = unreduced(golden);
        } else {
            ours = new double[] {value(golden, Input.of(inputs), OptionalInt.empty())};
        }
        double[] expected = numbers(golden.get("expected"));
        double[] recomputed = numbers(golden.get("recomputed"));
        double absolute = golden.get("tolerance").path("atol").asDouble(0);
        double relative = golden.get("tolerance").path("rtol").asDouble(0);
        int each = expected.length / ours.length;
        for (int i = 0; i < ours.length; i++) {
            // a loss that is not even reduced over voxels is met by its mean over them
            double published = mean(expected, i * each, each);
            assertThat(ours[i]).isCloseTo(published, within(absolute + relative * Math.abs(published)));
            if (!NEAR_ZERO.contains(golden.get("loss").asString())) {
                assertThat(ours[i]).isCloseTo(mean(recomputed, i * each, each), within(1e-6));
            }
        }
    }

    /// {@return the losses of each sample and class}
    private static double[] unreduced(JsonNode golden) {
        Input all = Input.of(golden.get("inputs"));
        List<Double> values = new ArrayList<>();
        for (int b = 0; b < all.shape().batch(); b++) {
            for (int c = 0; c < all.shape().classes(); c++) {
                values.add(value(golden, all.sample(b), OptionalInt.of(c)));
            }
        }
        return values.stream().mapToDouble(v -> v).toArray();
    }

    /// {@return the weighted sum of the losses of outputs of several sizes}, each against the nearest
    /// voxels of the target
    private static double deeplySupervised(JsonNode golden) {
        JsonNode outputs = golden.get("inputs").get("input");
        double sum = 0;
        for (int i = 0; i < outputs.size(); i++) {
            double weight =
                    switch (golden.get("kwargs").path("weight_mode").asString("exp")) {
                        case "two" -> i == 0 ? 1 : 0.5;
                        default -> Math.pow(0.5, i);
                    };
            if (golden.get("kwargs").has("weights")) {
                weight = golden.get("kwargs").get("weights").get(i).asDouble();
            }
            Shape shape = Golden.shape(Golden.dimensions(outputs.get(i)));
            double[] full = Golden.numbers(golden.get("inputs").get("target"));
            int columns = full.length / shape.y();
            double[] y = IntStream.range(0, (int) shape.voxels())
                    .mapToDouble(v ->
                            full[v / shape.x() * columns + (int) ((v % shape.x() + 0.5) * columns / shape.x())])
                    .toArray();
            sum += weight * value(golden, new Input(shape, Golden.numbers(outputs.get(i)), y), OptionalInt.empty());
        }
        return sum;
    }

    private static double value(JsonNode golden, Input input, OptionalInt only) {
        String name = golden.path("inner_loss").asString(golden.get("loss").asString());
        return MonaiNames.evaluate(
                        name,
                        arguments(golden),
                        input.shape(),
                        input.prediction(),
                        input.target(),
                        Optional.empty(),
                        only)
                .value();
    }

    private static JsonNode arguments(JsonNode golden) {
        return golden.has("inner_kwargs") ? golden.get("inner_kwargs") : golden.get("kwargs");
    }

    private static double[] numbers(JsonNode node) {
        return node.isArray() ? Golden.numbers(node) : new double[] {node.asDouble()};
    }

    private static double mean(double[] numbers, int from, int count) {
        return Arrays.stream(numbers, from, from + count).average().orElseThrow();
    }

    /// @param target labels, or numbers in the prediction's shape
    private record Input(Shape shape, double[] prediction, double[] target) {

        static Input of(JsonNode inputs) {
            JsonNode prediction = either(inputs, "input", "inputs", "y_pred");
            JsonNode target = either(inputs, "target", "targets", "y_true");
            if (prediction instanceof ObjectNode constant) {
                Shape shape = Golden.shape(Arrays.stream(Golden.numbers(constant.get("shape")))
                        .mapToObj(n -> (int) n)
                        .toList());
                return new Input(shape, filled(constant, shape), filled(target, shape));
            }
            return new Input(
                    Golden.shape(Golden.dimensions(prediction)), Golden.numbers(prediction), Golden.numbers(target));
        }

        private static JsonNode either(JsonNode inputs, String... names) {
            return Arrays.stream(names)
                    .filter(inputs::has)
                    .map(inputs::get)
                    .findFirst()
                    .orElseThrow();
        }

        private static double[] filled(JsonNode constant, Shape shape) {
            double[] numbers = new double[(int) shape.elements()];
            Arrays.fill(numbers, constant.get("fill").asDouble());
            return numbers;
        }

        Input sample(int b) {
            int p = prediction.length / shape.batch();
            int y = target.length / shape.batch();
            return new Input(
                    new Shape(1, shape.classes(), shape.z(), shape.y(), shape.x()),
                    Arrays.copyOfRange(prediction, b * p, (b + 1) * p),
                    Arrays.copyOfRange(target, b * y, (b + 1) * y));
        }
    }
}
