package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.metric.MetricCatalog;

/// The metric that the documentation shows how to write, in a process that finds it on its class path.
class ExtendingMetricTest {
    @TempDir
    private static Path folder;

    private static Extension extension;

    @BeforeAll
    static void compile() throws Exception {
        extension = new Extension(folder, "A metric of your own");
        // 20 x 20 x 20 voxels of 1 mm, of which some are of the class
        labels("reference", "a", 1000);
        labels("reference", "b", 1000);
        labels("near", "a", 1500);
        labels("near", "b", 800);
        labels("far", "a", 3000);
        labels("far", "b", 3500);
        // the folders that the documentation names
        labels("my-data/labelsTr", "a", 1000);
        labels("my-data/labelsTr", "b", 1000);
        labels("my-predictions", "a", 1500);
        labels("my-predictions", "b", 800);
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
        Path out = folder.resolve("of-two");
        run(0, "report", "--scores", scores.toString(), "--metric", "volumeGap", "--out", out.toString());
        String report = Files.readString(out.resolve("report.html"));
        assertThat(report).contains("volumeGap, ml <span class=\"quiet\">↓</span>");
        assertThat(Files.readString(out.resolve("comparison.json")))
                .containsPattern("\"best\" ?: ?\"near\"")
                .containsPattern("\"higherIsBetter\" ?: ?false");
    }

    @Test
    void theCommandsOfTheDocumentationScoreAndReport() throws Exception {
        assertThat(extension.runCommand("evaluate")).contains("volumeGap, ml");
        extension.runCommand("report");
        assertThat(Files.readString(folder.resolve("statistics/report.html"))).contains("volumeGap, ml");
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
        assertThat(message)
                .contains(
                        "unknown metric 'volumeGab'",
                        MetricCatalog.all().getLast().id() + ", volumeGap");
    }

    private static String run(int status, String... arguments) throws Exception {
        return extension.run(status, arguments);
    }
}
