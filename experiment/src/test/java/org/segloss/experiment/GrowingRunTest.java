package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.segloss.compare.Comparison;
import org.segloss.dataset.Split;
import org.segloss.design.LossFamily;
import org.segloss.file.Sha256;
import org.segloss.fit.Checkpoint;
import org.segloss.loss.Task;
import org.segloss.report.Report;
import org.segloss.run.LossFolder;
import org.segloss.run.Outcome;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.run.StepTable;

/// A run that is done, to which losses, seeds and folds are added, and one whose trainings are extended.
class GrowingRunTest extends RunFixture {
    private static final int SHORT = 5;
    private static final int LONG = 12;

    /// What all trainings left, but the events, which have the time in them.
    private Map<String, String> left(RunFolder run) throws IOException {
        var hashes = new TreeMap<String, String>();
        try (Stream<Path> files = Files.walk(run.root())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = run.root().relativize(file).toString();
                if (!name.contains("tfevents") && !name.contains("environment")) {
                    hashes.put(name, Sha256.of(file));
                }
            }
        }
        return hashes;
    }

    private static void assertKept(Map<String, String> before, Map<String, String> after) {
        before.forEach((name, hash) -> {
            if (name.contains("/fold-")) {
                assertThat(after).as(name).containsEntry(name, hash);
            }
        });
    }

    private Experiment validated(int steps, String... losses) throws IOException {
        Experiment one = SmallData.experiment(data, Task.Kind.BINARY, steps, losses);
        return SmallData.over(one, List.of(new Split(List.of("cube_1"), List.of("cube_2"), List.of("cube_3"))));
    }

    private Comparison extended(RunFolder from, int steps, RunFolder to, Record record) throws IOException {
        return Run.of(Experiment.of(from.settings()).extended(steps)).in(to, record);
    }

    @Test
    void aLossAndASeedAreAddedAndWhatIsThereIsReused() throws IOException {
        run(Task.Kind.BINARY, 2, "bce", "dice");
        Map<String, String> before = left(runFolder);
        Experiment more = SmallData.experiment(data, Task.Kind.BINARY, 2, "focal", "bce", "dice");
        var record = new Record();
        Comparison comparison =
                Run.of(more.with(more.contest().families(), List.of(5L, 6L))).in(runFolder, record);
        assertThat(record.said)
                .contains("Adding to the run: focal, seed 6. What it has stays.")
                .anyMatch(line -> line.startsWith("bce, seed 5: reused the results"));
        assertKept(before, left(runFolder));
        assertThat(comparison.losses()).extracting(Comparison.Result::loss).containsExactly("focal", "bce", "dice");
        assertThat(runFolder.losses(List.of("focal"), 0, 6).get("focal").scores())
                .isRegularFile();

        // in one go it is the same
        var once = new RunFolder(folder.resolve("once"));
        Run.of(more.with(more.contest().families(), List.of(5L, 6L))).in(once, Progress.silent());
        assertThat(left(runFolder)).isEqualTo(left(once));
    }

    @Test
    void whatARunHasIsNotTakenAwayAndOtherwiseNothingMayChange() throws IOException {
        run(Task.Kind.BINARY, 2, "bce", "dice");
        Map<String, String> before = left(runFolder);
        assertThatIOException()
                .isThrownBy(() -> run(Task.Kind.BINARY, 2, "bce", "focal"))
                .withMessageContainingAll(
                        "other settings (losses was [\"bce\",\"dice\"], is [\"bce\",\"focal\"])",
                        "Losses, seeds and folds can be added to those that it has: name these as well");
        assertThatIOException()
                .isThrownBy(() -> run(Task.Kind.BINARY, 3, "bce", "dice", "focal"))
                .withMessageContaining("(training.steps was 2, is 3);");
        assertThat(left(runFolder)).isEqualTo(before);
    }

    /// Names differ in signs alone, of which folders' names have none: both would get a hash.
    @Test
    void aLossThatWouldMoveAnotherOnesFolderIsRefused() throws IOException {
        String there = "log1p(dice) + bce";
        run(Task.Kind.BINARY, 2, there);
        Map<String, String> before = left(runFolder);
        assertThatIOException()
                .isThrownBy(() -> run(Task.Kind.BINARY, 2, there, "log1p(dice + bce)"))
                .withMessageContainingAll("holds a run of " + there, "whose folder would get another name", "--out");
        assertThat(left(runFolder)).isEqualTo(before);
    }

    @Test
    void aFoldIsAddedToThoseThatAreDone() throws IOException {
        Experiment one = SmallData.experiment(data, Task.Kind.BINARY, 2, "bce", "dice");
        Experiment crossed = SmallData.over(one, Split.folds(one.groups(), 3, OptionalInt.empty(), 1));
        Run.of(crossed.only(List.of(1))).in(runFolder, Progress.silent());
        Report.write(runFolder);
        assertThat(runFolder.report()).content().contains("1 of 3 folds", "done are 1");
        Map<String, String> before = left(runFolder);
        assertThat(before.keySet()).noneMatch(name -> name.contains("fold-0") || name.contains("fold-2"));
        assertThat(Run.collect(runFolder, UnaryOperator.identity(), UnaryOperator.identity(), Progress.silent()))
                .isPresent();
        var record = new Record();
        Run.of(crossed).in(runFolder, record);
        assertThat(record.said).contains("Adding to the run: fold 0, fold 2. What it has stays.");
        assertKept(before, left(runFolder));
        Report.write(runFolder);
        assertThat(runFolder.report()).content().contains("3 folds").doesNotContain("of 3 folds");
        assertThatIOException()
                .isThrownBy(() -> Run.of(crossed.only(List.of(2))).in(runFolder, Progress.silent()))
                .withMessageContaining("extent.folds");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> crossed.only(List.of(3)))
                .withMessage("there is no fold 3: the folds are 0 to 2");
    }

    @Test
    void aRunThatIsExtendedKeepsWhatItHadAndShowsItBeside() throws IOException {
        Run.of(validated(SHORT, "bce", "dice")).in(runFolder, Progress.silent());
        Comparison shorter = Comparison.read(runFolder.comparison());
        Map<String, String> before = left(runFolder);
        var record = new Record();
        Comparison comparison = extended(runFolder, LONG, runFolder, record);
        assertThat(record.said).contains("Adding to the run: 7 steps to the 5 of each training. What it has stays.");
        LossFolder bce = lossFolder("bce");
        for (String file : List.of(
                "checkpoint.safetensors",
                "training.csv",
                "validation.csv",
                "scores.csv",
                "stages.json",
                "predictions/cube_3.nii.gz",
                "predictions/task.json")) {
            assertThat(Sha256.of(bce.after(SHORT).root().resolve(file)))
                    .as(file)
                    .isEqualTo(before.get("bce/fold-0/seed-5/" + file));
        }
        assertThat(Checkpoint.read(bce.checkpoint()).step()).isEqualTo(LONG);
        assertThat(Files.readAllLines(bce.training()))
                .hasSize(1 + LONG)
                .startsWith(Files.readAllLines(bce.after(SHORT).training()).toArray(String[]::new));
        // the rate of a training of 12 steps, from its sixth on: by hand 0.9 powers of 7/12, where that of 5 had ended
        List<double[]> rates = StepTable.read(bce.training(), "learning_rate");
        assertThat(rates.get(5)[1] / rates.get(11)[1]).isCloseTo(Math.pow(7, 0.9), offset(1e-9));
        // a fifth of 5 steps each, then those fifths of 12 steps that come after them
        assertThat(StepTable.read(bce.validation(), "dice"))
                .extracting(point -> (int) point[0])
                .containsExactly(1, 2, 3, 4, 5, 8, 10, 12);
        int batch = Settings.read(runFolder.settings()).training().batch();
        assertThat(batch).isGreaterThan(1);
        // one case trains
        assertThat(comparison.convergence().orElseThrow().epochs()).isEqualTo(LONG * batch);
        assertThat(comparison.earlier()).hasSize(1);
        assertThat(comparison.earlier().getFirst().steps()).isEqualTo(SHORT);
        for (Comparison.Result result : shorter.losses()) {
            assertThat(comparison.earlier().getFirst().mean(result.loss(), "dice"))
                    .isCloseTo(result.dice().orElseThrow().mean(), offset(1e-9));
        }
        Report.write(runFolder);
        assertThat(runFolder.report())
                .content()
                .contains("After how many steps", "<th scope=\"col\">5</th><th scope=\"col\">12</th>");
        // nothing is done twice
        Map<String, String> after = left(runFolder);
        var again = new Record();
        extended(runFolder, LONG, runFolder, again);
        assertThat(again.works).isEmpty();
        assertThat(left(runFolder)).isEqualTo(after);
        assertThat(Run.collect(runFolder, UnaryOperator.identity(), UnaryOperator.identity(), Progress.silent()))
                .isPresent();
    }

    /// A loss that is added later goes the same way, and so does a run that is repeated.
    @Test
    void anExtendedRunIsTheSameHoweverItCameAbout() throws IOException {
        var first = new RunFolder(folder.resolve("first"));
        Run.of(validated(SHORT, "bce")).in(first, Progress.silent());
        extended(first, LONG, first, new Record());
        extended(first, 15, first, new Record());
        Experiment more = Experiment.of(first.settings());
        Run.of(more.with(List.of(LossFamily.parse("bce"), LossFamily.parse("dice")), more.seeds()))
                .in(first, Progress.silent());
        Run.of(Experiment.of(first.settings())).in(runFolder, Progress.silent());
        assertThat(left(runFolder)).isEqualTo(left(first));
        assertThat(lossFolder("dice").after(SHORT).scores()).isRegularFile();
        assertThat(lossFolder("dice").after(LONG).scores()).isRegularFile();
        assertThat(Comparison.read(runFolder.comparison()).earlier())
                .extracting(Comparison.Earlier::steps)
                .containsExactly(SHORT, LONG);
    }

    @Test
    void anExtensionThatIsBrokenOffAnywhereEndsInTheSameBytes() throws IOException {
        Run.of(validated(SHORT, "bce")).in(runFolder, Progress.silent());
        var undisturbed = new RunFolder(folder.resolve("undisturbed"));
        Run.of(validated(SHORT, "bce")).in(undisturbed, Progress.silent());
        extended(undisturbed, LONG, undisturbed, new Record());
        Experiment more = Experiment.of(runFolder.settings()).extended(LONG);
        for (int breakAt : List.of(6, 9, 12)) {
            Executor broken = orders -> {
                for (Executor.Order order : orders) {
                    LocalExecutor.reading().run(order.job(), order.folder(), new Breaking(breakAt));
                }
                throw new IllegalStateException("not broken off");
            };
            assertThatIllegalStateException()
                    .isThrownBy(() ->
                            Run.of(more, UnaryOperator.identity(), _ -> broken).in(runFolder, Progress.silent()))
                    .withMessage("broken off");
        }
        // and something is lost
        Files.delete(lossFolder("bce").training());
        extended(runFolder, LONG, runFolder, new Record());
        assertThat(left(runFolder)).isEqualTo(left(undisturbed));
        assertThat(Job.of(runFolder))
                .hasSize(1)
                .allSatisfy(job -> assertThat(LocalExecutor.done(job, lossFolder("bce")))
                        .contains(new Outcome(Outcome.Ending.DONE, LONG)));
    }

    /// Breaks a training off after a step.
    private record Breaking(int at) implements JobListener {
        @Override
        public void step(int step, int steps, double loss) {
            if (step == at) {
                throw new IllegalStateException("broken off");
            }
        }
    }

    @Test
    void whatCannotBeExtendedIsSaid() throws IOException {
        Run.of(validated(SHORT, "bce")).in(runFolder, Progress.silent());
        Experiment run = Experiment.of(runFolder.settings());
        assertThat(run.extended(SHORT)).isEqualTo(run);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run.extended(4))
                .withMessage("the trainings have 5 steps by now, and can be extended to more, not to 4");
        extended(runFolder, LONG, runFolder, new Record());
        assertThatIOException()
                .isThrownBy(() -> Run.of(validated(SHORT, "bce")).in(runFolder, Progress.silent()))
                .withMessage(
                        "%s holds a run that was extended to 12 steps; go on with it by segloss compare --extend 12 --out %s"
                                .formatted(runFolder.root(), runFolder.root()));
        // what was kept is part of what a run anew replaces
        Run.of(validated(SHORT, "bce")).anew(runFolder, Progress.silent());
        assertThat(lossFolder("bce").after(SHORT).root()).doesNotExist();
        assertThat(Comparison.read(runFolder.comparison()).earlier()).isEmpty();
        assertThat(runFolder.settings()).content().doesNotContain("extent");
    }

    @Test
    void aTrainingWhoseLongerPartIsDamagedGoesOnFromWhatWasKept() throws IOException {
        Run.of(validated(SHORT, "bce")).in(runFolder, Progress.silent());
        extended(runFolder, LONG, runFolder, new Record());
        Map<String, String> whole = left(runFolder);
        Files.writeString(lossFolder("bce").validation(), "step,dice\n");
        Optional<Outcome> damaged = LocalExecutor.done(Job.of(runFolder).getFirst(), lossFolder("bce"));
        assertThat(damaged).isEmpty();
        var record = new Record();
        Run.of(Experiment.of(runFolder.settings())).in(runFolder, record);
        assertThat(record.said).anyMatch(line -> line.contains("are not what they were; trained anew"));
        assertThat(left(runFolder)).isEqualTo(whole);
    }
}
