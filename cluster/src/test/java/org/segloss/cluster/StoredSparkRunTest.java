package org.segloss.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.storage.S3Server;

/// `segloss compare` on a real Spark whose machines share nothing but a bucket.
@DisabledOnOs(OS.WINDOWS) // signals
class StoredSparkRunTest {
    @TempDir
    Path folder;

    @Test
    void executorsThatShareABucketLeaveTheBytesOfOneProcess() throws Exception {
        try (var server = new S3Server(folder.resolve("s3"))) {
            Map<String, String> driver = new HashMap<>(server.environment());
            driver.put("XDG_CACHE_HOME", folder.resolve("driver").toString());
            var programs = new Programs(folder, driver);
            server.put(programs.data(), "data");
            Path local = programs.local();
            Path run = server.bucket().resolve("run");
            try (var cluster = new StandaloneSpark(2, 1, "1g", server.environment())) {
                Programs.Started program = programs.compare("s3a://bucket/data", "s3a://bucket/run", cluster);
                // a stage that has ended is there at once
                while (finished(run) == 0) {
                    assertThat(program.endsWithin(Duration.ofMillis(50)))
                            .as(program.said())
                            .isFalse();
                }
                cluster.executors().getFirst().destroyForcibly();
                program.ends(0);
                assertThat(program.said()).contains("All of it:   s3a://bucket/run");
                assertThat(cluster.caches())
                        .anySatisfy(
                                cache -> assertThat(cache.resolve("segloss/stores/data/s3a/bucket/data/dataset.json"))
                                        .exists());
                assertNoSecret(folder);
                for (Path cache : cluster.caches()) {
                    assertNoSecret(cache);
                }
            }
            assertThat(Programs.files(run)).isEqualTo(Programs.files(local));
            for (String file : Programs.files(run)) {
                assertThat(Files.readString(run.resolve(file), ISO_8859_1))
                        .as(file)
                        .isEqualTo(Files.readString(local.resolve(file), ISO_8859_1)
                                .replace(programs.data().toString(), "s3a://bucket/data"));
            }
        }
    }

    private static long finished(Path run) throws IOException {
        if (Files.notExists(run)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(run)) {
            return all.filter(file -> file.endsWith("stages.json")).count();
        }
    }

    private static void assertNoSecret(Path below) throws IOException {
        if (Files.notExists(below)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(below)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            assertThat(Files.readString(file, ISO_8859_1)).as(file.toString()).doesNotContain(S3Server.SECRET);
        }
    }
}
