package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.segloss.compare.Comparison;
import org.segloss.dataset.Case;
import org.segloss.fit.Checkpoint;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.loss.Task;
import org.segloss.plan.Machine;
import org.segloss.plan.TrainingPlan;
import org.segloss.run.LossFolder;
import org.segloss.run.Outcome;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.score.CaseScore;
import org.segloss.score.FileScores;
import org.segloss.score.ScoreRow;
import org.segloss.score.ScoringRequest;
import org.segloss.score.ScoringRequest.MissingPrediction;

class RunTest extends RunFixture {
    /// Its gradient is beyond the largest float.
    private static final String DIVERGES = "1e300*bce";

    @Test
    void aRunLeavesAllItsFilesAndPredictionsOnTheImagesGrid() throws IOException {
        Record first = run(Task.Kind.BINARY, 2, "bce", "dice");
        assertThat(first.said)
                .singleElement()
                .asString()
                .matches("A training of 2 steps takes about .+ here, .+ a step; with predictions 2 of them take .+");
        for (String loss : List.of("bce", "dice")) {
            LossFolder place = lossFolder(loss);
            assertThat(place.training()).isRegularFile();
            assertThat(place.checkpoint()).isRegularFile();
            // 8 metrics of labels and 5 of probabilities, of the class and as the mean
            assertThat(ScoreRow.read(place.scores())).hasSize(26);
            assertThat(Images.info(place.predictions().resolve("cube_3.nii.gz")).geometry())
                    .isEqualTo(Geometry.scaled(8, 8, 8, 1, 1, 1.5));
        }
        assertThat(ScoreRow.read(runFolder.scores())).hasSize(52);
        assertThat(Comparison.read(runFolder.comparison()).losses()).hasSize(2);
        assertThat(Settings.read(runFolder.settings()).losses()).containsExactly("bce", "dice");
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all).noneMatch(file -> file.toString().endsWith(".tmp"));
        }
    }

    @Test
    void evaluatingThePredictionsGivesTheScoresOfTheRunToTheLastDigit() throws IOException {
        run(Task.Kind.BINARY, 3, "bce");
        var request = new ScoringRequest(
                Optional.empty(),
                List.of(),
                Optional.empty(),
                CaseScore.SCORER,
                MissingPrediction.SKIP,
                ScoringRequest.VoxelPairs.BY_PLACE,
                Collections.emptySortedSet());
        FileScores found =
                FileScores.of(lossFolder("bce").predictions(), data.resolve("masks"), request, Progress.silent());
        List<CaseScore> written = ScoreRow.read(runFolder.scores()).stream()
                .map(ScoreRow::score)
                .filter(score -> !score.metric().needsProbabilities())
                .toList();
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

    /// What is done is known by contents, not by times: a clock that went back, or a copy, changes nothing.
    @Test
    void filesOfAnyTimeAreAsGood() throws IOException {
        run(Task.Kind.BINARY, 2, "bce");
        byte[] scores = Files.readAllBytes(runFolder.scores());
        for (String time : List.of("1980-01-01T00:00:00Z", "2099-01-01T00:00:00Z")) {
            try (Stream<Path> files = Files.walk(runFolder.root())) {
                for (Path file : files.toList()) {
                    Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
                }
            }
            assertThat(run(Task.Kind.BINARY, 2, "bce").works).isEmpty();
            assertThat(runFolder.scores()).hasBinaryContent(scores);
        }
        // the data are newer than the run, or older, and the same
        Files.setLastModifiedTime(data.resolve("images/cube_1.nii.gz"), FileTime.from(Instant.EPOCH));
        assertThat(run(Task.Kind.BINARY, 2, "bce").works).isEmpty();
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
                good.groups(),
                good.folds(),
                good.kind(),
                good.losses(),
                good.architecture(),
                good.preset(),
                good.overrides(),
                good.repeated(),
                good.steps(),
                good.seeds(),
                Machine.on("abacus")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run.in(runFolder, Progress.silent()))
                .withMessageContaining("abacus");
        assertThat(runFolder.root()).doesNotExist();
    }

    @Test
    void aResultThatIsNoLongerWhatItWasIsMadeAgain() throws IOException {
        run(Task.Kind.BINARY, 2, "bce");
        LossFolder place = lossFolder("bce");
        Path prediction = place.predictions().resolve("cube_3.nii.gz");
        var works = Map.of(
                place.checkpoint(),
                List.of("1/1 bce: training", "1/1 bce: predicting"),
                place.training(),
                List.of("1/1 bce: training", "1/1 bce: predicting"),
                prediction,
                List.of("1/1 bce: predicting"),
                place.scores(),
                List.<String>of(),
                runFolder.scores(),
                List.<String>of());
        for (Path file : works.keySet()) {
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(whole, whole.length / 2));
            assertThat(run(Task.Kind.BINARY, 2, "bce").works)
                    .as(file.toString())
                    .isEqualTo(works.get(file));
            assertThat(file).hasBinaryContent(whole);
        }
        // nor is another one taken for it
        byte[] weights = Files.readAllBytes(place.checkpoint());
        byte[] changed = weights.clone();
        changed[changed.length - 1] ^= 1;
        Files.write(place.checkpoint(), changed);
        assertThat(run(Task.Kind.BINARY, 2, "bce").said).anyMatch(line -> line.contains("not what they were"));
        assertThat(place.checkpoint()).hasBinaryContent(weights);
        byte[] labels = Files.readAllBytes(prediction);
        Images.write(
                prediction,
                Images.readLabels(data.resolve("masks/cube_3.nii.gz")).foreground());
        run(Task.Kind.BINARY, 2, "bce");
        assertThat(prediction).hasBinaryContent(labels);
    }

    @Test
    void aFolderOfAnotherExperimentIsRefusedAndLeftAsItIs() throws IOException {
        run(Task.Kind.BINARY, 2, "bce");
        byte[] settings = Files.readAllBytes(runFolder.settings());
        assertThatIOException()
                .isThrownBy(() -> run(Task.Kind.BINARY, 3, "bce"))
                .withMessageContainingAll("run", "training.steps was 2, is 3", "--out", "--restart");
        assertThatIOException()
                .isThrownBy(() -> run(Task.Kind.BINARY, 2, "dice"))
                .withMessageContaining("losses");
        assertThat(runFolder.settings()).hasBinaryContent(settings);
    }

    @Test
    void aRunOfAnotherVersionIsRefused() throws IOException {
        run(Task.Kind.BINARY, 2, "bce");
        String settings = Files.readString(runFolder.settings());
        Files.writeString(runFolder.settings(), settings.replaceFirst("segloss: \\S+", "segloss: 0.0.1"));
        assertThatIOException()
                .isThrownBy(() -> run(Task.Kind.BINARY, 2, "bce"))
                .withMessageContainingAll("segloss was 0.0.1, is ", "--restart");
    }

    @Test
    void aDamagedRecordOfStagesIsNamedWithTheWayOut() throws IOException {
        run(Task.Kind.BINARY, 2, "bce");
        Path stages = lossFolder("bce").stages();
        Files.writeString(stages, "{");
        assertThatIOException()
                .isThrownBy(() -> run(Task.Kind.BINARY, 2, "bce"))
                .withMessageContainingAll(
                        stages.toString(),
                        "delete the folder " + lossFolder("bce").root());
    }

    private static Experiment withThreads(Experiment experiment, int threads) {
        return experiment.goingOn(new Machine("cpu", OptionalInt.of(threads), Optional.empty()));
    }

    @Test
    void aRunGoesOnWithTheThreadsThatItBeganWithUnlessItIsToldOthers() throws IOException {
        Experiment one = SmallData.experiment(data, Task.Kind.BINARY, 2, "bce");
        Run.of(withThreads(one, 3)).in(runFolder, Progress.silent());
        assertThat(Settings.read(runFolder.settings()).training().threads()).isEqualTo(3);
        Files.delete(lossFolder("bce").checkpoint());
        run(Task.Kind.BINARY, 2, "bce");
        assertThat(Settings.read(runFolder.settings()).training().threads()).isEqualTo(3);
        assertThat(Checkpoint.read(lossFolder("bce").checkpoint()).plan().threads())
                .isEqualTo(3);
        assertThat(Experiment.of(runFolder.settings()).machine().threads()).hasValue(3);
        Run other = Run.of(withThreads(one, 2));
        assertThatIOException()
                .isThrownBy(() -> other.in(runFolder, Progress.silent()))
                .withMessageContaining("training.threads was 3, is 2");
        Run.of(one).anew(runFolder, Progress.silent());
        assertThat(Settings.read(runFolder.settings()).training().threads())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
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
        assertThatIOException()
                .isThrownBy(() -> run.in(runFolder, Progress.silent()))
                .withMessageContainingAll("experiment.yaml", "give another --out, or start anew in it with --restart");
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
    void aLossThatDivergesIsReportedAndTheOthersGoOn() throws IOException {
        Record record = run(Task.Kind.BINARY, 2, DIVERGES, "bce");
        assertThat(record.said).anyMatch(line -> line.contains(DIVERGES) && line.contains("step 1"));
        Comparison comparison = Comparison.read(runFolder.comparison());
        assertThat(comparison.losses().getFirst().outcome()).isEqualTo(Outcome.Ending.DIVERGED);
        assertThat(comparison.best()).contains("bce");
        assertThat(run(Task.Kind.BINARY, 2, DIVERGES, "bce").works).isEmpty();
    }

    @Test
    void aTrainingThatDivergesHasNoPredictionsOfAnEarlierOneBesideIt() throws IOException {
        run(Task.Kind.BINARY, 2, DIVERGES, "bce");
        LossFolder place = runFolder.losses(List.of(DIVERGES, "bce"), 0, 5).get(DIVERGES);
        LossFolder other = lossFolder("bce");
        Files.createDirectories(place.predictions());
        for (String name : List.of("predictions/cube_3.nii.gz", "predictions/task.json", "scores.csv")) {
            Files.copy(other.root().resolve(name), place.root().resolve(name));
        }
        Path mine = Files.writeString(place.root().resolve("notes.txt"), "precious");
        Files.delete(place.checkpoint());
        run(Task.Kind.BINARY, 2, DIVERGES, "bce");
        assertThat(place.checkpoint()).isRegularFile();
        assertThat(place.predictions()).doesNotExist();
        assertThat(place.scores()).doesNotExist();
        assertThat(mine).hasContent("precious");
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
                .withMessageContainingAll("2 of 3 cases", "cube_1.nii.gz", "The same of 1 more: cube_2.");
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

    @Test
    void aLossThatThePatchIsTooSmallForIsRefusedBeforeAnythingIsTrained() throws IOException {
        Experiment experiment = SmallData.experiment(data, Task.Kind.BINARY, 1, "bce", "ssim");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Run.of(experiment))
                .withMessageContaining("ssim can't be trained with a patch of 8 x 8 x 8 (z, y, x)");
    }

    @Test
    void patchesAreMadeForWhatIsLeftOfTheImagesWhenTheyAreCropped() throws IOException {
        Geometry grid = Geometry.scaled(32, 32, 32, 1, 1, 1.5);
        float[] values = new float[32 * 32 * 32];
        for (int i = 0; i < 8 * 12 * 16; i++) {
            values[((9 + i / 192) * 32 + 3 + i / 16 % 12) * 32 + 7 + i % 16] = 1 + i % 5;
        }
        Case small = new Case("small", new Volume(grid, 1, values), new Labels(grid, new byte[values.length]));
        TrainingPlan plan =
                SmallData.experiment(data, Task.Kind.BINARY, 1, "bce").plan(List.of(small));
        assertThat(plan.patch()).containsExactly(8, 12, 16);
    }

    @Test
    void theTimeLeftGoesByWhatTheFirstLossTook() throws IOException {
        // ten steps in 2 s; four cases in 4 s
        assertThat(RunProgress.steps(4_000_000_000L, 2_000_000_000L, 10, 4)).isEqualTo(5);
        var shares = new ArrayList<Double>();
        var watching = new Progress() {
            @Override
            public void say(String line) {}

            @Override
            public void at(String work, double fraction, String detail) {
                if (detail.startsWith("case 1")) {
                    shares.add(2 * fraction % 1);
                }
            }
        };
        Run.of(SmallData.experiment(data, Task.Kind.BINARY, 9, "bce", "dice")).in(runFolder, watching);
        // at first a case is taken for three steps
        assertThat(shares).hasSize(2).first().isEqualTo(9 / 12.0);
        assertThat(shares.getLast()).isNotEqualTo(9 / 12.0).isBetween(0.0, 1.0);
    }
}
