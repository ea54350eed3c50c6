package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segloss.compare.Comparison;
import org.segloss.compare.ComparisonRules;
import org.segloss.dataset.CaseColumns;
import org.segloss.dataset.StoredCases;
import org.segloss.decide.Decision;
import org.segloss.file.FolderLock;
import org.segloss.file.Json;
import org.segloss.file.MachineFault;
import org.segloss.file.ObjectUrl;
import org.segloss.file.Temporary;
import org.segloss.plan.TrainingPlan;
import org.segloss.run.Manifest;
import org.segloss.run.Outcome;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.score.CaseScore;
import org.segloss.score.Scoring;

/// An experiment on its way: a [Job] for each loss with each seed in each fold, whose scores are collected and
/// compared.
///
/// Each stage of a job reads files and writes files. A stage whose results are there is skipped while what they were
/// made from is unchanged, and a training goes on from its checkpoint: a run that was broken off goes on with what is
/// missing.
public final class Run {
    private static final Pattern ADDED =
            Pattern.compile("(losses|seeds|extent|tune)(\\..*)?|training\\.(loss|seed|steps)");

    private final Experiment experiment;
    private final StoredCases cases;
    private final Settings settings;
    private final Manifest manifest;
    private final UnaryOperator<ComparisonRules> changedRules;
    private final UnaryOperator<Scoring> changedScoring;
    private final Executor executor;
    private final boolean racing;

    private Run(
            Experiment experiment,
            StoredCases cases,
            Settings settings,
            Manifest manifest,
            UnaryOperator<ComparisonRules> changedRules,
            UnaryOperator<Scoring> changedScoring,
            Executor executor,
            boolean racing) {
        this.experiment = experiment;
        this.cases = cases;
        this.settings = settings;
        this.manifest = manifest;
        this.changedRules = changedRules;
        this.changedScoring = changedScoring;
        this.executor = executor;
        this.racing = racing;
    }

    private static Settings settled(Experiment experiment, StoredCases cases) {
        TrainingPlan plan = experiment.plan(cases.of(experiment.folds().stream()
                .flatMap(fold -> fold.train().stream())
                .distinct()
                .toList()));
        // refuses a value that the plan can't have, before anything is written
        experiment.contest().grid().of(plan);
        return Settings.of(experiment, plan);
    }

    /// Reads the data and settles what the experiment leaves open. Losses are compared by the folder's rules, or in
    /// a new one by the [standard][ComparisonRules#standard]. This process does the jobs.
    public static Run of(Experiment experiment) throws IOException {
        return of(experiment, UnaryOperator.identity(), LocalExecutor::with);
    }

    /// As [#of(Experiment)], but for what `changedRules` makes of the rules, and for who does the jobs.
    ///
    /// @param executor makes an executor of the cases, which have been read
    public static Run of(
            Experiment experiment,
            UnaryOperator<ComparisonRules> changedRules,
            Function<StoredCases, Executor> executor)
            throws IOException {
        List<String> ids = experiment.folds().stream()
                .flatMap(fold -> Stream.of(fold.train(), fold.validation(), fold.test()))
                .flatMap(List::stream)
                .distinct()
                .toList();
        StoredCases cases = experiment.cases(ids);
        return new Run(
                experiment,
                cases,
                settled(experiment, cases),
                Manifest.of(experiment.dataset(), experiment.groups(), experiment.folds()),
                changedRules,
                UnaryOperator.identity(),
                executor.apply(cases),
                false);
    }

    /// {@return this run as a race}: block by block, and losses leave that can no longer be the best
    ///
    /// @throws IllegalArgumentException if it has too few blocks, or its folds test the same subjects
    public Run racing() {
        RacedJobs.check(experiment);
        return new Run(experiment, cases, settings, manifest, changedRules, changedScoring, executor, true);
    }

    /// {@return this run, but for what is made of its networks on the test cases}: in a new folder that follows
    /// from the [standard][Scoring#standard], in one with a run from what that has
    public Run scoring(UnaryOperator<Scoring> changed) {
        return new Run(
                experiment,
                cases,
                settings.with(changed.apply(Scoring.standard())),
                manifest,
                changedRules,
                changed,
                executor,
                racing);
    }

    /// {@return how the first of the losses is trained}; the others likewise
    public TrainingPlan training() {
        return settings.training();
    }

    /// {@return how many independent test cases there are of which something is known}
    public int units() {
        SortedSet<Integer> ignored = experiment.task().ignoredLabels();
        return (int) experiment.done().stream()
                .flatMap(fold -> fold.test().stream())
                .filter(id -> ignored.isEmpty() || cases.get(id).label().hasOther(ignored))
                .map(experiment.groups()::of)
                .distinct()
                .count();
    }

    /// Checks that an `experiment.yaml` that may have been changed asks for nothing that this run can't give, because
    /// it follows from the data.
    public void checkAsks(Path config) throws IOException {
        Settings asked = Settings.read(config).at(settings.segloss());
        List<Json.Difference> others = asked.differences(settings).stream()
                // what is added to it on the command line stands in no file
                .filter(other -> !ADDED.matcher(other.name()).matches())
                .toList();
        if (!others.isEmpty()) {
            throw new IOException("%s says what follows from the data and from dataset.json beside it (%s); undo that"
                    .formatted(
                            config,
                            others.stream()
                                    .map(other ->
                                            "%s is %s there, not %s".formatted(other.name(), other.was(), other.is()))
                                    .collect(Collectors.joining("; "))));
        }
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

    /// Settles all for a folder and writes it there, so that [cells][Cell] of it can be done; trains nothing.
    ///
    /// @param anew whether what a run left in the folder is deleted, whatever its settings
    /// @return how many jobs there are
    /// @throws IOException as [#in]
    public int prepare(RunFolder folder, boolean anew) throws IOException {
        try (FolderLock _ = new RunStart(folder).lock(experiment.folder())) {
            Run run = anew ? this : goingOnWith(folder);
            run.checkThresholds();
            new RunStart(folder).claim(run.settings, manifest, anew);
            keepColumns(folder);
            return Job.of(folder).size();
        }
    }

    private Comparison in(RunFolder folder, Progress progress, boolean anew) throws IOException {
        if (anew || !Files.exists(folder.settings())) {
            // before anything is written; a run that is done needs no device
            executor.require(experiment.machine().device());
        }
        try (FolderLock _ = new RunStart(folder).lock(experiment.folder())) {
            var start = new RunStart(folder);
            Run run = anew ? this : goingOnWith(folder);
            ComparisonRules rules = changedRules.apply(begin(start, anew, progress));
            check(rules, run.settings);
            run.checkThresholds();
            if (racing) {
                RacedJobs.check(settings, rules);
            }
            if (!anew) {
                start.begun().flatMap(run.settings::additions).ifPresent(progress::say);
            }
            start.claim(run.settings, manifest, anew);
            keepColumns(folder);
            return run.work(
                    folder, start.withSubgroups(rules.withColumns(columns().byColumn())), progress);
        }
    }

    /// What the data set's table says of the test cases.
    private CaseColumns columns() {
        return experiment
                .groups()
                .columns()
                .of(experiment.folds().stream()
                        .flatMap(fold -> fold.test().stream())
                        .collect(Collectors.toSet()));
    }

    /// Whoever collects the jobs may have no data.
    private void keepColumns(RunFolder folder) throws IOException {
        if (!columns().isEmpty()) {
            columns().write(folder.cases());
        }
    }

    /// {@return the rules that the folder has}, in a race those without a baseline
    private ComparisonRules begin(RunStart start, boolean anew, Progress progress) {
        if (anew) {
            return ComparisonRules.standard();
        }
        if (!racing && start.holdsRace()) {
            progress.say(
                    "The folder holds a race. Without --race the trainings that it left out are done now, and all losses are compared");
        }
        ComparisonRules rules = start.rules(progress);
        return racing ? rules.withoutBaseline() : rules;
    }

    /// The run on what it began on, as far as nobody says otherwise: it rounds by that.
    private Run goingOnWith(RunFolder folder) throws IOException {
        Optional<Settings> begun = new RunStart(folder).begun();
        if (begun.isEmpty()) {
            return this;
        }
        // what competed did so with the first seed
        List<Long> first = begun.get().seeds();
        List<Long> seeds = Stream.concat(
                        first.stream().filter(experiment.seeds()::contains),
                        experiment.seeds().stream().filter(seed -> !first.contains(seed)))
                .toList();
        Experiment same = experiment
                .with(experiment.contest().families(), seeds)
                .goingOn(begun.get().training().machine());
        return new Run(
                same,
                cases,
                settled(same, cases).with(changedScoring.apply(begun.get().scoring())),
                manifest,
                changedRules,
                changedScoring,
                executor,
                racing);
    }

    /// Compares what a folder's jobs left, as [#in] does, if all of them are done: by the folder alone, so that
    /// the data needn't be there.
    ///
    /// @return nothing if there is something to do
    /// @throws IOException if another program works in the folder, or on bad files
    public static Optional<Comparison> collect(
            RunFolder folder,
            UnaryOperator<ComparisonRules> changedRules,
            UnaryOperator<Scoring> changedScoring,
            Progress progress)
            throws IOException {
        if (!Files.exists(folder.settings()) || !Files.exists(folder.manifest())) {
            return Optional.empty();
        }
        try (FolderLock _ = FolderLock.take(folder.root())) {
            Temporary.sweep(folder.root());
            Settings settings = Settings.read(folder.settings());
            List<Executor.Order> orders;
            try {
                orders = compared(
                        Job.of(folder), folder, settings, settings.training().device(), progress);
            } catch (IllegalArgumentException _) {
                // whoever begins with the data says what is wrong with it
                return Optional.empty();
            }
            if (orders.isEmpty()
                    || !changedScoring.apply(settings.scoring()).equals(settings.scoring())
                    || !settings.segloss().equals(Settings.version())
                    || Manifest.read(folder.manifest()).folds().size() != settings.folds()) {
                return Optional.empty();
            }
            List<Optional<Outcome>> done = DoneJobs.among(orders, LocalExecutor::doneAndLeft);
            if (!done.stream().allMatch(Optional::isPresent)) {
                return Optional.empty();
            }
            var start = new RunStart(folder);
            ComparisonRules rules = start.withSubgroups(changedRules.apply(start.rules(progress)));
            check(rules, settings);
            for (Executor.Order order : orders) {
                order.listener().reused(order.folder());
                order.listener().finished();
            }
            return Optional.of(ComparedJobs.compare(
                    folder,
                    settings,
                    orders,
                    done.stream().map(Optional::orElseThrow).toList(),
                    rules,
                    Optional.empty()));
        }
    }

    private void checkThresholds() {
        if (settings.scoring().decide().contains(Decision.THRESHOLD)
                && manifest.folds().stream().anyMatch(fold -> fold.val().isEmpty())) {
            throw new IllegalArgumentException(
                    "the decision threshold is chosen on validation cases, and the split has none; give --split a file with some, or leave threshold out");
        }
    }

    /// Before anything is trained.
    private static void check(ComparisonRules rules, Settings settings) {
        among("metric", rules.metric(), settings.scoring().metrics().stream());
        among(
                "class",
                rules.label(),
                Stream.concat(
                        Stream.of(CaseScore.MEAN),
                        IntStream.range(1, settings.training().task().classes()).mapToObj(String::valueOf)));
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
        String device = experiment.machine().device();
        if (settings.contest().competes()) {
            // what was chosen may be of fewer losses
            Files.deleteIfExists(folder.tuning());
            List<Job> jobs = Job.of(folder);
            List<Executor.Order> candidates =
                    orders(IntStream.range(0, jobs.size()).boxed().toList(), jobs, folder, settings, device, progress);
            progress.say("Choosing on the validation cases: %d trainings, none of which tests anything"
                    .formatted(candidates.size()));
            long failed = executor.run(candidates).stream()
                    .filter(outcome -> outcome.status() == Outcome.Ending.FAILED)
                    .count();
            if (failed > 0) {
                // what the others say now would not be what all of them say
                throw new MachineFault(
                        "%d of %d trainings of candidates failed, so nothing can be chosen; the same command tries them again"
                                .formatted(failed, candidates.size()));
            }
            Candidates.choose(folder, settings).write(folder.tuning());
        }
        // from what the folder says by now, so that whoever has the folder has the same jobs
        List<Job> jobs = Job.of(folder);
        if (racing) {
            RacedJobs raced = RacedJobs.run(
                    jobs,
                    (numbers, told) -> orders(numbers, jobs, folder, settings, device, told),
                    executor,
                    rules,
                    progress);
            return ComparedJobs.compare(
                    folder, settings, raced.orders(), raced.outcomes(), rules, Optional.of(raced.race()));
        }
        List<Executor.Order> orders = compared(jobs, folder, settings, device, progress);
        if (settings.contest().competes()) {
            Candidates.adopt(orders, folder, settings);
        }
        return ComparedJobs.compare(folder, settings, orders, executor.run(orders), rules, Optional.empty());
    }

    /// The jobs behind the candidates.
    private static List<Executor.Order> compared(
            List<Job> jobs, RunFolder folder, Settings settings, String device, Progress progress) {
        List<Integer> own = IntStream.range(0, jobs.size())
                .filter(number -> !jobs.get(number).candidate())
                .boxed()
                .toList();
        return orders(own, jobs, folder, settings, device, progress);
    }

    /// @param numbers of the jobs that are done now
    private static List<Executor.Order> orders(
            List<Integer> numbers,
            List<Job> jobs,
            RunFolder folder,
            Settings settings,
            String device,
            Progress progress) {
        var far = new RunProgress(
                progress, numbers.size(), settings.folds() > 1, settings.seeds().size() > 1);
        far.among(jobs.size());
        if (!numbers.contains(0)) {
            // it was said at the beginning
            far.skipEstimate();
        }
        var orders = new ArrayList<Executor.Order>();
        for (int number : numbers) {
            Job everywhere = jobs.get(number);
            Job job = everywhere.at(ObjectUrl.folder(everywhere.data()), device);
            orders.add(new Executor.Order(number, job, job.in(folder, settings.losses()), far.of(job, orders.size())));
        }
        return orders;
    }
}
