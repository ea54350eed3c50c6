package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.segloss.dataset.Case;
import org.segloss.fit.Trainer;
import org.segloss.fit.TrainingPlan;
import org.segloss.loss.Loss;
import org.segloss.predict.Predictor;
import org.segloss.torch.Libtorch;

/// An experiment on its way through the stages: train with each loss, predict the test cases, score them, compare.
///
/// Each stage reads files and writes files. A stage whose results are there is skipped while what they were made from
/// is unchanged, so a run that was broken off goes on with what is missing.
public final class Run {
    private static final int FOLD = 0;
    /// How many steps of training take as long as predicting a case, roughly; for the time left.
    private static final double STEPS_A_CASE = 3;

    private final Experiment experiment;
    private final List<Case> training;
    private final List<Case> test;
    private final Settings settings;
    private final Manifest manifest;

    private Run(Experiment experiment, List<Case> training, List<Case> test, Manifest manifest) {
        this.experiment = experiment;
        this.training = training;
        this.test = test;
        this.settings = Settings.of(experiment, training);
        this.manifest = manifest;
    }

    /// Reads the data and settles what the experiment leaves open.
    public static Run of(Experiment experiment) throws IOException {
        return new Run(
                experiment,
                experiment.cases(experiment.split().train()),
                experiment.cases(experiment.split().test()),
                Manifest.of(experiment.dataset(), experiment.split()));
    }

    /// {@return the first of `folder`, `folder-2`, `folder-3`, ... that is new or belongs to this very experiment}
    public RunFolder folder(Path folder) {
        for (int number = 1; ; number++) {
            Path name = number == 1 ? folder : folder.resolveSibling(folder.getFileName() + "-" + number);
            var candidate = new RunFolder(name);
            if (candidate.isFreeFor(settings, manifest)) {
                return candidate;
            }
        }
    }

    /// Does in a folder what hasn't been done there. Writes all that [RunFolder] names but the report.
    ///
    /// @throws IllegalArgumentException if libtorch has no such device
    /// @throws IllegalStateException    if libtorch is missing
    /// @throws IOException              if the folder belongs to another experiment, or on bad files
    public Comparison in(RunFolder folder, Progress progress) throws IOException {
        // before anything is written
        Libtorch.require(experiment.device());
        folder.claim(settings, manifest);
        Map<String, LossFolder> folders = folder.losses(settings.losses(), experiment.seed());
        Map<String, Stages.Outcome> outcomes = new LinkedHashMap<>();
        var rows = new ArrayList<ScoreRow>();
        for (Loss loss : experiment.losses()) {
            LossFolder place = folders.get(loss.toString());
            var work = new Work(loss, place, progress, outcomes.size());
            Stages.Outcome outcome = work.train();
            outcomes.put(loss.toString(), outcome);
            if (outcome.status() == Trainer.Status.DONE) {
                work.predict();
                rows.addAll(work.score());
            }
            work.sayIfNothingWasLeftToDo();
        }
        ScoreRow.write(folder.scores(), rows);
        Comparison comparison = Comparison.of(outcomes, rows);
        comparison.write(folder.comparison());
        return comparison;
    }

    /// The stages of one loss.
    private final class Work {
        private final Loss loss;
        private final LossFolder folder;
        private final Progress progress;
        private final int before;
        private Stages stages;
        private boolean idle = true;

        Work(Loss loss, LossFolder folder, Progress progress, int before) throws IOException {
            this.loss = loss;
            this.folder = folder;
            this.progress = progress;
            this.before = before;
            this.stages = Stages.read(folder);
        }

        Stages.Outcome train() throws IOException {
            String inputs = Sha256.of(String.join(
                    "\n",
                    loss.toString(),
                    settings.segloss(),
                    settings.task().toString(),
                    settings.network().toString(),
                    settings.training().toString(),
                    manifest.hashes(experiment.split().train())));
            boolean there = Files.exists(folder.training())
                    && (stages.outcome()
                                    .filter(o -> o.status() == Trainer.Status.DIVERGED)
                                    .isPresent()
                            || Files.exists(folder.checkpoint()));
            if (there && stages.isDone("training", inputs)) {
                return stages.outcome().orElseThrow();
            }
            idle = false;
            // a training that is broken off leaves a checkpoint, too: from now on nothing of what was there counts
            stages = Stages.none();
            stages.write(folder);
            TrainingPlan plan = experiment.plan(loss, training);
            Trainer.Result result = Trainer.train(
                    plan,
                    training,
                    folder.root(),
                    (step, steps, value) -> at(
                            "training",
                            trainingShare() * step / steps,
                            String.format(Locale.ROOT, "step %d of %d, loss %.4g", step, steps, value)));
            var outcome = new Stages.Outcome(result.status(), result.step());
            stages = stages.trained(inputs, outcome);
            stages.write(folder);
            if (result.status() == Trainer.Status.DIVERGED) {
                progress.say("%s diverged: its loss or gradient was no longer finite at step %d; the others go on"
                        .formatted(loss, result.step()));
            }
            return outcome;
        }

        void predict() throws IOException {
            String inputs = Sha256.of(Sha256.of(folder.checkpoint())
                    + "\n"
                    + manifest.hashes(experiment.split().test()));
            if (stages.isDone("prediction", inputs) && test.stream().allMatch(c -> Files.exists(prediction(c)))) {
                return;
            }
            idle = false;
            try (Predictor predictor = Predictor.open(folder.checkpoint(), experiment.device())) {
                PredictionTask.of(experiment.task()).write(folder.predictions());
                for (int i = 0; i < test.size(); i++) {
                    at(
                            "predicting",
                            trainingShare() + (1 - trainingShare()) * i / test.size(),
                            "case %d of %d".formatted(i + 1, test.size()));
                    Predictions.write(
                            prediction(test.get(i)),
                            predictor.predict(test.get(i).image()),
                            experiment.kind());
                }
            }
            stages = stages.done("prediction", inputs);
            stages.write(folder);
        }

        List<ScoreRow> score() throws IOException {
            var hashes = new ArrayList<String>();
            for (Case c : test) {
                hashes.add(Sha256.of(prediction(c)));
            }
            hashes.add(manifest.hashes(experiment.split().test()));
            hashes.add(CaseScore.SCORER.toString());
            String inputs = Sha256.of(String.join("\n", hashes));
            if (stages.isDone("scoring", inputs) && Files.exists(folder.scores())) {
                return ScoreRow.read(folder.scores());
            }
            idle = false;
            var rows = new ArrayList<ScoreRow>();
            for (Case c : test) {
                CaseScore.of(
                                c.id(),
                                Predictions.read(prediction(c), experiment.kind()),
                                c.label(),
                                experiment.classes())
                        .forEach(s -> rows.add(new ScoreRow(loss.toString(), FOLD, experiment.seed(), s)));
            }
            ScoreRow.write(folder.scores(), rows);
            stages = stages.done("scoring", inputs);
            stages.write(folder);
            return rows;
        }

        void sayIfNothingWasLeftToDo() {
            if (idle) {
                progress.say("%s: reused the results in %s".formatted(loss, folder.root()));
            }
        }

        private Path prediction(Case c) {
            return Predictions.file(
                    folder.predictions(),
                    c.id(),
                    experiment.dataset().entry(c.id()).image());
        }

        /// The share of a loss's time that goes into its training.
        private double trainingShare() {
            return experiment.steps() / (experiment.steps() + STEPS_A_CASE * test.size());
        }

        private void at(String stage, double fraction, String detail) {
            int losses = experiment.losses().size();
            progress.at(
                    "%d/%d %s: %s".formatted(before + 1, losses, loss, stage), (before + fraction) / losses, detail);
        }
    }
}
