package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.segloss.compare.Comparison;
import org.segloss.compare.ComparisonRules;
import org.segloss.dataset.Groups;
import org.segloss.dataset.Split;
import org.segloss.file.FolderLock;
import org.segloss.fit.Checkpoint;
import org.segloss.loss.Task;
import org.segloss.metric.OverlapMetric;
import org.segloss.run.LossFolder;
import org.segloss.run.Progress;
import org.segloss.score.CaseScore;
import org.segloss.score.ScoreRow;

/// Runs of several folds and seeds, the rules of their comparison, and runs that meet another one or what it left.
class CrossedRunTest extends RunFixture {

    /// Three folds, two seeds, and a subject of its own for each case.
    private Experiment crossed(String... losses) throws IOException {
        Experiment one = SmallData.experiment(data, Task.Kind.BINARY, 2, losses);
        return SmallData.over(one, Split.folds(one.groups(), 3, OptionalInt.empty(), 1))
                .with(one.contest().families(), List.of(1L, 9L));
    }

    @Test
    void inEachFoldAndWithEachSeedAllLossesBeginAlikeAndSeeTheSame() throws IOException {
        // two texts of one loss: the same gradients, so the same weights as long as all else is the same
        String twin = "0.5*bce + 0.5*bce";
        Run.of(crossed("bce", twin)).in(runFolder, Progress.silent());
        var different = new HashSet<List<Float>>();
        for (int fold = 0; fold < 3; fold++) {
            for (long seed : List.of(1L, 9L)) {
                Map<String, LossFolder> places = runFolder.losses(List.of("bce", twin), fold, seed);
                Map<String, float[]> weights =
                        Checkpoint.read(places.get("bce").checkpoint()).weights();
                assertThat(Checkpoint.read(places.get(twin).checkpoint()).weights())
                        .containsExactlyEntriesOf(weights);
                var head = new ArrayList<Float>();
                for (float weight : weights.get("head.kernel")) {
                    head.add(weight);
                }
                different.add(head);
            }
        }
        assertThat(different).hasSize(6);
    }

    @Test
    void everyCaseIsTestedOnceWithEachSeedAndComparedByItsMean() throws IOException {
        var record = new Record();
        Comparison comparison = Run.of(crossed("bce")).in(runFolder, record);
        List<ScoreRow> dice = ScoreRow.read(runFolder.scores()).stream()
                .filter(row -> row.score().metric().equals(OverlapMetric.DICE)
                        && row.score().label().equals(CaseScore.MEAN))
                .toList();
        assertThat(dice)
                .extracting(row -> row.score().id() + " " + row.seed() + " " + row.group())
                .containsExactlyInAnyOrder(
                        "cube_1 1 cube_1",
                        "cube_1 9 cube_1",
                        "cube_2 1 cube_2",
                        "cube_2 9 cube_2",
                        "cube_3 1 cube_3",
                        "cube_3 9 cube_3");
        double mean = dice.stream()
                .filter(row -> row.score().id().equals("cube_2"))
                .mapToDouble(row -> row.score().score().value())
                .average()
                .orElseThrow();
        Comparison.Summary summary = comparison.losses().getFirst().dice().orElseThrow();
        assertThat(summary.n()).isEqualTo(3);
        assertThat(summary.cases()).containsEntry("cube_2", mean);
        assertThat(record.works).hasSize(12).contains("4/6 bce, fold 1, seed 9: training");

        Experiment again = Experiment.of(runFolder.settings());
        assertThat(again.folds()).isEqualTo(crossed("bce").folds());
        assertThat(again.seeds()).containsExactly(1L, 9L);
        assertThat(again.groups()).isEqualTo(crossed("bce").groups());
    }

    @Test
    void noSeedAndTheSameSeedTwiceAreRefused() throws IOException {
        Experiment good = SmallData.experiment(data, Task.Kind.BINARY, 2, "bce");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withSeeds(good, List.of(1L, 2L, 1L)))
                .withMessage("a seed is there twice among [1, 2, 1]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withSeeds(good, List.of()))
                .withMessage("there is no seed; each loss needs at least one training");
    }

    private static Experiment withSeeds(Experiment one, List<Long> seeds) {
        return one.with(one.contest().families(), seeds);
    }

    private static ComparisonRules byRecall(ComparisonRules rules) {
        return new ComparisonRules(
                "recall",
                rules.label(),
                0.125,
                Optional.of("bce"),
                rules.lowerIsBetter(),
                rules.higherIsBetter(),
                rules.replicates(),
                rules.seed());
    }

    @Test
    void theRulesOfAComparisonAreKeptWhenItGoesOn() throws IOException {
        Experiment two = SmallData.experiment(data, Task.Kind.BINARY, 2, "bce", "dice");
        Comparison first =
                Run.of(two, CrossedRunTest::byRecall, LocalExecutor::with).in(runFolder, Progress.silent());
        assertThat(first.families().getFirst().metric()).isEqualTo("recall");
        assertThat(first.rules()).isEqualTo(byRecall(ComparisonRules.standard()));

        Comparison again = Run.of(two).in(runFolder, Progress.silent());
        assertThat(again.rules()).isEqualTo(first.rules());
        Comparison anew = Run.of(two).anew(runFolder, Progress.silent());
        assertThat(anew.rules()).isEqualTo(ComparisonRules.standard());
    }

    @Test
    void rulesThatCannotBeMetAreRefusedBeforeAnythingIsTrained() throws IOException {
        Experiment dice = SmallData.experiment(data, Task.Kind.BINARY, 2, "dice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Run.of(dice, CrossedRunTest::byRecall, LocalExecutor::with)
                        .in(runFolder, Progress.silent()))
                .withMessage("the baseline 'bce' is none of this run's: dice");
        Run unknown = Run.of(
                dice,
                rules ->
                        new ComparisonRules("dyce", rules.label(), 0.1, Optional.empty(), List.of(), List.of(), 100, 1),
                LocalExecutor::with);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> unknown.in(runFolder, Progress.silent()))
                .withMessageContaining("the metric 'dyce' is none of this run's: dice, iou, precision");
        Run noClass = Run.of(
                dice,
                rules -> new ComparisonRules("dice", "2", 0.1, Optional.empty(), List.of(), List.of(), 100, 1),
                LocalExecutor::with);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> noClass.in(runFolder, Progress.silent()))
                .withMessage("the class '2' is none of this run's: mean, 1");
        assertThat(runFolder.root()).doesNotExist();
    }

    @Test
    void aSubjectOnTwoSidesIsRefused() throws IOException {
        Experiment good = SmallData.experiment(data, Task.Kind.BINARY, 2, "bce");
        var pairs = new Groups(Map.of("cube_1", "x", "cube_2", "y", "cube_3", "x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Experiment(
                        good.folder(),
                        good.dataset(),
                        pairs,
                        good.folds(),
                        good.kind(),
                        good.losses(),
                        good.architecture(),
                        good.preset(),
                        good.overrides(),
                        good.repeated(),
                        good.steps(),
                        good.seeds(),
                        good.machine()))
                .withMessageContaining("subject 'x' is in train (cube_1) and test (cube_3)");
    }

    @Test
    void aCopyOfATrainingImageCannotTest() throws IOException {
        Files.copy(
                data.resolve("images/cube_1.nii.gz"),
                data.resolve("images/cube_3.nii.gz"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatIOException()
                .isThrownBy(() -> Run.of(SmallData.experiment(data, Task.Kind.BINARY, 2, "bce")))
                .withMessageContainingAll("cube_1 and cube_3", "same to the byte", "two sides");
    }

    @Test
    void twoRunsDoNotWorkInOneFolderAtOnce() throws IOException, InterruptedException {
        run(Task.Kind.BINARY, 2, "bce");
        var refused = new AtomicReference<Throwable>();
        try (FolderLock _ = FolderLock.take(runFolder.root())) {
            Thread.ofPlatform()
                    .start(() -> refused.set(catchThrowable(() -> run(Task.Kind.BINARY, 2, "bce"))))
                    .join();
        }
        assertThat(refused.get())
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(
                        runFolder.root().toString(),
                        "process " + ProcessHandle.current().pid());
        assertThat(run(Task.Kind.BINARY, 2, "bce").works).isEmpty();
    }

    @Test
    void startingAnewDeletesWhatTheRunWroteAndNothingElse() throws IOException {
        run(Task.Kind.BINARY, 2, "bce", "dice");
        Path mine = Files.writeString(lossFolder("dice").root().resolve("notes.txt"), "precious");
        Path left = Files.writeString(
                lossFolder("bce").root().resolve(".scores.csv.123e4567-e89b-42d3-a456-426614174000.tmp"), "half");
        Run.of(SmallData.experiment(data, Task.Kind.BINARY, 3, "ce")).anew(runFolder, Progress.silent());
        assertThat(mine).hasContent("precious");
        try (Stream<Path> files = Files.list(mine.getParent())) {
            assertThat(files).containsExactly(mine);
        }
        assertThat(left.getParent()).doesNotExist();
        assertThat(Settings.read(runFolder.settings()).losses()).containsExactly("ce");
        assertThat(lossFolder("ce").scores()).isRegularFile();
        assertThat(runFolder.root().resolve("bce")).doesNotExist();
    }

    @Test
    void whatAKilledRunLeftHalfWrittenIsSweptAway() throws IOException {
        run(Task.Kind.BINARY, 2, "bce");
        String name = ".x.123e4567-e89b-42d3-a456-426614174000.tmp";
        List<Path> left = List.of(
                runFolder.root().resolve(name),
                lossFolder("bce").root().resolve(name),
                lossFolder("bce").predictions().resolve(name));
        for (Path file : left) {
            Files.writeString(file, "half");
        }
        Path data = runFolder.root().resolve(".phantom.123e4567-e89b-42d3-a456-426614174000.tmp");
        Files.createDirectories(data.resolve("imagesTr"));
        run(Task.Kind.BINARY, 2, "bce");
        assertThat(left).allSatisfy(file -> assertThat(file).doesNotExist());
        assertThat(data).doesNotExist();
    }
}
