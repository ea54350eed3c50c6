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
import org.segloss.cli.CommandLineTest.Call;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;

/// `segloss score`.
class ScoreCommandTest extends Methods {

    // ---------------------------------------------------------------- numbers

    @Test
    void theNumbersAreThoseOfEvaluateAndTheComparisonThatOfReport() throws IOException {
        Call call = score("good=" + good, "bad=" + bad);
        assertThat(call.status()).as(call.err()).isZero();
        List<String> lines = new ArrayList<>();
        for (Path method : List.of(good, bad)) {
            Path csv = folder.resolve("evaluated.csv");
            assertThat(segloss("evaluate", "--prediction", method, "--reference", reference, "--csv", csv)
                            .status())
                    .isZero();
            List<String> own = Files.readAllLines(csv);
            lines.addAll(lines.isEmpty() ? own : own.subList(1, own.size()));
        }
        assertThat(out.resolve("scores.csv")).content().isEqualToIgnoringNewLines(String.join("\n", lines) + "\n");
        Path table = Files.write(folder.resolve("table.csv"), lines);
        Path other = folder.resolve("other");
        Call reported = segloss("report", "--scores", table, "--out", other);
        assertThat(out.resolve("comparison.json")).hasSameBinaryContentAs(other.resolve("comparison.json"));
        assertThat(call.out().replace("method", "loss").replace(out.toString(), other.toString()))
                .isEqualToNormalizingWhitespace(reported.out());
    }

    @Test
    void everyWordIsOfMethodsAndThePageHasTheViewer() throws IOException {
        Call call = score("good=" + good, "bad=" + bad);
        assertThat(call.out()).containsPattern("method +mean").doesNotContainPattern("(?i)\\bloss");
        assertThat(page())
                .contains(
                        "2 methods · 8 test cases",
                        "is better than the other method",
                        "Bold: no method does better",
                        "id=\"viewer\"",
                        "segloss score --reference")
                .doesNotContainPattern("(?i)\\bloss(es)?\\b[^\"]")
                .doesNotContainPattern("(?i)\\btrainings?\\b(?! cases)(?!-set)");
        assertThat(Files.readString(out.resolve("report.html"))).contains("class=\"voxels\"");
    }

    @Test
    void onlyWhatIsAskedForDecides() throws IOException {
        Call call = score(
                "good=" + good,
                "bad=" + bad,
                "--metric",
                "biou@1",
                "--margin",
                "0.1",
                "--baseline",
                "bad",
                "--labels",
                "both=1+2");
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(call.out()).startsWith("biou@1 of mean on 8 cases");
        assertThat(page()).contains("all methods beside bad", "margin 0.1", "bad has a mean");
        assertThat(out.resolve("scores.csv")).content().contains(",both,biou@1,");
        Call wrong = score("good=" + good, "bad=" + bad, "--baseline", "best");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("the baseline best is none of the methods: good, bad");
    }

    @Test
    void casesOfOneGroupCountAsOne() throws IOException {
        Path groups = Files.writeString(
                folder.resolve("groups.csv"),
                "case,group\n"
                        + Stream.iterate(0, i -> i < CASES, i -> i + 1)
                                .map(i -> "%s,patient_%d%n".formatted(id(i), i / 2))
                                .reduce("", String::concat));
        assertThat(score("good=" + good, "bad=" + bad, "--groups", groups).out())
                .contains("8 cases, 4 independent");
        Path again = out;
        out = folder.resolve("by");
        assertThat(score("good=" + good, "bad=" + bad, "--group-by", "_\\d(\\d)")
                        .out())
                .contains("8 cases, 8 independent");
        assertThat(again.resolve("scores.csv")).content().contains("patient_3");
    }

    @Test
    void oneMethodIsATableWithoutAComparison() throws IOException {
        Call call = score("good=" + good);
        assertThat(call.status()).isZero();
        assertThat(call.out()).contains("good").doesNotContain("beside", "adjusted p");
        assertThat(page()).contains("It is the only method, so there is nothing to compare it with.");
    }

    // ---------------------------------------------------------------- names

    @Test
    void namesAreShownAsTheyAre() throws IOException {
        Call call = score("dice + ce=" + good, "tversky(fp=0.3)=" + bad, "a<b>, \"c\" & d=" + bad);
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(call.out()).contains("dice + ce", "tversky(fp=0.3)", "a<b>, \"c\" & d");
        assertThat(page()).contains("<code>a&lt;b&gt;, \"c\" &amp; d</code>").doesNotContain("a<b>");
        Path again = folder.resolve("again");
        segloss("report", "--scores", out.resolve("scores.csv"), "--out", again);
        assertThat(again.resolve("comparison.json")).hasSameBinaryContentAs(out.resolve("comparison.json"));
    }

    @Test
    void whatIsNoMethodIsSaid() {
        assertThat(score("a=" + good, "a=" + bad).err())
                .contains("two methods are named 'a', the predictions in %s and in %s; give each a name of its own"
                        .formatted(good, bad));
        assertThat(score("predictions").err())
                .contains("'predictions' is no method: NAME=FOLDER was expected, such as mine=predictions");
        assertThat(score("=" + good).err()).contains("has no name: NAME=FOLDER was expected");
        assertThat(score("a=").err()).contains("'a=' has no folder: NAME=FOLDER was expected");
        assertThat(score().err()).contains("NAME=DIR");
        assertThat(score("a=" + folder.resolve("nowhere")).err()).contains("a: ", "nowhere");
        assertThat(out).doesNotExist();
    }

    @Test
    void whatANameSaysIsTheSeed() throws IOException {
        Call call = score("a-s1=" + good, "a-s2=" + bad, "b-s1=" + bad, "b-s2=" + bad, "--seeds", "-s(\\d+)$");
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(out.resolve("scores.csv")).content().contains("\na,0,1,case_00", "\nb,0,2,case_00");
        assertThat(page()).contains("2 methods", "Shown are the predictions of seed 1");
        assertThat(score("a-s1=" + good, "b-s2=" + bad, "--seeds", "-s(\\d+)$").err())
                .contains("methods are compared on the same seeds, but there are a with 1; b with 2");
        assertThat(score("a-s1=" + good, "b=" + bad, "--seeds", "-s(\\d+)$").err())
                .contains("finds no whole number in the name 'b'");
        assertThat(score("a=" + good, "b=" + bad, "--seeds", "s").err()).contains("has no parenthesis");
        assertThat(score("a=" + good, "b=" + bad, "--seeds", "(").err()).contains("--seeds is no regular expression");
        assertThat(score("a-s1=" + good, "a+s1=" + bad, "--seeds", "[-+]s(\\d+)$")
                        .err())
                .contains("two methods are named 'a' with the seed 1");
    }

    // ---------------------------------------------------------------- cases

    @Test
    void missingCasesAreNamedAndNeverDroppedUnasked() throws IOException {
        Files.delete(good.resolve(id(3) + ".nii.gz"));
        Files.delete(bad.resolve(id(5) + ".nii.gz"));
        Call call = score("good=" + good, "bad=" + bad);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err())
                .contains(
                        "good: no prediction of 1 of 8 references: case_03",
                        "bad: no prediction of 1 of 8 references: case_05",
                        "--missing empty",
                        "--missing skip");
        assertThat(out.resolve("scores.csv")).doesNotExist();

        Call skipped = score("good=" + good, "bad=" + bad, "--missing", "skip");
        assertThat(skipped.out()).contains("on 6 cases");
        String left = "Left out for all methods, since not each has a prediction: case_03, case_05";
        assertThat(skipped.err()).contains(left);
        assertThat(page()).contains(left, "6 test cases");

        Call missed = score("good=" + good, "bad=" + bad, "--missing", "empty");
        assertThat(missed.out()).contains("on 8 cases");
        assertThat(missed.err()).contains("good: no prediction of 1 of 8 references, counted as misses: case_03");
        assertThat(page()).contains("counted as misses: case_03");
        assertThat(out.resolve("scores.csv")).content().contains("good,0,0,case_03,1,dice,0.0,PRED_EMPTY");
    }

    @Test
    void predictionsWithoutAReferenceAreNamed() throws IOException {
        write(good, 40, 0);
        Call call = score("good=" + good, "bad=" + bad);
        assertThat(call.status()).isZero();
        String sentence = "good: 1 prediction has no reference, and so no score: case_40";
        assertThat(call.err()).contains(sentence);
        assertThat(page()).contains(sentence);
        Path others = folder.resolve("others");
        write(others, 41, 0);
        assertThat(score("good=" + good, "others=" + others).err())
                .contains("others: none of its 1 predictions has a reference of its name", "case_41", "case_00");
    }

    @Test
    void aFolderWithoutAPredictionAndAnotherGridAreSaid() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty/plans")).getParent();
        assertThat(score("good=" + good, "empty=" + empty).err())
                .contains("empty: %s has no prediction: no file that ends with".formatted(empty), "fold_0/validation");
        Images.write(
                bad.resolve(id(0) + ".nii.gz"),
                new Labels(Geometry.scaled(12, 8, 6, 1, 1, 3), boxes(0, 1).values()));
        Call call = score("good=" + good, "bad=" + bad);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("bad: ", "case_00.nii.gz: affine", "--same-grid");
        Call trusted = score("good=" + good, "bad=" + bad, "--same-grid");
        assertThat(trusted.status()).as(trusted.err()).isZero();
        assertThat(page()).contains("id=\"viewer\"");
    }

    @Test
    void allMethodsAreScoredOnTheSameClasses() throws IOException {
        Labels boxes = boxes(2, 1);
        boxes.values()[0] = 7;
        Images.write(bad.resolve(id(2) + ".nii.gz"), boxes);
        Call call = score("good=" + good, "bad=" + bad);
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(call.err())
                .contains(
                        "Scored are the labels that some method predicts, or a reference has: 1, 2, 7.",
                        "bad: No reference has the label 7; scored as false positives");
        assertThat(out.resolve("scores.csv"))
                .content()
                .contains("good,0,0,case_02,7,dice,1.0,BOTH_EMPTY", "bad,0,0,case_02,7,dice,0.0,REF_EMPTY");
        Files.writeString(good.resolve("task.json"), "{\"task\": \"binary\", \"classes\": 2}");
        assertThat(score("good=" + good, "bad=" + bad).err())
                .contains("methods are compared on the same classes, but good has any label as one class");
        assertThat(score("good=" + good, "bad=" + bad, "--task", "binary").status())
                .isZero();
    }

    @Test
    void whatOneHasToIgnoreAllIgnore() throws IOException {
        for (int i = 0; i < CASES; i++) {
            Labels boxes = boxes(i, 0);
            Arrays.fill(boxes.values(), 0, 100, (byte) 9);
            Images.write(reference.resolve(id(i) + ".nii.gz"), boxes);
        }
        Files.writeString(
                folder.resolve("dataset.json"),
                "{\"labels\": {\"background\": 0, \"a\": 1, \"b\": 2, \"ignore\": 9}, \"channel_names\": {\"0\": \"CT\"}}");
        Call call = score("good=" + good, "bad=" + bad);
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(call.err()).contains("Ignored for all methods, as dataset.json of the references or a task.json");
        assertThat(out.resolve("scores.csv")).content().contains("ignored=9").doesNotContain(",9,dice,");
        assertThat(page()).contains("ignored: nothing is known");
    }

    // ---------------------------------------------------------------- the folder

    @Test
    void filesOfSomethingElseAreNotReplaced() throws IOException {
        for (Path scored : List.of(good, reference)) {
            assertThat(segloss("score", "--reference", reference, "good=" + good, "--out", scored)
                            .err())
                    .contains("%s holds what is scored; give another --out".formatted(scored));
            assertThat(scored.resolve("scores.csv")).doesNotExist();
        }
        Files.createDirectories(out);
        Path scores = Files.writeString(out.resolve("scores.csv"), "mine");
        assertThat(score("good=" + good).err())
                .contains("%s is there already, and not of 'segloss score'; give another --out".formatted(scores));
        assertThat(scores).content().isEqualTo("mine");
        Files.delete(scores);
        Files.writeString(out.resolve("experiment.yaml"), "");
        assertThat(score("good=" + good).err()).contains("is the folder of a run");
        Files.delete(out.resolve("experiment.yaml"));
        Path notes = Files.writeString(out.resolve("notes.txt"), "mine");
        assertThat(score("good=" + good).status()).isZero();
        byte[] before = Files.readAllBytes(out.resolve("report.html"));
        assertThat(score("good=" + good).status()).isZero();
        assertThat(out.resolve("report.html")).hasBinaryContent(before);
        assertThat(notes).content().isEqualTo("mine");
    }

    @Test
    void reportMakesThePageAnewUnderOtherRules() throws IOException {
        score("good=" + good, "bad=" + bad);
        byte[] before = Files.readAllBytes(out.resolve("report.html"));
        assertThat(segloss("report", out).status()).isZero();
        assertThat(out.resolve("report.html")).hasBinaryContent(before);
        assertThat(segloss("report", out, "--margin", "0.2").out()).contains("Report: ");
        assertThat(page()).contains("margin 0.2", "2 methods", "id=\"viewer\"");
        // without the images there is no viewer, and the page says why
        Files.delete(images.resolve(id(0) + "_0000.nii.gz"));
        assertThat(segloss("report", out).status()).isZero();
        assertThat(page()).contains("The cases can't be shown", "has no image of the case case_00");
    }

    @Test
    void withoutImagesThePageSaysHowToSeeThem() throws IOException {
        Path elsewhere = Files.move(reference, folder.resolve("expert"));
        reference = elsewhere;
        score("good=" + good, "bad=" + bad);
        assertThat(page()).contains("Give --images").doesNotContain("id=\"viewer\"");
        score("good=" + good, "bad=" + bad, "--images", images);
        assertThat(page()).contains("id=\"viewer\"");
        assertThat(score("good=" + good, "--images", folder.resolve("nowhere")).err())
                .contains("nowhere");
    }

    @Test
    void aProgramThatIsStoppedLeavesNothingHalfWrittenAndTheSameCommandBeginsAgain() throws Exception {
        List<String> words = List.of(
                "score", "--reference", reference.toString(), "dice + ce=" + good, "b=" + bad, "--out", out.toString());
        Program stopped = Program.start(folder.resolve("said"), words);
        stopped.await("checking");
        stopped.interrupt();
        if (Files.exists(out)) {
            try (Stream<Path> left = Files.list(out)) {
                assertThat(left.filter(file -> file.toString().endsWith(".tmp")))
                        .isEmpty();
            }
        }
        Program again = Program.start(folder.resolve("said again"), words);
        assertThat(again.status()).as(again.words()).isZero();
        assertThat(again.words()).contains("dice + ce", "better", "Report:");
        assertThat(Program.left(out))
                .containsExactlyInAnyOrder("comparison.json", "report.html", "score.json", "scores.csv");
    }
}
