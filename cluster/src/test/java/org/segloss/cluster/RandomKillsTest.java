package org.segloss.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A comparison on a Spark, of whose processes any may be killed at any time: the command, given again where it has
/// ended, leaves the bytes of one process that nobody disturbed.
@DisabledOnOs(OS.WINDOWS) // signals
class RandomKillsTest {
    private static final int KILLS = Integer.getInteger("segloss.kills", 10);
    private static final int WORKERS = 2;
    /// What is left to do after the last kill takes less.
    private static final Duration LAST = Duration.ofMinutes(4);

    @TempDir
    Path folder;

    @Test
    void whoeverIsKilledTheBytesAreThoseOfOneProcess() throws Exception {
        long seed = Long.getLong("segloss.kills.seed", System.nanoTime());
        var random = new Random(seed);
        var programs = new Programs(folder);
        Path local = programs.local();
        Path run = folder.resolve("run");
        int starts = 1;
        var killed = new ArrayList<String>();
        try (var cluster = new StandaloneSpark(WORKERS, 1, "1g")) {
            Programs.Started driver = programs.compare(run, cluster);
            for (boolean done = false; !done; ) {
                Duration pause = killed.size() < KILLS ? Duration.ofMillis(500 + random.nextInt(4000)) : LAST;
                if (!driver.endsWithin(pause)) {
                    assertThat(killed).as(driver.said()).hasSizeLessThan(KILLS);
                    killed.add(killOne(cluster, driver, random));
                } else if (driver.process().exitValue() == 0) {
                    done = true;
                } else {
                    assertThat(starts++).as(driver.said()).isLessThan(2 * KILLS);
                    driver = programs.compare(run, cluster);
                }
            }
        }
        System.out.printf("killed by seed %d: %s, and the driver started %d times%n", seed, killed, starts);
        assertThat(killed).as("all is done before all kills").hasSize(KILLS);
        Programs.assertSame(run, local);
    }

    /// Kills a process and does what an operator does for the Spark's own: starts it again.
    private static String killOne(StandaloneSpark cluster, Programs.Started driver, Random random)
            throws IOException, InterruptedException {
        List<ProcessHandle> executors = cluster.executors();
        int chosen = random.nextInt(2 + WORKERS + executors.size());
        if (chosen == 0) {
            driver.kill();
            return "the driver";
        }
        if (chosen == 1) {
            cluster.replaceMaster();
            return "the master";
        }
        if (chosen < 2 + WORKERS) {
            cluster.replaceWorker(chosen - 2);
            return "worker " + (chosen - 2);
        }
        executors.get(chosen - 2 - WORKERS).destroyForcibly();
        return "an executor";
    }
}
