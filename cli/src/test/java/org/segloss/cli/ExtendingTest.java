package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The loss that the documentation shows how to write, in a process that finds it on its class path.
class ExtendingTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void compile() throws IOException {
        Matcher code = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/extending.md")));
        assertThat(code.find()).isTrue();
        Path source = folder.resolve("VolumeError.java");
        Files.writeString(source, code.group(1));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", classPath(), "-d", folder.toString(), source.toString());
        assertThat(status).isZero();
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve("org.segloss.loss.Loss$Leaf"), "mine.VolumeError\n");
    }

    @Test
    void itHasAPageAndCommonOptions() throws Exception {
        assertThat(run("losses", "volumeError"))
                .contains("The squared relative error of the volume.", "smooth=1", "background=true", "weights=[]");
        assertThat(run("losses"))
                .contains("\n    volumeError")
                .as("ours first, though it stands before them on the class path")
                .containsSubsequence("\n    dice", "\n    logCoshDice", "\n    volumeError", "\n    lovasz");
    }

    /// p = 0.5 four times, one voxel of foreground: ((2 - 1) / (2 + 1 + 1))² = 1/16.
    @Test
    void itHasAValueInAnExpressionAndAGradient() throws Exception {
        Path logits = folder.resolve("logits.npy");
        Path labels = folder.resolve("labels.npy");
        npy(logits, "<f4", "(1, 1, 2, 2)", new byte[16]);
        npy(labels, "|u1", "(1, 2, 2)", new byte[] {1, 0, 0, 0});
        Path gradient = folder.resolve("gradient.npy");
        assertThat(run(
                        "loss",
                        "bce + 2*volumeError(batch=true)",
                        "--prediction",
                        logits.toString(),
                        "--target",
                        labels.toString(),
                        "--gradient",
                        gradient.toString()))
                .contains("bce + 2*volumeError(batch=true) = " + (Math.log(2) + 2 / 16.0));
        assertThat(Files.size(gradient)).isGreaterThan(16);
    }

    /// Bare and in a sum: trained, resumed from its checkpoint as after a kill, predicted, scored and reported. Nowhere
    /// stands the form that Java gives a record.
    @Test
    void itIsComparedResumedAndReported() throws Exception {
        Path data = Cubes.write(folder.resolve("data"));
        Path out = folder.resolve("run");
        String[] compare = {
            "compare",
            "--data",
            data.toString(),
            "--test",
            "1",
            "--losses",
            "volumeError, bce + 2*volumeError(smooth=3)",
            "--steps",
            "4",
            "--threads",
            "1",
            "--out",
            out.toString()
        };
        List<String> said = new ArrayList<>(List.of(run(compare)));
        String scores = Files.readString(out.resolve("scores.csv"));
        assertThat(scores).contains("volumeError,").contains("bce + 2*volumeError(smooth=3),");
        List<Path> checkpoints;
        try (Stream<Path> files = Files.walk(out)) {
            checkpoints = files.filter(file -> file.endsWith("checkpoint.safetensors"))
                    .toList();
        }
        assertThat(checkpoints).hasSize(2);

        // the checkpoints are left, and nothing that says how far their trainings are
        for (Path checkpoint : checkpoints) {
            Files.delete(checkpoint.resolveSibling("stages.json"));
            Files.delete(checkpoint.resolveSibling("scores.csv"));
        }
        for (String result : List.of("scores.csv", "comparison.json", "report.html")) {
            Files.delete(out.resolve(result));
        }
        said.add(run(compare));
        assertThat(Files.readString(out.resolve("scores.csv"))).isEqualTo(scores);

        Files.delete(out.resolve("report.html"));
        said.add(run("report", out.toString()));
        assertThat(Files.readString(out.resolve("report.html")))
                .contains("volumeError")
                .contains("bce + 2*volumeError(smooth=3)");
        assertThat(said).noneMatch(text -> text.contains("VolumeError["));
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("VolumeError[");
            }
        }
    }

    private static void npy(Path file, String type, String shape, byte[] data) throws IOException {
        String header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(type, shape);
        header += " ".repeat(117 - header.length()) + "\n";
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
        Files.write(file, start);
        Files.write(file, header.getBytes(StandardCharsets.US_ASCII), java.nio.file.StandardOpenOption.APPEND);
        Files.write(file, data, java.nio.file.StandardOpenOption.APPEND);
    }

    private static String run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                folder + java.io.File.pathSeparator + classPath(),
                "org.segloss.cli.Main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines()
                .filter(line -> !line.contains("WARN") && !line.contains("jdk.incubator"))
                .reduce("", (a, b) -> a + b + "\n");
    }

    /// Of this test, whether it runs on a class path or on a module path.
    private static String classPath() {
        return System.getProperty("java.class.path")
                + java.io.File.pathSeparator
                + System.getProperty("jdk.module.path", "");
    }
}
