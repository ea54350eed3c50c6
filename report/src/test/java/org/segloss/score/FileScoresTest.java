package org.segloss.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.dataset.ClassLabels;
import org.segloss.format.Formats;
import org.segloss.format.Images;
import org.segloss.format.numpy.Npy;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;
import org.segloss.image.Volume;
import org.segloss.loss.Task;
import org.segloss.metric.Metric;
import org.segloss.metric.OverlapMetric;
import org.segloss.metric.Policy;
import org.segloss.metric.Score;
import org.segloss.metric.Scorer;
import org.segloss.run.PredictionTask;
import org.segloss.run.Predictions;
import org.segloss.run.Progress;
import org.segloss.score.ScoringRequest.MissingPrediction;
import org.segloss.score.ScoringRequest.VoxelPairs;

class FileScoresTest {
    @TempDir
    Path folder;

    private Path predictions;
    private Path references;

    @BeforeEach
    void makeFolders() {
        predictions = folder.resolve("predictions");
        references = folder.resolve("references");
    }

    private static void write(Path file, double spacing, int... labels) throws IOException {
        byte[] values = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            values[i] = (byte) labels[i];
        }
        Images.write(file, new Labels(Geometry.scaled(labels.length, 1, 1, spacing, 1, 1), values));
    }

    private static double dice(FileScores scores, String id, String label) {
        return scores.scores().stream()
                .filter(s -> s.id().equals(id)
                        && s.label().equals(label)
                        && s.metric().equals(OverlapMetric.DICE))
                .findFirst()
                .orElseThrow()
                .score()
                .value();
    }

    @Test
    void filesArePairedByNameWhateverTheirEnding() throws IOException {
        write(predictions.resolve("a.nii.gz"), 1, 1, 1, 0, 2);
        write(references.resolve("a.nii"), 1, 1, 0, 0, 2);
        FileScores scores = FileScores.of(predictions, references, Optional.empty());
        assertThat(dice(scores, "a", "1")).isEqualTo(2.0 / 3);
        assertThat(dice(scores, "a", "2")).isEqualTo(1);
        assertThat(scores.unpredicted()).isEmpty();
    }

    private FileScores score(MissingPrediction missing, String metrics, Optional<Path> probabilities)
            throws IOException {
        return FileScores.of(
                predictions,
                references,
                new ScoringRequest(
                        Optional.empty(),
                        List.of(),
                        probabilities,
                        new Scorer(Metric.parseList(metrics), Policy.DEFAULT),
                        missing,
                        VoxelPairs.BY_PLACE,
                        Collections.emptySortedSet()),
                Progress.silent());
    }

    @Test
    void aReferenceWithoutAPredictionIsAnErrorAMissOrLeftOutButNeverForgotten() throws IOException {
        write(predictions.resolve("a.nii"), 1, 1, 0, 2);
        write(references.resolve("a.nii"), 1, 1, 0, 2);
        write(references.resolve("b.nii"), 1, 3, 0, 0);
        write(references.resolve("c.nii"), 1, 0, 0, 2);
        assertThatIOException()
                .isThrownBy(() -> FileScores.of(predictions, references, Optional.empty()))
                .withMessageContainingAll("predictions: no prediction of 2 of 3 references: b, c.", "--missing");
        FileScores skipped = score(MissingPrediction.SKIP, "dice", Optional.empty());
        assertThat(skipped.unpredicted()).containsExactly("b", "c");
        assertThat(skipped.scores()).allMatch(s -> s.id().equals("a"));
        FileScores missed = score(MissingPrediction.EMPTY, "dice,hd", Optional.empty());
        assertThat(missed.unpredicted()).containsExactly("b", "c");
        // a label that is in no other file is scored too
        assertThat(missed.scores().stream().map(CaseScore::label).distinct()).containsExactly("1", "2", "3", "mean");
        assertThat(missed.scores())
                .filteredOn(s -> !s.id().equals("a"))
                // the diagonal of 3 x 1 mm
                .allMatch(s -> s.score()
                        .equals(new Score(
                                s.metric().equals(OverlapMetric.DICE) ? 0 : Math.sqrt(10), Score.Status.PRED_EMPTY)));
    }

    @Test
    void aMissingPredictionIsNamedWithAllElseThatIsWrong() throws IOException {
        write(predictions.resolve("alone.nii"), 1, 1, 0);
        write(references.resolve("b.nii"), 1, 1, 0);
        assertThatIOException()
                .isThrownBy(() -> FileScores.of(predictions, references, Optional.empty()))
                .withMessageContainingAll("alone.nii: there is no reference", "no prediction of 1 of 1 references: b");
    }

    @Test
    void whatWasNotPredictedHasNoProbabilities() throws IOException {
        write(predictions.resolve("a.nii"), 1, 1, 0);
        write(references.resolve("a.nii"), 1, 1, 0);
        write(references.resolve("b.nii"), 1, 1, 0);
        Path maps = folder.resolve("maps");
        Npy.write(maps.resolve("a.npy"), NumericArray.of(new float[] {1, 0}, List.of(1, 2)));
        assertThatIOException()
                .isThrownBy(() -> score(MissingPrediction.EMPTY, "dice,brier", Optional.of(maps)))
                .withMessageContainingAll("b, and so no probabilities for brier");
        assertThat(score(MissingPrediction.EMPTY, "dice", Optional.of(maps)).scores())
                .hasSize(4);
    }

    @Test
    void endingsInCapitalsAreEndings() throws IOException {
        assertThat(Formats.IMAGES.withoutEnding(Path.of("a.b.NII.gz"))).isEqualTo("a.b");
        assertThat(Formats.IMAGES.include(Path.of("a.PNG"))).isTrue();
        assertThat(Formats.IMAGES.include(Path.of("a.txt"))).isFalse();
        assertThat(Predictions.file(folder, "a", Path.of("a.PNG"))).isEqualTo(folder.resolve("a.png"));
        write(predictions.resolve("a.nii.gz"), 1, 1, 0);
        write(references.resolve("a.nii"), 1, 1, 0);
        Files.move(references.resolve("a.nii"), references.resolve("a.NII"));
        assertThat(dice(FileScores.of(predictions, references, Optional.empty()), "a", "1"))
                .isEqualTo(1);
    }

    @Test
    void twoFilesArePairedWhateverTheirNames() throws IOException {
        write(folder.resolve("p.nii"), 1, 1, 0);
        write(folder.resolve("r.nii.gz"), 1, 1, 0);
        FileScores scores = FileScores.of(folder.resolve("p.nii"), folder.resolve("r.nii.gz"), Optional.empty());
        assertThat(dice(scores, "p", "mean")).isEqualTo(1);
    }

    @Test
    void aFileIsFoundInAFolderOfReferences() throws IOException {
        write(predictions.resolve("a.nii.gz"), 1, 1, 0);
        write(references.resolve("a.nii.gz"), 1, 1, 1);
        write(references.resolve("b.nii.gz"), 1, 1, 1);
        FileScores scores = FileScores.of(predictions.resolve("a.nii.gz"), references, Optional.empty());
        assertThat(dice(scores, "a", "1")).isEqualTo(2.0 / 3);
        assertThat(scores.unpredicted()).isEmpty();
    }

    @Test
    void inABinaryTaskEveryLabelIsForeground() throws IOException {
        write(predictions.resolve("a.nii.gz"), 1, 1, 1, 1, 0);
        write(references.resolve("a.nii.gz"), 1, 1, 2, 0, 0);
        assertThat(dice(FileScores.of(predictions, references, Optional.of(Task.Kind.BINARY)), "a", "1"))
                .isEqualTo(4.0 / 5);
        assertThat(dice(FileScores.of(predictions, references, Optional.of(Task.Kind.MULTICLASS)), "a", "1"))
                .isEqualTo(2.0 / 4);
        PredictionTask.of(Task.binary()).write(predictions);
        assertThat(dice(FileScores.of(predictions, references, Optional.empty()), "a", "1"))
                .isEqualTo(4.0 / 5);
    }

    @Test
    void aPredictionOfOneLabelAgainstSeveralNeedsATask() throws IOException {
        Path prediction = predictions.resolve("a.nii.gz");
        Path reference = references.resolve("a.nii.gz");
        write(prediction, 1, 1, 1, 1, 0);
        write(reference, 1, 1, 2, 0, 0);
        assertThatIOException()
                .isThrownBy(() -> FileScores.of(prediction, reference, Optional.empty()))
                .withMessageContainingAll("[2]", "--task binary");
        // not ours
        Files.writeString(predictions.resolve("task.json"), "{\"type\": \"segmentation\"}");
        assertThatIOException()
                .isThrownBy(() -> FileScores.of(prediction, reference, Optional.empty()))
                .withMessageContaining("--task binary");
        write(prediction, 1, 1, 2, 1, 0);
        assertThat(dice(FileScores.of(prediction, reference, Optional.empty()), "a", "2"))
                .isEqualTo(1);
    }

    @Test
    void masksWithOneLabelAreBinaryWhateverItsValue() throws IOException {
        write(predictions.resolve("a.png"), 1, 0, 1, 1);
        write(references.resolve("a.png"), 1, 0, 1, 0);
        write(predictions.resolve("b.png"), 1, 0, 1, 1);
        write(references.resolve("b.png"), 1, 0, 1, 1);
        assertThat(dice(FileScores.of(predictions, references, Optional.empty()), "a", "1"))
                .isEqualTo(2.0 / 3);
        Predictions.write(
                references.resolve("a.png"),
                new Labels(Geometry.identity(3, 1, 1), new byte[] {0, 1, 0}),
                Task.Kind.BINARY,
                ClassLabels.of(List.of("background", "foreground")),
                Optional.empty());
        assertThat(Images.read(references.resolve("a.png")).values()).containsExactly(0, 255, 0);
        assertThat(dice(FileScores.of(predictions, references, Optional.of(Task.Kind.BINARY)), "a", "1"))
                .isEqualTo(2.0 / 3);
    }

    @Test
    void aClassOfTheTaskThatNoFileHasIsScoredToo() throws IOException {
        write(predictions.resolve("a.nii"), 1, 1, 0);
        write(references.resolve("a.nii"), 1, 1, 0);
        PredictionTask.of(Task.multiclass(3)).write(predictions);
        FileScores scores = FileScores.of(predictions, references, Optional.empty());
        assertThat(scores.scores().stream().map(CaseScore::label).distinct()).containsExactly("1", "2", "mean");
    }

    @Test
    void allThatIsWrongIsNamedAtOnce() throws IOException {
        write(predictions.resolve("alone.nii"), 1, 1, 0);
        write(predictions.resolve("long.nii"), 1, 1, 0);
        write(references.resolve("long.nii"), 1, 1, 0, 0);
        write(predictions.resolve("wide.nii"), 1, 1, 0);
        write(references.resolve("wide.nii"), 2, 1, 0);
        assertThatIOException()
                .isThrownBy(() -> FileScores.of(predictions, references, Optional.empty()))
                .withMessageContainingAll(
                        "3 of 3",
                        "alone.nii: there is no reference",
                        "long.nii: 2 x 1 x 1 voxels, but its reference has 3 x 1 x 1",
                        "wide.nii: affine [1 0 0 0",
                        "[2 0 0 0");
    }

    @Test
    void twoFilesOfOneNameAndAnEmptyFolderAreRefused() throws IOException {
        write(predictions.resolve("a.nii"), 1, 1, 0);
        write(predictions.resolve("a.nii.gz"), 1, 1, 0);
        Files.createDirectories(references);
        assertThatIOException()
                .isThrownBy(() -> FileScores.of(predictions, references, Optional.empty()))
                .withMessageContaining("two files named a");
        assertThatIOException()
                .isThrownBy(() -> FileScores.of(references, references, Optional.empty()))
                .withMessageContaining("has no file that ends with .nii.gz, .nii, ");
        assertThatIOException()
                .isThrownBy(() -> FileScores.of(folder.resolve("nowhere"), references, Optional.empty()))
                .withMessageContaining("nowhere: there is no such file");
        assertThat(List.of(predictions, references)).allMatch(Files::isDirectory);
    }

    private static ScoringRequest request(
            List<LabelGroup> groups, Optional<Path> probabilities, Scorer scorer, VoxelPairs pairs) {
        return new ScoringRequest(
                Optional.empty(),
                groups,
                probabilities,
                scorer,
                MissingPrediction.FAIL,
                pairs,
                Collections.emptySortedSet());
    }

    private FileScores score(String labels, String metrics, Optional<Path> probabilities) throws IOException {
        List<LabelGroup> groups = labels.isEmpty() ? List.of() : LabelGroup.parse(labels);
        var scorer = new Scorer(Metric.parseList(metrics), Policy.DEFAULT);
        return FileScores.of(
                predictions,
                references,
                request(groups, probabilities, scorer, VoxelPairs.BY_PLACE),
                Progress.silent());
    }

    @Test
    void labelsAreScoredAloneAndTogether() throws IOException {
        write(predictions.resolve("a.nii"), 1, 1, 2, 7, 0);
        write(references.resolve("a.nii"), 1, 2, 2, 0, 0);
        FileScores scores = score("2,whole=1+2", "dice", Optional.empty());
        assertThat(dice(scores, "a", "2")).isEqualTo(2.0 / 3);
        assertThat(dice(scores, "a", "whole")).isEqualTo(1);
        assertThat(dice(scores, "a", "mean")).isEqualTo((2.0 / 3 + 1) / 2);
        assertThat(scores.remarks()).isEmpty();
        assertThat(score("", "dice", Optional.empty()).remarks())
                .containsExactly("No reference has the labels 1, 7; scored as false positives");
    }

    private static void writeAtlas(Path file, NumericArray labels) throws IOException {
        Images.write(file, Geometry.identity(labels.shape().getLast(), 1, 1), labels);
    }

    @Test
    void anAtlasMayHaveLabelsOfAnySize() throws IOException {
        writeAtlas(
                predictions.resolve("a.nii.gz"),
                new NumericArray(
                        List.of(1, 1, 4), ElementType.INT32, MemorySegment.ofArray(new int[] {1000, 2035, 2035, 0})));
        writeAtlas(
                references.resolve("a.nii"),
                new NumericArray(List.of(1, 1, 4), ElementType.UINT16, MemorySegment.ofArray(new short[] {
                    1000, 2035, 1000, (short) 40_000
                })));
        FileScores named = score("1000,right=2000+2035,40000", "dice", Optional.empty());
        assertThat(dice(named, "a", "1000")).isEqualTo(2.0 / 3);
        assertThat(dice(named, "a", "right")).isEqualTo(2.0 / 3);
        assertThat(dice(named, "a", "40000")).isZero();
        FileScores found = score("", "dice", Optional.empty());
        assertThat(found.scores().stream().map(CaseScore::label)).containsExactly("1000", "2035", "40000", "mean");
        assertThat(dice(FileScores.of(predictions, references, Optional.of(Task.Kind.BINARY)), "a", "1"))
                .isEqualTo(6.0 / 7);
    }

    @Test
    void whatIsNoLabelOfAnAtlasIsNamed() throws IOException {
        writeAtlas(
                predictions.resolve("a.nii"),
                new NumericArray(
                        List.of(1, 1, 2), ElementType.FLOAT32, MemorySegment.ofArray(new float[] {1000, -7.5f})));
        write(references.resolve("a.nii"), 1, 1, 0);
        assertThatIOException()
                .isThrownBy(() -> score("1000", "dice", Optional.empty()))
                .withMessageContainingAll("a.nii", "1 of 2 voxels hold no label", "-7.5", "(1, 0, 0)");
    }

    @Test
    void distancesAreMillimetresOfTheReference() throws IOException {
        write(predictions.resolve("a.nii"), 2.5, 1, 0, 0, 0);
        write(references.resolve("a.nii"), 2.5, 0, 0, 1, 0);
        assertThat(score("", "hd", Optional.empty()).scores().getFirst().score().value())
                .isEqualTo(5);
    }

    @Test
    void aLabelThatTheTaskDoesNotHaveIsNamed() throws IOException {
        write(predictions.resolve("a.nii"), 1, 1, 2, 7, 0);
        write(references.resolve("a.nii"), 1, 1, 2, 0, 0);
        PredictionTask.of(Task.multiclass(3)).write(predictions);
        assertThatIOException()
                .isThrownBy(() -> FileScores.of(predictions, references, Optional.empty()))
                .withMessageContainingAll("a.nii: has 7", "task.json names [1, 2]", "--labels");
    }

    @Test
    void probabilitiesInPlaceOfLabelsAreNamed() throws IOException {
        Images.write(predictions.resolve("a.nii"), new Volume(Geometry.identity(2, 1, 1), 1, new float[] {0.5f, 1}));
        write(references.resolve("a.nii"), 1, 1, 0);
        assertThatIOException()
                .isThrownBy(() -> FileScores.of(predictions, references, Optional.empty()))
                .withMessageContainingAll("a.nii", "0.5", "Labels are whole numbers");
    }

    @Test
    void probabilitiesAreScoredFromNiftiAndNpy() throws IOException {
        write(predictions.resolve("a.nii"), 1, 1, 0);
        write(references.resolve("a.nii"), 1, 1, 0);
        Path maps = folder.resolve("maps");
        Npy.write(maps.resolve("a.npy"), NumericArray.of(new float[] {0.25f, 0.5f, 0.75f, 0.5f}, List.of(2, 1, 2)));
        // (0.75 - 1)² and 0.5²
        assertThat(score("", "brier", Optional.of(maps))
                        .scores()
                        .getFirst()
                        .score()
                        .value())
                .isEqualTo((0.0625 + 0.25) / 2);
        Files.delete(maps.resolve("a.npy"));
        Images.write(maps.resolve("a.nii.gz"), new Volume(Geometry.identity(2, 1, 1), 1, new float[] {0.75f, 0.5f}));
        assertThat(score("", "brier", Optional.of(maps))
                        .scores()
                        .getFirst()
                        .score()
                        .value())
                .isEqualTo((0.0625 + 0.25) / 2);
    }

    @Test
    void wrongProbabilitiesAreNamed() throws IOException {
        write(predictions.resolve("a.nii"), 1, 1, 0);
        write(references.resolve("a.nii"), 1, 1, 0);
        Path maps = folder.resolve("maps");
        Path map = maps.resolve("a.npy");
        Npy.write(map, NumericArray.of(new float[] {0.25f, 0.5f, 0.5f, 0.5f}, List.of(2, 1, 2)));
        assertThatIOException()
                .isThrownBy(() -> score("", "nll", Optional.of(maps)))
                .withMessageContainingAll("a.npy", "sum to 0.75, not to 1");
        Npy.write(map, NumericArray.of(new float[] {3, -2}, List.of(1, 2)));
        assertThatIOException()
                .isThrownBy(() -> score("", "nll", Optional.of(maps)))
                .withMessageContainingAll("a.npy", "3.0 is no probability");
        Npy.write(map, NumericArray.of(new float[] {1, Float.NaN}, List.of(1, 2)));
        assertThatIOException()
                .isThrownBy(() -> score("", "nll", Optional.of(maps)))
                .withMessageContaining("NaN is no probability");
        Npy.write(map, NumericArray.of(new float[] {1, 0, 1}, List.of(1, 3)));
        assertThatIOException()
                .isThrownBy(() -> score("", "nll", Optional.of(maps)))
                .withMessageContainingAll("[1, 3]", "[1, 2]");
        Npy.write(map, NumericArray.of(new float[] {1, 0}, List.of(1, 2)));
        assertThatIOException()
                .isThrownBy(() -> score("1,2", "nll", Optional.of(maps)))
                .withMessageContaining("one class, but 2 classes are scored");
        Npy.write(map, NumericArray.of(new float[] {0, 0, 1, 1}, List.of(2, 1, 2)));
        assertThatIOException()
                .isThrownBy(() -> score("1,2", "nll", Optional.of(maps)))
                .withMessageContaining("labels 0 to 1, but none of 2");
        Files.move(map, maps.resolve("b.npy"));
        assertThatIOException()
                .isThrownBy(() -> score("", "nll", Optional.of(maps)))
                .withMessageContainingAll("a.nii: there are no probabilities");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> score("", "nll", Optional.empty()))
                .withMessageContaining("nll needs probabilities");
    }

    @Test
    void manyCasesAreInTheOrderOfTheirNames() throws IOException {
        for (int i = 0; i < 40; i++) {
            write(predictions.resolve("c%02d.nii".formatted(i)), 1, 1, 0, 1, 0);
            write(references.resolve("c%02d.nii".formatted(i)), 1, 1, 0, i % 2, 0);
        }
        FileScores scores = score("1", "dice", Optional.empty());
        assertThat(scores.scores().stream().filter(s -> s.label().equals("1")).map(CaseScore::id))
                .isSorted()
                .hasSize(40);
        assertThat(dice(scores, "c02", "1")).isEqualTo(2.0 / 3);
        assertThat(dice(scores, "c03", "1")).isEqualTo(1);
    }
}
