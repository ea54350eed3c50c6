package org.segloss.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.fit.Toy;
import org.segloss.fit.Trainer;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.loss.Task;
import org.segloss.net.Network;
import org.segloss.net.NetworkPlan;
import org.segloss.net.NetworkPlan.Architecture;
import org.segloss.torch.NoGradient;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;

class PredictorTest {

    /// A network that answers with its head's bias whatever it sees.
    private static Predictor constant(Task task, int dimensions, int[] patch, float... bias) {
        NetworkPlan plan = new NetworkPlan(Architecture.UNET, dimensions, 1, task.channels(), 2, 2);
        Network network = new Network(plan, 1, "cpu");
        try (Scope _ = new Scope()) {
            Map<String, float[]> weights = new HashMap<>(
                    network.parameters().split(network.parameters().values()));
            weights.replaceAll((name, values) -> name.equals("head.bias") ? bias : new float[values.length]);
            network.parameters().load(weights);
        }
        return new Predictor(network, task, patch, "cpu");
    }

    private static Volume image(int x, int y, int z) {
        return Toy.ball(0, x, y, z).image();
    }

    @ParameterizedTest
    @CsvSource({"8,8,8", "20,13,9", "1,1,1", "3,40,1", "40,2,3", "8,9,30"})
    void aConstantNetworkGivesItsConstantOnEveryGrid(int x, int y, int z) {
        try (Predictor predictor = constant(Task.binary(), 3, new int[] {8, 8, 8}, (float) Math.log(3))) {
            float[] probabilities = predictor.probabilities(image(x, y, z));

            assertThat(probabilities).hasSize(x * y * z);
            for (float p : probabilities) {
                assertThat(p).isEqualTo(0.75f, within(1e-6f));
            }
        }
    }

    @Test
    void oneHalfIsForeground() {
        try (Predictor half = constant(Task.binary(), 3, new int[] {8, 8, 8}, 0);
                Predictor less = constant(Task.binary(), 3, new int[] {8, 8, 8}, -1e-3f)) {
            assertThat(half.predict(image(8, 8, 8)).values()).containsOnly(1);
            assertThat(less.predict(image(8, 8, 8)).values()).containsOnly(0);
        }
    }

    @Test
    void theMostProbableClassWinsAndOfEqualOnesTheFirst() {
        Volume image = image(20, 9, 4);
        try (Predictor second = constant(Task.multiclass(3), 2, new int[] {1, 8, 8}, 0, 2, 1);
                Predictor equal = constant(Task.multiclass(3), 2, new int[] {1, 8, 8}, 0, 1, 1)) {
            Labels labels = second.predict(image);

            assertThat(labels.values()).containsOnly(1);
            assertThat(labels.geometry()).isEqualTo(image.geometry());
            assertThat(equal.predict(image).values()).containsOnly(1);
        }
    }

    @Test
    void oneWindowIsTheNetworkItself() {
        Volume image = image(12, 12, 8);
        var plan = Toy.plan("bce", 1);
        try (Predictor predictor = Predictor.untrained(plan);
                Network network = new Network(plan.network(), plan.seed(), "cpu");
                Scope _ = new Scope();
                NoGradient _ = new NoGradient()) {
            float[] input = org.segloss.prep.Normalization.zScore(image).values();
            float[] expected =
                    network.apply(Tensor.of(input, 1, 1, 8, 12, 12)).sigmoid().toArray();
            float[] actual = predictor.probabilities(image);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).isEqualTo(expected[i], within(1e-6f));
            }
        }
    }

    @Test
    void theScaleOfTheImageDoesNotMatter() {
        Volume image = image(12, 12, 8);
        float[] brighter = image.values().clone();
        for (int i = 0; i < brighter.length; i++) {
            brighter[i] = 3 * brighter[i] + 1000;
        }
        try (Predictor predictor = Predictor.untrained(Toy.plan("bce", 1))) {
            float[] expected = predictor.probabilities(image);
            float[] actual = predictor.probabilities(new Volume(image.geometry(), 1, brighter));
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).isEqualTo(expected[i], within(1e-4f));
            }
        }
    }

    @Test
    void anImageOfOtherChannelsIsRefused() {
        Geometry grid = Geometry.identity(4, 4, 4);
        try (Predictor predictor = Predictor.untrained(Toy.plan("bce", 1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> predictor.predict(new Volume(grid, 2, new float[128])))
                    .withMessage("the image has 2 channels, but the network takes 1");
        }
    }

    @Test
    void aCheckpointWhoseArraysAreGoneIsRefused(@TempDir Path folder) throws IOException {
        Path file = Trainer.train(Toy.plan("bce", 1), Toy.balls(1), folder, (_, _, _) -> {})
                .checkpoint();
        String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        Files.writeString(
                file,
                text.replace("weights/head.bias", "weights/head.bogs"),
                java.nio.charset.StandardCharsets.ISO_8859_1);

        assertThatIOException()
                .isThrownBy(() -> Predictor.open(file, "cpu"))
                .withMessage(file + " is a broken checkpoint: there is no array 'head.bias'");
    }
}
