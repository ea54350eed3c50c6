package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.segloss.compare.Comparison;
import org.segloss.compare.Decisions;
import org.segloss.dataset.Case;
import org.segloss.dataset.Split;
import org.segloss.decide.Decision;
import org.segloss.decide.ThresholdSearch;
import org.segloss.decide.Thresholds;
import org.segloss.image.Labels;
import org.segloss.loss.Task;
import org.segloss.metric.Metric;
import org.segloss.metric.Scorer;
import org.segloss.predict.Predictor;
import org.segloss.run.LossFolder;
import org.segloss.run.Predictions;
import org.segloss.run.ThresholdFile;
import org.segloss.score.CaseScore;
import org.segloss.score.LabelGroup;
import org.segloss.score.ScoreRow;
import org.segloss.score.Scoring;

/// Several decisions of the same networks, and the scores of their probabilities.
class DecidedRunTest extends RunFixture {
    private static final List<Decision> ALL = List.of(Decision.ARGMAX, Decision.THRESHOLD, Decision.DICE);

    private Record decided(Experiment experiment, UnaryOperator<Scoring> changed) throws IOException {
        var record = new Record();
        Run.of(experiment).scoring(changed).in(runFolder, record);
        return record;
    }

    /// A training is the dearest: what is asked for later is made of the network that is there.
    @Test
    void otherDecisionsAndMetricsAreMadeOfTheSameNetworks() throws IOException {
        Experiment experiment = validated(Task.Kind.MULTICLASS, "ce", "dice");
        decided(experiment, before -> before);
        byte[] argmax = Files.readAllBytes(lossFolder("ce").scores());
        byte[] predicted = Files.readAllBytes(prediction(lossFolder("ce").predictions()));
        assertThat(Files.readString(runFolder.settings())).doesNotContain("scoring");
        assertThat(Files.readString(runFolder.scores()).lines().findFirst().orElseThrow())
                .endsWith(",policy");
        assertThat(Comparison.read(runFolder.comparison()).decisions()).isEmpty();

        Record more = decided(experiment, before -> new Scoring(ALL, before.metrics()));
        assertThat(more.works).containsExactlyInAnyOrder("1/2 ce: predicting", "2/2 dice: predicting");
        assertThat(Files.readString(runFolder.settings())).contains("scoring:", "threshold");
        List<ScoreRow> rows = ScoreRow.read(lossFolder("ce").scores());
        assertThat(rows.stream().map(ScoreRow::decision).distinct()).containsExactly("argmax", "threshold", "dice");
        assertThat(rows.stream().filter(row -> row.decision().equals("argmax")).toList())
                .isEqualTo(read(argmax));
        assertThat(prediction(lossFolder("ce").predictions())).hasBinaryContent(predicted);
        labelsFollowFromTheProbabilities(experiment);
        lossesAreComparedByEachDecision();

        // what the folder says holds where nothing else is said
        assertThat(decided(experiment, before -> before).works).isEmpty();
        assertThat(Run.collect(runFolder, UnaryOperator.identity(), UnaryOperator.identity(), new Record()))
                .isPresent();
        UnaryOperator<Scoring> other =
                before -> new Scoring(List.of(Decision.DICE), Scoring.metrics(Optional.of("dice,nll")));
        assertThat(Run.collect(runFolder, UnaryOperator.identity(), other, new Record()))
                .isEmpty();
        decided(experiment, other);
        List<ScoreRow> ofDice = ScoreRow.read(runFolder.scores());
        assertThat(ofDice.stream().map(ScoreRow::metric).distinct()).containsExactly("dice", "nll", "nll_clipped");
        assertThat(ofDice).allMatch(row -> row.decision().equals("dice"));
    }

    private void labelsFollowFromTheProbabilities(Experiment experiment) throws IOException {
        LossFolder place = lossFolder("ce");
        Thresholds thresholds = ThresholdFile.read(place.checkpoint());
        Case test = experiment.cases(List.of("cube_3")).get("cube_3");
        try (Predictor predictor = Predictor.open(place.checkpoint(), "cpu")) {
            var search = new ThresholdSearch(2);
            for (Case c : experiment.cases(List.of("cube_2")).of(List.of("cube_2"))) {
                search.add(
                        predictor.probabilities(c.image(), (_, _) -> {}),
                        c.label().values(),
                        Collections.emptySet());
            }
            assertThat(thresholds).isEqualTo(search.best());
            var probabilities = predictor.probabilities(test.image(), (_, _) -> {});
            for (Decision decision : ALL) {
                Path folder = decision == Decision.ARGMAX ? place.predictions() : place.predictions(decision);
                byte[] labels = decision.labels(probabilities, Optional.of(thresholds));
                assertThat(Predictions.read(
                                        prediction(folder),
                                        Task.Kind.MULTICLASS,
                                        experiment.dataset().classes(),
                                        test.image().geometry())
                                .values())
                        .isEqualTo(labels);
                assertThat(folder.resolve("task.json")).isRegularFile();
            }
            // every score of probabilities stands beside the first decision
            var scorer =
                    new Scorer(Metric.parseList("ece,ece_box@10,brier,nll,nll_clipped"), CaseScore.SCORER.policy());
            var labels = new Labels(test.image().geometry(), Decision.ARGMAX.labels(probabilities, Optional.empty()));
            Map<String, Double> expected = CaseScore.of(
                            "cube_3",
                            labels,
                            test.label(),
                            List.of(LabelGroup.of(1), LabelGroup.of(2)),
                            Collections.emptySortedSet(),
                            Optional.of(probabilities),
                            scorer)
                    .stream()
                    .collect(Collectors.toMap(
                            s -> s.metric().id() + s.label(), s -> s.score().value()));
            List<ScoreRow> found = ScoreRow.read(place.scores()).stream()
                    .filter(row -> Metric.parse(row.metric()).needsProbabilities())
                    .toList();
            assertThat(found).hasSize(15).allMatch(row -> row.decision().equals("argmax"));
            assertThat(found)
                    .allSatisfy(row -> assertThat(row.value()).isEqualTo(expected.get(row.metric() + row.label())));
            brierByHand(probabilities.of(1), test.label().values(), expected.get("brier1"));
        }
    }

    private static void brierByHand(float[] p, byte[] reference, double found) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += Math.pow(p[i] - (reference[i] == 1 ? 1 : 0), 2);
        }
        assertThat(found).isCloseTo(sum / p.length, within(1e-9));
    }

    private void lossesAreComparedByEachDecision() throws IOException {
        Decisions decisions =
                Comparison.read(runFolder.comparison()).decisions().orElseThrow();
        assertThat(decisions.names()).containsExactly("argmax", "threshold", "dice");
        assertThat(decisions.standings(2)).hasSize(2);
        List<ScoreRow> rows = ScoreRow.read(runFolder.scores());
        for (int rule = 0; rule < 3; rule++) {
            String name = decisions.names().get(rule);
            double mean = rows.stream()
                    .filter(row -> row.loss().equals("dice")
                            && row.metric().equals("dice")
                            && row.label().equals("mean")
                            && row.decision().equals(name))
                    .mapToDouble(ScoreRow::value)
                    .average()
                    .orElseThrow();
            assertThat(decisions.standings(rule).get(1).mean()).isCloseTo(mean, within(1e-9));
        }
        assertThat(decisions.gains().getFirst().loss()).isEqualTo("ce");
    }

    /// What was kept of the shorter training is decided anew as well, with the network that was kept.
    @Test
    void anExtendedRunIsDecidedAnewAndNothingIsTrained() throws IOException {
        decided(validated(Task.Kind.BINARY, "bce"), before -> before);
        Run.of(Experiment.of(runFolder.settings()).extended(4)).in(runFolder, new Record());
        byte[] network = Files.readAllBytes(lossFolder("bce").checkpoint());
        byte[] kept = Files.readAllBytes(lossFolder("bce").after(2).checkpoint());
        Record more = decided(Experiment.of(runFolder.settings()), before -> new Scoring(ALL, before.metrics()));
        assertThat(more.works).isNotEmpty().noneMatch(work -> work.contains("training"));
        assertThat(lossFolder("bce").checkpoint()).hasBinaryContent(network);
        assertThat(lossFolder("bce").after(2).checkpoint()).hasBinaryContent(kept);
        assertThat(prediction(lossFolder("bce").after(2).predictions(Decision.DICE)))
                .isRegularFile();
        double argmax = ScoreRow.read(lossFolder("bce").after(2).scores()).stream()
                .filter(row -> row.metric().equals("dice") && row.decision().equals("argmax"))
                .mapToDouble(ScoreRow::value)
                .average()
                .orElseThrow();
        assertThat(Comparison.read(runFolder.comparison()).earlier().getFirst().mean("bce", "dice"))
                .isCloseTo(argmax, within(1e-9));
        assertThat(decided(Experiment.of(runFolder.settings()), before -> before).works)
                .isEmpty();
    }

    @Test
    void thresholdsNeedValidationCases() throws IOException {
        Experiment experiment = SmallData.experiment(data, Task.Kind.BINARY, 1, "bce");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> decided(experiment, before -> new Scoring(ALL, before.metrics())))
                .withMessageContaining("the decision threshold is chosen on validation cases");
        assertThat(runFolder.settings()).doesNotExist();
    }

    private static Path prediction(Path folder) {
        return folder.resolve("cube_3.nii.gz");
    }

    private List<ScoreRow> read(byte[] table) throws IOException {
        return ScoreRow.read(Files.write(folder.resolve("table.csv"), table));
    }

    private Experiment validated(Task.Kind kind, String... losses) throws IOException {
        Experiment e = SmallData.experiment(data, kind, 2, losses);
        var split = new Split(List.of("cube_1"), List.of("cube_2"), List.of("cube_3"));
        return SmallData.over(e, List.of(split));
    }
}
