package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.golden.GoldenFile;
import org.segloss.grid.Shape;
import tools.jackson.databind.JsonNode;

/// MONAI 1.6.1 with the arguments of its own tests, on inputs that `src/test/golden/golden_monai.py` draws: values and
/// gradients, one by one for each sample and class where nothing is reduced, with masks, and of several outputs.
class MonaiRandomGoldenTest {
    private static final int CASES = 74;

    /// MONAI computes these, their weights or their distances in float.
    private static final Set<String> IN_FLOAT = Set.of(
            "FocalLoss",
            "DiceFocalLoss",
            "GeneralizedDiceLoss",
            "HausdorffDTLoss",
            "LogHausdorffDTLoss",
            "NACLLoss",
            "DeepSupervisionLoss",
            "SSIMLoss");

    static IntStream cases() {
        return IntStream.range(0, CASES);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void monaiIsMet(int index) throws Exception {
        JsonNode golden =
                GoldenFile.read("losses-monai-random.json").get("cases").get(index);
        String loss = golden.get("loss").asString();
        boolean inFloat = IN_FLOAT.contains(loss)
                || golden.get("kwargs").has("squared_pred")
                || golden.get("kwargs").path("weighting_mode").asString("").equals("GDL");
        double tolerance = inFloat ? 1e-6 : 1e-11;
        if (golden.get("value").isArray()) {
            eachIsMet(golden, tolerance);
            return;
        }
        double value = 0;
        for (int output = 0; output < golden.get("inputs").size(); output++) {
            double weight = weight(golden, output);
            Golden.Result ours = evaluate(golden, Input.of(golden, output), OptionalInt.empty());
            value += weight * ours.value();
            double[] gradient =
                    Arrays.stream(ours.gradient()).map(g -> weight * g).toArray();
            assertThat(gradient)
                    .as("gradient by output %d", output)
                    .containsExactly(Golden.numbers(golden.get("gradient").get(output)), within(tolerance));
        }
        // a sum of three outputs is a few ones
        assertThat(value).isCloseTo(golden.get("value").asDouble(), within(2 * tolerance));
    }

    /// One value for each sample and class, and the gradient of their sum.
    private static void eachIsMet(JsonNode golden, double tolerance) {
        Input all = Input.of(golden, 0);
        double[] values = Golden.numbers(golden.get("value"));
        double[] gradients = Golden.numbers(golden.get("gradient"));
        int classes = all.shape().classes();
        assertThat(values).hasSize(all.shape().batch() * classes);
        for (int b = 0; b < all.shape().batch(); b++) {
            Input sample = all.sample(b);
            int from = b * sample.prediction().length;
            Golden.Result sum = new Golden.Result(0, new double[sample.prediction().length]);
            for (int c = 0; c < classes; c++) {
                Golden.Result ours = evaluate(golden, sample, OptionalInt.of(c));
                assertThat(ours.value())
                        .as("sample %d, class %d", b, c)
                        .isCloseTo(values[b * classes + c], within(tolerance));
                sum = sum.plus(ours);
            }
            assertThat(sum.gradient())
                    .as("gradient by sample %d", b)
                    .containsExactly(
                            Arrays.copyOfRange(gradients, from, from + sum.gradient().length), within(tolerance));
        }
    }

    @Test
    void everyLossOfItsTestsIsHere() throws Exception {
        JsonNode cases = GoldenFile.read("losses-monai-random.json").get("cases");
        assertThat(cases).hasSize(CASES);
        assertThat(StreamSupport.stream(cases.spliterator(), false)
                        .map(golden -> golden.get("loss").asString())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "AsymmetricUnifiedFocalLoss",
                        "DeepSupervisionLoss",
                        "DiceCELoss",
                        "DiceFocalLoss",
                        "DiceLoss",
                        "FocalLoss",
                        "GeneralizedDiceLoss",
                        "GeneralizedWassersteinDiceLoss",
                        "HausdorffDTLoss",
                        "LogHausdorffDTLoss",
                        "MaskedDiceLoss",
                        "MaskedLoss",
                        "NACLLoss",
                        "SSIMLoss",
                        "SoftDiceclDiceLoss",
                        "SoftclDiceLoss",
                        "TverskyLoss");
    }

    private static Golden.Result evaluate(JsonNode golden, Input input, OptionalInt only) {
        boolean wrapped = golden.has("inner_loss");
        return MonaiNames.evaluate(
                golden.get(wrapped ? "inner_loss" : "loss").asString(),
                golden.get(golden.has("inner_kwargs") ? "inner_kwargs" : "kwargs"),
                input.shape(),
                input.prediction(),
                input.target(),
                input.mask(),
                only);
    }

    /// {@return what deep supervision multiplies the loss of an output with}
    private static double weight(JsonNode golden, int output) {
        JsonNode arguments = golden.get("kwargs");
        if (arguments.has("weights")) {
            return arguments.get("weights").get(output).asDouble();
        }
        return arguments.path("weight_mode").asString("exp").equals("two")
                ? output == 0 ? 1 : 0.5
                : Math.pow(0.5, output);
    }

    /// @param target labels, or numbers in the prediction's shape
    private record Input(Shape shape, double[] prediction, double[] target, Optional<byte[]> mask) {

        static Input of(JsonNode golden, int output) {
            Shape shape = shape(golden, output);
            Shape full = shape(golden, 0);
            double[] target = Golden.numbers(golden.get("target"));
            if (output > 0) {
                target = nearest(target, full, shape);
            }
            Optional<byte[]> mask = Optional.ofNullable(golden.get("mask")).map(node -> bytes(Golden.numbers(node)));
            return new Input(shape, Golden.numbers(golden.get("inputs").get(output)), target, mask);
        }

        private static Shape shape(JsonNode golden, int output) {
            return Golden.shape(
                    Arrays.stream(Golden.numbers(golden.get("shapes").get(output)))
                            .mapToObj(n -> (int) n)
                            .toList());
        }

        private static byte[] bytes(double[] numbers) {
            byte[] bytes = new byte[numbers.length];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) numbers[i];
            }
            return bytes;
        }

        /// {@return labels on a smaller grid}, each that of the nearest voxel
        private static double[] nearest(double[] labels, Shape full, Shape small) {
            int n = (int) small.voxels();
            return IntStream.range(0, small.batch() * n)
                    .mapToDouble(i -> {
                        int y = (int) ((i % n / small.x() + 0.5) * full.y() / small.y());
                        int x = (int) ((i % small.x() + 0.5) * full.x() / small.x());
                        return labels[(i / n * full.y() + y) * full.x() + x];
                    })
                    .toArray();
        }

        Input sample(int b) {
            return new Input(
                    new Shape(1, shape.classes(), shape.z(), shape.y(), shape.x()),
                    part(prediction, b),
                    part(target, b),
                    mask.map(bytes -> Arrays.copyOfRange(
                            bytes, b * bytes.length / shape.batch(), (b + 1) * bytes.length / shape.batch())));
        }

        private double[] part(double[] all, int b) {
            int n = all.length / shape.batch();
            return Arrays.copyOfRange(all, b * n, (b + 1) * n);
        }
    }
}
