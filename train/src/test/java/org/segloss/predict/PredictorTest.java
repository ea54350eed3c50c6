package org.segloss.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.augment.Augmentation.Axis;
import org.segloss.dataset.Case;
import org.segloss.dataset.ClassLabels;
import org.segloss.fit.Checkpoint;
import org.segloss.fit.Toy;
import org.segloss.fit.Trainer;
import org.segloss.grid.Spacing;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.loss.Task;
import org.segloss.net.Network;
import org.segloss.plan.Architecture;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.Precision;
import org.segloss.plan.TrainingPlan;
import org.segloss.prep.IntensityScale;
import org.segloss.prep.Preprocessing;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;

class PredictorTest {
    private static ClassLabels classes(Task task) {
        return ClassLabels.of(IntStream.range(0, task.classes())
                .mapToObj(label -> "label " + label)
                .toList());
    }

    /// A network that answers with its head's bias whatever it sees.
    private static Predictor constant(Task task, int dimensions, int[] patch, float... bias) {
        NetworkPlan plan = new NetworkPlan(Architecture.UNET, dimensions, 1, task.channels(), 2, 2, 1);
        Network network = new Network(plan, 1, "cpu", Precision.FLOAT32);
        try (Scope _ = new Scope()) {
            Map<String, float[]> weights = new HashMap<>(
                    network.parameters().split(network.parameters().values()));
            weights.replaceAll((name, values) -> name.equals("head.bias") ? bias : new float[values.length]);
            network.parameters().load(weights);
        }
        return new Predictor(
                new Preprocessing(Spacing.ONE), List.of(network), task, classes(task), patch, Set.of(), "cpu");
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

    /// The same voxels in the same order, with the one slice along another axis.
    @Test
    void aNetworkOfPlanesTakesThemAlongWhicheverAxisTheyAreStored() {
        Volume plane = image(20, 9, 1);
        NetworkPlan plan = new NetworkPlan(Architecture.UNET, 2, 1, 1, 4, 2, 1);
        Network network = new Network(plan, 1, "cpu", Precision.FLOAT32);
        var preprocessing = new Preprocessing(Spacing.ONE);
        try (Predictor predictor = new Predictor(
                preprocessing,
                List.of(network),
                Task.binary(),
                classes(Task.binary()),
                new int[] {1, 8, 8},
                Set.of(),
                "cpu")) {
            float[] expected = predictor.probabilities(plane);
            for (Geometry stored : List.of(
                    new Geometry(20, 1, 9, new double[] {1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1}),
                    new Geometry(1, 20, 9, new double[] {0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1}))) {
                Volume image = new Volume(stored, 1, plane.values());
                assertThat(predictor.probabilities(image)).isEqualTo(expected);
                assertThat(predictor.predict(image).geometry()).isEqualTo(stored);
            }
        }
    }

    @Test
    void oneWindowIsTheNetworkItself() {
        Volume image = image(12, 12, 8);
        var plan = Toy.plan("bce", 1);
        try (Predictor predictor = Predictor.untrained(plan);
                Network network = new Network(plan.network(), plan.seed(), "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            float[] input =
                    org.segloss.prep.Normalization.apply(image, Map.of()).values();
            float[] expected =
                    network.apply(Tensor.of(input, 1, 1, 8, 12, 12)).sigmoid().toArray();
            float[] actual = predictor.probabilities(image);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).isEqualTo(expected[i], within(1e-6f));
            }
        }
    }

    @Test
    void probabilitiesThatDoNotFitIntoMemoryAreTheSame() {
        Volume image = image(21, 14, 9);
        try (Predictor memory = of(Set.of(), random(1));
                Predictor file = of(Set.of(), random(1)).keeping(0)) {
            assertThat(file.probabilities(image)).isEqualTo(memory.probabilities(image));
            assertThat(file.predict(image).values())
                    .isEqualTo(memory.predict(image).values());
        }
    }

    private static Network random(long seed) {
        return new Network(Toy.plan("bce", 1).network(), seed, "cpu", Precision.FLOAT32);
    }

    private static Predictor of(Set<Axis> mirrored, Network... networks) {
        return new Predictor(
                new Preprocessing(Spacing.ONE),
                List.of(networks),
                Task.binary(),
                classes(Task.binary()),
                new int[] {8, 12, 12},
                mirrored,
                "cpu");
    }

    @Test
    void anEnsembleIsTheMeanOfItsMembers() {
        Volume image = image(20, 12, 8);
        try (Predictor first = of(Set.of(), random(1));
                Predictor second = of(Set.of(), random(2));
                Predictor both = of(Set.of(), random(1), random(2))) {
            float[] a = first.probabilities(image);
            float[] b = second.probabilities(image);
            float[] mean = both.probabilities(image);
            for (int i = 0; i < mean.length; i++) {
                assertThat(mean[i]).isEqualTo((a[i] + b[i]) / 2, within(1e-6f));
            }
        }
    }

    @Test
    void withMirroredViewsAMirroredImageHasTheMirroredPrediction() {
        Volume image = image(12, 12, 8);
        float[] values = new float[image.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = image.values()[mirror(i)];
        }
        Volume mirrored = new Volume(image.geometry(), 1, values);
        try (Predictor views = of(EnumSet.of(Axis.Z, Axis.X), random(1));
                Predictor one = of(Set.of(), random(1))) {
            float[] expected = views.probabilities(image);
            float[] actual = views.probabilities(mirrored);
            float[] plain = one.probabilities(image);
            float[] plainMirrored = one.probabilities(mirrored);
            double worst = 0;
            for (int i = 0; i < values.length; i++) {
                assertThat(actual[i]).isEqualTo(expected[mirror(i)], within(1e-5f));
                worst = Math.max(worst, Math.abs(plainMirrored[i] - plain[mirror(i)]));
            }
            assertThat(worst).as("without them").isGreaterThan(1e-2);
        }
    }

    /// Along z and x of 8 x 12 x 12 voxels.
    private static int mirror(int voxel) {
        return (7 - voxel / 144) * 144 + voxel / 12 % 12 * 12 + 11 - voxel % 12;
    }

    @Test
    void networksThatDoNotGoTogetherAreNamedWithTheDifference(@TempDir Path folder) throws IOException {
        Path one = Trainer.train(Toy.plan("bce", 1), Toy.balls(1), folder.resolve("one"), (_, _, _) -> {})
                .checkpoint();
        var toy = Toy.plan("bce", 1);
        var plan = new TrainingPlan(
                toy.loss(),
                toy.task(),
                toy.preprocessing(),
                toy.network(),
                List.of(8, 12, 10),
                1,
                1,
                toy.recipe(),
                2,
                "cpu",
                1,
                Precision.FLOAT32);
        Path other = Trainer.train(plan, Toy.balls(1), folder.resolve("other"), (_, _, _) -> {})
                .checkpoint();
        assertThatIOException()
                .isThrownBy(() -> Predictor.open(List.of(one, other), "cpu"))
                .withMessage(
                        "%s can't predict together with %s: their patches differ, [8, 12, 10] and [8, 12, 12]",
                        other, one);
        Predictor.open(List.of(one, one), "cpu").close();
    }

    private static TrainingPlan scaled(IntensityScale scale) {
        var toy = Toy.plan("bce", 1);
        return new TrainingPlan(
                toy.loss(),
                toy.task(),
                new Preprocessing(Spacing.ONE, new TreeMap<>(Map.of(0, scale))),
                toy.network(),
                toy.patch(),
                1,
                1,
                toy.recipe(),
                1,
                "cpu",
                1,
                Precision.FLOAT32);
    }

    @Test
    void aCheckpointKnowsTheScaleOfItsDataSet(@TempDir Path folder) throws IOException {
        IntensityScale scale = new IntensityScale(0.1, 200, 100, 1 / 3.0);
        Path file = Trainer.train(scaled(scale), Toy.balls(1), folder.resolve("a"), (_, _, _) -> {})
                .checkpoint();
        Checkpoint read = Checkpoint.read(file);
        assertThat(read.plan().preprocessing()).isEqualTo(scaled(scale).preprocessing());
        Volume image = image(12, 12, 8);
        try (Predictor predictor = Predictor.open(file, "cpu");
                Network network = new Network(read.plan().network(), 1, "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            network.parameters().load(read.weights());
            float[] input = org.segloss.prep.Normalization.apply(image, Map.of(0, scale))
                    .values();
            float[] expected =
                    network.apply(Tensor.of(input, 1, 1, 8, 12, 12)).sigmoid().toArray();
            assertThat(predictor.probabilities(image)).containsExactly(expected, within(1e-6f));
        }

        Path other = Trainer.train(
                        scaled(new IntensityScale(0, 200, 100, 20)), Toy.balls(1), folder.resolve("b"), (_, _, _) -> {})
                .checkpoint();
        assertThatIOException()
                .isThrownBy(() -> Predictor.open(List.of(file, other), "cpu"))
                .withMessageContaining(
                        "their intensities differ, channel 0 clipped to 0.0 … 200.0, less 100.0, divided by 20.0 and channel 0 clipped to 0.1 …");
        Path own = Trainer.train(Toy.plan("bce", 1), Toy.balls(1), folder.resolve("c"), (_, _, _) -> {})
                .checkpoint();
        assertThatIOException()
                .isThrownBy(() -> Predictor.open(List.of(file, own), "cpu"))
                .withMessageContaining(
                        "their intensities differ, to mean 0 and deviation 1 in each image and channel 0");
        Files.writeString(
                file,
                Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                        .replace("low\\\":0.1", "low\\\":300"),
                java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThatIOException()
                .isThrownBy(() -> Predictor.open(file, "cpu"))
                .withMessageContaining("is a broken checkpoint: preprocessing: a scale has finite numbers");
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

    @Test
    void theTimeOfAPredictionIsThatOfItsWindows() {
        TrainingPlan plan = Toy.plan("bce", 1);
        Case small = Toy.ball(0, 12, 12, 8);
        // 8 x 12 x 12 is a patch; 8 x 12 x 24 takes three
        Case large = Toy.ball(0, 24, 12, 8);
        Duration step = Duration.ofMillis(300);
        long one = 100 / plan.batch();
        assertThat(Predictor.time(plan, List.of(small), step)).isEqualTo(Duration.ofMillis(one));
        assertThat(Predictor.time(plan, List.of(small, large), step)).isEqualTo(Duration.ofMillis(4 * one));
        assertThat(new CaseValidator(plan, List.of(small), List.of(large)).time(step))
                .isEqualTo(Duration.ofMillis(5 * one));
        assertThat(new CaseValidator(plan, List.of(), List.of(large, large)).time(step))
                .isEqualTo(Duration.ofMillis(15 * one));
    }
}
