package org.segloss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Programs of one machine: they have their copies in one folder, which another machine doesn't have.
///
/// @param folder      of all that it has
/// @param environment what it knows of stores
record Machine(Path folder, Map<String, String> environment) {

    /// A program that was started.
    record Program(Process process, Path output) {
        String said() throws IOException {
            return Files.readString(output);
        }

        /// {@return what it said, once it has ended}
        String ends(int status) throws IOException, InterruptedException {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(said()).isEqualTo(status);
            return said();
        }
    }

    Path cache() {
        return folder.resolve("cache");
    }

    /// Starts `segloss`.
    Program start(String... arguments) throws IOException {
        Files.createDirectories(folder);
        Path output = Files.createTempFile(folder, "said", "");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Dslf4j.internal.verbosity=ERROR",
                "-Xmx600m",
                "-cp",
                System.getProperty("java.class.path"),
                "org.segloss.cli.Main"));
        command.addAll(List.of(arguments));
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.to(output.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().put("XDG_CACHE_HOME", cache().toString());
        builder.environment().put("HOME", folder.toString());
        builder.environment().putAll(environment);
        return new Program(builder.start(), output);
    }
}
