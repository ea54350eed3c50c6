package org.segloss.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `segloss compare` on a real Spark of two workers: the same bytes as in one process, whoever is killed.
@DisabledOnOs(OS.WINDOWS) // signals
class SparkRunTest {
    @TempDir
    static Path shared;

    private static StandaloneSpark cluster;
    private static Path data;
    /// What one process left, that nobody disturbed.
    private static Path local;

    private static int starts;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        data = shared.resolve("data");
        ends(program("phantom", data.toString(), "--train", "3", "--test", "1"), 0);
        local = shared.resolve("local");
        ends(program(compare(local)), 0);
        cluster = new StandaloneSpark(2, 1, "1g");
    }

    @AfterAll
    static void stop() throws IOException {
        cluster.close();
    }

    private static String[] compare(Path run, String... more) {
        var command = new ArrayList<>(List.of("compare", "--data", data.toString(), "--losses", "bce, dice"));
        command.addAll(List.of("--seeds", "2", "--test", "1", "--steps", "40", "--threads", "1"));
        command.addAll(List.of("--out", run.toString()));
        command.addAll(List.of(more));
        return command.toArray(String[]::new);
    }

    private static String[] onSpark(Path run) throws IOException {
        var settings = new ArrayList<>(List.of("--spark", cluster.url()));
        for (String setting : cluster.settings()) {
            settings.addAll(List.of("--spark-conf", setting));
        }
        return compare(run, settings.toArray(String[]::new));
    }

    private record Program(Process process, Path said) {}

    private static Program program(String... arguments) throws IOException {
        Path said = shared.resolve("said-" + starts++);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("src", "main", "spark.options"),
                "-Xmx600m",
                "-cp",
                System.getProperty("java.class.path"),
                "org.segloss.cli.Main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(said.toFile()))
                .start();
        return new Program(process, said);
    }

    private static void ends(Program program, int status) throws IOException, InterruptedException {
        assertThat(program.process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(program.process.exitValue())
                .as(Files.readString(program.said))
                .isEqualTo(status);
    }

    /// All that a run leaves but the events, which have the time in them.
    private static List<String> files(Path run) throws IOException {
        try (Stream<Path> all = Files.walk(run)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> run.relativize(file).toString())
                    .filter(name -> !name.contains("tfevents"))
                    .sorted()
                    .toList();
        }
    }

    private static void assertSameAsHere(Path run) throws IOException {
        assertThat(files(run)).isEqualTo(files(local)).contains("dice/fold-0/seed-2/checkpoint.safetensors");
        for (String file : files(run)) {
            assertThat(run.resolve(file)).hasSameBinaryContentAs(local.resolve(file));
        }
    }

    @Test
    void executorsLeaveTheBytesOfOneProcess() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        Program program = program(onSpark(run));
        ends(program, 0);
        assertThat(Files.readString(program.said)).containsPattern("\\d of 4 done, \\d at work");
        assertSameAsHere(run);
    }

    @Test
    void anExecutorAndTheDriverThatAreKilledCostNothing() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        Program first = program(onSpark(run));
        awaitTraining(run, first, 1);
        // whichever trains
        cluster.executors().getFirst().destroyForcibly();
        awaitTraining(run, first, 3);
        first.process.destroyForcibly().waitFor();
        assertThat(run.resolve("comparison.json")).doesNotExist();
        ends(program(onSpark(run)), 0);
        assertSameAsHere(run);
    }

    /// Waits until so many trainings have begun.
    private static void awaitTraining(Path run, Program program, int trainings)
            throws IOException, InterruptedException {
        while (Files.notExists(run) || begun(run) < trainings) {
            assertThat(program.process.waitFor(50, TimeUnit.MILLISECONDS))
                    .as(Files.readString(program.said))
                    .isFalse();
        }
    }

    private static long begun(Path run) throws IOException {
        try (Stream<Path> all = Files.walk(run)) {
            return all.filter(file -> file.endsWith("training.csv")).count();
        }
    }
}
