package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.file.Json;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.loss.Task;
import org.segloss.plan.Architecture;
import org.segloss.plan.PlanJson;
import org.segloss.plan.Recipe;
import org.segloss.report.Report;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;

class ReportTest {
    @TempDir
    static Path folder;

    private static Path data;
    private static RunFolder trained;

    @BeforeAll
    static void compare() throws IOException {
        data = SmallData.write(folder.resolve("cubes"));
        trained = new RunFolder(folder.resolve("run"));
        Run.of(SmallData.experiment(data, Task.Kind.MULTICLASS, 2, "ce", "dice", "1e300*ce"))
                .in(trained, Progress.silent());
    }

    /// The report without the charting library, which is long and has markup in its strings.
    private static String html(RunFolder run) throws IOException {
        Report.write(run);
        String html = Files.readString(run.report());
        int start = html.indexOf("/*\n* Licensed to the Apache Software Foundation");
        int end = html.indexOf("</script>", start);
        assertThat(start).isPositive();
        assertThat(html.substring(start, end).contains("echarts={}")).isTrue();
        return html.substring(0, start) + html.substring(end);
    }

    /// A copy of the run with some text replaced in its small files.
    private static RunFolder edited(String name, String old, String text) throws IOException {
        Path copy = folder.resolve(name);
        try (Stream<Path> files = Files.walk(trained.root())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = copy.resolve(trained.root().relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (file.toString().matches(".*\\.(json|yaml|csv)")) {
                    Files.writeString(target, Files.readString(file).replace(old, text));
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return new RunFolder(copy);
    }

    /// Whoever adds a setting finds it in the report without a line of its own there.
    @Test
    void itShowsEverySettingOfTheTrainings() throws IOException {
        String html = html(trained);
        Map<String, String> plan =
                Json.values(PlanJson.tree(Settings.read(trained.settings()).training()));
        // of which there are several
        plan.keySet().removeAll(List.of("loss", "seed"));
        assertThat(plan)
                .isNotEmpty()
                .allSatisfy(
                        (name, value) -> assertThat(html).contains("<li>%s <code>%s</code>".formatted(name, value)));
    }

    /// Whoever adds a network or an optimizer gives it a name for people in `Wording`.
    @Test
    void everyNetworkAndOptimizerHasANameForPeople() throws IOException {
        for (Architecture network : Architecture.values()) {
            assertThat(html(edited("network-" + network, "architecture: unet", "architecture: " + network)))
                    .containsPattern("Network</dt><dd>[^<]+ in 3-D")
                    .doesNotContain("Network</dt><dd>" + network + " in 3-D");
        }
        for (Recipe.Optimizer optimizer : Recipe.Optimizer.values()) {
            assertThat(html(edited("optimizer-" + optimizer, "optimizer: adamw", "optimizer: " + optimizer)))
                    .containsPattern("Optimizer</dt><dd>[^<]+, learning rate")
                    .doesNotContain("Optimizer</dt><dd>" + optimizer + ", learning rate");
        }
    }

    @Test
    void itShowsTheAnswerTheCurvesThePicturesAndTheSettings() throws IOException {
        String html = html(trained);
        assertThat(html)
                .contains(
                        "<code>dice</code>",
                        "cube_3",
                        "has the highest mean Dice",
                        "diverged: no longer finite at step 1",
                        "Undecided beside",
                        "can't tell any two losses apart")
                .contains(
                        "U-Net in 3-D",
                        "multiclass",
                        "segloss compare --config experiment.yaml --out ",
                        "Seed</dt><dd>5",
                        "Preset</dt><dd>quick",
                        "logits on 1<",
                        "learning rate 0.003 at its highest",
                        "Patches</dt><dd>not augmented<",
                        "Predicts</dt><dd>with the last weights<");
        // a curve for each loss; a picture for each one that was trained to its end, and the case's voxels
        assertThat(html.split("data-chart=")).hasSize(4);
        assertThat(html.split("<img src=\"data:image/png;base64,")).hasSize(3);
        assertThat(html.split("<script class=\"voxels\"")).hasSize(2);
        assertThat(html).contains("Machine</dt>", "libtorch 2.", "Empty masks</dt><dd>both-empty=score");
    }

    @Test
    void theLegendHasTheColoursThatCanOccur() throws IOException {
        assertThat(html(trained)).contains("false negative</span>", "wrong class</span>");
        assertThat(html(edited("binary", "kind: multiclass", "kind: binary")))
                .contains("false negative</span>")
                .doesNotContain("wrong class</span>");
    }

    @Test
    void sameFilesGiveSameBytes() throws IOException {
        Report.write(trained);
        byte[] first = Files.readAllBytes(trained.report());
        Report.write(trained);
        assertThat(Arrays.equals(Files.readAllBytes(trained.report()), first)).isTrue();
    }

    @Test
    void nothingIsLoadedFromElsewhere() throws IOException {
        Matcher loads =
                Pattern.compile("(src|href)=\"([^\"]{0,20})|url\\(|@import").matcher(html(trained));
        var sources = new ArrayList<String>();
        while (loads.find()) {
            sources.add(loads.group(2));
        }
        assertThat(sources).isNotEmpty().allMatch("data:image/png;base6"::equals);
    }

    @Test
    void textFromFilesIsNeverMarkup() throws IOException {
        assertThat(html(edited("wild-id", "cube_3", "<script><b>")))
                .doesNotContain("<b>\"", "<script><b>")
                .contains("&lt;script&gt;&lt;b&gt;");
        assertThat(html(edited("wild-name", "\"cubes\"", "\"<i>cubes</i>\"")))
                .doesNotContain("<i>")
                .contains("&lt;i&gt;cubes&lt;/i&gt;");
    }

    @Test
    void withoutTheImagesItSaysSoAndHasAllElse() throws IOException {
        Path gone = data.resolveSibling("gone");
        assertThat(html(edited("moved", data.toAbsolutePath().toString(), gone.toString())))
                .contains("The images are no longer in " + gone, "has the highest mean")
                .doesNotContain("<img");
    }

    @Test
    void imagesThatHaveChangedAreNotShown() throws IOException {
        Path other = SmallData.write(folder.resolve("other/cubes"));
        RunFolder moved = edited("changed", data.toAbsolutePath().toString(), other.toString());
        assertThat(html(moved)).contains("<img");
        Geometry larger = Geometry.identity(9, 8, 8);
        Images.write(other.resolve("masks/cube_3.nii.gz"), new Labels(larger, new byte[9 * 8 * 8]));
        Images.write(other.resolve("images/cube_3.nii.gz"), new Volume(larger, 1, new float[9 * 8 * 8]));
        assertThat(html(moved))
                .contains("The images are no longer in " + other, "cube_3 have changed", "has the highest mean")
                .doesNotContain("<img");
    }

    @Test
    void aFolderWithoutARunIsRefused() {
        assertThatIOException().isThrownBy(() -> Report.write(new RunFolder(folder.resolve("nothing"))));
    }
}
