package org.segloss.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    private static Programs programs;
    /// What one process left, that nobody disturbed.
    private static Path local;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        programs = new Programs(shared);
        local = programs.local();
        cluster = new StandaloneSpark(2, 1, "1g");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static Programs.Started onSpark(Path run) throws IOException {
        return programs.compare(run, cluster);
    }

    @Test
    void executorsLeaveTheBytesOfOneProcess() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        Programs.Started program = onSpark(run);
        program.ends(0);
        assertThat(program.said()).containsPattern("\\d of 4 done, \\d at work");
        Programs.assertSame(run, local);
    }

    @Test
    void anExecutorAWorkerAndTheDriverThatAreKilledCostNothing() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        Programs.Started first = onSpark(run);
        awaitTraining(run, first, 1);
        // whichever trains
        cluster.executors().getFirst().destroyForcibly();
        awaitTraining(run, first, 2);
        cluster.replaceWorker(0);
        awaitTraining(run, first, 3);
        first.kill();
        assertThat(run.resolve("comparison.json")).doesNotExist();
        onSpark(run).ends(0);
        Programs.assertSame(run, local);
    }

    /// Waits until so many trainings have begun.
    private static void awaitTraining(Path run, Programs.Started program, int trainings)
            throws IOException, InterruptedException {
        while (Files.notExists(run) || begun(run) < trainings) {
            assertThat(program.endsWithin(Duration.ofMillis(50)))
                    .as(program.said())
                    .isFalse();
        }
    }

    private static long begun(Path run) throws IOException {
        try (Stream<Path> all = Files.walk(run)) {
            return all.filter(file -> file.endsWith("training.csv")).count();
        }
    }
}
