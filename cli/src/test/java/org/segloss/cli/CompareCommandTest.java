package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.cli.CommandLineTest.Call;

/// `segloss compare`, as it is called.
class CompareCommandTest {
    @TempDir
    Path folder;

    @Test
    void compareEndsWithATableAndTheFilesItWrote() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path run = folder.resolve("run");
        Call call = segloss(
                "compare", "--data", data, "--test", 1, "--losses", "bce, 1e300*bce", "--steps", 1, "--out", run);
        assertThat(call.status()).isZero();
        assertThat(call.out())
                .contains("loss", "mean", "SD", "* bce", "1e300*bce  diverged at step 1")
                .contains("Report:      " + run.resolve("report.html"));
        assertThat(run.resolve("report.html")).isRegularFile();
        assertThat(call.err()).contains("1e300*bce diverged");

        Call again = segloss(
                "compare", "--data", data, "--test", 1, "--losses", "bce, 1e300*bce", "--steps", 1, "--out", run);
        assertThat(again.out()).isEqualTo(call.out());
        assertThat(again.err()).contains("bce: reused the results in ");

        Path copy = folder.resolve("copy");
        Call repeated = segloss("compare", "--config", run.resolve("experiment.yaml"), "--out", copy);
        assertThat(repeated.status()).isZero();
        assertThat(copy.resolve("scores.csv")).hasSameBinaryContentAs(run.resolve("scores.csv"));
        assertThat(segloss("compare", "--config", run.resolve("experiment.yaml"), "--steps", 3)
                        .err())
                .contains("leave out --steps");

        assertThat(segloss("compare", "--extend", 3).err()).contains("Say with --out which run is to be extended");
        assertThat(segloss("compare", "--extend", 3, "--data", data, "--out", run)
                        .err())
                .contains("--extend goes on with what the run is; leave out --data");
        assertThat(segloss("compare", "--extend", 3, "--out", folder.resolve("none"))
                        .err())
                .contains("experiment.yaml", "there is no such file");
        Call extended = segloss("compare", "--extend", 3, "--losses", "bce, 1e300*bce, dice", "--out", copy);
        assertThat(extended.status()).as(extended.err()).isZero();
        assertThat(extended.err())
                .contains("Adding to the run: dice, 2 steps to the 1 of each training. What it has stays.");
        assertThat(extended.out())
                .contains("The mean dice before the trainings were extended:")
                .containsPattern("loss +after 1 steps +now\\n")
                .containsPattern("1e300\\*bce +- +-\\n");
        assertThat(copy.resolve("bce/fold-0/seed-1/after-1/scores.csv"))
                .hasSameBinaryContentAs(run.resolve("bce/fold-0/seed-1/scores.csv"));

        Call other = segloss("compare", "--data", data, "--test", 1, "--losses", "bce", "--steps", 1, "--out", run);
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.err()).contains("run with other settings");

        Call none = segloss(
                "compare",
                "--data",
                data,
                "--test",
                1,
                "--losses",
                "1e300*bce",
                "--steps",
                1,
                "--out",
                folder.resolve("none"));
        assertThat(none.status()).isEqualTo(1);
    }

    @Test
    void whatIsSaidOrWrittenTakesThePlaceOfAPresetsNumbers() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path run = folder.resolve("run");
        List<Object> command = List.of(
                "compare", "--data", data, "--test", 1, "--losses", "bce", "--steps", 1, "--preset", "standard");
        Call said = segloss(with(
                command,
                "--spacing",
                "2,1,1",
                "--patch",
                "4,8,12",
                "--batch",
                1,
                "--width",
                2,
                "--levels",
                2,
                "--mirror",
                "xz",
                "--optimizer",
                "sgd",
                "--out",
                run));
        assertThat(said.status()).as(said.err()).isZero();
        String yaml = Files.readString(run.resolve("experiment.yaml"));
        assertThat(yaml.lines().map(String::strip))
                .contains("z: 2.0", "- 4", "- 8", "- 12", "batch: 1", "width: 2", "strides:", "optimizer: sgd")
                .contains("learning-rate: 0.01", "- z", "- x")
                .doesNotContain("- y");

        Path config = folder.resolve("changed/experiment.yaml");
        Files.createDirectories(config.getParent());
        Files.copy(run.resolve("dataset.json"), config.resolveSibling("dataset.json"));
        Files.writeString(
                config,
                yaml.replace("width: 2", "width: 3")
                        .replace("averaging: 0.995", "averaging: 0.5")
                        .replace("kernels:\n    - - 1", "kernels:\n    - - 3"));
        assertThat(config).content().contains("kernels:\n    - - 3");
        Path copy = folder.resolve("copy");
        Call written = segloss("compare", "--config", config, "--out", copy);
        assertThat(written.status()).as(written.err()).isZero();
        assertThat(copy.resolve("experiment.yaml")).hasSameTextualContentAs(config);
        assertThat(changed(config, yaml, "batch: 1", "batch: 0")).contains("at least one patch");
        assertThat(changed(config, yaml, "heads: 1", "heads: 2")).contains("from 1 to 1 heads, not 2");
        assertThat(changed(config, yaml, "width: 2", ""))
                .contains("is not as this version", "training.network.width: a value is missing")
                .doesNotContain("DeserializationFeature");
        assertThat(changed(config, yaml, "width: 2", "width: two"))
                .contains("training.network.width: a whole number", "'two'");
        assertThat(changed(config, yaml, "inputs: 1", "inputs: 2"))
                .contains("says what follows from the data", "training.network.inputs is 2 there, not 1");
        assertThat(changed(config, yaml, "training:", "network:\n  width: 2\ntraining:"))
                .contains(config.toString(), "an earlier version of Segloss", "begin a new one");
        assertThat(folder.resolve("bad")).doesNotExist();

        Call again = segloss("compare", "--config", run.resolve("experiment.yaml"), "--out", run);
        assertThat(again.err()).contains("bce: reused the results in ");
        Files.writeString(run.resolve("experiment.yaml"), yaml.replace("width: 2", "width: 3"));
        Call inPlace = segloss("compare", "--config", run.resolve("experiment.yaml"), "--out", run);
        assertThat(inPlace.status()).isEqualTo(2);
        assertThat(inPlace.err()).contains("was trained with other settings", "--restart");
        assertThat(run.resolve("bce/fold-0/seed-1/checkpoint.safetensors")).isRegularFile();

        assertThat(segloss(with(command, "--patch", "8,8")).err()).contains("three positive numbers Z,Y,X", "not 8,8");
        assertThat(segloss(with(command, "--patch", "9,8,8", "--levels", 3)).err())
                .contains(
                        "with 3 levels the edges of a patch are multiples of 4 x 4 x 4 (z, y, x), but it is 9 x 8 x 8 (z, y, x); take another");
        assertThat(segloss(with(command, "--spacing", "1,0,1")).err()).contains("not 1.0,0.0,1.0");
        assertThat(segloss(with(command, "--spacing", "1e-3,1e-3,1e-3")).err()).contains("take a larger spacing");
        assertThat(segloss(with(command, "--batch", 0)).err()).contains("--batch takes a number from 1 on, not 0");
        assertThat(segloss(with(command, "--mirror", "left")).err()).contains("letters of zyx, or none, not 'left'");
        assertThat(segloss(with(command, "--learning-rate", "-1")).err()).contains("learning rate has to be positive");
    }

    @Test
    void imagesOfTomographyAreBroughtToOneScaleThatCanBeChanged() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Files.writeString(data.resolve("dataset.json"), "{\"modality\": {\"0\": \"CT\"}}");
        Path run = folder.resolve("run");
        Call call = segloss("compare", "--data", data, "--test", 1, "--losses", "bce", "--steps", 1, "--out", run);
        assertThat(call.status()).as(call.err()).isZero();
        String yaml = Files.readString(run.resolve("experiment.yaml"));
        // 100 + i * 37 % 11 in the cubes: never clipped but at their ends
        assertThat(yaml).containsPattern("scales:\\s+\"0\":\\s+low: 100\\.0\\s+high: 110\\.0\\s+mean: 10");
        assertThat(run.resolve("report.html"))
                .content()
                .contains("channel 0 clipped to 100.0 … 110.0, less 104.96875, divided by 3.1538769957255255<");

        Path config = folder.resolve("changed/experiment.yaml");
        Files.createDirectories(config.getParent());
        Files.copy(run.resolve("dataset.json"), config.resolveSibling("dataset.json"));
        Files.writeString(config, yaml.replace("low: 100.0", "low: -50.0"));
        Path copy = folder.resolve("copy");
        Call changed = segloss("compare", "--config", config, "--out", copy);
        assertThat(changed.status()).as(changed.err()).isZero();
        assertThat(copy.resolve("experiment.yaml")).hasSameTextualContentAs(config);
        Path training = Path.of("bce/fold-0/seed-1/training.csv");
        assertThat(Files.readString(copy.resolve(training)))
                .as("the loss of other numbers")
                .isNotEqualTo(Files.readString(run.resolve(training)));
        assertThat(changed(config, yaml, "low: 100.0", "low: 111")).contains("low below high");
        assertThat(changed(config, yaml, "      \"0\":\n        low", "      1:\n        low"))
                .contains("there is a scale for channel 1, but the images have the channels 0 to 0");
        assertThat(changed(config, yaml.replaceAll("(?m)^        .*: .*\n", ""), "      \"0\":", "      \"0\":"))
                .contains("preprocessing", "a value is missing");
        assertThat(changed(config, yaml, "    kernels:\n    - - 3", "    kernels:\n    -\n    - - 3"))
                .contains("network", "a value is missing");
    }

    /// {@return what is said of an `experiment.yaml` that is changed}
    private String changed(Path config, String yaml, String from, String to) throws IOException {
        Files.writeString(config, yaml.replace(from, to));
        Call call = segloss("compare", "--config", config, "--out", folder.resolve("bad"));
        assertThat(call.status()).as(call.err()).isEqualTo(2);
        return call.err();
    }

    private static Object[] with(List<Object> command, Object... more) {
        return Stream.concat(command.stream(), Arrays.stream(more)).toArray();
    }

    @Test
    void foldsAndSeedsMakeATrainingEach() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path run = folder.resolve("run");
        List<Object> command = List.of(
                "compare", "--data", data, "--folds", 3, "--seeds", 2, "--losses", "bce", "--steps", 1, "--out", run);
        Call call = segloss(command.toArray());
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(call.err()).contains("3 cases of 3 subjects in 3 folds, 2 seeds: 6 trainings");
        assertThat(call.out()).contains(run.resolve("LOSS/fold-F/seed-S").toString());
        for (int fold = 0; fold < 3; fold++) {
            for (int seed = 1; seed <= 2; seed++) {
                assertThat(run.resolve("bce/fold-%d/seed-%d/scores.csv".formatted(fold, seed)))
                        .isRegularFile();
            }
        }
        assertThat(Files.readAllLines(run.resolve("scores.csv")).getFirst())
                .isEqualTo("loss,fold,seed,case,class,metric,value,status,group,policy");
        Path copy = folder.resolve("copy");
        assertThat(segloss("compare", "--config", run.resolve("experiment.yaml"), "--out", copy)
                        .status())
                .isZero();
        assertThat(copy.resolve("scores.csv")).hasSameBinaryContentAs(run.resolve("scores.csv"));
        assertThat(copy.resolve("dataset.json")).hasSameBinaryContentAs(run.resolve("dataset.json"));

        Call other = segloss(
                "compare",
                "--data",
                data,
                "--folds",
                3,
                "--seeds",
                "1,5",
                "--losses",
                "bce",
                "--steps",
                1,
                "--out",
                run);
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.err()).contains("seeds was [1,2], is [1,5]", "--restart");
        Call anew = segloss(
                "compare",
                "--data",
                data,
                "--folds",
                3,
                "--seeds",
                "1,5",
                "--losses",
                "bce",
                "--steps",
                1,
                "--out",
                run,
                "--restart");
        assertThat(anew.status()).as(anew.err()).isZero();
        assertThat(run.resolve("bce/fold-0/seed-2")).doesNotExist();
        assertThat(run.resolve("bce/fold-0/seed-5/scores.csv")).isRegularFile();
    }

    /// With a case that chooses the thresholds; what is asked for later is made of the same network.
    @Test
    void labelsAreMadeByTheDecisionsThatAreNamed() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Files.writeString(
                data.resolve("split.json"), "{\"train\": [\"cube_1\"], \"val\": [\"cube_2\"], \"test\": [\"cube_3\"]}");
        Path run = folder.resolve("run");
        List<Object> command =
                List.of("compare", "--data", data, "--losses", "bce, dice", "--steps", 1, "--out", run, "--metrics");
        Call call = segloss(with(command, "dice,nll"));
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(call.out()).doesNotContain("by decision");
        assertThat(Files.readString(run.resolve("scores.csv")))
                .contains(",nll_clipped,")
                .doesNotContain(",iou,");

        Call decided = segloss(with(command, "dice,nll", "--decide", "argmax,threshold,dice"));
        assertThat(decided.status()).as(decided.err()).isZero();
        assertThat(decided.err()).doesNotContain("training, step");
        assertThat(decided.out()).contains("dice of mean by decision; + better and - worse than argmax:");
        Path cell = run.resolve("bce/fold-0/seed-1");
        for (String name : List.of("threshold", "dice")) {
            Path kept = cell.resolve("predictions").resolve(name).resolve("cube_3.nii.gz");
            Path out = folder.resolve(name + ".nii.gz");
            Call predict = segloss(
                    "predict",
                    "--checkpoint",
                    cell.resolve("checkpoint.safetensors"),
                    "--image",
                    data.resolve("images/cube_3.nii.gz"),
                    "--out",
                    out,
                    "--decide",
                    name);
            assertThat(predict.status()).as(predict.err()).isZero();
            assertThat(out).hasSameBinaryContentAs(kept);
        }
        Path moved = Files.copy(cell.resolve("checkpoint.safetensors"), folder.resolve("moved.safetensors"));
        List<Object> alone = List.of(
                "predict",
                "--checkpoint",
                moved,
                "--image",
                data.resolve("images/cube_3.nii.gz"),
                "--out",
                folder.resolve("never.nii.gz"),
                "--decide");
        assertThat(segloss(with(alone, "threshold")).err())
                .contains("has no thresholds.json beside it", "segloss compare --decide threshold");
        Path other = run.resolve("dice/fold-0/seed-1/thresholds.json");
        Files.copy(other, folder.resolve("thresholds.json"));
        assertThat(segloss(with(alone, "threshold")).err())
                .contains("holds the thresholds of another network than moved.safetensors");
        assertThat(segloss(with(alone, "best")).err()).contains("'best' is no decision");
    }

    @Test
    void aSubjectStaysOnOneSideAndALeakIsNamed() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path run = folder.resolve("run");
        Files.writeString(data.resolve("split.json"), "{\"train\": [\"cube_1\", \"cube_2\"], \"test\": [\"cube_3\"]}");
        Path groups = Files.writeString(folder.resolve("g.csv"), "case,group\ncube_1,p\ncube_2,q\ncube_3,q\n");
        Call leak = segloss("compare", "--data", data, "--groups", groups, "--out", run);
        assertThat(leak.status()).isEqualTo(2);
        assertThat(leak.err()).contains("subject 'q' is in train (cube_2) and test (cube_3)");
        assertThat(run).doesNotExist();

        Call all = segloss("compare", "--data", data, "--folds", 3, "--groups", groups, "--out", run);
        assertThat(all.err()).contains("3 cases of 2 subjects can't make 3 folds");
        assertThat(all.status()).isEqualTo(2);
        Call two = segloss(
                "compare",
                "--data",
                data,
                "--folds",
                2,
                "--groups",
                groups,
                "--losses",
                "bce",
                "--steps",
                1,
                "--out",
                run);
        assertThat(two.status()).as(two.err()).isZero();
        assertThat(Files.readAllLines(run.resolve("scores.csv")))
                .anyMatch(line -> line.matches("bce,.*,cube_3,.*,q,both-empty=.*"));

        // the rule finds one subject for all
        Call rule = segloss("compare", "--data", data, "--group-by", "(cube)_", "--out", folder.resolve("by"));
        assertThat(rule.err()).contains("subject 'cube' is in train (cube_1, cube_2) and test (cube_3)");
    }

    @Test
    void casesThatValidateAreDrawnAskedForOrNamed() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Path run = folder.resolve("run");
        List<Object> command = List.of(
                "compare", "--data", data, "--test", 1, "--losses", "bce", "--steps", 1, "--out", run, "--prepare");
        Call few = segloss(with(command));
        assertThat(few.err())
                .contains("2 training, 0 validation and 1 test cases", "Warning: No case validates", "or give --val");
        Call one = segloss(with(command, "--val", "1", "--restart"));
        assertThat(one.status()).as(one.err()).isZero();
        assertThat(one.err())
                .contains("1 training, 1 validation and 1 test cases")
                .doesNotContain("No case validates");
        assertThat(segloss(with(command, "--val", "2", "--restart")).err())
                .contains("give with --val a number from 0 to 1");

        // what a file says stays as it is, unless more is asked for
        Path split = data.resolve("split.json");
        Files.writeString(split, "{\"train\": [\"cube_1\", \"cube_2\"], \"test\": [\"cube_3\"]}");
        List<Object> stored =
                List.of("compare", "--data", data, "--losses", "bce", "--steps", 1, "--out", run, "--prepare");
        assertThat(segloss(with(stored, "--restart")).err()).contains("2 training, 0 validation", "No case validates");
        assertThat(segloss(with(stored, "--val", "1", "--restart")).err())
                .contains("1 training, 1 validation and 1 test");
        Files.writeString(split, "{\"train\": [\"cube_1\"], \"val\": [\"cube_2\"], \"test\": [\"cube_3\"]}");
        Call both = segloss(with(stored, "--val", "1", "--restart"));
        assertThat(both.status()).isEqualTo(2);
        assertThat(both.err()).contains("split.json says which cases validate", "leave out --val");
    }

    @Test
    void optionsThatSayTwoThingsAreRefused() throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        for (List<Object> wrong : List.<List<Object>>of(
                List.of("--folds", 2, "--test", 1),
                List.of("--folds", 2, "--split", "x.json"),
                List.of("--test", 1, "--split", "x.json"),
                List.of("--test", 1, "--groups", "g.csv", "--group-by", "(x)"),
                List.of("--test", 1, "--group-by", "("),
                List.of("--test", 1, "--group-by", "cube"),
                List.of("--test", 1, "--seeds", "0"),
                List.of("--test", 1, "--seeds", "few"),
                List.of("--test", 1, "--seeds", "1,1"),
                List.of("--test", 1, "--prepare", "--race"),
                List.of("--test", 1, "--race", "--seeds", 2),
                List.of("--test", 1, "--decide", "argmax,best"),
                List.of("--test", 1, "--decide", "dice,dice"),
                List.of("--test", 1, "--metrics", "ece,nll"),
                List.of("--test", 1, "--metrics", "dicee"))) {
            var command = new ArrayList<Object>(List.of("compare", "--data", data, "--out", folder.resolve("run")));
            command.addAll(wrong);
            Call call = segloss(command.toArray());
            assertThat(call.status()).as(wrong.toString()).isEqualTo(2);
            assertThat(call.err())
                    .doesNotContain("Exception")
                    .contains(wrong.get(wrong.size() - 2).toString().substring(2, 5));
        }
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aSmallDataSetWithoutASplitNeedsANumberOfTestCases() throws IOException {
        Call call = segloss("compare", "--data", Cubes.write(folder.resolve("data")), "--out", folder.resolve("run"));
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("3 cases", "--test N");
    }

    @Test
    void anotherPhantomIsNotTakenForTheGeneratedOne() throws IOException {
        Path run = folder.resolve("run");
        assertThat(segloss("phantom", run.resolve("phantom"), "--train", 1, "--test", 1)
                        .status())
                .isZero();
        Call call = segloss("compare", "--out", run);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("another phantom", "--data");
    }
}
