package org.segloss.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.segloss.cli.terminal.ConsoleProgress;
import org.segloss.cli.terminal.Interruption;
import org.segloss.compare.Comparison;
import org.segloss.dataset.Split;
import org.segloss.experiment.Experiment;
import org.segloss.experiment.LocalExecutor;
import org.segloss.experiment.Run;
import org.segloss.file.FolderLock;
import org.segloss.file.InputFile;
import org.segloss.loss.Loss;
import org.segloss.report.Report;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.run.Slug;
import org.segloss.stat.Design;
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
            "  segloss compare --data nuclei --test 10 --losses \"bce, dice(smooth=1), bce + 0.5*dice\""
        })
final class CompareCommand implements Callable<Integer> {
    private static final Path RUNS = Path.of("runs");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "A folder with imagesTr and labelsTr, or with images and masks. Default: a generated phantom.")
    private Optional<Path> data;

    @Option(
            names = "--losses",
            paramLabel = "LIST",
            description =
                    "Losses between commas, as 'segloss losses' lists them. 'article' stands for bce, dice, tversky, focal and bce + log1p(dice). Default: ${DEFAULT-VALUE}.",
            defaultValue = "article")
    private String losses;

    @Option(
            names = "--folds",
            paramLabel = "K",
            description =
                    "Cross-validation over all cases: deals them out to K folds, and in turn each fold tests what is trained on the others. Default: the split.")
    private Optional<Integer> folds;

    @Option(
            names = "--seeds",
            paramLabel = "S",
            description =
                    "Trains each loss with several seeds: so many from --seed on, or those between commas. Default: one.")
    private Optional<String> seeds;

    @Mixin
    private DataOptions options;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Repeats the run that this experiment.yaml belongs to, on its data and split, with the numbers that stand in it; change them in a copy beside a copy of dataset.json. Goes with --out, --restart and what is said about the statistics.")
    private Optional<Path> config;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "The run's folder. Default: a folder in runs/ that is named after the data, the task and the network.")
    private Optional<Path> out;

    @Mixin
    private RulesOptions rules;

    @Option(
            names = "--restart",
            description =
                    "Deletes what an earlier run left in the run's folder, whatever its settings, and starts anew.")
    private boolean restart;

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        Comparison comparison;
        RunFolder folder;
        try (var progress = ConsoleProgress.on(spec.commandLine().getErr());
                var _ = Interruption.of(progress, restart)) {
            if (out.isPresent()) {
                // what can't be written is said before anything is read
                FolderLock.take(out.get()).close();
            }
            Experiment experiment = config.isPresent() ? repeated() : described(progress);
            progress.say("Reading %s: %s".formatted(experiment.folder(), counts(experiment)));
            Design design = design(experiment);
            progress.say(design.resolution());
            design.warnings().forEach(warning -> progress.say("Warning: " + warning));
            folder = new RunFolder(out.orElseGet(() -> RUNS.resolve(name(experiment))));
            try (FolderLock _ = FolderLock.take(folder.root())) {
                Run run = Run.of(experiment, rules::over, LocalExecutor::with);
                if (config.isPresent()) {
                    run.checkAsks(config.get());
                }
                progress.say("Writing to " + folder.root());
                comparison = restart ? run.anew(folder, progress) : run.in(folder, progress);
                Report.write(folder);
            }
        }
        console.println();
        console.println("Dice on the test cases:");
        ScoreTable.of(comparison).forEach(console::println);
        console.println();
        VerdictTable.of(comparison).forEach(console::println);
        console.println();
        console.println("Report:      " + folder.report());
        console.println("Scores:      " + folder.scores());
        console.println("Statistics:  " + folder.comparison());
        console.println("Each loss:   %s with checkpoint, learning curve and predictions"
                .formatted(folder.root().resolve("LOSS", "fold-F", "seed-S")));
        console.flush();
        return comparison.best().isPresent() ? 0 : 1;
    }

    private static Design design(Experiment experiment) {
        int units = (int) experiment.folds().stream()
                .flatMap(fold -> fold.test().stream())
                .map(experiment.groups()::of)
                .distinct()
                .count();
        return Design.of(
                units,
                experiment.losses().size(),
                experiment.seeds().size(),
                experiment.folds().size());
    }

    private static String counts(Experiment experiment) {
        int folds = experiment.folds().size();
        int seeds = experiment.seeds().size();
        Split first = experiment.folds().getFirst();
        String cases = folds == 1
                ? "%d training and %d test cases"
                        .formatted(first.train().size(), first.test().size())
                : "%d cases of %d subjects in %d folds"
                        .formatted(
                                experiment.groups().byCase().size(),
                                experiment.groups().count(),
                                folds);
        return folds * seeds == 1
                ? cases
                : "%s, %d seed%s: %d trainings"
                        .formatted(
                                cases,
                                seeds,
                                seeds == 1 ? "" : "s",
                                folds * seeds * experiment.losses().size());
    }

    private Experiment described(Progress progress) throws IOException {
        List<Loss> parsed = LossTexts.parse(losses);
        options.checkDevice();
        Path images = data.isPresent() ? data.get() : GeneratedData.in(out.orElse(RUNS), progress);
        return options.experiment(images, parsed, folds, seeds);
    }

    private Experiment repeated() throws IOException {
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            boolean ofRules = spec.mixins().get("rules").findOption(option.longestName()) != null;
            if (!ofRules && !List.of("--config", "--out", "--restart").contains(option.longestName())) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--config says what is trained; leave out %s or --config".formatted(option.longestName()));
            }
        }
        InputFile.check(config.orElseThrow(), "the experiment.yaml of a run");
        return Experiment.of(config.orElseThrow());
    }

    private static String name(Experiment experiment) {
        return Slug.of("%s %s %s".formatted(experiment.dataset().name(), experiment.kind(), experiment.architecture()));
    }
}
