package org.segloss.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.augment.Augmentation;
import org.segloss.dataset.Case;
import org.segloss.events.EventFile;
import org.segloss.fit.Trainer.Status;
import org.segloss.image.Geometry;
import org.segloss.loss.Loss;
import org.segloss.loss.LossEvaluator;
import org.segloss.loss.Task;
import org.segloss.metric.Overlap;
import org.segloss.net.Network;
import org.segloss.plan.Machine;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.Overrides;
import org.segloss.plan.Precision;
import org.segloss.plan.Preset;
import org.segloss.plan.Recipe;
import org.segloss.plan.TrainingPlan;
import org.segloss.predict.Predictor;
import org.segloss.prep.Fingerprint;
import org.segloss.torch.Scope;

class TrainerTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bce", "dice", "tversky", "focal(reduction=sum)", "bce + log1p(dice)"})
    void everyLossLearnsTheToy(String loss) throws IOException {
        Trainer.Result result = Trainer.train(Toy.plan(loss, 150), Toy.balls(6), folder, (_, _, _) -> {});

        assertThat(result.status()).isEqualTo(Status.DONE);
        assertThat(result.step()).isEqualTo(150);
        Case unseen = Toy.ball(6, 12, 12, 8);
        try (Predictor predictor = Predictor.open(result.checkpoint(), "cpu")) {
            byte[] predicted = predictor.predict(unseen.image()).values();
            assertThat(Overlap.of(predicted, unseen.label().values()).dice()).isGreaterThan(0.8);
        }
    }

    @Test
    void thePlanSaysHowManyThreadsComputeAndSoHowSumsRound() throws IOException {
        List<Case> cases = List.of(Toy.ball(0, 32, 32, 32), Toy.ball(1, 32, 32, 32));
        TrainingPlan toy = Toy.plan("bce", 2);
        TrainingPlan plan = new TrainingPlan(
                toy.loss(),
                toy.task(),
                Toy.VOXELS,
                new NetworkPlan(NetworkPlan.Architecture.UNET, 3, 1, 1, 8, 3, 1),
                new int[] {32, 40, 40},
                2,
                2,
                Recipe.plain(toy.recipe().optimizer(), 1e-2),
                1,
                "cpu",
                1,
                Precision.FLOAT32);
        var checkpoints = new ArrayList<Map<String, float[]>>();
        for (int threads : new int[] {1, 2, 1}) {
            Path run = folder.resolve("run" + checkpoints.size());
            Trainer.Result result = Trainer.train(
                    plan.on(new Machine("cpu", OptionalInt.of(threads), Optional.of(Precision.FLOAT32))),
                    cases,
                    run,
                    (_, _, _) -> {});
            Checkpoint written = Checkpoint.read(result.checkpoint());
            assertThat(written.threads()).isEqualTo(threads);
            checkpoints.add(written.weights());
        }
        float[] one = checkpoints.get(0).get("down0.0.kernel");
        assertThat(checkpoints.get(2).get("down0.0.kernel")).containsExactly(one);
        assertThat(checkpoints.get(1).get("down0.0.kernel")).isNotEqualTo(one);
    }

    @Test
    void sameSeedSameBytesWithAnyNumberOfEvaluatorThreads() throws IOException {
        // large enough for the evaluator to cut it into several chunks
        List<Case> cases = List.of(Toy.ball(0, 48, 48, 32), Toy.ball(1, 48, 48, 32));
        NetworkPlan network = new NetworkPlan(NetworkPlan.Architecture.UNET, 3, 1, 1, 2, 2, 1);
        TrainingPlan plan = new TrainingPlan(
                Toy.plan("bce + log1p(dice)", 1).loss(),
                Task.binary(),
                Toy.VOXELS,
                network,
                new int[] {32, 48, 48},
                2,
                2,
                Recipe.plain(Recipe.Optimizer.ADAMW, 1e-2),
                1,
                "cpu",
                1,
                Precision.FLOAT32);
        List<byte[]> checkpoints = new ArrayList<>();
        for (int threads : new int[] {1, 1, 2}) {
            Path run = folder.resolve("run" + checkpoints.size());
            LossEvaluator evaluator = new LossEvaluator(plan.loss(), plan.task(), threads);
            Trainer.Result result =
                    Trainer.train(plan, cases, run, (_, _, _) -> {}, Optional.empty(), evaluator, new Pace());
            checkpoints.add(Files.readAllBytes(result.checkpoint()));
            assertThat(run.resolve("training.csv"))
                    .hasSameBinaryContentAs(folder.resolve("run0").resolve("training.csv"));
        }

        assertThat(checkpoints.get(1)).isEqualTo(checkpoints.get(0));
        assertThat(checkpoints.get(2)).isEqualTo(checkpoints.get(0));
    }

    @Test
    void theLogHasALineForEachStepAndTheFilesAreAllThatIsLeft() throws IOException {
        List<Double> told = new ArrayList<>();
        TrainingPlan plan = Toy.plan("dice", 4);
        Trainer.train(plan, Toy.balls(2), folder, (step, steps, loss) -> {
            assertThat(step).isEqualTo(told.size() + 1);
            assertThat(steps).isEqualTo(4);
            told.add(loss);
        });

        List<String> lines = Files.readAllLines(folder.resolve("training.csv"));
        Schedule schedule = new Schedule(plan.recipe().learningRate(), 4);
        assertThat(lines).hasSize(5).startsWith("step,loss,learning_rate");
        assertThat(lines.get(3)).isEqualTo("3," + told.get(2) + "," + schedule.rate(2));
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("training.csv", "checkpoint.safetensors", EventFile.NAME);
        }
    }

    @Test
    void theOtherOptimizerLearnsToo() throws IOException {
        TrainingPlan adam = Toy.plan("bce", 60);
        TrainingPlan sgd = new TrainingPlan(
                adam.loss(),
                adam.task(),
                Toy.VOXELS,
                new NetworkPlan(NetworkPlan.Architecture.VNET, 3, 1, 1, 4, 2, 1),
                adam.patch(),
                2,
                60,
                Recipe.plain(Recipe.Optimizer.SGD, 1e-2),
                1,
                "cpu",
                1,
                Precision.FLOAT32);
        List<Double> losses = new ArrayList<>();
        Trainer.train(sgd, Toy.balls(6), folder, (_, _, loss) -> losses.add(loss));

        assertThat(losses.getLast()).isLessThan(0.5 * losses.getFirst());
    }

    @Test
    void everyStepHasAGradientOfItsOwn() throws IOException {
        // one case of the patch's size and a rate of next to nothing: each step has the same gradient g
        TrainingPlan toy = Toy.plan("bce", 1);
        float[][] means = new float[2][];
        for (int steps = 1; steps <= 2; steps++) {
            TrainingPlan plan = new TrainingPlan(
                    toy.loss(),
                    toy.task(),
                    Toy.VOXELS,
                    toy.network(),
                    toy.patch(),
                    1,
                    steps,
                    Recipe.plain(toy.recipe().optimizer(), 1e-30),
                    1,
                    "cpu",
                    1,
                    Precision.FLOAT32);
            Trainer.Result result = Trainer.train(plan, Toy.balls(1), folder.resolve("steps" + steps), (_, _, _) -> {});
            means[steps - 1] = Safetensors.read(result.checkpoint())
                    .arrays()
                    .get("mean/head.kernel")
                    .values()
                    .array();
        }

        // 0.1 g, then 0.9 * 0.1 g + 0.1 g
        for (int i = 0; i < means[0].length; i++) {
            assertThat(means[1][i]).isEqualTo(1.9f * means[0][i], within(1e-6f * Math.abs(means[0][i])));
        }
    }

    @Test
    void aLossThatIsNotFiniteEndsTheTrainingWithTheStepAndTheLastGoodWeights() throws IOException {
        Case ball = Toy.ball(0, 12, 12, 8);
        ball.image().values()[700] = Float.NaN;
        TrainingPlan plan = Toy.plan("bce", 5);
        Trainer.Result result = Trainer.train(plan, List.of(ball), folder, (_, _, _) -> {});

        assertThat(result).isEqualTo(new Trainer.Result(Status.DIVERGED, 1, result.checkpoint()));
        assertThat(Files.readAllLines(folder.resolve("training.csv")))
                .hasSize(2)
                .last()
                .asString()
                .startsWith("1,NaN,");
        try (Network untrained = new Network(plan.network(), plan.seed(), "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            var first = untrained.parameters().split(untrained.parameters().values());
            Checkpoint checkpoint = Checkpoint.read(result.checkpoint());
            assertThat(checkpoint.step()).isZero();
            assertThat(checkpoint.weights()).containsExactlyEntriesOf(first);
        }
    }

    @Test
    void aCheckpointSaysAllAboutItself() throws IOException {
        TrainingPlan plan = Toy.plan("0.5*bce + dice(smooth=1)", 2);
        Trainer.Result result = Trainer.train(plan, Toy.balls(2), folder, (_, _, _) -> {});
        Checkpoint checkpoint = Checkpoint.read(result.checkpoint());

        assertThat(checkpoint.network()).isEqualTo(plan.network());
        assertThat(checkpoint.task()).isEqualTo(plan.task());
        assertThat(checkpoint.patch()).isEqualTo(plan.patch());
        assertThat(checkpoint.loss()).isEqualTo(plan.loss().toString());
        assertThat(checkpoint.seed()).isEqualTo(plan.seed());
        assertThat(checkpoint.step()).isEqualTo(2);
        assertThat(Safetensors.read(result.checkpoint()).arrays())
                .containsKeys("weights/down0.0.kernel", "mean/head.bias", "square/up0.1.shift");
    }

    @Test
    void anotherSafetensorsFileIsNoCheckpoint() throws IOException {
        Path file = folder.resolve("other.safetensors");
        try (var out = Files.newOutputStream(file)) {
            new Safetensors(new java.util.LinkedHashMap<>(), new java.util.LinkedHashMap<>()).write(out);
        }

        assertThatIOException()
                .isThrownBy(() -> Checkpoint.read(file))
                .withMessage(file + " is no checkpoint of Segloss: its format is '', expected 'segloss-4'");

        try (var out = Files.newOutputStream(file)) {
            new Safetensors(
                            new java.util.LinkedHashMap<>(Map.of("format", "segloss-2")),
                            new java.util.LinkedHashMap<>())
                    .write(out);
        }
        assertThatIOException()
                .isThrownBy(() -> Checkpoint.read(file))
                .withMessageContaining("was written by another version of Segloss");
    }

    @Test
    void aMultilabelTaskIsRefused() {
        TrainingPlan binary = Toy.plan("bce", 1);
        TrainingPlan plan = new TrainingPlan(
                binary.loss(),
                Task.multilabel(1),
                Toy.VOXELS,
                binary.network(),
                binary.patch(),
                1,
                1,
                Recipe.plain(Recipe.Optimizer.ADAMW, 1),
                1,
                "cpu",
                1,
                Precision.FLOAT32);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trainer.train(plan, Toy.balls(1), folder, (_, _, _) -> {}))
                .withMessageContaining("use a binary or a multiclass task");
    }

    @Test
    void theAutomaticPlanTakesTheMedianShapeRoundedUp() {
        TrainingPlan space = TrainingPlan.automatic(
                Preset.QUICK,
                Overrides.NONE,
                List.of(Toy.plan("bce", 1).loss()),
                Task.binary(),
                NetworkPlan.Architecture.UNET,
                Fingerprint.of(
                        3,
                        1,
                        List.of(
                                Geometry.identity(400, 50, 35),
                                Geometry.identity(300, 48, 20),
                                Geometry.identity(200, 53, 36))),
                10,
                1,
                Machine.on("cpu"));
        assertThat(space.patch()).containsExactly(36, 52, 140);

        TrainingPlan plane = TrainingPlan.automatic(
                Preset.QUICK,
                Overrides.NONE,
                List.of(Loss.parse("ce")),
                Task.multiclass(4),
                NetworkPlan.Architecture.VNET,
                Fingerprint.of(2, 3, List.of(Geometry.identity(1000, 250, 1))),
                10,
                1,
                Machine.on("cpu"));
        assertThat(plane.patch()).containsExactly(1, 256, 256);
        assertThat(plane.network().inputs()).isEqualTo(3);
        assertThat(plane.network().kernels()).containsOnly(List.of(1, 3, 3));
        assertThat(plane.network().outputs()).isEqualTo(4);
    }

    private static TrainingPlan automatic(Geometry image) {
        return TrainingPlan.automatic(
                Preset.STANDARD,
                Overrides.NONE,
                List.of(Loss.parse("ce")),
                Task.multiclass(4),
                NetworkPlan.Architecture.UNET,
                Fingerprint.of(3, 1, List.of(image)),
                10,
                1,
                Machine.on("cpu"));
    }

    @Test
    void slicesFarApartAreHalvedLateOrNeverAndLeaveRoomForALargePatch() {
        TrainingPlan heart = automatic(Geometry.scaled(256, 216, 10, 1.5, 1.5, 10));
        // 10 x 161 x 161 would be 64³ voxels; 10 mm against 1.5, 3 and 6
        assertThat(heart.patch()).containsExactly(10, 160, 160);
        assertThat(heart.network().strides()).containsExactly(List.of(1, 2, 2), List.of(1, 2, 2), List.of(2, 2, 2));
        assertThat(heart.network().heads()).isEqualTo(3);
        // until voxels are 6 mm wide
        assertThat(heart.network().kernels())
                .containsExactly(List.of(1, 3, 3), List.of(1, 3, 3), List.of(3, 3, 3), List.of(3, 3, 3));

        TrainingPlan few = automatic(Geometry.scaled(60, 64, 5, 1, 1, 1));
        assertThat(few.patch()).containsExactly(5, 64, 64);
        assertThat(few.network().strides()).containsOnly(List.of(1, 2, 2)).hasSize(3);
        assertThat(few.network().kernels()).containsOnly(List.of(3, 3, 3)).hasSize(4);

        TrainingPlan thick = automatic(Geometry.scaled(320, 320, 20, 0.6, 0.6, 10));
        assertThat(thick.network().kernels())
                .as("the coarsest level sees several slices, however thick")
                .containsExactly(List.of(1, 3, 3), List.of(1, 3, 3), List.of(1, 3, 3), List.of(3, 3, 3));

        TrainingPlan tall = automatic(Geometry.scaled(7, 7, 64, 1, 1, 4));
        assertThat(tall.network().strides()).containsOnly(List.of(2, 1, 1)).hasSize(3);
        assertThat(tall.network().kernels())
                .as("of edge 3 where voxels are halved, long as they are")
                .containsOnly(List.of(3, 3, 3));

        TrainingPlan whole = automatic(Geometry.scaled(35, 50, 36, 1, 1, 1));
        assertThat(whole.patch()).as("rounded up, for it wasn't cut").containsExactly(40, 56, 40);

        TrainingPlan thin = automatic(Geometry.scaled(240, 33, 33, 1, 1, 1));
        assertThat(thin.patch()).as("rounded up within 64³ voxels").containsExactly(40, 40, 160);

        TrainingPlan cube = automatic(Geometry.scaled(300, 512, 512, 1, 1, 1.9));
        assertThat(cube.patch()).containsExactly(64, 64, 64);
        assertThat(cube.network().strides()).containsOnly(List.of(2, 2, 2)).hasSize(3);
    }

    @Test
    void whatIsChosenTakesThePlaceOfWhatThePresetAndTheDataSay() {
        Recipe mirrored = new Recipe(
                Recipe.Optimizer.SGD, 1, new Augmentation.Plan(false, EnumSet.of(Augmentation.Axis.Y)), 0, true);
        TrainingPlan patch =
                chosen(2, choices(Optional.of(List.of(1, 24, 40)), OptionalInt.empty(), Optional.of(mirrored)));
        assertThat(patch.patch()).containsExactly(1, 24, 40);
        assertThat(patch.network().strides())
                .as("from the patch: down to 6 x 5")
                .containsExactly(List.of(1, 2, 2), List.of(1, 2, 2), List.of(1, 1, 2));
        assertThat(patch.recipe()).isEqualTo(mirrored);

        Overrides odd = choices(Optional.of(List.of(35, 51, 35)), OptionalInt.empty(), Optional.empty());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chosen(3, odd))
                .withMessageContaining("with 4 levels the edges of a patch are multiples of 8 x 8 x 8 (z, y, x)");

        Overrides deep = choices(Optional.empty(), OptionalInt.of(40), Optional.empty());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chosen(3, deep))
                .withMessage("a network has at most 8 levels, not 40");

        TrainingPlan levels = chosen(3, choices(Optional.empty(), OptionalInt.of(2), Optional.empty()));
        assertThat(levels.network().levels()).isEqualTo(2);
        assertThat(levels.patch()).as("a multiple of 2 by 2").containsExactly(30, 52, 80);
        assertThat(levels.recipe()).isEqualTo(Preset.STANDARD.recipe(3));

        Overrides z = choices(
                Optional.empty(),
                OptionalInt.empty(),
                Optional.of(new Recipe(
                        Recipe.Optimizer.SGD,
                        1,
                        new Augmentation.Plan(false, EnumSet.of(Augmentation.Axis.Z)),
                        0,
                        true)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chosen(2, z))
                .withMessageContaining("2 dimensions can't mirror along z");
        Overrides huge = choices(Optional.of(List.of(1024, 1024, 1024)), OptionalInt.empty(), Optional.empty());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chosen(3, huge))
                .withMessageContaining("2 patches of 1024 x 1024 x 1024 (z, y, x) is more than 1073741824 numbers");
    }

    private static Overrides choices(Optional<List<Integer>> patch, OptionalInt levels, Optional<Recipe> recipe) {
        return new Overrides(
                Optional.empty(),
                Optional.empty(),
                patch,
                OptionalInt.empty(),
                OptionalInt.empty(),
                levels,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                recipe);
    }

    private static TrainingPlan chosen(int dimensions, Overrides choices) {
        return TrainingPlan.automatic(
                Preset.STANDARD,
                choices,
                List.of(Toy.plan("bce", 1).loss()),
                Task.binary(),
                NetworkPlan.Architecture.VNET,
                Fingerprint.of(dimensions, 1, List.of(Geometry.identity(80, 51, dimensions == 2 ? 1 : 29))),
                10,
                1,
                Machine.on("cpu"));
    }

    @Test
    void aPlanRefusesAPatchThatItsNetworkCannotHalve() {
        TrainingPlan plan = Toy.plan("bce", 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingPlan(
                        plan.loss(),
                        plan.task(),
                        Toy.VOXELS,
                        plan.network(),
                        new int[] {8, 12, 13},
                        1,
                        1,
                        Recipe.plain(plan.recipe().optimizer(), 1),
                        1,
                        "cpu",
                        1,
                        Precision.FLOAT32))
                .withMessage(
                        "with 2 levels the edges of a patch are multiples of 2 x 2 x 2 (z, y, x), but it is 8 x 12 x 13 (z, y, x); take another patch or fewer levels");
    }
}
