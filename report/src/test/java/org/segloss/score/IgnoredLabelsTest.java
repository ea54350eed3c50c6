package org.segloss.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.dataset.Marking;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.loss.Task;
import org.segloss.metric.Metric;
import org.segloss.metric.Policy;
import org.segloss.metric.Score.Status;
import org.segloss.metric.Scorer;
import org.segloss.run.PredictionTask;
import org.segloss.run.Progress;
import org.segloss.score.ScoringRequest.MissingPrediction;
import org.segloss.score.ScoringRequest.VoxelPairs;

/// Labels of references that say that nothing is known, all the way from files to scores.
class IgnoredLabelsTest {
    @TempDir
    Path folder;

    private static void write(Path file, int... labels) throws IOException {
        byte[] values = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            values[i] = (byte) labels[i];
        }
        Images.write(file, new Labels(Geometry.scaled(labels.length, 1, 1, 1, 1, 1), values));
    }

    private void prediction(String name, int... labels) throws IOException {
        write(folder.resolve("predictions").resolve(name), labels);
    }

    private void reference(String name, int... labels) throws IOException {
        write(folder.resolve("references").resolve(name), labels);
    }

    private ScoringRequest request(String labels, Integer... ignored) {
        return new ScoringRequest(
                Optional.empty(),
                labels.isEmpty() ? List.of() : LabelGroup.parse(labels),
                Optional.empty(),
                new Scorer(Metric.parseList("dice,specificity"), Policy.DEFAULT),
                MissingPrediction.EMPTY,
                VoxelPairs.BY_PLACE,
                new TreeSet<>(List.of(ignored)));
    }

    private FileScores scored(ScoringRequest request) throws IOException {
        return FileScores.of(folder.resolve("predictions"), folder.resolve("references"), request, Progress.silent());
    }

    private static double value(FileScores scores, String id, String label, String metric) {
        return scores.scores().stream()
                .filter(s -> s.id().equals(id)
                        && s.label().equals(label)
                        && s.metric().id().equals(metric))
                .findFirst()
                .orElseThrow()
                .score()
                .value();
    }

    /// By hand, of four known voxels: 1 TP, 1 FP, 2 TN. And of the missed one: 1 FN, 1 TN.
    @Test
    void whatIsIgnoredIsInNoScoreAndSaid() throws IOException {
        prediction("a.nii", 1, 1, 0, 0, 1, 0);
        reference("a.nii", 1, 0, 0, 0, 255, 255);
        reference("b.nii", 1, 0, 255, 255, 255, 255);
        FileScores scores = scored(request("", 255));
        assertThat(value(scores, "a", "1", "dice")).isEqualTo(2 / 3.0);
        assertThat(value(scores, "a", "1", "specificity")).isEqualTo(2 / 3.0);
        assertThat(value(scores, "b", "1", "dice")).isZero();
        assertThat(value(scores, "b", "1", "specificity")).isEqualTo(1);
        assertThat(scores.ignored().labels()).containsExactly(255);
        assertThat(scores.ignored().cases())
                .isEqualTo(Map.of("a", new IgnoredVoxels.Share(2, 6), "b", new IgnoredVoxels.Share(4, 6)));
        var summary = new ScoreSummary(request("", 255), scores);
        assertThat(summary.notes())
                .contains("Ignored, in no score: the label 255 of the references, 6 (50.0 %) of 12 voxels of 2 cases");
        assertThat(summary.document().get("ignored").toString())
                .isEqualTo(
                        "{labels=[255], cases={a={voxels=2, share=0.3333333333333333}, b={voxels=4, share=0.6666666666666666}}}");
        assertThat(scores.remarks()).isEmpty();
    }

    /// A file of 0 and 255 alone is elsewhere taken for a mask, whose 255 is the foreground.
    @Test
    void aFileOfIgnoredVoxelsAndBackgroundIsNoMask() throws IOException {
        prediction("a.nii", 1, 0, 0, 1);
        reference("a.nii", 0, 0, 255, 255);
        reference("b.nii", 255, 255);
        FileScores scores = scored(request("", 255));
        assertThat(value(scores, "a", "1", "specificity")).isEqualTo(0.5);
        assertThat(scores.scores().stream()
                        .filter(s -> s.id().equals("b"))
                        .map(s -> s.score().status()))
                .containsOnly(Status.ALL_IGNORED);
        assertThat(scores.ignored().note()).endsWith("of 2 cases, 1 of which has nothing else");
    }

    /// A binary picture that was predicted has 255 for 1.
    @Test
    void aPredictedPictureOf255IsAMask() throws IOException {
        prediction("a.png", 255, 0, 255, 255);
        reference("a.png", 1, 1, 0, 255);
        FileScores scores = scored(request("", 255));
        assertThat(value(scores, "a", "1", "dice")).isEqualTo(0.5);
        assertThat(scores.remarks()).isEmpty();
    }

    @Test
    void anIgnoredLabelThatIsPredictedIsNoClassAndRemarked() throws IOException {
        prediction("a.nii", 1, 254, 255, 2, 255);
        reference("a.nii", 1, 1, 2, 2, 254);
        FileScores scores = scored(request("", 254, 255));
        assertThat(scores.scores().stream().map(CaseScore::label).distinct()).containsExactly("1", "2", "mean");
        assertThat(value(scores, "a", "1", "dice")).isEqualTo(2 / 3.0);
        assertThat(value(scores, "a", "2", "dice")).isEqualTo(2 / 3.0);
        assertThat(scores.remarks())
                .containsExactly(
                        "Predictions have ignored labels where the references are known, which count as no class: a in 2 voxels");
        // any label but 0 is the foreground of a binary task, but not one that is ignored
        PredictionTask.of(Task.binary()).write(folder.resolve("predictions"));
        assertThat(value(scored(request("", 254, 255)), "a", "1", "dice")).isEqualTo(2 * 2 / (2.0 + 4));
    }

    @Test
    void taskJsonSaysWhatIsIgnored() throws IOException {
        prediction("a.nii", 1, 2, 0, 2);
        reference("a.nii", 1, 3, 9, 2);
        Path predictions = folder.resolve("predictions");
        PredictionTask.of(Task.multiclass(3).ignoring(3).ignoring(9)).write(predictions);
        FileScores scores = scored(request(""));
        assertThat(scores.ignored().labels()).containsExactly(3, 9);
        assertThat(value(scores, "a", "mean", "dice")).isEqualTo(1);
        // what is said besides adds to it
        assertThat(scored(request("", 7)).ignored().labels()).containsExactly(3, 7, 9);
        // and as it was written before there were ignored labels
        Files.writeString(predictions.resolve("task.json"), "{\"task\": \"multiclass\", \"classes\": 3}");
        assertThat(PredictionTask.read(predictions))
                .contains(new PredictionTask(
                        Task.Kind.MULTICLASS, 3, new TreeSet<>(), List.of(), new LinkedHashMap<>(), Marking.CLASSES));
        Files.writeString(
                predictions.resolve("task.json"), "{\"task\": \"multiclass\", \"classes\": 3, \"ignored\": \"x\"}");
        assertThatIOException()
                .isThrownBy(() -> scored(request("")))
                .withMessageStartingWith(predictions.resolve("task.json") + ": ")
                .withMessageEndingWith("or delete it and say with --labels, --task and --ignore what is scored");
        for (String ignored : List.of("[0]", "[\"x\"]", "[null]", "[1.5]", "255")) {
            Files.writeString(
                    predictions.resolve("task.json"),
                    "{\"task\": \"multiclass\", \"classes\": 3, \"ignored\": %s}".formatted(ignored));
            assertThatIOException().as(ignored).isThrownBy(() -> PredictionTask.read(predictions));
        }
        // cut short, it would have said more
        Files.writeString(predictions.resolve("task.json"), "{\"task\": \"multiclass\", \"classes\": 3, \"ign");
        assertThatIOException().isThrownBy(() -> PredictionTask.read(predictions));
        Files.writeString(predictions.resolve("task.json"), "{\"task\": \"Task004\"}");
        assertThat(PredictionTask.read(predictions)).isEmpty();
    }

    /// 128 where nothing is known: 255 is the foreground of a mask all the same.
    @Test
    void aMaskMayHaveAnIgnoredLabelBeside255() throws IOException {
        prediction("a.nii", 1, 0, 1, 0);
        reference("a.nii", 255, 0, 128, 255);
        FileScores scores = scored(request("", 128));
        assertThat(scores.scores().stream().map(CaseScore::label).distinct()).containsExactly("1", "mean");
        assertThat(value(scores, "a", "1", "dice")).isEqualTo(2 / 3.0);
        prediction("a.nii", 255, 0, 255, 0);
        assertThat(value(scored(request("", 128)), "a", "1", "dice")).isEqualTo(2 / 3.0);
    }

    private void describe(String text) throws IOException {
        Files.writeString(folder.resolve("dataset.json"), text);
    }

    /// As nnU-Net writes it and as the decathlon would; regions, which a data set to train on may not have,
    /// are read
    /// over.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"labels\": {\"background\": 0, \"organ\": 1, \"ignore\": 255}}",
                "{\"labels\": {\"0\": \"background\", \"1\": \"organ\", \"255\": \"ignore\"}}",
                "{\"labels\": {\"background\": 0, \"all\": [1, 2], \"organ\": 1, \"ignore\": 255}}"
            })
    void theDatasetJsonOfTheReferencesSaysWhatIsIgnored(String json) throws IOException {
        prediction("a.nii", 1, 1, 0, 0, 1, 1);
        reference("a.nii", 1, 0, 0, 0, 255, 255);
        describe(json);
        String remark = folder.toRealPath().resolve("dataset.json") + " ignores 255, which is in no score";
        FileScores scores = scored(request(""));
        assertThat(scores.ignored().labels()).containsExactly(255);
        assertThat(scores.remarks()).containsExactly(remark);
        // 1 TP, 1 FP, 2 TN
        assertThat(value(scores, "a", "1", "specificity")).isEqualTo(2 / 3.0);
        FileScores file = FileScores.of(
                folder.resolve("predictions/a.nii"),
                folder.resolve("references/a.nii"),
                request(""),
                Progress.silent());
        assertThat(file).isEqualTo(scores);
    }

    @Test
    void whatIsSaidElsewhereAddsToTheDatasetJson() throws IOException {
        prediction("a.nii", 1, 1, 0, 0, 1, 1);
        reference("a.nii", 1, 0, 9, 0, 255, 255);
        describe("{\"labels\": {\"background\": 0, \"ignore\": 255}}");
        FileScores asked = scored(request("1", 9));
        assertThat(asked.ignored().labels()).containsExactly(9, 255);
        assertThat(asked.remarks()).singleElement().asString().contains("dataset.json ignores 255");
        // a class that is named is scored
        FileScores named = scored(request("1,255"));
        assertThat(named.ignored().labels()).isEmpty();
        assertThat(named.remarks()).singleElement().asString().startsWith("--labels asks for 255, which ");
        assertThat(value(named, "a", "255", "dice")).isZero();
        new PredictionTask(
                        Task.Kind.BINARY,
                        2,
                        new TreeSet<>(List.of(9, 255)),
                        List.of(),
                        new LinkedHashMap<>(),
                        Marking.CLASSES)
                .write(folder.resolve("predictions"));
        FileScores trained = scored(request(""));
        assertThat(trained.ignored().labels()).containsExactly(9, 255);
        assertThat(trained.remarks()).isEmpty();
        // a network that was trained without such labels says nothing about other references
        new PredictionTask(Task.Kind.BINARY, 2, new TreeSet<>(), List.of(), new LinkedHashMap<>(), Marking.CLASSES)
                .write(folder.resolve("predictions"));
        assertThat(scored(request("")).ignored().labels()).containsExactly(255);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"labels\": [\"background\", \"ignore\"]}",
                "{\"labels\": {\"background\": 0, \"organ\": 1}}",
                "{\"labels\": \"ignore\"}",
                "{\"labels\": {\"background\": 0, \"region\": [1, 2], \"1000\": 7}}"
            })
    void aDatasetJsonThatSaysNothingOfItIsReadOver(String json) throws IOException {
        prediction("a.nii", 1, 1, 0);
        reference("a.nii", 1, 0, 0);
        describe(json);
        FileScores scores = scored(request(""));
        assertThat(scores.ignored().labels()).isEmpty();
        assertThat(scores.remarks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"labels\": {\"ignore\": 255",
                "[255]",
                "null",
                "\u0000\u0001",
                "{\"labels\": {\"ignore\": [254, 255]}}",
                "{\"labels\": {\"ignore\": null}}",
                "{\"labels\": {\"ignore\": 1.5}}",
                "{\"labels\": {\"background\": 0, \"organ\": 1, \"ignore\": 1}}"
            })
    void aDatasetJsonThatCantBeReadStopsWhoSaysNothing(String json) throws IOException {
        prediction("a.nii", 1, 1, 0);
        reference("a.nii", 1, 0, 0);
        describe(json);
        Path file = folder.toRealPath().resolve("dataset.json");
        assertThatIOException()
                .isThrownBy(() -> scored(request("")))
                .withMessageStartingWith(file + ": ")
                .withMessageEndingWith("Or say with --ignore or --labels what counts.")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Exception", "tools.jackson", "\n"));
        // who says it needs no file
        assertThat(scored(request("", 255)).remarks())
                .singleElement()
                .asString()
                .startsWith("Whether more labels are ignored can't be read: " + file + ": ");
    }

    @Test
    void taskJsonHasNoWordOfWhatIsNotIgnored() throws IOException {
        Files.createDirectories(folder);
        PredictionTask.of(Task.binary()).write(folder);
        assertThat(folder.resolve("task.json")).hasContent("""
                        {
                          "task" : "binary",
                          "classes" : 2
                        }
                        """);
    }

    @Test
    void theAdviceIsToIgnoreWhatIsMeantToBeIgnored() throws IOException {
        prediction("a.nii", 1, 1, 0, 0, 1, 0);
        reference("a.nii", 1, 0, 0, 0, 255, 255);
        assertThatIOException()
                .isThrownBy(() -> scored(request("")))
                .withMessage(
                        "the predictions have the label 1 alone, the references also [255]: say --ignore 255 if nothing is known there, --task binary if 1 stands for any label, or --task multiclass");
        reference("a.nii", 1, 0, 0, 0, 2, 3);
        assertThatIOException()
                .isThrownBy(() -> scored(request("")))
                .withMessage(
                        "the predictions have the label 1 alone, the references also [2, 3]: say --task binary if 1 stands for any label, or --task multiclass, or --ignore 2,3 if nothing is known there");
    }

    @Test
    void aLabelIsScoredOrIgnored() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request("1,rest=2+255", 255))
                .withMessage(
                        "the label 255 is among those to score (rest) and those to ignore; leave it out of one of them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request("1", -1, 255))
                .withMessage("labels that are ignored are whole numbers from 0 on, but -1 is given");
    }

    /// As a run scores: labels in memory.
    @Test
    void aRunIgnoresLabelsToo() {
        Geometry geometry = Geometry.scaled(4, 1, 1, 1, 1, 1);
        var prediction = new Labels(geometry, new byte[] {1, 0, 1, 1});
        var reference = new Labels(geometry, new byte[] {1, 0, (byte) 255, (byte) 255});
        SortedSet<Integer> ignored = new TreeSet<>(List.of(255));
        assertThat(CaseScore.of("a", prediction, reference, List.of(1), ignored).stream()
                        .filter(s -> s.metric().id().equals("dice"))
                        .map(s -> s.score().value()))
                .containsExactly(1.0, 1.0);
    }
}
