package org.segloss.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.augment.Augmentation;
import org.segloss.dataset.Case;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.events.EventFile;
import org.segloss.events.Events;
import org.segloss.loss.Task;
import org.segloss.net.Network;
import org.segloss.plan.Architecture;
import org.segloss.plan.Machine;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.Precision;
import org.segloss.plan.Recipe;
import org.segloss.plan.TrainingPlan;
import org.segloss.plan.Variants;
import org.segloss.predict.CaseValidator;

/// A training that is broken off, and goes on.
class ResumeTest {
    private static final int STEPS = 12;
    private static final List<Case> CASES = Toy.balls(3);

    @TempDir
    Path folder;

    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static TrainingPlan plan(Recipe.Optimizer optimizer, String loss) {
        TrainingPlan toy = Toy.plan(loss, STEPS);
        return new TrainingPlan(
                toy.loss(),
                toy.task(),
                Toy.VOXELS,
                toy.network(),
                toy.patch(),
                1,
                STEPS,
                Recipe.plain(optimizer, 1e-2),
                toy.seed(),
                "cpu",
                1,
                Precision.FLOAT32);
    }

    /// Trains and breaks off at a step, counted from 1; after each `every` steps there is a checkpoint.
    private static void train(TrainingPlan plan, Path folder, int every, int breakAt) throws IOException {
        // a day goes by between every so many readings of the clock
        var readings = new AtomicLong();
        var interval = new CheckpointInterval(() -> readings.incrementAndGet() / every * 86_400_000_000_000L);
        Trainer.train(
                plan,
                CASES,
                folder,
                (step, _, _) -> {
                    if (step == breakAt) {
                        throw new Broken();
                    }
                },
                Optional.of(new CaseValidator(plan, List.of(Toy.ball(7, 12, 12, 8)), CASES)),
                Optional.empty(),
                new LossEvaluator(plan.loss(), plan.task()),
                interval);
    }

    private static void breakOff(TrainingPlan plan, Path folder, int every, int breakAt) {
        assertThatThrownBy(() -> train(plan, folder, every, breakAt)).isInstanceOf(Broken.class);
    }

    private static void assertSame(Path one, Path other) throws IOException {
        for (String file : List.of("checkpoint.safetensors", "training.csv", "validation.csv")) {
            assertThat(one.resolve(file)).hasSameBinaryContentAs(other.resolve(file));
        }
        assertThat(Events.withoutTimes(one.resolve(EventFile.NAME)))
                .isEqualTo(Events.withoutTimes(other.resolve(EventFile.NAME)));
    }

    // before the first checkpoint, right after one, between two, at the last step; a loss whose weights change
    @ParameterizedTest
    @CsvSource({"ADAMW,1", "ADAMW,4", "ADAMW,7", "ADAMW,12", "SGD,1", "SGD,5", "SGD,12"})
    void aTrainingThatWasBrokenOffEndsInTheSameBytes(Recipe.Optimizer optimizer, int step) throws IOException {
        TrainingPlan plan = plan(optimizer, "dice + ramp(0, 1)*bce");
        train(plan, folder.resolve("whole"), 1000, 0);
        Path broken = folder.resolve("broken");
        breakOff(plan, broken, 3, step);
        breakOff(plan, broken, 3, 12);
        train(plan, broken, 3, 0);
        assertSame(broken, folder.resolve("whole"));
        assertThat(Files.readAllLines(broken.resolve("validation.csv")))
                .extracting(line -> line.split(",")[0])
                .containsExactly("step", "3", "5", "8", "10", "12");
    }

    /// Changed patches from other threads, several heads, and a mean of the weights, with which it is looked at.
    @ParameterizedTest
    @CsvSource({"1,FLOAT32", "7,FLOAT32", "12,FLOAT32", "1,BFLOAT16", "7,BFLOAT16", "12,BFLOAT16"})
    void soDoesOneWithAllThatAPresetAdds(int step, Precision precision) throws IOException {
        TrainingPlan toy = plan(Recipe.Optimizer.ADAMW, "ce + dice");
        var augmentation = new Augmentation.Plan(true, EnumSet.allOf(Augmentation.Axis.class));
        TrainingPlan plan = new TrainingPlan(
                toy.loss(),
                Task.multiclass(2),
                toy.preprocessing(),
                new NetworkPlan(Architecture.RESUNET, 3, 1, 2, 4, 3, 2),
                toy.patch(),
                2,
                STEPS,
                new Recipe(Recipe.Optimizer.ADAMW, 1e-2, augmentation, 0.9, true),
                1,
                "cpu",
                1,
                precision);
        train(plan, folder.resolve("whole"), 1000, 0);
        Path broken = folder.resolve("broken");
        breakOff(plan, broken, 3, step);
        train(plan, broken, 3, 0);
        assertSame(broken, folder.resolve("whole"));
    }

    @Test
    void aTrainingReallyGoesOnFromItsCheckpoint() throws IOException {
        TrainingPlan plan = plan(Recipe.Optimizer.ADAMW, "bce");
        breakOff(plan, folder, 1, 8);
        assertThat(Checkpoint.read(folder.resolve("checkpoint.safetensors")).step())
                .isEqualTo(7);
        var first = new AtomicLong();
        Trainer.train(
                plan,
                CASES,
                folder,
                (step, _, _) -> first.compareAndSet(0, step),
                Optional.of(new CaseValidator(plan, List.of(Toy.ball(7, 12, 12, 8)), CASES)));
        assertThat(first).hasValue(8);
    }

    @Test
    void aFinishedTrainingIsNotRepeated() throws IOException {
        TrainingPlan plan = plan(Recipe.Optimizer.ADAMW, "bce");
        train(plan, folder, 1000, 0);
        FileTime written = Files.getLastModifiedTime(folder.resolve("checkpoint.safetensors"));
        train(plan, folder, 1000, STEPS);
        assertThat(Files.getLastModifiedTime(folder.resolve("checkpoint.safetensors")))
                .isEqualTo(written);
    }

    @Test
    void aLineThatWasCutIsWrittenAnew() throws IOException {
        TrainingPlan plan = plan(Recipe.Optimizer.ADAMW, "bce");
        train(plan, folder.resolve("whole"), 1000, 0);
        Path broken = folder.resolve("broken");
        breakOff(plan, broken, 3, 9);
        Files.writeString(broken.resolve("training.csv"), "10,0.1", StandardOpenOption.APPEND);
        Files.write(broken.resolve(EventFile.NAME), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
        train(plan, broken, 3, 0);
        assertSame(broken, folder.resolve("whole"));
    }

    @ParameterizedTest
    @CsvSource({"training.csv", "validation.csv"})
    void withoutItsTablesATrainingBeginsAnew(String table) throws IOException {
        TrainingPlan plan = plan(Recipe.Optimizer.ADAMW, "bce");
        train(plan, folder.resolve("whole"), 1000, 0);
        Path broken = folder.resolve("broken");
        breakOff(plan, broken, 1, 9);
        Files.delete(broken.resolve(table));
        train(plan, broken, 3, 0);
        assertSame(broken, folder.resolve("whole"));
    }

    @Test
    void aValidationThatWasBrokenOffIsMadeUpFor() throws IOException {
        TrainingPlan plan = plan(Recipe.Optimizer.ADAMW, "bce");
        train(plan, folder.resolve("whole"), 1000, 0);
        Path broken = folder.resolve("broken");
        // at the first validation, the third and the last one
        for (int validations : List.of(0, 2, 2)) {
            var validator = new CaseValidator(plan, List.of(Toy.ball(7, 12, 12, 8)), CASES);
            var left = new AtomicLong(validations);
            var breaking = new Validator() {
                @Override
                public List<Case> cases() {
                    return validator.cases();
                }

                @Override
                public Validated validate(Network network) {
                    if (left.getAndDecrement() == 0) {
                        throw new Broken();
                    }
                    return validator.validate(network);
                }
            };
            assertThatThrownBy(() -> Trainer.train(plan, CASES, broken, (_, _, _) -> {}, Optional.of(breaking)))
                    .isInstanceOf(Broken.class);
        }
        // the checkpoint of the last step is there: only the last validation is missing
        var steps = new AtomicLong();
        Trainer.train(
                plan,
                CASES,
                broken,
                (_, _, _) -> steps.incrementAndGet(),
                Optional.of(new CaseValidator(plan, List.of(Toy.ball(7, 12, 12, 8)), CASES)));
        assertThat(steps).hasValue(0);
        assertSame(broken, folder.resolve("whole"));
    }

    @Test
    void otherSettingsAreRefusedWithTheDifference() throws IOException {
        train(plan(Recipe.Optimizer.ADAMW, "bce"), folder, 1000, 0);
        byte[] checkpoint = Files.readAllBytes(folder.resolve("checkpoint.safetensors"));
        assertThatIOException()
                .isThrownBy(() -> train(plan(Recipe.Optimizer.SGD, "dice"), folder, 1000, 0))
                .withMessageContainingAll(
                        "checkpoint.safetensors",
                        "(loss was bce, is dice; recipe.optimizer was adamw, is sgd)",
                        "another folder",
                        "--restart");
        TrainingPlan plan = plan(Recipe.Optimizer.ADAMW, "bce");
        TrainingPlan wider = new TrainingPlan(
                plan.loss(),
                plan.task(),
                plan.preprocessing(),
                new NetworkPlan(Architecture.VNET, 3, 1, 1, 6, 2, 1),
                plan.patch(),
                1,
                STEPS,
                plan.recipe(),
                plan.seed(),
                "cpu",
                1,
                Precision.FLOAT32);
        assertThatIOException()
                .isThrownBy(() -> train(wider, folder, 1000, 0))
                .withMessageContaining("(network.architecture was unet, is vnet; network.width was 4, is 6)");
        assertThatIOException()
                .isThrownBy(() -> train(
                        plan.on(new Machine("cpu", OptionalInt.of(2), Optional.of(Precision.FLOAT32))),
                        folder,
                        1000,
                        0))
                .withMessageContaining("(threads was 1, is 2)");
        assertThatIOException()
                .isThrownBy(() -> Trainer.train(plan, Toy.balls(2), folder, (_, _, _) -> {}))
                .withMessageContaining("(cases was ");
        // they change no weight, but the table would be of both
        for (List<Case> others : List.of(List.of(Toy.ball(8, 12, 12, 8)), List.<Case>of())) {
            assertThatIOException()
                    .isThrownBy(() -> Trainer.train(
                            plan, CASES, folder, (_, _, _) -> {}, Optional.of(new CaseValidator(plan, others, CASES))))
                    .withMessageContaining("(validation cases was ");
        }
        assertThat(folder.resolve("checkpoint.safetensors")).hasBinaryContent(checkpoint);
    }

    static List<Variants.Variant> variants() {
        return Variants.all();
    }

    /// Whatever a plan has, a checkpoint has: of none is it said in silence that it was as it is now.
    @ParameterizedTest
    @MethodSource("variants")
    void noSettingIsForgotten(Variants.Variant variant) throws IOException {
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        var header = new Checkpoint.Header(Variants.PLAN, "the cases", "others", 3);
        try (var out = Files.newOutputStream(checkpoint)) {
            new Safetensors(header.metadata(), new LinkedHashMap<>()).write(out);
        }
        assertThat(Checkpoint.read(checkpoint).plan()).isEqualTo(Variants.PLAN);
        assertThat(Checkpoint.open(checkpoint, header, OptionalInt.empty()).step())
                .isEqualTo(3);
        String setting =
                variant.settings().getFirst().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        assertThatIOException()
                .isThrownBy(() -> Checkpoint.open(
                        checkpoint,
                        new Checkpoint.Header(variant.plan(), "the cases", "others", 3),
                        OptionalInt.empty()))
                .withMessageMatching(".*[(; ]\\Q%s\\E(\\.\\S*)? was \\S.*, is \\S.*".formatted(setting));
    }

    @Test
    void aCheckpointDoesNotSayOnWhichOfSeveralDevicesItWasTrained() throws IOException {
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        TrainingPlan gpu = Variants.PLAN.on(Machine.on("cuda"));
        var header = new Checkpoint.Header(gpu.at("cuda:1"), "the cases", "others", 3);
        try (var out = Files.newOutputStream(checkpoint)) {
            new Safetensors(header.metadata(), new LinkedHashMap<>()).write(out);
        }
        assertThat(Checkpoint.read(checkpoint).plan()).isEqualTo(gpu);
        assertThat(Checkpoint.open(
                                checkpoint,
                                new Checkpoint.Header(gpu.at("cuda:0"), "the cases", "others", 3),
                                OptionalInt.empty())
                        .step())
                .isEqualTo(3);
    }

    @Test
    void aDamagedCheckpointIsNamedWithTheWaysOut() throws IOException {
        TrainingPlan plan = plan(Recipe.Optimizer.ADAMW, "bce");
        breakOff(plan, folder, 1, 8);
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        byte[] whole = Files.readAllBytes(checkpoint);
        for (int length : new int[] {0, 100, whole.length - 1}) {
            Files.write(checkpoint, Arrays.copyOf(whole, length));
            assertThatIOException()
                    .isThrownBy(() -> train(plan, folder, 3, 0))
                    .withMessageContainingAll(checkpoint.toString(), "is no checkpoint", "delete it", "--restart");
        }
        Files.delete(checkpoint);
        train(plan, folder, 3, 0);
    }

    @Test
    void aTrainingThatDivergedDivergesAgain() throws IOException {
        TrainingPlan plan = Toy.plan("1e300*bce", 3);
        Trainer.Result first = Trainer.train(plan, CASES, folder, (_, _, _) -> {});
        byte[] table = Files.readAllBytes(folder.resolve("training.csv"));
        assertThat(Trainer.train(plan, CASES, folder, (_, _, _) -> {})).isEqualTo(first);
        assertThat(folder.resolve("training.csv")).hasBinaryContent(table);
    }

    @Test
    void checkpointsTakeNoMoreThanAFiftiethOfTheTime() throws IOException {
        var now = new AtomicLong();
        var interval = new CheckpointInterval(now::get);
        now.set(9_999_999_999L);
        assertThat(interval.isDue()).isFalse();
        now.set(10_000_000_000L);
        assertThat(interval.isDue()).isTrue();
        interval.write(() -> now.addAndGet(300_000_000));
        now.addAndGet(14_999_999_999L);
        assertThat(interval.isDue()).isFalse();
        now.addAndGet(1);
        assertThat(interval.isDue()).isTrue();
        interval.write(() -> now.addAndGet(5_000_000_000L));
        now.addAndGet(60_000_000_000L);
        assertThat(interval.isDue()).isTrue();
    }
}
