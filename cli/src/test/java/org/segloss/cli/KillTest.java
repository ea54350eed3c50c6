package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.file.Host;
import org.segloss.fit.Checkpoint;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.random.CounterRandom;

/// The program as a process of its own, stopped in the middle, and given the same command again.
@DisabledOnOs(OS.WINDOWS) // there a process that is stopped has no say in how it ends
class KillTest {
    private static final int KILLS = Integer.getInteger("segloss.kills", 3);
    private static final long SEED = 20_26;

    @TempDir
    static Path shared;

    private static Path data;
    private static Path undisturbed;
    private static Duration whole;

    @TempDir
    Path folder;

    @BeforeAll
    static void runUndisturbed() throws IOException, InterruptedException {
        data = Cubes.write(shared.resolve("data"));
        undisturbed = shared.resolve("undisturbed");
        whole = new KillTest().toTheEnd(compare(undisturbed));
    }

    /// Two losses, two folds, and steps enough for checkpoints in the middle.
    private static List<String> compare(Path run) {
        return List.of(
                "compare",
                "--data",
                data.toString(),
                "--folds",
                "2",
                "--losses",
                "bce, dice + ramp(0, 1)*bce",
                "--steps",
                "60",
                "--out",
                run.toString());
    }

    private Process start(List<String> arguments, String... prefix) throws IOException {
        return Program.start(shared.resolve("said"), arguments, prefix).process();
    }

    private String said() throws IOException {
        return Files.readString(shared.resolve("said"));
    }

    private Duration toTheEnd(List<String> arguments) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = start(arguments);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said()).isZero();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void assertSame(Path run, Path undisturbed) throws IOException {
        assertThat(Program.left(run))
                .isEqualTo(Program.left(undisturbed))
                .contains("bce/fold-1/seed-1/checkpoint.safetensors");
        for (String file : Program.left(run)) {
            assertThat(run.resolve(file)).hasSameBinaryContentAs(undisturbed.resolve(file));
        }
    }

    private static void deleteAll(Path run) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(run)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }

    @Test
    void aRunThatIsKilledSeveralTimesEndsInTheBytesOfAnUndisturbedOne() throws IOException, InterruptedException {
        // all is there: what is left is the start
        Duration start = toTheEnd(compare(undisturbed));
        Duration training = whole.minus(start);
        Path run = folder.resolve("run");
        int killed = 0;
        for (int i = 0; killed < KILLS; i++) {
            Process process = start(compare(run));
            // at any moment from when the program is there until it has done a quarter of the work
            double moment = CounterRandom.of(SEED, "kill", i)
                    .nextDouble(
                            0.4 * start.toMillis(),
                            start.plus(training.dividedBy(4)).toMillis());
            if (process.waitFor((long) moment, TimeUnit.MILLISECONDS)) {
                // the work was done: once more from the beginning
                assertSame(run, undisturbed);
                deleteAll(run);
            } else {
                process.destroyForcibly().waitFor();
                killed++;
            }
        }
        toTheEnd(compare(run));
        assertSame(run, undisturbed);
    }

    private void awaitTraining(Process process) throws IOException, InterruptedException {
        await(process, "training, step");
    }

    private void await(Process process, String words) throws IOException, InterruptedException {
        new Program(process, shared.resolve("said")).await(words);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void controlCStopsWithACheckpointAndSaysHowToGoOn() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        // a shell may have told its jobs to ignore the signal
        Process process = start(compare(run), "env", "--default-signal=INT");
        awaitTraining(process);
        // two seconds, and room for a machine that has other work
        assertThat(interrupt(process)).isLessThan(Duration.ofSeconds(8));
        assertThat(process.exitValue()).as(said()).isEqualTo(130);
        assertThat(said()).endsWith("what is done is kept. The same command goes on from there.\n");
        // the checkpoint is of the very last step
        Path training = run.resolve("bce/fold-0/seed-1");
        int steps = Files.readAllLines(training.resolve("training.csv")).size() - 1;
        assertThat(steps).isBetween(1, 59);
        assertThat(Checkpoint.read(training.resolve("checkpoint.safetensors")).step())
                .isEqualTo(steps);
        toTheEnd(compare(run));
        assertSame(run, undisturbed);
    }

    private static Duration interrupt(Process process) throws IOException, InterruptedException {
        return new Program(process, shared.resolve("said")).interrupt();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void controlCInAPredictionOrAValidationSaysHowToGoOnAndNoMore() throws IOException, InterruptedException {
        // one of many windows, and long
        Path large = folder.resolve("large");
        Geometry grid = Geometry.identity(128, 128, 128);
        for (int number = 1; number <= 3; number++) {
            float[] image = new float[128 * 128 * 128];
            byte[] label = new byte[image.length];
            for (int i = number; i < image.length; i += 7) {
                image[i] = i % 100;
                label[i] = 1;
            }
            Images.write(large.resolve("images/a%d.nii.gz".formatted(number)), new Volume(grid, 1, image));
            Images.write(large.resolve("masks/a%d.nii.gz".formatted(number)), new Labels(grid, label));
        }
        Path split = Files.writeString(
                folder.resolve("split.json"), "{\"train\": [\"a1\"], \"val\": [\"a2\"], \"test\": [\"a3\"]}");
        Path run = folder.resolve("run");
        List<String> command = List.of(
                "compare",
                "--data",
                large.toString(),
                "--split",
                split.toString(),
                "--losses",
                "bce",
                "--steps",
                "1",
                "--out",
                run.toString());
        Process validating = start(command, "env", "--default-signal=INT");
        await(validating, "step 1 of 1");
        assertThat(interrupt(validating)).isLessThan(Duration.ofSeconds(8));
        assertThat(validating.exitValue()).as(said()).isEqualTo(130);
        Path training = run.resolve("bce/fold-0/seed-1");
        assertThat(Checkpoint.read(training.resolve("checkpoint.safetensors")).step())
                .isEqualTo(1);
        assertThat(training.resolve("validation.csv")).hasContent("step,dice\n");

        Process predicting = start(command, "env", "--default-signal=INT");
        await(predicting, "predicting, case 1");
        assertThat(Files.readAllLines(training.resolve("validation.csv"))).hasSize(2);
        assertThat(interrupt(predicting)).isLessThan(Duration.ofSeconds(8));
        assertThat(predicting.exitValue()).as(said()).isEqualTo(130);
        assertThat(said())
                .endsWith("Stopping; what is done is kept. The same command goes on from there.\n")
                .doesNotContain("segloss compare:");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDiskThatFillsUpIsAnErrorThatNamesTheFileAndLosesNothing() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        // no file over 64 KiB: the checkpoints have more
        Process process = start(compare(run), "bash", "-c", "ulimit -f 64; exec \"$@\"", "limited");
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said()).isEqualTo(1);
        assertThat(said()).contains("checkpoint.safetensors: it cannot be written: File too large");
        assertThat(said()).doesNotContain("\tat ");
        assertThat(Program.left(run)).noneMatch(name -> name.endsWith(".tmp"));
        toTheEnd(compare(run));
        assertSame(run, undisturbed);
    }

    @Test
    void aSecondProcessInARunsFolderIsRefused() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        Process process = start(compare(run));
        try {
            awaitTraining(process);
            CommandLineTest.Call second = CommandLineTest.segloss(compare(run).toArray());
            assertThat(second.status()).isEqualTo(75);
            assertThat(second.err()).contains(run + ": process %d works in this folder".formatted(process.pid()));
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsAnError() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        CommandLineTest.Call call =
                CommandLineTest.segloss(compare(file.resolve("run")).toArray());
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains(file + " is a file, where a folder was expected");
        assertThat(file).hasContent("mine");
    }

    /// Without `--out`, which is a folder in the working directory.
    private int compareIn(Path place, Object... more) throws IOException, InterruptedException {
        var arguments =
                new ArrayList<>(List.of("compare", "--data", data.toString(), "--test", "1", "--losses", "bce"));
        Stream.of(more).map(Object::toString).forEach(arguments::add);
        Process process = start(arguments, "bash", "-c", "cd " + place + "; exec \"$@\"", "there");
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutOutThereIsOneFolderAndARunWithOtherSettingsIsRefused() throws IOException, InterruptedException {
        // what a run leaves that is killed at its start
        Files.createDirectories(folder.resolve("runs/data-binary-unet"));
        Files.writeString(folder.resolve("runs/data-binary-unet/.lock-1"), """
                host here
                process 4194304999
                machine %s
                started 2026-11-30T12:00:00Z
                token 1
                renewed 2026-11-30T12:00:00Z
                """.formatted(
                        Host.here().id()));
        assertThat(compareIn(folder, "--steps", 1)).as(said()).isZero();
        assertThat(compareIn(folder, "--steps", 2)).isEqualTo(2);
        assertThat(said())
                .contains("runs/data-binary-unet holds a run with other settings (training.steps was 1, is 2)");
        assertThat(compareIn(folder, "--steps", 2, "--restart")).as(said()).isZero();
        try (Stream<Path> runs = Files.list(folder.resolve("runs"))) {
            assertThat(runs).containsExactly(folder.resolve("runs/data-binary-unet"));
        }
        assertThat(folder.resolve("runs/data-binary-unet/experiment.yaml"))
                .content()
                .contains("steps: 2");
    }
}
