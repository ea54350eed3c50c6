package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadmeTest {

    /// An example is compiled and run as it stands, and prints what the page says.
    @ParameterizedTest
    @ValueSource(strings = {"../README.md", "../docs/metrics.md"})
    void theLibraryExampleRuns(String page, @TempDir Path folder) throws Exception {
        String readme = Files.readString(Path.of(page));
        Matcher example = Pattern.compile("```java\n(.*?)```\n+prints\n+```\n(.*?)```", Pattern.DOTALL)
                .matcher(readme);
        assertThat(example.find()).isTrue();
        Path source = Files.writeString(folder.resolve("Example.java"), example.group(1));
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--class-path",
                        Path.of("target/classes").toAbsolutePath().toString(),
                        source.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(java.getInputStream().readAllBytes());
        assertThat(java.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output).isEqualTo(example.group(2));
    }
}
