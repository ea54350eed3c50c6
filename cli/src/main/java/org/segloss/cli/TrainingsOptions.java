package org.segloss.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.segloss.cli.score.GroupOptions;
import org.segloss.design.Contest;
import org.segloss.design.TuningGrid;
import org.segloss.experiment.Experiment;
import org.segloss.run.Progress;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Which trainings a comparison has: of which losses, how often, and what is added to those that a run has.
final class TrainingsOptions {
    private static final String RACED_SEEDS = "10";
    /// What can be added to a run.
    private static final List<String> ADDED = List.of("--extend", "--losses", "--seeds", "--only-folds");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--losses",
            paramLabel = "LIST",
            description =
                    "Losses between commas, as 'segloss losses' lists them. 'article' stands for bce, dice, tversky, focal and bce + log1p(dice), and 'all' for every loss with its defaults that makes sense for the task. Of a family as tversky(fp=0.3|0.5|0.7) the member that is best on the validation cases stands for all. Default: ${DEFAULT-VALUE}.",
            defaultValue = "article")
    private String losses;

    @Option(
            names = "--tune",
            paramLabel = "NAME=LIST",
            description =
                    "Trains each loss with each of these values of a number of the training, for example learning-rate=1e-3,3e-3,1e-2, and goes on with the one that is best on the validation cases. Several numbers, each with its own --tune: every combination.")
    private List<String> tune = List.of();

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

    @Option(
            names = "--only-folds",
            split = ",",
            paramLabel = "LIST",
            description =
                    "Does these of the --folds alone, counted from 0, for example 0,1; the others can be added later. Default: all.")
    private List<Integer> onlyFolds = List.of();

    @Option(
            names = "--extend",
            paramLabel = "N",
            description =
                    "Goes on with the run in --out until each training has N steps: from its checkpoint, with the learning rates of a training of N steps. What it had before is kept, and shown beside it.")
    private Optional<Integer> extend;

    @Option(
            names = "--race",
            description =
                    "Trains block by block, each a fold with a seed. After each block those losses leave that can no longer be the best, or within the margin of it: in at most 5 %% of races one leaves that can. docs/statistics.md says more. Without --folds and --seeds: 10 seeds.")
    private boolean race;

    boolean race() {
        return race;
    }

    /// {@return the steps that the trainings are to have}
    Optional<Integer> extended() {
        return extend;
    }

    /// {@return whether one was given that adds to a run}
    boolean areGiven() {
        return ADDED.stream().anyMatch(this::isGiven);
    }

    private boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    /// {@return whether something is chosen on the validation cases}
    ///
    /// @throws IllegalArgumentException if a text is no loss, no family and no grid
    boolean compete() {
        boolean competes = new Contest(LossTexts.families(losses), TuningGrid.parse(tune)).competes();
        if (competes) {
            GroupOptions.exclude("--race", race, competition(), true, "who is trained next is known after each block");
        }
        return competes;
    }

    /// {@return what it is that lets something compete}
    String competition() {
        return tune.isEmpty() ? "a family" : "--tune";
    }

    /// {@return a new experiment}
    ///
    /// @param folder of the data set
    Experiment of(DataOptions options, Path folder, Progress progress) throws IOException {
        Experiment experiment = options.experiment(
                        folder,
                        task -> LossTexts.suiting(losses, task, progress),
                        folds,
                        race && folds.isEmpty() && seeds.isEmpty() ? Optional.of(RACED_SEEDS) : seeds)
                .only(onlyFolds)
                .trainable(LossTexts.optional(losses), progress::say)
                .tuned(TuningGrid.parse(tune));
        LossTexts.warnings(LossTexts.split(losses), experiment.kind()).forEach(progress::say);
        return experiment;
    }

    /// {@return the experiment of a run, and what is added to it}
    Experiment added(Experiment run, DataOptions options) {
        Experiment more = run.with(
                isGiven("--losses") ? LossTexts.families(losses) : run.contest().families(),
                seeds.isPresent() ? options.seeds(seeds) : run.seeds());
        if (isGiven("--only-folds")) {
            more = more.only(onlyFolds);
        }
        return extend.isPresent() ? more.extended(extend.get()) : more;
    }
}
