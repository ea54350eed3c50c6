package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// `segloss` as a process of its own.
///
/// @param said file with what it says
record Program(Process process, Path said) {
    private static int starts;

    /// @param said   file for what it says
    /// @param prefix words before the command
    static Program start(Path said, List<String> arguments, String... prefix) throws IOException {
        var command = new ArrayList<>(List.of(prefix));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                // half of such a short life would be the second compiler's; what kernels compute is for other tests
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        // as the launcher does it
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        // never mind: a run goes on with the threads it began with
        builder.environment().put("OMP_NUM_THREADS", Integer.toString(1 + starts++ % 2));
        return new Program(builder.start(), said);
    }

    /// {@return the files that a run leaves, but the events, which have the time in them}
    static List<String> left(Path run) throws IOException {
        try (Stream<Path> all = Files.walk(run)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> run.relativize(file).toString())
                    .filter(name -> !name.contains("tfevents"))
                    .sorted()
                    .toList();
        }
    }

    String words() throws IOException {
        return Files.readString(said);
    }

    /// Waits until it has said something, while it runs.
    void await(String words) throws IOException, InterruptedException {
        while (!words().contains(words)) {
            assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as(words()).isFalse();
        }
    }

    /// {@return its exit status, when it has ended}
    int status() throws InterruptedException {
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /// {@return how long it takes to end by Ctrl-C}
    Duration interrupt() throws IOException, InterruptedException {
        long start = System.nanoTime();
        signal("INT");
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
