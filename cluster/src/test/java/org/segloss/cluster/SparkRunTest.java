package org.segloss.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `segloss compare` on a real Spark of two workers: the same bytes as in one process, whoever is killed.
@DisabledOnOs(OS.WINDOWS) // signals
class SparkRunTest {
    private static final int WORKERS = 2;

    private enum Victim {
        DRIVER,
        MASTER,
        WORKER,
        EXECUTOR
    }

    private static final List<Victim> KILLED = List.of(
            Victim.DRIVER,
            Victim.DRIVER,
            Victim.MASTER,
            Victim.WORKER,
            Victim.WORKER,
            Victim.WORKER,
            Victim.EXECUTOR,
            Victim.EXECUTOR,
            Victim.EXECUTOR,
            Victim.EXECUTOR);
    /// What is left to do after the last kill takes less.
    private static final Duration LAST = Duration.ofMinutes(4);

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
        cluster = new StandaloneSpark(WORKERS, 1, "1g");
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

    /// Ten kills; what is Spark's own its operator starts again, and the command is given again. A comparison that is
    /// done before them is followed by another one.
    @Test
    void whoeverIsKilledTheBytesAreThoseOfOneProcess() throws IOException, InterruptedException {
        long seed = Long.getLong("segloss.kills.seed", System.nanoTime());
        var random = new Random(seed);
        var victims = new ArrayList<>(KILLED);
        Collections.shuffle(victims, random);
        String who = "killed by seed %d: %s%n".formatted(seed, victims);
        for (int i = 0; !victims.isEmpty(); i++) {
            Path run = folder.resolve("run-" + i);
            Programs.Started driver = onSpark(run);
            while (!driver.isDone()) {
                if (driver.endsWithin(victims.isEmpty() ? LAST : Duration.ofMillis(500 + random.nextInt(3500)))) {
                    // killed, or a cell has used up its tries
                    driver = driver.isDone() ? driver : onSpark(run);
                } else {
                    assertThat(victims).as(who + driver.said()).isNotEmpty();
                    kill(victims, driver, random);
                }
            }
            Programs.assertSame(run, local);
        }
    }

    /// Kills the first of them, or leaves it for later where there is none.
    private static void kill(List<Victim> victims, Programs.Started driver, Random random)
            throws IOException, InterruptedException {
        switch (victims.removeFirst()) {
            case DRIVER -> driver.kill();
            case MASTER -> cluster.replaceMaster();
            case WORKER -> cluster.replaceWorker(random.nextInt(WORKERS));
            case EXECUTOR ->
                cluster.executors().stream()
                        .findAny()
                        .ifPresentOrElse(ProcessHandle::destroyForcibly, () -> victims.addLast(Victim.EXECUTOR));
        }
    }

    @Test
    void aCellThatNoExecutorOutlivesIsSaid() {
        assertThat(
                        CellTask.givenUp(
                                "Job aborted due to stage failure: Task 0 in stage 3.0 failed 4 times, most recent failure: Lost task 0.3 in stage 3.0 (TID 9) (node7 executor 5): ExecutorLostFailure (executor 5 exited caused by one of the running tasks) Reason: Command exited with code 137\nDriver stacktrace:"))
                .startsWith(
                        "Spark gave it up, for executors that did it ended 4 times, the last one on node7 (Command exited with code 137).");
        assertThat(
                        CellTask.givenUp(
                                "Job aborted due to stage failure: Task 0 in stage 3.0 failed 4 times, most recent failure: Lost task 0.3 in stage 3.0 (TID 9) (node7 executor 5): org.segloss.cluster.CellTask$Failed: node7: /data: there is no such folder on node7\n\tat org.segloss"))
                .isEqualTo("node7: /data: there is no such folder on node7");
        assertThat(CellTask.givenUp("Job 3 cancelled because SparkContext was shut down\nmore"))
                .isEqualTo("Spark gave it up: Job 3 cancelled because SparkContext was shut down");
    }
}
