package org.segloss.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The command `segloss` in processes, and a small comparison to be done by it: two losses, two seeds.
final class Programs {
    private final Path folder;
    private final Path data;
    private final Map<String, String> environment;
    private int starts;

    /// @param folder of what they say, and of the data
    Programs(Path folder) throws IOException, InterruptedException {
        this(folder, Map.of());
    }

    /// @param environment what they find there beside the rest
    Programs(Path folder, Map<String, String> environment) throws IOException, InterruptedException {
        this.folder = folder;
        this.environment = environment;
        data = folder.resolve("data");
        start("phantom", data.toString(), "--train", "3", "--test", "1").ends(0);
    }

    /// {@return the folder of the data}
    Path data() {
        return data;
    }

    /// {@return the folder of the comparison as one process does it that nobody disturbs}
    Path local() throws IOException, InterruptedException {
        Path run = folder.resolve("local");
        compare(data.toString(), run.toString(), List.of()).ends(0);
        return run;
    }

    /// The comparison on a Spark, begun or gone on with.
    ///
    /// @param more settings
    Started compare(Path run, StandaloneSpark cluster, String... more) throws IOException {
        return compare(data.toString(), run.toString(), cluster, more);
    }

    /// The comparison of data and in a folder that may be in a store.
    ///
    /// @param more settings
    Started compare(String data, String run, StandaloneSpark cluster, String... more) throws IOException {
        var settings = new ArrayList<>(List.of("--spark", cluster.url()));
        Stream.concat(cluster.settings().stream(), Stream.of(more))
                .forEach(setting -> settings.addAll(List.of("--spark-conf", setting)));
        return compare(data, run, settings);
    }

    private Started compare(String data, String run, List<String> more) throws IOException {
        var command = new ArrayList<>(List.of("compare", "--data", data, "--losses", "bce, dice"));
        command.addAll(List.of("--seeds", "2", "--test", "1", "--steps", "40", "--threads", "1"));
        command.addAll(List.of("--out", run));
        command.addAll(more);
        return start(command.toArray(String[]::new));
    }

    private Started start(String... arguments) throws IOException {
        Path said = folder.resolve("said-" + starts++);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("src", "main", "spark.options"),
                "-Xmx600m",
                "-cp",
                StandaloneSpark.programClassPath(),
                "org.segloss.cli.Main"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.to(said.toFile()));
        builder.environment().putAll(environment);
        return new Started(builder.start(), said);
    }

    /// A process of it.
    ///
    /// @param output where it is written to
    record Started(Process process, Path output) {
        String said() throws IOException {
            return Files.readString(output);
        }

        boolean endsWithin(Duration time) throws InterruptedException {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        }

        boolean isDone() {
            return !process.isAlive() && process.exitValue() == 0;
        }

        void ends(int status) throws IOException, InterruptedException {
            assertThat(endsWithin(Duration.ofMinutes(5))).as(said()).isTrue();
            assertThat(process.exitValue()).as(said()).isEqualTo(status);
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }

    static void assertSame(Path run, Path other) throws IOException {
        assertThat(files(run)).isEqualTo(files(other)).contains("dice/fold-0/seed-2/checkpoint.safetensors");
        for (String file : files(run)) {
            assertThat(run.resolve(file)).hasSameBinaryContentAs(other.resolve(file));
        }
    }

    /// All that a run leaves but the events, which have the time in them.
    static List<String> files(Path run) throws IOException {
        try (Stream<Path> all = Files.walk(run)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> run.relativize(file).toString())
                    .filter(name -> !name.contains("tfevents"))
                    .sorted()
                    .toList();
        }
    }
}
