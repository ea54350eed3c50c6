package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program in a Java of its own that has no module that trains, and no libtorch.
class WithoutTrainingTest {
    private static final Pattern TRAINS =
            Pattern.compile(".*([/\\\\](train|experiment)[/\\\\]target[/\\\\]|segloss-(train|experiment)|bytedeco).*");

    @TempDir
    static Path folder;

    private static Path data;
    private static Path run;

    @BeforeAll
    static void compareWithTraining() throws IOException {
        data = Cubes.write(folder.resolve("cubes"));
        run = folder.resolve("run");
        int status = Main.commandLine()
                .setErr(new PrintWriter(new StringWriter()))
                .setOut(new PrintWriter(new StringWriter()))
                .execute("compare", "--data=" + data, "--test=1", "--steps=2", "--losses=bce,dice", "--out=" + run);
        assertThat(status).isZero();
    }

    private record Said(int status, String text) {}

    private static Said segloss(String... arguments) throws IOException, InterruptedException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !TRAINS.matcher(entry).matches())
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(classPath).contains("report").doesNotContain("experiment", "pytorch", "javacpp");
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath));
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        Path said = folder.resolve("said");
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start()
                .waitFor();
        return new Said(status, Files.readString(said));
    }

    @Test
    void evaluateScoresFiles() throws IOException, InterruptedException {
        Path csv = folder.resolve("scores.csv");
        Path masks = data.resolve("masks");
        Said said = segloss("evaluate", "--prediction=" + masks, "--reference=" + masks, "--csv=" + csv);
        assertThat(said.text).contains("cube_1", "dice", "Cases in the mean: 3");
        assertThat(said.status).isZero();
        Path out = folder.resolve("statistics");
        assertThat(segloss("report", "--scores=" + csv, "--out=" + out).status).isZero();
        assertThat(out.resolve("report.html")).content().contains("cube_1");
    }

    @Test
    void scoreComparesMethods() throws IOException, InterruptedException {
        Path masks = data.resolve("masks");
        Path out = folder.resolve("scored");
        Said said = segloss("score", "--reference=" + masks, "one=" + masks, "other=" + masks, "--out=" + out);
        assertThat(said.text).contains("inconclusive", "Report:");
        assertThat(said.status).isZero();
        assertThat(out.resolve("report.html")).content().contains("2 methods", "id=\"viewer\"");
    }

    @Test
    void reportWritesTheSameReportOfARun() throws IOException, InterruptedException {
        byte[] before = Files.readAllBytes(run.resolve("report.html"));
        Files.delete(run.resolve("report.html"));
        Said said = segloss("report", run.toString());
        assertThat(said.text).contains("Report: " + run.resolve("report.html"));
        assertThat(said.status).isZero();
        assertThat(run.resolve("report.html")).hasBinaryContent(before);
    }

    @Test
    void whatTrainsIsNotOffered() throws IOException, InterruptedException {
        assertThat(segloss("compare"))
                .isEqualTo(new Said(
                        2,
                        "Unknown command 'compare'; known: evaluate, score, loss, losses, validate, phantom, cache, report%nTry 'segloss --help'.%n"
                                .formatted()));
        assertThat(segloss("--help").text).contains("evaluate").doesNotContain("Trains a network");
    }
}
