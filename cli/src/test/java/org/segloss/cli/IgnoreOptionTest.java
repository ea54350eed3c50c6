package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.cli.CommandLineTest.Call;
import org.segloss.format.Images;
import org.segloss.image.Labels;
import picocli.CommandLine.Model.OptionSpec;

/// `--ignore`, as it is given to commands that read a data set.
class IgnoreOptionTest {
    @TempDir
    Path folder;

    private Path data;

    /// Cubes, the first rows of which nobody has labelled.
    @BeforeEach
    void write() throws IOException {
        data = Cubes.write(folder.resolve("data"));
        for (int number = 1; number <= 3; number++) {
            Path file = data.resolve("masks/cube_%d.nii.gz".formatted(number));
            Labels labels = Images.readLabels(file);
            for (int i = 0; i < 24; i++) {
                labels.values()[i] = (byte) (i < 8 ? 255 : 254);
            }
            Images.write(file, labels);
        }
    }

    @Test
    void itIsOneOptionOfAllCommands() {
        var words = new HashSet<String>();
        var commands = new ArrayList<String>();
        Main.commandLine().getSubcommands().forEach((command, line) -> {
            OptionSpec option = line.getCommandSpec().findOption("--ignore");
            if (option == null) {
                return;
            }
            commands.add(command);
            words.add(option.paramLabel() + List.of(option.description()));
            for (String list : List.of("255,void", "void", "255,", "", "1.5,2", "12345678901")) {
                Call call = segloss(command, "--ignore", list);
                assertThat(call.status()).isEqualTo(2);
                String[] labels = list.split(",", -1);
                String wrong = list.startsWith("255,") ? labels[1] : labels[0];
                assertThat(call.err())
                        .contains("option '--ignore'")
                        .contains("'%s' in '%s' is no label; write whole numbers, for example 254,255"
                                .formatted(wrong, list));
            }
        });
        assertThat(words).hasSize(1);
        assertThat(commands).containsExactlyInAnyOrder("compare", "train", "validate", "evaluate", "score", "loss");
    }

    @Test
    void validateSaysWhatIsIgnored() {
        Call bare = segloss("validate", data);
        assertThat(bare.status()).isEqualTo(2);
        assertThat(bare.out())
                .contains(
                        "hold the values 0, 1, 254, 255",
                        "254, 255 may be a class, or mark voxels that don't count: say --ignore=254,255")
                .doesNotContain("another label");
        Call call = segloss("validate", data, "--ignore", "255, 254");
        assertThat(call.status()).isZero();
        assertThat(call.out())
                .containsOnlyOnce("note     ")
                .contains("masks", "cube_1.nii.gz")
                .contains("4.69 % of the voxels have an ignored label (254 or 255)")
                .endsWith(data + ": nothing is wrong" + System.lineSeparator());
    }

    @Test
    void compareGoesOnWithTheSameLabelsOnly() throws IOException {
        Path run = folder.resolve("run");
        Call bare = compare(run);
        assertThat(bare.status()).isEqualTo(2);
        assertThat(bare.err()).contains("say --ignore=254,255");
        Call call = compare(run, "--ignore", "254,255");
        assertThat(call.status()).isZero();
        assertThat(Files.readString(run.resolve("experiment.yaml"))).contains("ignored-labels:");
        assertThat(compare(run, "--ignore", "253,254,255").err())
                .contains("training.task.ignored-labels was [254,255], is [253,254,255]");
        Call repeated = segloss("compare", "--config", run.resolve("experiment.yaml"), "--out", folder.resolve("copy"));
        assertThat(repeated.status()).isZero();
        assertThat(folder.resolve("copy/scores.csv")).hasSameBinaryContentAs(run.resolve("scores.csv"));
        assertThat(segloss("compare", "--config", run.resolve("experiment.yaml"), "--ignore", 9)
                        .err())
                .contains("leave out --ignore");
    }

    @Test
    void whatIsNoLabelOrAClassIsRefused() {
        assertThat(compare(folder.resolve("run"), "--ignore", "1,254,255").err())
                .contains("nothing but background");
        Call validation = segloss("validate", data, "--ignore", "1,254,255");
        assertThat(validation.status()).isEqualTo(2);
        assertThat(validation.out()).contains("nothing but background. Ignore fewer.");
        assertThat(compare(folder.resolve("run"), "--ignore", "0,254,255").err())
                .contains("labels that are ignored are whole numbers other than 0, which is the background");
        Call text = compare(folder.resolve("run"), "--ignore", "margin");
        assertThat(text.status()).isEqualTo(2);
        assertThat(text.err()).contains("--ignore", "margin");
    }

    @Test
    void aClassThatIsIgnoredAfterwardsIsRefused() throws IOException {
        Path run = folder.resolve("run");
        assertThat(compare(run, "--ignore", "254,255").status()).isZero();
        Path settings = run.resolve("experiment.yaml");
        String text = Files.readString(settings);
        for (String label : List.of("1", "0", "-1", "256")) {
            Files.writeString(settings, text.replaceFirst("- 254", "- " + label));
            Call call = segloss("report", run);
            assertThat(call.status()).isEqualTo(2);
            assertThat(call.err())
                    .contains(
                            "experiment.yaml",
                            "training.task.ignored-labels: [254, 255] were expected, which 'training.labels' leave out, not",
                            label,
                            "undo what was changed");
        }
    }

    @Test
    void testCasesThatAreWhollyIgnoredAreNoneBeforeTheTrainingAndAfterIt() throws IOException {
        Path file = data.resolve("masks/cube_3.nii.gz");
        Labels labels = Images.readLabels(file);
        Arrays.fill(labels.values(), (byte) 255);
        Images.write(file, labels);
        Path split = Files.writeString(
                folder.resolve("split.json"), "{\"train\": [\"cube_1\"], \"test\": [\"cube_2\", \"cube_3\"]}");
        Call one = compareTwo(split, "one");
        assertThat(one.status()).as(one.err()).isZero();
        assertThat(one.err())
                .contains("1 training, 0 validation and 2 test cases")
                .contains("1 independent test case can't tell any two losses apart");

        Files.writeString(split, "{\"train\": [\"cube_1\", \"cube_2\"], \"test\": [\"cube_3\"]}");
        Call none = compareTwo(split, "none");
        assertThat(none.status()).as(none.err()).isEqualTo(1);
        String nothing = "nothing is known of any test case, since all voxels have ignored labels";
        assertThat(none.err()).contains("Warning: " + nothing).doesNotContain("independent");
        assertThat(none.out()).contains("dice of mean: " + nothing);
        assertThat(folder.resolve("none/report.html"))
                .content()
                .contains("There is nothing to compare: " + nothing + ".");
    }

    private Call compareTwo(Path split, String run) {
        return segloss(
                "compare",
                "--data",
                data,
                "--split",
                split,
                "--losses",
                "ce, dice",
                "--steps",
                1,
                "--ignore",
                "254,255",
                "--out",
                folder.resolve(run));
    }

    private Call compare(Path run, Object... more) {
        Object[] words = {"compare", "--data", data, "--test", 1, "--losses", "ce + dice", "--steps", 1, "--out", run};
        Object[] all = Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return segloss(all);
    }
}
