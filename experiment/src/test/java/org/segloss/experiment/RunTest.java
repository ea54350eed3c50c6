package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.fit.Trainer;
import org.segloss.image.Geometry;
import org.segloss.io.Images;
import org.segloss.loss.Task;

class RunTest {
    /// Its gradient is beyond the largest float.
    private static final String DIVERGES = "1e300*bce";

    @TempDir
    Path folder;

    private Path data;
    private RunFolder runFolder;

    @BeforeEach
    void writeData() throws IOException {
        data = SmallData.write(folder.resolve("data"));
        runFolder = new RunFolder(folder.resolve("run"));
    }

    /// Keeps what is said and what is worked at.
    private static final class Record implements Progress {
        private final List<String> said = new ArrayList<>();
        private final List<String> works = new ArrayList<>();

        @Override
        public void say(String line) {
            said.add(line);
        }

        @Override
        public void at(String work, double fraction, String detail) {
            assertThat(fraction).isBetween(0.0, 1.0);
            if (!works.contains(work)) {
                works.add(work);
            }
        }
    }

    private Record run(Task.Kind kind, int steps, String... losses) throws IOException {
        var record = new Record();
        Run.of(SmallData.experiment(data, kind, steps, losses)).in(runFolder, record);
        return record;
    }

    private LossFolder lossFolder(String loss) {
        return runFolder.losses(List.of(loss), 5).get(loss);
    }

    @Test
    void aRunLeavesAllItsFilesAndPredictionsOnTheImagesGrid() throws IOException {
        run(Task.Kind.BINARY, 2, "bce", "dice");
        for (String loss : List.of("bce", "dice")) {
            LossFolder place = lossFolder(loss);
            assertThat(place.training()).isRegularFile();
            assertThat(place.checkpoint()).isRegularFile();
            assertThat(ScoreRow.read(place.scores())).hasSize(16);
            assertThat(Images.info(place.predictions().resolve("cube_3.nii.gz")).geometry())
                    .isEqualTo(Geometry.scaled(8, 8, 8, 1, 1, 1.5));
        }
        assertThat(ScoreRow.read(runFolder.scores())).hasSize(32);
        assertThat(Comparison.read(runFolder.comparison()).losses()).hasSize(2);
        assertThat(Settings.read(runFolder.settings()).losses()).containsExactly("bce", "dice");
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all).noneMatch(file -> file.toString().endsWith(".tmp"));
        }
    }

    @Test
    void evaluatingThePredictionsGivesTheScoresOfTheRunToTheLastDigit() throws IOException {
        run(Task.Kind.BINARY, 3, "bce");
        FileScores found = FileScores.of(lossFolder("bce").predictions(), data.resolve("masks"), Optional.empty());
        List<CaseScore> written =
                ScoreRow.read(runFolder.scores()).stream().map(ScoreRow::score).toList();
        assertThat(found.scores()).isEqualTo(written);
    }

    @Test
    void theSameRunAgainDoesNothingAnew() throws IOException {
        run(Task.Kind.BINARY, 2, "bce", "dice");
        byte[] scores = Files.readAllBytes(runFolder.scores());
        Record again = run(Task.Kind.BINARY, 2, "bce", "dice");
        assertThat(again.works).isEmpty();
        assertThat(again.said).hasSize(2).allMatch(line -> line.contains("reused the results"));
        assertThat(runFolder.scores()).hasBinaryContent(scores);
    }

    @Test
    void whatIsMissingIsDoneAgainAndNothingElse() throws IOException {
        run(Task.Kind.BINARY, 2, "bce", "dice");
        FileTime trained = Files.getLastModifiedTime(lossFolder("dice").checkpoint());
        Files.delete(lossFolder("dice").predictions().resolve("cube_3.nii.gz"));
        Record again = run(Task.Kind.BINARY, 2, "bce", "dice");
        assertThat(again.works).containsExactly("2/2 dice: predicting");
        assertThat(Files.getLastModifiedTime(lossFolder("dice").checkpoint())).isEqualTo(trained);

        Files.delete(lossFolder("bce").checkpoint());
        assertThat(run(Task.Kind.BINARY, 2, "bce", "dice").works)
                .containsExactly("1/2 bce: training", "1/2 bce: predicting");
    }

    @Test
    void aTrainingThatWasBrokenOffIsNotTakenForFinished() throws IOException {
        run(Task.Kind.BINARY, 2, "bce");
        Path curve = lossFolder("bce").training();
        byte[] training = Files.readAllBytes(curve);
        Files.delete(curve);
        var broken = new Progress() {
            @Override
            public void say(String line) {}

            @Override
            public void at(String work, double fraction, String detail) {
                throw new IllegalStateException("broken off");
            }
        };
        Run run = Run.of(SmallData.experiment(data, Task.Kind.BINARY, 2, "bce"));
        assertThatIllegalStateException().isThrownBy(() -> run.in(runFolder, broken));
        // as if it had been broken off after its first checkpoint
        Files.write(curve, training);
        assertThat(run(Task.Kind.BINARY, 2, "bce").works).contains("1/1 bce: training");
    }

    @Test
    void aDeviceThatIsNotThereIsRefusedBeforeAnythingIsWritten() throws IOException {
        Experiment good = SmallData.experiment(data, Task.Kind.BINARY, 2, "bce");
        Run run = Run.of(new Experiment(
                good.folder(),
                good.dataset(),
                good.split(),
                good.kind(),
                good.losses(),
                good.architecture(),
                good.steps(),
                good.seed(),
                "abacus"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run.in(runFolder, Progress.silent()))
                .withMessageContaining("abacus");
        assertThat(runFolder.root()).doesNotExist();
    }

    @Test
    void aPredictionThatWasChangedIsScoredAgain() throws IOException {
        run(Task.Kind.BINARY, 2, "bce");
        Path prediction = lossFolder("bce").predictions().resolve("cube_3.nii.gz");
        Images.write(prediction, Experiment.anyLabel(Images.readLabels(data.resolve("masks/cube_3.nii.gz"))));
        run(Task.Kind.BINARY, 2, "bce");
        assertThat(ScoreRow.read(runFolder.scores()))
                .allMatch(row ->
                        row.score().score().value() == (row.score().metric().higherIsBetter() ? 1 : 0));
    }

    @Test
    void aFolderOfAnotherExperimentIsRefusedAndLeftAsItIs() throws IOException {
        run(Task.Kind.BINARY, 2, "bce");
        byte[] settings = Files.readAllBytes(runFolder.settings());
        assertThatIOException()
                .isThrownBy(() -> run(Task.Kind.BINARY, 3, "bce"))
                .withMessageContainingAll("run", "training.steps: 2, not 3", "--out");
        assertThatIOException()
                .isThrownBy(() -> run(Task.Kind.BINARY, 2, "bce", "dice"))
                .withMessageContaining("losses");
        assertThat(runFolder.settings()).hasBinaryContent(settings);
    }

    @Test
    void aFolderThatHoldsOtherFilesIsRefusedAndLeftAsItIs() throws IOException {
        Files.createDirectories(runFolder.root());
        Files.writeString(runFolder.manifest(), "precious");
        assertThatIOException()
                .isThrownBy(() -> run(Task.Kind.BINARY, 2, "bce"))
                .withMessageContainingAll("run holds files", "dataset.json", "--out");
        assertThat(runFolder.manifest()).hasContent("precious");
        assertThat(runFolder.settings()).doesNotExist();
    }

    @Test
    void theDataSetsOwnFolderIsNeverARunsFolder() throws IOException {
        for (Path inside : List.of(data, data.resolve("runs/first"), data.resolve("images"))) {
            runFolder = new RunFolder(inside);
            assertThatIOException()
                    .isThrownBy(() -> run(Task.Kind.BINARY, 2, "bce"))
                    .withMessageContainingAll("lies in the data set's folder", "--out");
            assertThat(runFolder.settings()).doesNotExist();
        }
    }

    @Test
    void aRunMayHaveItsDataSetInItsOwnFolder() throws IOException {
        runFolder = new RunFolder(folder.resolve("both"));
        data = SmallData.write(runFolder.root().resolve("data"));
        run(Task.Kind.BINARY, 1, "bce");
        assertThat(runFolder.comparison()).isRegularFile();
    }

    @Test
    void aRunThatCannotBeReadIsNotGoneOnWith() throws IOException {
        Files.createDirectories(runFolder.root());
        Files.writeString(runFolder.settings(), "{");
        Run run = Run.of(SmallData.experiment(data, Task.Kind.BINARY, 2, "bce"));
        assertThat(run.folder(runFolder.root()).root()).isEqualTo(folder.resolve("run-2"));
        assertThatIOException()
                .isThrownBy(() -> run.in(runFolder, Progress.silent()))
                .withMessageContainingAll("experiment.yaml", "give another --out, or delete that folder");
        assertThat(runFolder.settings()).hasContent("{");
    }

    @Test
    void aFolderWhoseDataHaveChangedIsRefused() throws IOException {
        run(Task.Kind.BINARY, 2, "bce");
        Files.copy(
                data.resolve("images/cube_1.nii.gz"),
                data.resolve("images/cube_2.nii.gz"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatIOException()
                .isThrownBy(() -> run(Task.Kind.BINARY, 2, "bce"))
                .withMessageContaining("case.cube_2.imageSha256");
    }

    @Test
    void theDataMayMove() throws IOException {
        run(Task.Kind.BINARY, 2, "bce");
        Files.move(data, folder.resolve("elsewhere"));
        data = folder.resolve("elsewhere");
        assertThat(run(Task.Kind.BINARY, 2, "bce").works).isEmpty();
        assertThat(Settings.read(runFolder.settings()).data())
                .isEqualTo(data.toAbsolutePath().toString());
    }

    @Test
    void aFreeFolderIsNewOrOfThisVeryExperiment() throws IOException {
        Path wanted = runFolder.root();
        Run two = Run.of(SmallData.experiment(data, Task.Kind.BINARY, 2, "bce"));
        assertThat(two.folder(wanted).root()).isEqualTo(wanted);
        two.in(runFolder, Progress.silent());
        assertThat(two.folder(wanted).root()).isEqualTo(wanted);
        Run three = Run.of(SmallData.experiment(data, Task.Kind.BINARY, 3, "bce"));
        assertThat(three.folder(wanted).root()).isEqualTo(folder.resolve("run-2"));
    }

    @Test
    void aLossThatDivergesIsReportedAndTheOthersGoOn() throws IOException {
        Record record = run(Task.Kind.BINARY, 2, DIVERGES, "bce");
        assertThat(record.said).anyMatch(line -> line.contains(DIVERGES) && line.contains("step 1"));
        Comparison comparison = Comparison.read(runFolder.comparison());
        assertThat(comparison.losses().getFirst().outcome()).isEqualTo(Trainer.Status.DIVERGED);
        assertThat(comparison.best()).contains("bce");
        assertThat(run(Task.Kind.BINARY, 2, DIVERGES, "bce").works).isEmpty();
    }

    @Test
    void aMulticlassTaskScoresEachLabel() throws IOException {
        run(Task.Kind.MULTICLASS, 2, "ce");
        assertThat(ScoreRow.read(runFolder.scores()).stream()
                        .map(row -> row.score().label()))
                .contains("1", "2", CaseScore.MEAN);
    }

    @Test
    void allBadCasesAreNamedAtOnce() throws IOException {
        Experiment experiment = SmallData.experiment(data, Task.Kind.BINARY, 2, "bce");
        for (String id : List.of("cube_1", "cube_2")) {
            Files.writeString(data.resolve("images/%s.nii.gz".formatted(id)), "no image");
        }
        assertThatIOException()
                .isThrownBy(() -> Run.of(experiment))
                .withMessageContainingAll("2 of 2 cases", "cube_1.nii.gz", "cube_2.nii.gz");
    }

    @Test
    void anExperimentThatMakesNoSenseIsRefusedBeforeAnythingIsTrained() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SmallData.experiment(data, Task.Kind.MULTICLASS, 2, "bce"))
                .withMessageContaining("ce");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SmallData.experiment(data, Task.Kind.BINARY, 2, "dice", "dice(smooth=1e-5)"))
                .withMessageContaining("twice");
        assertThatIllegalArgumentException().isThrownBy(() -> SmallData.experiment(data, Task.Kind.BINARY, 2));
    }
}
