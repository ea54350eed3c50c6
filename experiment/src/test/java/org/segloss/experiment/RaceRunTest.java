package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.segloss.compare.Comparison;
import org.segloss.compare.ComparisonRules;
import org.segloss.compare.Race;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.Groups;
import org.segloss.dataset.Reading;
import org.segloss.dataset.Split;
import org.segloss.decide.Decision;
import org.segloss.loss.Task;
import org.segloss.metric.Score.Status;
import org.segloss.random.CounterRandom;
import org.segloss.report.Report;
import org.segloss.run.Outcome;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.score.ScoreRow;
import org.segloss.score.Scoring;

/// Races: which trainings are done, and what is left of one that was broken off.
class RaceRunTest extends RunFixture {
    private static final List<String> TEST =
            IntStream.rangeClosed(3, 9).mapToObj(i -> "cube_" + i).toList();

    /// Seven test cases, so that something can be told.
    private Experiment experiment(List<Long> seeds, int steps, String... losses) throws IOException {
        for (String id : TEST) {
            for (String part : List.of("images", "masks")) {
                if (!Files.exists(data.resolve("%s/%s.nii.gz".formatted(part, id)))) {
                    Files.copy(data.resolve(part + "/cube_3.nii.gz"), data.resolve("%s/%s.nii.gz".formatted(part, id)));
                }
            }
        }
        Experiment one = SmallData.experiment(data, Task.Kind.BINARY, steps, losses);
        Dataset dataset = Dataset.open(data, Reading.ignoring(Set.of()));
        return new Experiment(
                data,
                dataset,
                Groups.single(dataset.ids()),
                List.of(new Split(List.of("cube_1", "cube_2"), List.of(), TEST)),
                one.kind(),
                one.losses(),
                one.architecture(),
                one.preset(),
                one.overrides(),
                one.repeated(),
                steps,
                seeds,
                one.machine());
    }

    /// Has scores where others train: those of `bce` lie far below, by another decision than the first far above.
    private static final class Scores implements Executor {
        private final List<String> done = new ArrayList<>();
        private final int most;

        private Scores(int most) {
            this.most = most;
        }

        @Override
        public void require(String device) {}

        @Override
        public List<Outcome> run(List<Order> orders) throws IOException {
            for (Order order : orders) {
                if (Files.exists(order.folder().scores())) {
                    continue;
                }
                if (done.size() == most) {
                    throw new IOException("broken off");
                }
                Job job = order.job();
                done.add("%s %d".formatted(job.loss(), job.seed()));
                var random = CounterRandom.of(1, job.loss(), (int) job.seed());
                Files.createDirectories(order.folder().root());
                Files.writeString(order.folder().training(), "step,loss\n1,0.5\n");
                ScoreRow.write(
                        order.folder().scores(),
                        job.scoring().decide().stream()
                                .flatMap(decision -> job.split().test().stream()
                                        .map(id -> new ScoreRow(
                                                        job.loss(),
                                                        job.fold(),
                                                        job.seed(),
                                                        id,
                                                        "mean",
                                                        "dice",
                                                        (job.loss().equals("bce") == (decision == Decision.ARGMAX)
                                                                        ? 0.4
                                                                        : 0.8)
                                                                + 0.002 * random.nextGaussian(),
                                                        Status.OK,
                                                        job.item(id).group())
                                                .by(decision)))
                                .toList(),
                        job.plan().task().ignoredLabels());
            }
            return orders.stream().map(_ -> new Outcome(Outcome.Ending.DONE, 1)).toList();
        }
    }

    private Comparison race(RunFolder target, Executor executor, Progress progress) throws IOException {
        return Run.of(
                        experiment(List.of(1L, 2L, 3L, 4L), 1, "bce", "dice", "focal"),
                        UnaryOperator.identity(),
                        _ -> executor)
                .racing()
                .in(target, progress);
    }

    @Test
    void aLossThatLeftIsTrainedNoMoreAndNothingIsDropped() throws IOException {
        var executor = new Scores(Integer.MAX_VALUE);
        var record = new Record();
        Comparison comparison = race(runFolder, executor, record);
        assertThat(executor.done)
                .containsExactly(
                        "bce 1", "dice 1", "focal 1", "bce 2", "dice 2", "focal 2", "dice 3", "focal 3", "dice 4",
                        "focal 4");
        assertThat(record.said).contains("Block 2 of 4 done: 1 of 3 losses leave the race (bce); 2 are still in");
        assertThat(comparison.losses())
                .map(Comparison.Result::outcome)
                .containsExactly(Outcome.Ending.LEFT, Outcome.Ending.DONE, Outcome.Ending.DONE);
        Race race = comparison.race().orElseThrow();
        assertThat(race.in()).containsExactly("dice", "focal");
        assertThat(race.done()).isEqualTo(10);
        assertThat(race.planned()).isEqualTo(12);
        // by loss, then by seed, and with the two trainings of the one that left
        assertThat(ScoreRow.read(runFolder.scores()).stream()
                        .map(row -> "%s %d".formatted(row.loss(), row.seed()))
                        .distinct()
                        .collect(Collectors.joining(", ")))
                .isEqualTo("bce 1, bce 2, dice 1, dice 2, dice 3, dice 4, focal 1, focal 2, focal 3, focal 4");
    }

    /// The answer rests on the first decision, and so does who leaves.
    @Test
    void otherDecisionsHaveNoPartInTheRace() throws IOException {
        Comparison comparison = Run.of(
                        experiment(List.of(1L, 2L, 3L, 4L), 1, "bce", "dice", "focal"),
                        UnaryOperator.identity(),
                        _ -> new Scores(Integer.MAX_VALUE))
                .scoring(before -> new Scoring(List.of(Decision.ARGMAX, Decision.DICE), before.metrics()))
                .racing()
                .in(runFolder, Progress.silent());
        Race race = comparison.race().orElseThrow();
        assertThat(race.in()).containsExactly("dice", "focal");
        assertThat(race.leftAfter("bce")).contains(2);
        assertThat(race.looks().get(1).leaving().getFirst().mean()).isCloseTo(0.4, within(0.01));
    }

    @Test
    void aRaceThatWasBrokenOffGoesOnToTheSameBytes() throws IOException {
        race(runFolder, new Scores(Integer.MAX_VALUE), Progress.silent());
        var again = new RunFolder(folder.resolve("again"));
        for (int most : new int[] {2, 3, 2}) {
            assertThatIOException()
                    .isThrownBy(() -> race(again, new Scores(most), Progress.silent()))
                    .withMessage("broken off");
        }
        var last = new Scores(Integer.MAX_VALUE);
        race(again, last, Progress.silent());
        assertThat(last.done).containsExactly("focal 3", "dice 4", "focal 4");
        assertThat(again.comparison()).hasSameBinaryContentAs(runFolder.comparison());
        assertThat(again.scores()).hasSameBinaryContentAs(runFolder.scores());
    }

    @Test
    void withoutARaceTheRestIsTrained() throws IOException {
        race(runFolder, new Scores(Integer.MAX_VALUE), Progress.silent());
        var rest = new Scores(Integer.MAX_VALUE);
        var record = new Record();
        Comparison all = Run.of(
                        experiment(List.of(1L, 2L, 3L, 4L), 1, "bce", "dice", "focal"),
                        UnaryOperator.identity(),
                        _ -> rest)
                .in(runFolder, record);
        assertThat(record.said).anyMatch(line -> line.startsWith("The folder holds a race. Without --race"));
        assertThat(rest.done).containsExactly("bce 3", "bce 4");
        assertThat(all.race()).isEmpty();
    }

    /// A loss that diverged in the first block has no trainings in the others: no curves, no pictures.
    @Test
    void theReportOfARealRaceShowsWhatThereIs() throws IOException {
        Run.of(experiment(List.of(1L, 2L, 3L), 1, "1e300*bce", "bce", "dice"))
                .racing()
                .in(runFolder, Progress.silent());
        Report.write(runFolder);
        assertThat(runFolder.report())
                .content()
                .contains("<h2>The race</h2>", "not trained to the end: 1e300*bce")
                .contains(
                        "2 of 3 losses can be the best, or within 0.01 of it: bce, dice. 7 of 9 trainings were done.");
    }

    @Test
    void whatCantBeARaceIsRefusedBeforeAnythingIsTrained() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Run.of(experiment(List.of(1L, 2L), 1, "bce", "dice")).racing())
                .withMessageContaining("this run has 2, but it takes 3 or more: give --seeds S");
        Experiment one = experiment(List.of(1L, 2L, 3L), 1, "bce", "dice");
        var twice =
                SmallData.over(one, List.of(one.folds().getFirst(), one.folds().getFirst()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Run.of(twice).racing())
                .withMessageContaining("two folds test cube_");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Run.of(
                                one,
                                rules -> new ComparisonRules(
                                        "dice", "mean", Double.NaN, Optional.of("bce"), List.of(), List.of(), 100, 1),
                                LocalExecutor::with)
                        .racing()
                        .in(runFolder, Progress.silent()))
                .withMessageContaining("has no baseline such as bce");
    }
}
