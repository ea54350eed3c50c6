package org.segloss.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.dataset.Case;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.events.EventFile;
import org.segloss.loss.Task;
import org.segloss.metric.Overlap;
import org.segloss.net.Network;
import org.segloss.plan.Architecture;
import org.segloss.plan.Machine;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.Precision;
import org.segloss.plan.Recipe;
import org.segloss.plan.TrainingPlan;
import org.segloss.predict.Predictor;
import org.segloss.torch.Scope;

class TrainerTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bce", "dice", "tversky", "focal(reduction=sum)", "bce + log1p(dice)"})
    void everyLossLearnsTheToy(String loss) throws IOException {
        Trainer.Result result = Trainer.train(Toy.plan(loss, 150), Toy.balls(6), folder, (_, _, _) -> {});

        assertThat(result.diverged()).isFalse();
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
                new NetworkPlan(Architecture.UNET, 3, 1, 1, 8, 3, 1),
                List.of(32, 40, 40),
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
            assertThat(written.plan().threads()).isEqualTo(threads);
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
        NetworkPlan network = new NetworkPlan(Architecture.UNET, 3, 1, 1, 2, 2, 1);
        TrainingPlan plan = new TrainingPlan(
                Toy.plan("bce + log1p(dice)", 1).loss(),
                Task.binary(),
                Toy.VOXELS,
                network,
                List.of(32, 48, 48),
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
            Trainer.Result result = Trainer.train(
                    plan,
                    cases,
                    run,
                    (_, _, _) -> {},
                    Optional.empty(),
                    Optional.empty(),
                    evaluator,
                    new CheckpointInterval());
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
                new NetworkPlan(Architecture.VNET, 3, 1, 1, 4, 2, 1),
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

        assertThat(result).isEqualTo(new Trainer.Result(true, 1, result.checkpoint()));
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

        assertThat(checkpoint.plan()).isEqualTo(plan);
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
                .withMessage(file + " is no checkpoint of Segloss: its format is '', expected 'segloss-8'");

        try (var out = Files.newOutputStream(file)) {
            new Safetensors(
                            new java.util.LinkedHashMap<>(Map.of("format", "segloss-7")),
                            new java.util.LinkedHashMap<>())
                    .write(out);
        }
        assertThatIOException()
                .isThrownBy(() -> Checkpoint.read(file))
                .withMessage(
                        file
                                + " was written by another version of Segloss: its format is 'segloss-7', expected 'segloss-8'; use it with that version, or train anew, in another folder or with --restart");
    }

    @Test
    void oneRegionIsLearnedAsABinaryTaskIs() throws IOException {
        TrainingPlan binary = Toy.plan("bce", 1);
        TrainingPlan plan = new TrainingPlan(
                binary.loss(),
                Task.multilabel(1),
                Toy.VOXELS,
                binary.network(),
                binary.patch(),
                binary.batch(),
                binary.steps(),
                binary.recipe(),
                binary.seed(),
                "cpu",
                binary.threads(),
                Precision.FLOAT32);

        Trainer.train(plan, Toy.balls(1), folder.resolve("region"), (_, _, _) -> {});
        Trainer.train(binary, Toy.balls(1), folder.resolve("binary"), (_, _, _) -> {});
        assertThat(Checkpoint.read(folder.resolve("region/checkpoint.safetensors"))
                        .weights())
                .usingRecursiveComparison()
                .isEqualTo(Checkpoint.read(folder.resolve("binary/checkpoint.safetensors"))
                        .weights());
    }
}
