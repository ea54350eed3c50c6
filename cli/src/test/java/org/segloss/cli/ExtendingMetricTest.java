package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;

/// The metric that the documentation shows how to write, in a process that finds it on its class path.
class ExtendingMetricTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void compile() throws IOException {
        Matcher code = Pattern.compile("`mine/VolumeGap.java`:\n\n```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/extending.md")));
        assertThat(code.find()).isTrue();
        Path source = folder.resolve("VolumeGap.java");
        Files.writeString(source, code.group(1));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", classPath(), "-d", folder.toString(), source.toString());
        assertThat(status).isZero();
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve("org.segloss.metric.Metric"), "mine.VolumeGap\n");
        // 20 x 20 x 20 voxels of 1 mm, of which some are of the class
        labels("reference", "a", 1000);
        labels("reference", "b", 1000);
        labels("near", "a", 1500);
        labels("near", "b", 800);
        labels("far", "a", 3000);
        labels("far", "b", 3500);
    }

    private static void labels(String name, String id, int voxels) throws IOException {
        byte[] values = new byte[8000];
        Arrays.fill(values, 0, voxels, (byte) 1);
        Path to = Files.createDirectories(folder.resolve(name)).resolve(id + ".nii.gz");
        Images.write(to, new Labels(Geometry.identity(20, 20, 20), values));
    }

    @Test
    void itIsScoredWithItsUnit() throws Exception {
        String table = run(
                0,
                "evaluate",
                "--prediction",
                folder.resolve("near").toString(),
                "--reference",
                folder.resolve("reference").toString(),
                "--metrics",
                "dice,volumeGap");
        assertThat(table).contains("volumeGap, ml");
        // 500 and 200 voxels of 0.001 ml
        assertThat(table).containsPattern("a +1 .* 0\\.5 ").containsPattern("b +1 .* 0\\.2 ");
        assertThat(run(
                        0,
                        "evaluate",
                        "--prediction",
                        folder.resolve("far").toString(),
                        "--reference",
                        folder.resolve("reference").toString(),
                        "--metrics",
                        "volumeGap",
                        "--json"))
                .contains("\"unit\" : \"ml\"", "\"higher-is-better\" : false", "\"volumeGap\" : 2.0");
    }

    @Test
    void aComparisonKnowsThatLessIsBetter() throws Exception {
        var lines = new ArrayList<String>();
        for (String name : List.of("near", "far")) {
            Path csv = folder.resolve(name + ".csv");
            run(
                    0,
                    "evaluate",
                    "--prediction",
                    folder.resolve(name).toString(),
                    "--reference",
                    folder.resolve("reference").toString(),
                    "--metrics",
                    "volumeGap",
                    "--csv",
                    csv.toString());
            List<String> rows = Files.readAllLines(csv);
            lines.addAll(lines.isEmpty() ? rows : rows.subList(1, rows.size()));
        }
        Path scores = folder.resolve("scores.csv");
        Files.write(scores, lines);
        Path out = folder.resolve("statistics");
        run(0, "report", "--scores", scores.toString(), "--metric", "volumeGap", "--out", out.toString());
        String report = Files.readString(out.resolve("report.html"));
        assertThat(report).contains("volumeGap, ml <span class=\"quiet\">↓</span>");
        assertThat(Files.readString(out.resolve("comparison.json")))
                .containsPattern("\"best\" ?: ?\"near\"")
                .containsPattern("\"higherIsBetter\" ?: ?false");
    }

    @Test
    void itStandsAmongTheKnownOnes() throws Exception {
        String message = run(
                2,
                "evaluate",
                "--prediction",
                folder.resolve("near").toString(),
                "--reference",
                folder.resolve("reference").toString(),
                "--metrics",
                "volumeGab");
        assertThat(message).contains("unknown metric 'volumeGab'", "pq, volumeGap");
    }

    private static String run(int status, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                folder + File.pathSeparator + classPath(),
                "org.segloss.cli.Main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(status);
        return output;
    }

    /// The class path of this test, whether it runs on a class path or on a module path.
    private static String classPath() {
        return System.getProperty("java.class.path") + File.pathSeparator + System.getProperty("jdk.module.path", "");
    }
}
