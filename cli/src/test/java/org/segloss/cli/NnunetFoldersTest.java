package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.segloss.cli.CommandLineTest.Call;
import org.segloss.format.Images;
import org.segloss.image.Labels;

/// `segloss score` on folders as nnU-Net leaves them.
class NnunetFoldersTest extends Methods {

    /// As nnU-Net leaves a cross-validation, each case in one of so many folds.
    private Path trainer(String name, int folds, int shift) throws IOException {
        Path trainer = folder.resolve(name);
        for (int i = 0; i < CASES; i++) {
            Path validation = trainer.resolve("fold_%d/validation".formatted((i + shift) % folds));
            write(validation, i, i % 2);
            Files.writeString(validation.resolve(id(i) + ".npz"), "probabilities");
            Files.writeString(validation.resolve(id(i) + ".pkl"), "properties");
        }
        for (String other : List.of("plans.json", "dataset.json", "postprocessing.pkl", "fold_0/progress.png")) {
            Files.writeString(trainer.resolve(other), "{}");
        }
        return trainer;
    }

    @Test
    void crossValidationIsReadAsNnunetLeavesIt() throws IOException {
        Path trainer = trainer("nnUNetTrainer__nnUNetPlans__3d_fullres", 2, 0);
        write(trainer.resolve("fold_all/validation"), 0, 0);
        Path other = trainer("other", 2, 0);
        Call call = score("nnunet=" + trainer, "other=" + other);
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(call.err()).doesNotContain("splits differ");
        assertThat(out.resolve("scores.csv")).content().contains("nnunet,0,0,case_00", "nnunet,1,0,case_01");
        assertThat(page()).contains("id=\"viewer\"", "the 2 training sets vary");

        // the numbers are those of the same files in one folder
        Path flat = folder.resolve("flat.csv");
        segloss("evaluate", "--prediction", good, "--reference", reference, "--csv", flat, "--name", "nnunet");
        assertThat(Files.readAllLines(out.resolve("scores.csv")).stream()
                        .filter(line -> line.startsWith("nnunet"))
                        .map(line -> line.replaceFirst("^nnunet,1", "nnunet,0")))
                .containsExactlyElementsOf(Files.readAllLines(flat).subList(1, 1 + 8 * 8 * 3));
        Call single = score("fold=" + trainer.resolve("fold_1"), "flat=" + good, "--missing", "skip");
        assertThat(single.out()).contains("on 4 cases");
    }

    @Test
    void otherSplitsAndWhatTestsNothingAreSaid() throws IOException {
        Path trainer = trainer("a", 2, 0);
        Call call = score("a=" + trainer, "b=" + trainer("b", 2, 1));
        assertThat(call.status()).isZero();
        assertThat(call.err())
                .contains(
                        "The methods' splits differ: a has the folds 0, 1 and b has the folds 0, 1, and case_00 is in fold 0 of the one and in fold 1 of the other.");
        assertThat(page()).contains("splits differ");
        assertThat(score("a=" + trainer, "good=" + good).err())
                .contains("good has no folds", "in no fold of the other");
        Path all = folder.resolve("all");
        write(all.resolve("fold_all/validation"), 0, 0);
        assertThat(score("all=" + all).err()).contains("predictions of fold_all alone", "they test nothing");
        write(trainer.resolve("fold_1/validation"), 0, 0);
        assertThat(score("a=" + trainer).err()).contains("the case case_00 was predicted in fold 0 and in fold 1");
    }

    /// As nnU-Net's `compute_metrics_on_folder` writes it, from counts of voxels.
    private String summary(Path predictions) throws IOException {
        var cases = new ArrayList<String>();
        for (int i = 0; i < CASES; i++) {
            byte[] predicted =
                    Images.readLabels(predictions.resolve(id(i) + ".nii.gz")).values();
            byte[] expected =
                    Images.readLabels(reference.resolve(id(i) + ".nii.gz")).values();
            Map<Integer, String> classes = new TreeMap<>();
            for (int label = 1; label <= 2; label++) {
                int tp = 0;
                int fp = 0;
                int fn = 0;
                for (int v = 0; v < predicted.length; v++) {
                    tp += predicted[v] == label && expected[v] == label ? 1 : 0;
                    fp += predicted[v] == label && expected[v] != label ? 1 : 0;
                    fn += predicted[v] != label && expected[v] == label ? 1 : 0;
                }
                double dice = 2.0 * tp / (2 * tp + fp + fn);
                classes.put(
                        label,
                        "\"%d\": {\"Dice\": %s, \"FN\": %d, \"FP\": %d, \"IoU\": %s, \"TN\": 0, \"TP\": %d, \"n_pred\": %d, \"n_ref\": %d}"
                                .formatted(
                                        label,
                                        tp + fp + fn == 0 ? "NaN" : Double.toString(dice),
                                        fn,
                                        fp,
                                        "NaN",
                                        tp,
                                        tp + fp,
                                        tp + fn));
            }
            cases.add(
                    "{\"metrics\": {%s}, \"prediction_file\": \"/data/%s.nii.gz\", \"reference_file\": \"/gt/%s.nii.gz\"}"
                            .formatted(String.join(", ", classes.values()), id(i), id(i)));
        }
        return "{\"foreground_mean\": {\"Dice\": 0.5}, \"mean\": {\"1\": {\"Dice\": 0.5}}, \"metric_per_case\": [%s]}"
                .formatted(String.join(", ", cases));
    }

    @Test
    void theDiceOfSummaryJsonIsCheckedAgainstOurs() throws IOException {
        // a case without the second class, which nnU-Net has NaN for
        Labels one = boxes(6, 0);
        for (int v = 0; v < one.values().length; v++) {
            one.values()[v] = (byte) Math.min(1, one.values()[v]);
        }
        Images.write(reference.resolve(id(6) + ".nii.gz"), one);
        Images.write(good.resolve(id(6) + ".nii.gz"), one);
        Path file = good.resolve("summary.json");
        String right = summary(good);
        assertThat(right).contains("NaN, \"FN\"");
        Files.writeString(file, right);
        Call call = score("good=" + good, "bad=" + bad);
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(call.err()).contains("good: %s has the same Dice in all 16 values.".formatted(file));

        Files.writeString(file, right.replaceFirst("\"Dice\": 1.0", "\"Dice\": 0.25"));
        String differs =
                "good: %s has another Dice in 1 of 16 values, most so of case_00, class 1: 0.2500 there, 1.0000 here."
                        .formatted(file);
        assertThat(score("good=" + good, "bad=" + bad).err()).contains(differs);
        assertThat(page()).contains(differs);

        Files.writeString(file, right.replaceFirst("NaN, \"FN\"", "0.5, \"FN\""));
        assertThat(score("good=" + good, "bad=" + bad).err()).contains("of case_06, class 2: 0.5000 there, none here");

        Files.writeString(file, "{\"results\": {}}");
        assertThat(score("good=" + good, "bad=" + bad).err())
                .contains("there is no list 'metric_per_case'", "It was not checked.");
    }
}
