package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.compare.Comparison;
import org.segloss.compare.Tuning;
import org.segloss.dataset.Split;
import org.segloss.design.LossFamily;
import org.segloss.design.TuningGrid;
import org.segloss.fit.Checkpoint;
import org.segloss.loss.Task;
import org.segloss.report.Report;
import org.segloss.run.LossFolder;
import org.segloss.run.Outcome;
import org.segloss.run.Progress;
import org.segloss.run.StepTable;

/// What competes on the validation cases: values of a number for each loss, and members of a family.
class ContestTest extends RunFixture {
    private static final int STEPS = 6;
    private static final String FAMILY = "tversky(fp=0.3|0.7)";

    private Experiment contest(String... losses) throws IOException {
        Experiment one = SmallData.experiment(data, Task.Kind.BINARY, STEPS, "bce");
        return SmallData.over(one, List.of(new Split(List.of("cube_1"), List.of("cube_2"), List.of("cube_3"))))
                .with(List.of(losses).stream().map(LossFamily::parse).toList(), List.of(5L, 6L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "tversky(fp=0.3|0.5); tversky(fp=0.3|0.5); tversky, tversky(fp=0.5)",
                "focal(gamma = 1 | 2)+0.5|1*dice; focal(gamma=1|2)+0.5|1*dice; focal(gamma=1) + 0.5*dice, focal(gamma=1) + dice, focal + 0.5*dice, focal + dice",
                "dice( smooth = 1 ); dice(smooth=1); dice(smooth=1)",
                "ce|dice; ce|dice; ce, dice",
                "focal( gamma=1e+0|2 ) + 0.5|1e-1*dice; focal(gamma=1e+0|2) + 0.5|1e-1*dice; focal(gamma=1) + 0.5*dice, focal(gamma=1) + 0.1*dice, focal + 0.5*dice, focal + 0.1*dice"
            })
    void aFamilyPrintsAndParsesBack(String given, String text, String members) {
        LossFamily family = LossFamily.parse(given);
        assertThat(family.text()).isEqualTo(text);
        assertThat(LossFamily.parse(text)).isEqualTo(family);
        assertThat(family.members()).extracting(loss -> loss.text()).containsExactly(members.split(", "));
    }

    @Test
    void whatIsNoFamilyOrNoGridIsSaid() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossFamily.parse("tversky(fp=0.3|0.30)"))
                .withMessage("tversky is twice in tversky(fp=0.3|0.30)");
        assertThatIllegalArgumentException().isThrownBy(() -> LossFamily.parse("tversky(fp=0.3|x)"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> contest("ce|dice", "dice | ce"))
                .withMessage("the loss dice|ce is listed twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> contest("bce", "bce"))
                .withMessage("the loss bce is listed twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TuningGrid.parse(List.of("learning-rate")))
                .withMessageContaining("a name and its values were expected, as learning-rate=1e-3,3e-3,1e-2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TuningGrid.parse(List.of("learning-rate=1e-3,")))
                .withMessageContaining("says nothing to tune");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TuningGrid.parse(List.of("learning-rate=1e-3")))
                .withMessageContaining("takes two values or more");
    }

    @Test
    void aGridTakesAnyNumberOfThePlan() throws IOException {
        Run.of(contest("bce")).in(runFolder, Progress.silent());
        var plan = Settings.read(runFolder.settings()).training();
        List<TuningGrid.Point> points = TuningGrid.parse(List.of("learning-rate=1e-3,1e-2", "batch=1,2"))
                .of(plan);
        assertThat(points)
                .extracting(point -> point.values().toString())
                .containsExactly(
                        "{learning-rate=0.001, batch=1.0}",
                        "{learning-rate=0.001, batch=2.0}",
                        "{learning-rate=0.01, batch=1.0}",
                        "{learning-rate=0.01, batch=2.0}");
        assertThat(points.get(2).plan().recipe().learningRate()).isEqualTo(0.01);
        assertThat(points.get(2).plan().batch()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TuningGrid.parse(List.of("lr=1,2")).of(plan))
                .withMessageStartingWith("lr can't be tuned: the numbers of a training are batch, ")
                .withMessageContaining("recipe.learning-rate")
                .withMessageNotContaining("steps")
                .withMessageNotContaining("inputs");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TuningGrid.parse(List.of("batch=1,1.5")).of(plan))
                .withMessage("batch is a whole number, and can't be 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> TuningGrid.parse(List.of("learning-rate=1,-1")).of(plan))
                .withMessageStartingWith("learning-rate can't be -1.0: ");
    }

    @Test
    void eachLossIsTestedWithWhatIsBestOnTheValidationCases() throws IOException {
        Experiment experiment =
                contest("bce", FAMILY).tuned(TuningGrid.parse(List.of("learning-rate=1e-5,0.010000000000000002")));
        assertThat(experiment.contest().trainings()).isEqualTo(6);
        var record = new Record();
        Comparison comparison = Run.of(experiment).in(runFolder, record);
        assertThat(record.said).contains("Choosing on the validation cases: 6 trainings, none of which tests anything");
        Tuning tuning = comparison.tuning().orElseThrow();
        assertThat(tuning).isEqualTo(Tuning.read(runFolder.tuning()));
        assertThat(tuning.candidates()).hasSize(6);
        assertThat(comparison.losses()).extracting(Comparison.Result::loss).containsExactly("bce", FAMILY);
        for (String loss : List.of("bce", FAMILY)) {
            Tuning.Candidate chosen = tuning.chosen(loss, 0);
            assertThat(chosen.dice())
                    .isEqualTo(tuning.candidates().stream()
                            .filter(c -> c.loss().equals(loss))
                            .mapToDouble(Tuning.Candidate::dice)
                            .max()
                            .orElseThrow());
            for (long seed : List.of(5L, 6L)) {
                LossFolder place =
                        runFolder.losses(List.of("bce", FAMILY), 0, seed).get(loss);
                var plan = Checkpoint.read(place.checkpoint()).plan();
                assertThat(plan.loss().text()).isEqualTo(chosen.member());
                assertThat(plan.recipe().learningRate())
                        .isEqualTo(chosen.values().get("learning-rate"));
                assertThat(plan.seed()).isEqualTo(seed);
                assertThat(StepTable.read(place.validation(), "dice").getLast()[1])
                        .satisfies(dice ->
                                assertThat(seed == 5 ? dice : chosen.dice()).isEqualTo(chosen.dice()));
            }
        }
        // the training with the first seed is not done twice: 6 candidates, and each loss with the second seed
        assertThat(record.works.stream()
                        .filter(work -> work.endsWith("training"))
                        .count())
                .isEqualTo(8);
        for (LossFolder candidate : List.of(runFolder.candidate("bce, learning-rate=0.010000000000000002", 0, 5))) {
            assertThat(candidate.checkpoint()).isRegularFile();
            assertThat(Files.readAllLines(candidate.scores())).hasSize(1);
        }
        assertThat(runFolder.settings())
                .content()
                .contains("- " + FAMILY, "tune:", "learning-rate:")
                .doesNotContain("extent");
        Report.write(runFolder);
        assertThat(runFolder.report())
                .content()
                .contains("Chosen on the validation cases", "lies at the edge of what was tried");

        var again = new Record();
        assertThat(Run.of(Experiment.of(runFolder.settings())).in(runFolder, again))
                .isEqualTo(comparison);
        assertThat(again.works).isEmpty();
        assertThat(Run.collect(runFolder, UnaryOperator.identity(), UnaryOperator.identity(), Progress.silent()))
                .isPresent();
    }

    @Test
    void aValueThatNoTrainingCanHaveIsRefusedBeforeAnythingIsWritten() throws IOException {
        Experiment wrong = contest("bce").tuned(TuningGrid.parse(List.of("learning-rate=1e-3,-1")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Run.of(wrong).in(runFolder, Progress.silent()))
                .withMessageStartingWith("learning-rate can't be -1.0: ");
        assertThat(runFolder.root()).doesNotExist();
    }

    /// A machine may fail, and what the others say is not what all of them say.
    @Test
    void nothingIsChosenWhereACandidateFailed() throws IOException {
        Experiment experiment = contest("bce").tuned(TuningGrid.parse(List.of("learning-rate=1e-5,1e-2")));
        Executor failing = orders -> {
            var outcomes = new ArrayList<Outcome>();
            for (Executor.Order order : orders) {
                outcomes.add(
                        order.number() == 1
                                ? Outcome.FAILED
                                : LocalExecutor.reading().run(order.job(), order.folder(), order.listener()));
            }
            return outcomes;
        };
        assertThatIOException()
                .isThrownBy(() -> Run.of(experiment, UnaryOperator.identity(), _ -> failing)
                        .in(runFolder, Progress.silent()))
                .withMessage(
                        "1 of 2 trainings of candidates failed, so nothing can be chosen; the same command tries them again");
        assertThat(runFolder.tuning()).doesNotExist();
        Comparison comparison = Run.of(experiment).in(runFolder, Progress.silent());
        assertThat(comparison.tuning().orElseThrow().candidates()).hasSize(2);

        // a seed that is added changes no choice, wherever it stands
        var record = new Record();
        Run.of(experiment.with(experiment.contest().families(), List.of(7L, 6L, 5L)))
                .in(runFolder, record);
        assertThat(record.said).contains("Adding to the run: seed 7. What it has stays.");
        assertThat(Settings.read(runFolder.settings()).seeds()).containsExactly(5L, 6L, 7L);
        assertThat(Tuning.read(runFolder.tuning()))
                .isEqualTo(comparison.tuning().orElseThrow());
    }

    @Test
    void withoutValidationCasesNothingCanBeChosen() throws IOException {
        Experiment one = SmallData.experiment(data, Task.Kind.BINARY, STEPS, "bce");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> one.tuned(TuningGrid.parse(List.of("learning-rate=1e-5,1e-2"))))
                .withMessageContaining("chosen on validation cases, but the split has none");
    }

    @Test
    void aTrainingThatDivergedIsNeverChosenAndEqualOnesAreTheFirst() {
        Tuning tuning = Tuning.choose(List.of(
                candidate("bce", 1, Double.NaN),
                candidate("bce", 2, 0.5),
                candidate("bce", 3, 0.5),
                candidate("bce", 4, 0.4),
                candidate("dice", 1, Double.NaN),
                candidate("dice", 2, Double.NaN)));
        assertThat(tuning.chosen("bce", 0).values()).isEqualTo(Map.of("batch", 2.0));
        assertThat(tuning.sentences())
                .containsExactly(
                        "bce: of 4 candidates batch=2 (validation Dice 0.500).",
                        "dice: of 2 candidates batch=2 (validation Dice unknown). Warning: batch=2 lies at the edge of what was tried; a value beyond it may be better.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tuning.chosen("focal", 0))
                .withMessage("nothing was chosen for focal in fold 0");
        assertThat(Optional.of(tuning)).isPresent();
    }

    private static Tuning.Candidate candidate(String loss, double batch, double dice) {
        return new Tuning.Candidate(loss, 0, loss, Map.of("batch", batch), dice, false);
    }
}
