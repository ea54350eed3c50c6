package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.file.Host;
import org.segloss.fit.Checkpoint;
import org.segloss.random.CounterRandom;

/// A run whose cells are done by processes of their own: the same bytes as by one, whatever happens to them.
@DisabledOnOs(OS.WINDOWS) // signals
class CellTest {
    private static final int KILLS = Integer.getInteger("segloss.kills", 3);
    private static final String HOST = Host.here().name();

    @TempDir
    static Path shared;

    private static Path data;
    /// What one process left, that nobody disturbed.
    private static Path local;

    @TempDir
    Path folder;

    private Path run;
    private int starts;

    @BeforeAll
    static void runHere() throws IOException, InterruptedException {
        data = Cubes.write(shared.resolve("data"));
        local = shared.resolve("local");
        Program program = Program.start(shared.resolve("said"), compare(local));
        assertThat(program.status()).as(program.words()).isZero();
    }

    private static List<String> compare(Path run, String... more) {
        var command = new ArrayList<>(List.of("compare", "--data", data.toString(), "--losses", "bce, dice"));
        command.addAll(List.of("--seeds", "2", "--test", "1", "--steps", "40", "--threads", "1"));
        command.addAll(List.of("--out", run.toString()));
        command.addAll(List.of(more));
        return command;
    }

    private Program start(List<String> arguments, String... prefix) throws IOException {
        return Program.start(folder.resolve("said" + starts++), arguments, prefix);
    }

    private void toTheEnd(List<String> arguments) throws IOException, InterruptedException {
        Program program = start(arguments);
        assertThat(program.status()).as(program.words()).isZero();
    }

    private void prepare(String... more) throws IOException, InterruptedException {
        run = folder.resolve("run");
        toTheEnd(compare(
                run, Stream.concat(Stream.of("--prepare"), Stream.of(more)).toArray(String[]::new)));
    }

    private List<String> cell(int number, String... more) {
        var command = new ArrayList<>(List.of("cell", run.toString(), Integer.toString(number)));
        command.addAll(List.of(more));
        return command;
    }

    private List<String> collect(String... more) {
        var command = new ArrayList<>(
                List.of("compare", "--config", run.resolve("experiment.yaml").toString()));
        command.addAll(List.of("--out", run.toString()));
        command.addAll(List.of(more));
        return command;
    }

    private void assertSameAsHere() throws IOException {
        assertThat(Program.left(run))
                .isEqualTo(Program.left(local))
                .contains("dice/fold-0/seed-2/checkpoint.safetensors");
        for (String file : Program.left(run)) {
            assertThat(run.resolve(file)).hasSameBinaryContentAs(local.resolve(file));
        }
    }

    private Path lock(String cell) throws IOException {
        try (Stream<Path> files = Files.list(run.resolve(cell))) {
            return files.filter(file -> file.getFileName().toString().startsWith(".lock-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void cellsInAnyOrderAndTheirCollectionLeaveTheSameBytes() throws IOException, InterruptedException {
        prepare();
        assertThat(run.resolve("bce")).doesNotExist();
        CommandLineTest.Call count = CommandLineTest.segloss("cell", run, "--count");
        assertThat(count.out()).isEqualTo("4\n");
        Program last = start(cell(3));
        toTheEnd(cell(0));
        assertThat(last.status()).as(last.words()).isZero();
        assertThat(last.words()).contains("Cell 3 is done: " + run.resolve("dice/fold-0/seed-2"));
        FileTime done = Files.getLastModifiedTime(run.resolve("dice/fold-0/seed-2/scores.csv"));
        toTheEnd(cell(3));
        assertThat(Files.getLastModifiedTime(run.resolve("dice/fold-0/seed-2/scores.csv")))
                .isEqualTo(done);
        toTheEnd(cell(1));
        // the collection does what is missing
        toTheEnd(collect());
        assertSameAsHere();
    }

    @Test
    void cellsThatThisMachineDoesAtOnceLeaveTheSameBytes() throws IOException, InterruptedException {
        run = folder.resolve("run");
        Program program = start(compare(run, "--parallel", "2"));
        assertThat(program.status()).as(program.words()).isZero();
        assertThat(program.words())
                .containsPattern("\\d of 4 done, 2 at work, (bce|dice), seed \\d: step \\d+ of 40, loss 0\\.\\d+; ")
                .doesNotContain("Cell ");
        assertSameAsHere();
        // a run that is done needs no process
        Program again = start(compare(run, "--parallel", "2"));
        assertThat(again.status()).isZero();
        assertThat(again.words()).contains("reused the results").doesNotContain("at work");
        assertSameAsHere();
    }

    @Test
    void oneOfTwoProgramsDoesACellAndTheOtherSaysWhoHasIt() throws IOException, InterruptedException {
        prepare();
        Program first = start(cell(1));
        first.await("training, step");
        first.signal("STOP");
        Program second = start(cell(1));
        String holder = "process %d works".formatted(first.process().pid());
        assertThat(second.status()).isEqualTo(75);
        assertThat(second.words())
                .contains("segloss cell on %s: %s: %s in this folder"
                        .formatted(HOST, run.resolve("dice/fold-0/seed-1"), holder));
        // nothing is deleted below who works
        Program anew = start(collect("--restart"));
        assertThat(anew.status()).isEqualTo(75);
        assertThat(anew.words()).contains(holder);
        Program collecting = start(collect());
        collecting.await("dice, seed 1: %s at it, and is waited for".formatted(holder));
        // it does the others meanwhile
        collecting.await("4/4 dice, seed 2: training");
        first.signal("CONT");
        assertThat(first.status()).as(first.words()).isZero();
        assertThat(collecting.status()).as(collecting.words()).isZero();
        assertSameAsHere();
    }

    @Test
    void aCellThatWasStoppedAndHasLostItsPlaceWritesNothingMore() throws IOException, InterruptedException {
        prepare();
        Program stopped = start(cell(0));
        stopped.await("training, step");
        stopped.signal("STOP");
        Files.setLastModifiedTime(
                lock("bce/fold-0/seed-1"), FileTime.from(Instant.now().minus(4, ChronoUnit.MINUTES)));
        Program other = start(cell(0));
        other.await("training, step");
        stopped.signal("CONT");
        assertThat(stopped.status()).as(stopped.words()).isEqualTo(75);
        assertThat(stopped.words())
                .contains("process %d has taken over this folder"
                        .formatted(other.process().pid()));
        assertThat(other.status()).as(other.words()).isZero();
        toTheEnd(collect());
        assertSameAsHere();
    }

    @Test
    void processesThatAreKilledAtRandomAndTheSameCommandAgainLeaveTheSameBytes()
            throws IOException, InterruptedException {
        run = folder.resolve("run");
        // a training's share of the cores is one thread, as the other run was told
        int cores = Runtime.getRuntime().availableProcessors();
        var parallel = new ArrayList<>(compare(run, "--parallel", Integer.toString(Math.max(2, cores))));
        parallel.subList(parallel.indexOf("--threads"), parallel.indexOf("--threads") + 2)
                .clear();
        for (int kill = 0; kill < KILLS; kill++) {
            var random = CounterRandom.of(20_26, "kill", kill);
            Program program = start(parallel);
            if (!program.process().waitFor(1000 + random.nextInt(7000), TimeUnit.MILLISECONDS)) {
                List<ProcessHandle> all = Stream.concat(
                                Stream.of(program.process().toHandle()),
                                program.process().descendants())
                        .toList();
                all.get(random.nextInt(all.size())).destroyForcibly();
            }
            // one whose cell was killed says so and does the others; one that was killed leaves none behind
            assertThat(program.status()).as(program.words()).isIn(0, 1, 137);
        }
        toTheEnd(parallel);
        assertSameAsHere();
    }

    @Test
    void aCellThatFailsIsReportedAndTheOthersGoOn() throws IOException, InterruptedException {
        prepare();
        Path damaged = run.resolve("dice/fold-0/seed-2/stages.json");
        Files.createDirectories(damaged.getParent());
        Files.writeString(damaged, "{");
        Program program = start(collect("--parallel", "2"));
        assertThat(program.status()).isEqualTo(1);
        assertThat(program.words())
                .contains("dice, seed 2: failed: segloss cell on %s: %s is not as".formatted(HOST, damaged))
                .containsPattern("\\* bce +0\\.")
                .containsPattern("dice +failed");
        assertThat(run.resolve("report.html")).content().contains("dice failed: a training was not done to its end");
        Files.delete(damaged);
        toTheEnd(collect("--parallel", "2"));
        assertSameAsHere();
    }

    @Test
    void controlCEndsAllProcessesAndTheSameCommandGoesOn() throws IOException, InterruptedException {
        run = folder.resolve("run");
        Program program = start(compare(run, "--parallel", "2"), "env", "--default-signal=INT");
        program.await("2 at work");
        List<ProcessHandle> cells = program.process().descendants().toList();
        assertThat(cells).hasSize(2);
        assertThat(program.interrupt()).isLessThan(Duration.ofSeconds(16));
        assertThat(program.process().exitValue()).as(program.words()).isEqualTo(130);
        assertThat(program.words())
                .endsWith("what is done is kept. The same command goes on from there.\n")
                .doesNotContain("failed");
        assertThat(cells).noneMatch(ProcessHandle::isAlive);
        assertThat(Program.left(run)).noneMatch(name -> name.contains(".lock"));
        toTheEnd(compare(run, "--parallel", "2"));
        assertSameAsHere();
    }

    @Test
    void theDataMayLieElsewhereButHaveToBeTheSame() throws IOException, InterruptedException {
        prepare();
        Path moved = Cubes.write(folder.resolve("moved"));
        Program wrong = start(cell(0, "--data", folder.resolve("nowhere").toString()));
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.words())
                .contains(
                        "segloss cell on %s: ".formatted(HOST),
                        folder.resolve("nowhere").toString());
        toTheEnd(cell(0, "--data", moved.toString()));
        Files.write(moved.resolve("masks/cube_2.nii.gz"), Files.readAllBytes(moved.resolve("masks/cube_1.nii.gz")));
        Program others = start(cell(1, "--data", moved.toString()));
        assertThat(others.status()).isEqualTo(2);
        assertThat(others.words()).contains("the files of cube_2 are not those that the job was made for");
        assertThat(run.resolve("dice")).doesNotExist();
        toTheEnd(collect());
        assertSameAsHere();
    }

    @Test
    void dataThatAreNotMountedAreAFaultOfTheMachine() throws IOException, InterruptedException {
        prepare();
        Path away = Files.move(data, folder.resolve("away"));
        try {
            Program absent = start(cell(0));
            assertThat(absent.status()).isEqualTo(1);
            assertThat(absent.words()).contains("the data of this run are not on %s; mount them there".formatted(HOST));
            // as where something is to be mounted
            Files.createDirectory(data);
            assertThat(start(cell(0)).status()).isEqualTo(1);
            Files.delete(data);
        } finally {
            Files.move(away, data, StandardCopyOption.REPLACE_EXISTING);
        }
        toTheEnd(collect());
        assertSameAsHere();
    }

    @Test
    void aMachineThatCanNotGiveWhatWasSettledRefusesByItsName() throws IOException, InterruptedException {
        prepare("--device", "cuda:1");
        assertThat(run.resolve("experiment.yaml")).content().contains("device: cuda\n");
        Program noDevice = start(cell(0));
        // another machine may have one
        assertThat(noDevice.status()).isEqualTo(1);
        assertThat(noDevice.words()).contains("segloss cell on %s: device cuda needs CUDA".formatted(HOST));
        Program otherDevice = start(cell(0, "--device", "cpu"));
        assertThat(otherDevice.status()).isEqualTo(2);
        assertThat(otherDevice.words()).contains("this training computes on cuda, and can't on cpu");
        Path settings = run.resolve("experiment.yaml");
        Files.writeString(
                settings,
                Files.readString(settings)
                        .replace("device: cuda\n", "device: cpu\n")
                        .replace("threads: 1\n", "threads: 1000\n"));
        Program noCores = start(cell(0));
        assertThat(noCores.status()).isEqualTo(1);
        assertThat(noCores.words())
                .contains("this run computes with 1000 threads a training", "of the cores of " + HOST);
        assertThat(run.resolve("bce")).doesNotExist();
    }

    @Test
    void aCellThatASchedulerTellsToEndLeavesACheckpoint() throws IOException, InterruptedException {
        prepare();
        Program told = start(cell(0));
        told.await("training, step");
        told.signal("TERM");
        assertThat(told.status()).as(told.words()).isEqualTo(143);
        assertThat(told.words()).endsWith("what is done is kept. The same command goes on from there.\n");
        assertThat(Checkpoint.read(run.resolve("bce/fold-0/seed-1/checkpoint.safetensors"))
                        .step())
                .isBetween(1, 40);
        assertThat(Program.left(run)).noneMatch(name -> name.contains(".lock"));
        toTheEnd(collect());
        assertSameAsHere();
    }

    @Test
    void aWrongCallIsAnswered() throws IOException, InterruptedException {
        prepare();
        assertThat(CommandLineTest.segloss("cell", run, 4).err()).contains("has the cells 0 to 3, not 4");
        assertThat(CommandLineTest.segloss("cell", run).err()).contains("the number of a cell, or --count");
        CommandLineTest.Call none = CommandLineTest.segloss("cell", folder, 0);
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("is not the folder of a run", "segloss compare --prepare");
        CommandLineTest.Call both = CommandLineTest.segloss(
                compare(run, "--prepare", "--baseline", "bce").toArray());
        assertThat(both.status()).isEqualTo(2);
        assertThat(both.err()).contains("--prepare and --baseline exclude each other");
    }
}
