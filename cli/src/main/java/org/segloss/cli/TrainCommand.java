package org.segloss.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.segloss.cli.terminal.ConsoleProgress;
import org.segloss.cli.terminal.Interruption;
import org.segloss.dataset.Case;
import org.segloss.dataset.Split;
import org.segloss.experiment.Experiment;
import org.segloss.file.FolderLock;
import org.segloss.fit.Checkpoint;
import org.segloss.fit.Trainer;
import org.segloss.loss.Loss;
import org.segloss.plan.Machine;
import org.segloss.plan.TrainingPlan;
import org.segloss.predict.CaseValidator;
import org.segloss.run.Durations;
import org.segloss.run.LossFolder;
import org.segloss.run.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "train",
        description = "Trains a network with one loss on the training cases of a data set.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = "  segloss train --data Task04_Hippocampus --loss \"ce + dice\" --out trained")
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "A folder with imagesTr and labelsTr, or with images and masks.")
    private Path data;

    @Option(
            names = "--loss",
            required = true,
            paramLabel = "EXPRESSION",
            description = "For example dice(smooth=1), or bce + 0.5*dice.")
    private String loss;

    @Mixin
    private DataOptions options;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description =
                    "Where checkpoint.safetensors and training.csv go. A training that was broken off there goes on.")
    private Path out;

    @Option(names = "--restart", description = "Deletes what an earlier training left in --out, and starts anew.")
    private boolean restart;

    @Override
    public Integer call() throws IOException {
        options.checkDevice();
        Loss parsed = Loss.parse(loss);
        Trainer.Result result;
        // first of all: what can't be written is said before anything is read
        try (FolderLock _ = FolderLock.take(out);
                var progress = ConsoleProgress.on(spec.commandLine().getErr());
                var _ = Interruption.of(progress, restart)) {
            new LossFolder(out).detach();
            result = train(parsed, new LossFolder(out), progress);
        }
        PrintWriter console = spec.commandLine().getOut();
        console.println("Learning curve: " + out.resolve("training.csv"));
        console.println("Checkpoint:     " + result.checkpoint());
        console.flush();
        if (result.diverged()) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "%s diverged: its loss or gradient was no longer finite at step %d; the checkpoint holds the weights before it"
                                    .formatted(parsed.text(), result.step()));
            return 1;
        }
        return 0;
    }

    private Trainer.Result train(Loss parsed, LossFolder folder, Progress progress) throws IOException {
        Experiment wished = options.experiment(data, List.of(parsed));
        Optional<Machine> begun = restart ? Optional.empty() : Checkpoint.machine(folder.checkpoint());
        Experiment experiment = begun.map(wished::goingOn).orElse(wished);
        progress.say("Reading %s: %s".formatted(data, experiment.dataset().summary()));
        LossTexts.warnings(List.of(loss), experiment.kind()).forEach(progress::say);
        if (experiment.folds().size() > 1) {
            throw new IllegalArgumentException(
                    "the split has %d folds; a training takes one: give --split a file with one"
                            .formatted(experiment.folds().size()));
        }
        Split split = experiment.folds().getFirst();
        List<Case> cases = experiment.cases(split.train()).of(split.train());
        TrainingPlan plan = experiment.plan(cases);
        ExperimentText.scales(experiment, plan).forEach(progress::say);
        var validator =
                new CaseValidator(plan, experiment.cases(split.validation()).of(split.validation()), cases);
        folder.sweep();
        if (restart) {
            folder.clear();
        }
        Duration one = Trainer.stepTime(plan, cases);
        progress.say("Training with %s on %d cases: %d steps of %s, about %s"
                .formatted(
                        parsed.text(),
                        cases.size(),
                        plan.steps(),
                        Durations.text(one),
                        Durations.text(one.multipliedBy(plan.steps()).plus(validator.time(one)))));
        return Trainer.train(
                plan,
                cases,
                folder.root(),
                (step, steps, value) -> progress.at(
                        "training",
                        (double) step / steps,
                        String.format(Locale.ROOT, "step %d of %d, loss %.4g", step, steps, value)),
                Optional.of(validator));
    }
}
