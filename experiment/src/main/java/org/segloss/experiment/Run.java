package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.file.Json;
import org.segloss.compare.Comparison;
import org.segloss.compare.ComparisonRules;
import org.segloss.dataset.Case;
import org.segloss.dataset.Split;
import org.segloss.file.FolderLock;
import org.segloss.file.Sha256;
import org.segloss.fit.Trainer;
import org.segloss.loss.Loss;
import org.segloss.metric.Metric;
import org.segloss.plan.PlanJson;
import org.segloss.plan.TrainingPlan;
import org.segloss.predict.CaseValidator;
import org.segloss.predict.Predictor;
import org.segloss.run.Durations;
import org.segloss.run.LossFolder;
import org.segloss.run.Manifest;
import org.segloss.run.Outcome;
import org.segloss.run.PredictionTask;
import org.segloss.run.Predictions;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.score.CaseScore;
import org.segloss.score.ScoreRow;
import org.segloss.torch.Libtorch;

/// An experiment on its way through the stages: in each fold and with each seed train with each loss, predict the test
/// cases, score them; then compare.
///
/// Each stage reads files and writes files. A stage whose results are there is skipped while what they were made from
/// is unchanged, and a training goes on from its checkpoint: a run that was broken off goes on with what is missing.
public final class Run {
    private final Experiment experiment;
    private final Map<String, Case> cases;
    private final TrainingPlan plan;
    private final Settings settings;
    private final Manifest manifest;
    private final UnaryOperator<ComparisonRules> changedRules;
    /// How many steps of training take as long as predicting and scoring a case, for the time left: a guess, until
    /// it has been measured.
    private double stepsACase = 3;
    private boolean saidHowLong;

    private Run(
            Experiment experiment,
            Map<String, Case> cases,
            Manifest manifest,
            UnaryOperator<ComparisonRules> changedRules) {
        this.experiment = experiment;
        this.cases = cases;
        this.plan = experiment.plan(of(experiment.folds().stream()
                .flatMap(fold -> fold.train().stream())
                .distinct()
                .toList()));
        this.settings = Settings.of(experiment, plan);
        this.manifest = manifest;
        this.changedRules = changedRules;
    }

    /// Reads the data and settles what the experiment leaves open. Losses are compared by the folder's rules, or in
    /// a new one by the [standard][ComparisonRules#standard].
    public static Run of(Experiment experiment) throws IOException {
        return of(experiment, UnaryOperator.identity());
    }

    /// As [#of(Experiment)], but for what `changedRules` makes of the rules.
    public static Run of(Experiment experiment, UnaryOperator<ComparisonRules> changedRules) throws IOException {
        List<String> ids = experiment.folds().stream()
                .flatMap(fold -> Stream.of(fold.train(), fold.validation(), fold.test()))
                .flatMap(List::stream)
                .distinct()
                .toList();
        Map<String, Case> cases =
                experiment.cases(ids).stream().collect(Collectors.toMap(Case::id, Function.identity()));
        return new Run(
                experiment,
                cases,
                Manifest.of(experiment.dataset(), experiment.groups(), experiment.folds()),
                changedRules);
    }

    /// Checks that an `experiment.yaml` that may have been changed asks for nothing that this run can't give, because
    /// it follows from the data.
    public void checkAsks(Path config) throws IOException {
        List<Json.Difference> others =
                Settings.read(config).at(settings.segloss()).differences(settings);
        if (!others.isEmpty()) {
            throw new IOException("%s says what follows from the data and from dataset.json beside it (%s); undo that"
                    .formatted(
                            config,
                            others.stream()
                                    .map(other -> "%s is %s there, not %s"
                                            .formatted(other.name(), other.was(), other.is()))
                                    .collect(Collectors.joining("; "))));
        }
    }

    private List<Case> of(List<String> ids) {
        return ids.stream().map(cases::get).toList();
    }

    /// Does in a folder what hasn't been done there. Writes all that [RunFolder] names but the report.
    ///
    /// @throws IllegalArgumentException if libtorch has no such device
    /// @throws IllegalStateException    if libtorch is missing
    /// @throws IOException              if the folder belongs to another experiment or another program works in
    ///                                  it, or on bad files
    public Comparison in(RunFolder folder, Progress progress) throws IOException {
        return in(folder, progress, false);
    }

    /// As [#in], after deleting what a run left in the folder, whatever its settings.
    public Comparison anew(RunFolder folder, Progress progress) throws IOException {
        return in(folder, progress, true);
    }

    private Comparison in(RunFolder folder, Progress progress, boolean anew) throws IOException {
        // before anything is written
        Libtorch.require(experiment.machine().device());
        try (FolderLock _ = new RunStart(folder).lock(experiment.folder())) {
            Run run = anew ? this : goingOnWith(folder);
            ComparisonRules rules = changedRules.apply(anew ? ComparisonRules.standard() : RunStart.rules(folder));
            check(rules);
            new RunStart(folder).claim(run.settings, manifest, anew);
            return run.work(folder, rules, progress);
        }
    }

    /// The run on what it began on, as far as nobody says otherwise: it rounds by that.
    private Run goingOnWith(RunFolder folder) throws IOException {
        Optional<Settings> begun = new RunStart(folder).begun();
        return begun.isEmpty()
                ? this
                : new Run(experiment.goingOn(begun.get().training().machine()), cases, manifest, changedRules);
    }

    /// Before anything is trained.
    private void check(ComparisonRules rules) {
        among("metric", rules.metric(), CaseScore.SCORER.metrics().stream().map(Metric::id));
        among(
                "class",
                rules.label(),
                Stream.concat(
                        Stream.of(CaseScore.MEAN), experiment.classes().stream().map(String::valueOf)));
        rules.baseline().ifPresent(loss -> among("baseline", loss, settings.losses().stream()));
    }

    private static void among(String what, String given, Stream<String> known) {
        List<String> names = known.toList();
        if (!names.contains(given)) {
            throw new IllegalArgumentException(
                    "the %s '%s' is none of this run's: %s".formatted(what, given, String.join(", ", names)));
        }
    }

    private Comparison work(RunFolder folder, ComparisonRules rules, Progress progress) throws IOException {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        var rows = new ArrayList<ScoreRow>();
        int done = 0;
        for (int fold = 0; fold < experiment.folds().size(); fold++) {
            for (long seed : experiment.seeds()) {
                Map<String, LossFolder> folders = folder.losses(settings.losses(), fold, seed);
                for (Loss loss : experiment.losses()) {
                    var work = new Work(loss, fold, seed, folders.get(loss.toString()), progress, done++);
                    Outcome outcome = work.train();
                    // a loss that diverged once has diverged
                    outcomes.merge(
                            loss.toString(),
                            outcome,
                            (old, now) -> old.status() == Outcome.Ending.DIVERGED ? old : now);
                    if (outcome.status() == Outcome.Ending.DONE) {
                        long trained = System.nanoTime();
                        work.predict();
                        rows.addAll(work.score());
                        stepsACase =
                                work.stepsACase(System.nanoTime() - trained).orElse(stepsACase);
                    }
                    work.sayIfNothingWasLeftToDo();
                }
            }
        }
        // by loss; a stable sort leaves the rest as it is, by fold and seed
        rows.sort(Comparator.comparing(row -> settings.losses().indexOf(row.loss())));
        ScoreRow.write(folder.scores(), rows);
        Comparison comparison = Comparison.of(outcomes, rows, rules);
        comparison.write(folder.comparison());
        return comparison;
    }

    /// {@return how many steps take as long as a case}
    static double steps(long nanosOfCases, long nanosOfSteps, int steps, int cases) {
        return (double) nanosOfCases / cases / Math.max(1.0, (double) nanosOfSteps / steps);
    }

    private int trainings() {
        return experiment.losses().size()
                * experiment.folds().size()
                * experiment.seeds().size();
    }

    /// The stages of one training.
    private final class Work {
        private final Loss loss;
        private final int fold;
        private final long seed;
        private final Split split;
        private final List<Case> test;
        private final LossFolder folder;
        private final Progress progress;
        private final int before;
        private final double trainingShare;
        private Stages stages;
        private int firstStep;
        private long firstNanos;
        private int lastStep;
        private long lastNanos;
        private boolean idle = true;

        Work(Loss loss, int fold, long seed, LossFolder folder, Progress progress, int before) throws IOException {
            this.loss = loss;
            this.fold = fold;
            this.seed = seed;
            this.split = experiment.folds().get(fold);
            this.test = of(split.test());
            this.folder = folder;
            this.progress = progress;
            this.before = before;
            this.trainingShare = experiment.steps() / (experiment.steps() + stepsACase * test.size());
            folder.sweep();
            this.stages = Stages.read(folder);
        }

        Outcome train() throws IOException {
            String inputs = Sha256.of(String.join(
                    "\n",
                    settings.segloss(),
                    PlanJson.text(plan.with(loss, seed)),
                    manifest.hashes(split.train()),
                    manifest.hashes(split.validation())));
            List<Path> files = List.of(folder.checkpoint(), folder.training(), folder.validation());
            if (stages.isDone("training", inputs, files)) {
                return stages.outcome().orElseThrow();
            }
            idle = false;
            if (!stages.isFrom("training", inputs)) {
                throw new IOException(
                        "%s was trained with other settings than experiment.yaml says by now; give another --out, or start anew with --restart"
                                .formatted(folder.root()));
            }
            if (stages.outcome().isPresent()) {
                // one that was finished and is no longer what it was: nothing in it can be trusted
                progress.say("%s: the training's files in %s are not what they were; trained anew"
                        .formatted(name(), folder.root()));
                Files.deleteIfExists(folder.checkpoint());
            }
            // what comes after it is made from its checkpoint, which is about to change
            stages = Stages.none();
            stages.write(folder);
            TrainingPlan mine = plan.with(loss, seed);
            List<Case> learned = of(split.train());
            var validator = new CaseValidator(mine, of(split.validation()), learned);
            sayHowLong(validator);
            Trainer.Result result = Trainer.train(
                    mine,
                    learned,
                    folder.root(),
                    (step, steps, value) -> {
                        lastStep = step;
                        lastNanos = System.nanoTime();
                        if (firstStep == 0) {
                            firstStep = step;
                            firstNanos = lastNanos;
                        }
                        at(
                                "training",
                                trainingShare * step / steps,
                                String.format(Locale.ROOT, "step %d of %d, loss %.4g", step, steps, value));
                    },
                    Optional.of(validator));
            var outcome = new Outcome(result.diverged() ? Outcome.Ending.DIVERGED : Outcome.Ending.DONE, result.step());
            stages = stages.trained(inputs, files, outcome);
            stages.write(folder);
            if (result.diverged()) {
                progress.say("%s diverged: its loss or gradient was no longer finite at step %d; the others go on"
                        .formatted(name(), result.step()));
            }
            return outcome;
        }

        /// Before the first training that there is to do.
        private void sayHowLong(CaseValidator validator) {
            if (saidHowLong) {
                return;
            }
            saidHowLong = true;
            Duration step = Trainer.stepTime(validator.plan(), validator.training());
            Duration training = step.multipliedBy(validator.plan().steps()).plus(validator.time(step));
            Duration predictions = Predictor.time(validator.plan(), test, step);
            int left = trainings() - before;
            progress.say("A training of %d steps takes about %s here, %s a step; with predictions %s%s"
                    .formatted(
                            validator.plan().steps(),
                            Durations.text(training),
                            Durations.text(step),
                            left == 1 ? "" : "%d of them take ".formatted(left),
                            Durations.text(training.plus(predictions).multipliedBy(left))));
        }

        void predict() throws IOException {
            String inputs = Sha256.of(Sha256.of(folder.checkpoint()) + "\n" + manifest.hashes(split.test()));
            List<Path> files = Stream.concat(
                            Stream.of(folder.predictions().resolve(PredictionTask.FILE)),
                            test.stream().map(this::prediction))
                    .toList();
            if (stages.isDone("prediction", inputs, files)) {
                return;
            }
            idle = false;
            try (Predictor predictor =
                    Predictor.open(folder.checkpoint(), experiment.machine().device())) {
                PredictionTask.of(experiment.task()).write(folder.predictions());
                for (int i = 0; i < test.size(); i++) {
                    at(
                            "predicting",
                            trainingShare + (1 - trainingShare) * i / test.size(),
                            "case %d of %d".formatted(i + 1, test.size()));
                    Predictions.write(
                            prediction(test.get(i)),
                            predictor.predict(test.get(i).image()),
                            experiment.kind());
                }
            }
            stages = stages.done("prediction", inputs, files);
            stages.write(folder);
        }

        List<ScoreRow> score() throws IOException {
            var hashes = new ArrayList<String>();
            for (Case c : test) {
                hashes.add(Sha256.of(prediction(c)));
            }
            hashes.add(manifest.hashes(split.test()));
            hashes.add(CaseScore.SCORER.toString());
            String inputs = Sha256.of(String.join("\n", hashes));
            List<Path> files = List.of(folder.scores());
            if (stages.isDone("scoring", inputs, files)) {
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
                        .forEach(s -> rows.add(new ScoreRow(
                                loss.toString(),
                                fold,
                                seed,
                                s,
                                experiment.groups().of(c.id()))));
            }
            ScoreRow.write(folder.scores(), rows);
            stages = stages.done("scoring", inputs, files);
            stages.write(folder);
            return rows;
        }

        void sayIfNothingWasLeftToDo() {
            if (idle) {
                progress.say("%s: reused the results in %s".formatted(name(), folder.root()));
            }
        }

        private Path prediction(Case c) {
            return Predictions.file(
                    folder.predictions(),
                    c.id(),
                    experiment.dataset().entry(c.id()).image());
        }

        /// {@return how many steps took as long as what came after the training took for a case}, if there were steps
        OptionalDouble stepsACase(long nanosAfterTraining) {
            return lastStep > firstStep
                    ? OptionalDouble.of(
                            steps(nanosAfterTraining, lastNanos - firstNanos, lastStep - firstStep, test.size()))
                    : OptionalDouble.empty();
        }

        private void at(String stage, double fraction, String detail) {
            int all = trainings();
            progress.at("%d/%d %s: %s".formatted(before + 1, all, name(), stage), (before + fraction) / all, detail);
        }

        /// The loss, and which of its trainings if there are several.
        private String name() {
            var name = new StringBuilder(loss.toString());
            if (experiment.folds().size() > 1) {
                name.append(", fold ").append(fold);
            }
            if (experiment.seeds().size() > 1) {
                name.append(", seed ").append(seed);
            }
            return name.toString();
        }
    }
}
