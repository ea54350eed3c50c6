package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.segloss.dataset.Case;
import org.segloss.dataset.ClassLabels;
import org.segloss.decide.Decision;
import org.segloss.decide.Probabilities;
import org.segloss.decide.ThresholdSearch;
import org.segloss.decide.Thresholds;
import org.segloss.file.Sha256;
import org.segloss.image.Labels;
import org.segloss.loss.Task;
import org.segloss.plan.TrainingPlan;
import org.segloss.predict.Predictor;
import org.segloss.run.LossFolder;
import org.segloss.run.Manifest;
import org.segloss.run.PredictionTask;
import org.segloss.run.Predictions;
import org.segloss.run.ThresholdFile;
import org.segloss.score.CaseScore;
import org.segloss.score.LabelGroup;
import org.segloss.score.ScoreRow;

/// Predicts the test cases of a job by the network that its training left, once for all rules that make labels
/// of it, and scores its probabilities.
record PredictionStage(Job job, LossFolder folder, JobCases cases) implements Stage {

    @Override
    public String name() {
        return "prediction";
    }

    @Override
    public String inputs(Manifest.Hash hash) throws IOException {
        var inputs = new ArrayList<>(List.of(hash.of(folder.checkpoint()), job.testContents()));
        String more = job.scoring().beyondArgmax();
        if (!more.isEmpty()) {
            inputs.add(more);
        }
        if (byThresholds()) {
            inputs.add(hash.of(ThresholdFile.of(folder.checkpoint())));
        }
        return Sha256.of(String.join("\n", inputs));
    }

    @Override
    public List<Path> files() {
        var files = new ArrayList<Path>();
        for (Decision decision : job.scoring().decide()) {
            files.add(place(job, folder, decision).resolve(PredictionTask.FILE));
            job.split().test().forEach(id -> files.add(file(job, folder, decision, id)));
        }
        job.scoring().ofProbabilities().ifPresent(_ -> files.add(folder.calibration()));
        return files;
    }

    private boolean byThresholds() {
        return job.scoring().decide().contains(Decision.THRESHOLD);
    }

    /// {@return where the predictions by a rule lie}: those by the first of the run above all others
    private static Path place(Job job, LossFolder folder, Decision decision) {
        return decision == job.scoring().first() ? folder.predictions() : folder.predictions(decision);
    }

    /// {@return where the prediction of a test case lies}
    static Path file(Job job, LossFolder folder, Decision decision, String id) {
        return Predictions.file(
                place(job, folder, decision), id, Path.of(job.item(id).image()));
    }

    @Override
    public void run(JobListener listener) throws IOException {
        List<Case> test = cases.test();
        Optional<Thresholds> thresholds =
                byThresholds() ? Optional.of(ThresholdFile.read(folder.checkpoint())) : Optional.empty();
        var calibration = new ArrayList<ScoreRow>();
        try (Predictor predictor =
                Predictor.open(folder.checkpoint(), job.plan().device())) {
            for (Decision decision : job.scoring().decide()) {
                PredictionTask.of(job.plan().task().kind(), job.plan().labels()).write(place(job, folder, decision));
            }
            for (int i = 0; i < test.size(); i++) {
                listener.predicts(i + 1, test.size());
                Case c = test.get(i);
                Probabilities found = predictor.probabilities(c.image(), (_, _) -> {});
                for (Decision decision : job.scoring().decide()) {
                    var labels = new Labels(
                            c.image().geometry(),
                            decision.labels(found, thresholds, job.plan().labels()));
                    Predictions.write(
                            file(job, folder, decision, c.id()),
                            labels,
                            job.plan().task().kind(),
                            job.plan().labels(),
                            c.file());
                    if (decision == job.scoring().first()) {
                        calibration.addAll(calibration(c, labels, found));
                    }
                }
            }
        }
        if (job.scoring().ofProbabilities().isPresent()) {
            ScoreRow.write(folder.calibration(), calibration, job.plan().task().ignoredLabels());
        }
    }

    /// The probabilities are scored while they are there: nothing keeps them.
    private List<ScoreRow> calibration(Case c, Labels labels, Probabilities found) {
        Task task = job.plan().task();
        return job
                .scoring()
                .ofProbabilities()
                .map(scorer -> CaseScore.of(
                        c.id(),
                        labels,
                        c.label(),
                        LabelGroup.of(task, job.plan().labels()),
                        task.ignoredLabels(),
                        Optional.of(found),
                        scorer))
                .orElse(List.of())
                .stream()
                .map(score -> job.row(score).by(job.scoring().first()))
                .toList();
    }

    /// Chooses the thresholds of a job's network on its validation cases. No test case is looked at.
    record ChosenThresholds(Job job, LossFolder folder, JobCases cases) implements Stage {

        @Override
        public String name() {
            return "thresholds";
        }

        @Override
        public String inputs(Manifest.Hash hash) throws IOException {
            return Sha256.of(hash.of(folder.checkpoint()) + "\n" + job.validationContents());
        }

        @Override
        public List<Path> files() {
            return List.of(ThresholdFile.of(folder.checkpoint()));
        }

        /// In a binary task all classes are one.
        private static ClassLabels searched(TrainingPlan plan) {
            return plan.task().kind() == Task.Kind.BINARY
                    ? ClassLabels.of(List.of("background", "foreground"))
                    : plan.labels();
        }

        @Override
        public void run(JobListener listener) throws IOException {
            List<Case> validation = cases.validation();
            var search = new ThresholdSearch(searched(job.plan()));
            try (Predictor predictor =
                    Predictor.open(folder.checkpoint(), job.plan().device())) {
                for (int i = 0; i < validation.size(); i++) {
                    listener.predicts(i + 1, validation.size());
                    Case c = validation.get(i);
                    search.add(
                            predictor.probabilities(c.image(), (_, _) -> {}),
                            c.label().values(),
                            job.plan().task().ignoredLabels());
                }
            }
            try {
                ThresholdFile.write(folder.checkpoint(), validation.size(), search.best());
            } catch (IllegalStateException e) {
                throw new IOException(
                        "%s: %s; leave the decision threshold out".formatted(folder.root(), e.getMessage()), e);
            }
        }
    }
}
