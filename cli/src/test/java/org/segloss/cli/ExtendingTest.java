package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The loss that the documentation shows how to write, in a process that finds it on its class path.
class ExtendingTest {
    @TempDir
    private static Path folder;

    private static Extension extension;

    @BeforeAll
    static void compile() throws Exception {
        extension = new Extension(folder, "A loss of your own");
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

    @Test
    void theCommandOfTheDocumentationCompares() throws Exception {
        Path data = Cubes.write(folder.resolve("more-data"));
        Path out = folder.resolve("documented");
        extension.runCommand(
                "compare",
                "--data",
                data.toString(),
                "--test",
                "1",
                "--steps",
                "1",
                "--threads",
                "1",
                "--out",
                out.toString());
        assertThat(extension.command("compare")).contains("0.5*volumeError(background=false)");
        assertThat(Files.readString(out.resolve("scores.csv")))
                .contains("ce + dice + 0.5*volumeError(background=false),");
    }

    /// Broken as a copy that was cut off is: the others go on, and who asks for it is told.
    @Test
    void aBrokenLossIsExplainedWhereItIsAskedFor() throws Exception {
        Path other = Files.createDirectory(folder.resolve("broken"));
        Extension broken = new Extension(other, "A loss of your own");
        Path code = other.resolve("mine/classes/mine/VolumeError.class");
        byte[] whole = Files.readAllBytes(code);
        Files.write(code, Arrays.copyOf(whole, whole.length / 2));
        assertThat(broken.run(0, "losses", "dice"))
                .contains("dice")
                .contains("mine.VolumeError: java.lang.ClassFormatError");
        assertThat(broken.run(2, "losses", "volumeError"))
                .containsPattern(
                        "unknown loss 'volumeError'.*can't be used: mine.VolumeError: java.lang.ClassFormatError");
        assertThat(broken.run(2, "compare", "--data", "none", "--losses", "dice+volumeError"))
                .containsPattern(
                        "unknown loss 'volumeError'.*can't be used: mine.VolumeError: java.lang.ClassFormatError");
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
        return extension.run(0, arguments);
    }
}
