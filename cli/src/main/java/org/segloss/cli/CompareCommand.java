package org.segloss.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.segloss.cli.cluster.CellProcesses;
import org.segloss.cli.cluster.ClusterOptions;
import org.segloss.cli.cluster.ShellWord;
import org.segloss.cli.score.GroupOptions;
import org.segloss.cli.score.RulesOptions;
import org.segloss.cli.terminal.ConsoleProgress;
import org.segloss.cli.terminal.DecisionTable;
import org.segloss.cli.terminal.Interruption;
import org.segloss.cli.terminal.RaceTable;
import org.segloss.cli.terminal.ScoreTable;
import org.segloss.cli.terminal.VerdictTable;
import org.segloss.compare.Comparison;
import org.segloss.dataset.StoredCases;
import org.segloss.experiment.Cluster;
import org.segloss.experiment.CopiedExecutor;
import org.segloss.experiment.Executor;
import org.segloss.experiment.Experiment;
import org.segloss.experiment.LocalExecutor;
import org.segloss.experiment.ParallelExecutor;
import org.segloss.experiment.Run;
import org.segloss.experiment.Settings;
import org.segloss.file.FolderLock;
import org.segloss.file.InputFile;
import org.segloss.file.ObjectUrl;
import org.segloss.plan.Machine;
import org.segloss.report.Report;
import org.segloss.run.Outcome;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.run.Slug;
import org.segloss.score.Scoring;
import org.segloss.store.RunCopy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "compare",
        description = {
            "Trains one network with each loss under equal conditions, predicts the test cases, scores them, and reports.",
            "",
            "Without --data it generates three-dimensional images with a known organ. What has been done in the run's folder is not done again: a run that was broken off, by Ctrl-C for example, goes on when the same command is given again. 'tensorboard --logdir' on the run's folder shows it live."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  segloss compare",
            "  segloss compare --data Task04_Hippocampus --task binary",
            "  segloss compare --data Task04_Hippocampus --folds 5 --seeds 3",
            "  segloss compare --losses all --race",
            "  segloss compare --data nuclei --test 10 --losses \"bce, dice(smooth=1), bce + 0.5*dice\""
        })
final class CompareCommand implements Callable<Integer> {
    private static final Path RUNS = Path.of("runs");
    private static final List<String> WITH_CONFIG =
            List.of(("--config --extend --losses --seeds --only-folds --out --restart --race"
                            + " --prepare --parallel --devices --spark --spark-conf --decide --metrics")
                    .split(" "));

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "A folder with imagesTr and labelsTr, or with images and masks; also one in an object store, as s3a://bucket/data, which is copied in. Default: a generated phantom.")
    private Optional<Location> data;

    @Mixin
    private TrainingsOptions trainings;

    @Mixin
    private DataOptions options;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Repeats the run that this experiment.yaml belongs to, on its data and split, with the numbers that stand in it; change them in a copy beside a copy of dataset.json. Goes with --losses, --seeds and --only-folds, which add to it, with --out, --restart and what is said about the statistics.")
    private Optional<Location> config;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "The run's folder; also one in an object store, as s3a://bucket/run: the work is done in a copy, and what is finished is copied there. docs/cluster.md says more. Default: a folder in runs/ that is named after the data, the task and the network.")
    private Optional<Location> out;

    @Mixin
    private DecisionOptions decisions;

    @Mixin
    private RulesOptions rules;

    @Option(
            names = "--restart",
            description =
                    "Deletes what an earlier run left in the run's folder, whatever its settings, and starts anew.")
    private boolean restart;

    @Option(
            names = "--prepare",
            description =
                    "Settles everything and writes it to the run's folder, but trains nothing: 'segloss cell' does that, on any machine that sees the folder. docs/cluster.md says more.")
    private boolean prepare;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description =
                    "Does N trainings at once, each in a process with its share of the cores: a new run takes that for --threads. Default: one after the other.")
    private Optional<Integer> parallel;

    @Option(
            names = "--devices",
            split = ",",
            paramLabel = "LIST",
            description =
                    "Devices for the trainings that are done at once, in turn, for example cuda:0,cuda:1. Without --parallel as many at once as there are devices.")
    private List<String> devices = List.of();

    @Mixin
    private ClusterOptions cluster;

    @Override
    public Integer call() throws IOException {
        checkParallel();
        checkExtended();
        // what can't be is said before anything is read
        decisions.over(Scoring.standard());
        PrintWriter console = spec.commandLine().getOut();
        var stores = new Stores(cluster.settings());
        Optional<RunCopy> copy = copy(stores);
        Optional<Path> place = copy.map(run -> run.folder().root()).or(() -> out.flatMap(Location::path));
        Comparison comparison;
        RunFolder folder;
        try (var progress = ConsoleProgress.on(spec.commandLine().getErr());
                var _ = Interruption.of(progress, restart);
                FolderLock _ = copy.isPresent() ? FolderLock.take(place.get()) : null) {
            if (copy.isPresent()) {
                copy.get().fetch(restart, progress);
            } else if (place.isPresent()) {
                // what can't be written is said before anything is read
                FolderLock.take(place.get()).close();
            }
            if (config.isPresent()) {
                checkRepeated(config(copy));
            }
            Optional<Comparison> collected = copy.isPresent() ? Optional.empty() : collected(place, progress);
            if (collected.isPresent()) {
                folder = new RunFolder(place.orElseThrow());
                comparison = collected.get();
            } else {
                Experiment experiment =
                        config.isPresent() ? repeated(copy, stores, progress) : described(place, stores, progress);
                progress.say("Reading %s: %s".formatted(experiment.folder(), ExperimentText.counts(experiment)));
                progress.say(
                        "It was understood as %s".formatted(experiment.dataset().summary()));
                folder = new RunFolder(place.orElseGet(() -> RUNS.resolve(name(experiment))));
                try (FolderLock _ = FolderLock.take(folder.root())) {
                    Run run = Run.of(shared(experiment, folder), rules::over, executor(folder, copy, progress))
                            .scoring(scoring(copy));
                    if (config.isPresent()) {
                        run.checkAsks(config(copy));
                    }
                    if (trainings.race()) {
                        run = run.racing();
                    }
                    ExperimentText.scales(experiment, run.training()).forEach(progress::say);
                    ExperimentText.design(experiment, run.units()).forEach(progress::say);
                    if (prepare) {
                        return prepared(folder, copy, run.prepare(folder, restart));
                    }
                    progress.say("Writing to " + folder.root()
                            + copy.map(run2 -> ", and from there to " + run2.url())
                                    .orElse(""));
                    comparison = restart ? run.anew(folder, progress) : run.in(folder, progress);
                    Report.write(folder);
                    if (copy.isPresent()) {
                        copy.get().finish();
                    }
                }
            }
        }
        console.println();
        console.println("Dice on the test cases:");
        ScoreTable.of(comparison).forEach(console::println);
        console.println();
        VerdictTable.of(comparison).forEach(console::println);
        RaceTable.of(comparison).forEach(console::println);
        comparison.decisions().ifPresent(found -> {
            console.println();
            DecisionTable.of(found).forEach(console::println);
        });
        console.println();
        console.println("Report:      " + folder.report());
        console.println("Scores:      " + folder.scores());
        console.println("Statistics:  " + folder.comparison());
        console.println("Each loss:   %s with checkpoint, learning curve and predictions"
                .formatted(folder.root().resolve("LOSS", "fold-F", "seed-S")));
        copy.ifPresent(run -> console.println("All of it:   " + run.url()));
        console.flush();
        boolean failed = comparison.losses().stream().anyMatch(result -> result.outcome() == Outcome.Ending.FAILED);
        return comparison.best().isPresent() && !failed ? 0 : 1;
    }

    /// A run that is repeated begins with what its file says.
    private UnaryOperator<Scoring> scoring(Optional<RunCopy> copy) throws IOException {
        if (config.isEmpty()) {
            return decisions::over;
        }
        Scoring repeated = Settings.read(config(copy)).scoring();
        return begun -> decisions.over(begun.equals(Scoring.standard()) ? repeated : begun);
    }

    private void checkParallel() {
        if (parallel.isPresent() && parallel.get() < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--parallel takes a number from 1 on, not " + parallel.get());
        }
        GroupOptions.exclude("--prepare", prepare, "--parallel", atOnce() > 1, "nothing is trained then");
        checkCluster();
        GroupOptions.exclude(
                "--race",
                trainings.race(),
                "--extend",
                trainings.extended().isPresent(),
                "a race ends with trainings of different losses");
        GroupOptions.exclude(
                "--race", trainings.race(), "--prepare", prepare, "who is trained next is known after each block");
        GroupOptions.exclude(
                "--race", trainings.race(), "--spark", cluster.areGiven(), "it is asked once for all trainings");
        GroupOptions.exclude(
                "--devices",
                !devices.isEmpty(),
                "--device",
                spec.commandLine().getParseResult().hasMatchedOption("--device"),
                "the devices say what is computed on");
        if (prepare) {
            spec.mixins().get("rules").options().stream()
                    .filter(option -> spec.commandLine().getParseResult().hasMatchedOption(option))
                    .forEach(option -> GroupOptions.exclude(
                            "--prepare", true, option.longestName(), true, "it is said when the run is collected"));
        }
    }

    /// What is extended is the run in `--out`, unless `--config` says another one.
    private void checkExtended() {
        if (trainings.extended().isEmpty()) {
            return;
        }
        if (out.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Say with --out which run is to be extended");
        }
        GroupOptions.exclude("--extend", true, "--restart", restart, "it goes on with what is there");
        if (config.isEmpty()) {
            config = Optional.of(new Location(
                    out.get().path().map(path -> path.resolve("experiment.yaml")),
                    out.get().url().map(url -> url.child("experiment.yaml"))));
        }
    }

    /// What is chosen by some trainings decides the others: they can't all be given away at once.
    private void checkContest(boolean competes, String what) {
        if (competes) {
            String reason = "what is compared is known when the candidates are trained";
            GroupOptions.exclude(what, true, "--prepare", prepare, reason);
            GroupOptions.exclude(what, true, "--spark", cluster.areGiven(), reason);
            GroupOptions.exclude(
                    what,
                    true,
                    "an --out in a store",
                    out.flatMap(Location::url).isPresent(),
                    reason);
        }
    }

    private void checkCluster() {
        if (cluster.areGiven()) {
            GroupOptions.exclude("--spark", true, "--prepare", prepare, "nothing is trained then");
            GroupOptions.exclude(
                    "--spark", true, "--parallel", parallel.isPresent(), "Spark says how many are at once");
            GroupOptions.exclude("--spark", true, "--devices", !devices.isEmpty(), "Spark says which a training gets");
            if (config.isEmpty() && !spec.commandLine().getParseResult().hasMatchedOption("--threads")) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Say with --threads how many cores of a worker a training takes; this machine's say nothing of the workers'");
            }
        }
    }

    private int atOnce() {
        return parallel.orElse(Math.max(1, devices.size()));
    }

    private Function<StoredCases, Executor> executor(RunFolder folder, Optional<RunCopy> copy, Progress progress) {
        Function<StoredCases, Executor> executor = executor(folder, copy);
        return copy.isEmpty()
                ? executor
                : cases -> new CopiedExecutor(executor.apply(cases), copy.get(), cluster.areGiven(), progress);
    }

    private Function<StoredCases, Executor> executor(RunFolder folder, Optional<RunCopy> copy) {
        if (cluster.areGiven()) {
            Executor executor =
                    Cluster.known().executor(new Cluster.Address(cluster.url(), cluster.settings()), folder, copy);
            return _ -> executor;
        }
        return parallel.isEmpty() && devices.isEmpty()
                ? LocalExecutor::with
                : _ -> new ParallelExecutor(atOnce(), new CellProcesses(folder, atOnce(), devices, Main.class));
    }

    /// {@return the copy of the run here, if the run lies in a store}
    private Optional<RunCopy> copy(Stores stores) throws IOException {
        Optional<ObjectUrl> url = out.flatMap(Location::url);
        if (url.isEmpty()) {
            return Optional.empty();
        }
        if (data.isEmpty() && config.isEmpty() && (prepare || cluster.areGiven())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Say with --data which data other machines are to read; what is generated lies here alone");
        }
        Optional<ObjectUrl> read = data.flatMap(Location::url);
        if (read.isPresent() && (url.get().isWithin(read.get()) || read.get().isWithin(url.get()))) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s and %s lie in one another; give an --out elsewhere".formatted(url.get(), read.get()));
        }
        return Optional.of(stores.run(url.get()));
    }

    /// {@return the `experiment.yaml` that is repeated}
    private Path config(Optional<RunCopy> copy) {
        Location given = config.orElseThrow();
        if (given.path().isPresent()) {
            return given.path().get();
        }
        if (copy.isEmpty() || !given.url().get().equals(copy.get().url().child("experiment.yaml"))) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s: in a store this has to be the experiment.yaml of the --out; copy that of another run and its dataset.json to a folder here"
                            .formatted(given));
        }
        return copy.get().folder().settings();
    }

    /// The experiment with a share of the cores for each of its trainings, unless their number is settled.
    private Experiment shared(Experiment experiment, RunFolder folder) {
        if (atOnce() == 1 || !restart && Files.exists(folder.settings())) {
            return experiment;
        }
        int share = CellProcesses.share(Runtime.getRuntime().availableProcessors(), atOnce());
        return experiment.goingOn(new Machine(experiment.machine().device(), OptionalInt.of(share), Optional.empty()));
    }

    private int prepared(RunFolder folder, Optional<RunCopy> copy, int cells) throws IOException {
        String root = folder.root().toString();
        String settings = folder.settings().toString();
        if (copy.isPresent()) {
            copy.get().sendSettings();
            root = copy.get().url().toString();
            settings = copy.get().url().child("experiment.yaml").toString();
        }
        PrintWriter console = spec.commandLine().getOut();
        console.println("Cells:    %d, each done by segloss cell %s K with K from 0 to %d"
                .formatted(cells, ShellWord.of(root), cells - 1));
        console.println(
                "Collect:  segloss compare --config %s --out %s".formatted(ShellWord.of(settings), ShellWord.of(root)));
        console.flush();
        return 0;
    }

    private Experiment described(Optional<Path> place, Stores stores, Progress progress) throws IOException {
        // a text that is no loss is named before anything is read
        checkContest(trainings.compete(), trainings.competition());
        if (!devices.isEmpty()) {
            options.computeOn(devices.getFirst());
        }
        if (prepare || cluster.areGiven()) {
            options.checkDeviceElsewhere();
        } else {
            options.checkDevice();
        }
        if (data.isEmpty()) {
            options.useGenerated();
        }
        Path images =
                data.isPresent() ? stores.data(data.get(), progress) : GeneratedData.in(place.orElse(RUNS), progress);
        return trainings.of(options, images, progress);
    }

    /// What the run's folder holds, if that is all of it.
    private Optional<Comparison> collected(Optional<Path> place, Progress progress) throws IOException {
        if (config.isEmpty() || place.isEmpty() || prepare || restart || trainings.race() || trainings.areGiven()) {
            return Optional.empty();
        }
        var folder = new RunFolder(place.get());
        if (!Files.exists(folder.settings())
                || !Files.isSameFile(folder.settings(), config(Optional.empty()))
                // the images for the report would have to be brought
                || ObjectUrl.isUrl(Settings.read(folder.settings()).data())) {
            return Optional.empty();
        }
        try (FolderLock _ = FolderLock.take(folder.root())) {
            Optional<Comparison> comparison = Run.collect(folder, rules::over, decisions::over, progress);
            if (comparison.isPresent()) {
                Report.write(folder);
            }
            return comparison;
        }
    }

    private void checkRepeated(Path file) throws IOException {
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            boolean ofRules = spec.mixins().get("rules").findOption(option.longestName()) != null;
            if (!ofRules && !WITH_CONFIG.contains(option.longestName())) {
                throw new ParameterException(
                        spec.commandLine(),
                        spec.commandLine().getParseResult().hasMatchedOption("--config")
                                ? "--config says what is trained; leave out %s or --config"
                                        .formatted(option.longestName())
                                : "--extend goes on with what the run is; leave out " + option.longestName());
            }
        }
        InputFile.check(file, "the experiment.yaml of a run");
    }

    private Experiment repeated(Optional<RunCopy> copy, Stores stores, Progress progress) throws IOException {
        Path file = config(copy);
        stores.bring(Settings.read(file).data(), progress);
        Experiment experiment = trainings.added(Experiment.of(file), options);
        checkContest(experiment.contest().competes(), "a choice on the validation cases");
        return experiment;
    }

    private static String name(Experiment experiment) {
        return Slug.of("%s %s %s".formatted(experiment.dataset().name(), experiment.kind(), experiment.architecture()));
    }
}
