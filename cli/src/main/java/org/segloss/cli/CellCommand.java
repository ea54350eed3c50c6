package org.segloss.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.segloss.cli.cluster.CellProcesses;
import org.segloss.cli.cluster.ScriptOptions;
import org.segloss.cli.terminal.ConsoleProgress;
import org.segloss.cli.terminal.Interruption;
import org.segloss.experiment.Cell;
import org.segloss.experiment.CopiedCell;
import org.segloss.experiment.Settings;
import org.segloss.file.ObjectUrl;
import org.segloss.run.Outcome;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "cell",
        description = {
            "Does one training of a comparison that 'segloss compare --prepare' has settled, on any machine that sees its folder: trains, predicts and scores.",
            "",
            "The cells are numbered from 0. One that is done is not done again; one that was broken off goes on. Two programs never do the same one."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%n",
        footer = {
            "Exit status: 0 done, also if the training diverged; 1 failed; 2 wrong call or bad input; 75 another program does this cell: try again later; 143 or 130 told to end, by SIGTERM or Ctrl-C, with a checkpoint.",
            "",
            "Examples:",
            "  segloss compare --data Task04_Hippocampus --seeds 3 --prepare --out run",
            "  segloss cell run --count",
            "  segloss cell run 0",
            "  segloss cell run --script slurm > cells.sbatch",
            "  segloss cell run --script kubernetes --image NAME --claim NAME > cells.yaml",
            "  segloss compare --config run/experiment.yaml --out run"
        })
final class CellCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description =
                    "The folder of the run, or its URL in an object store: then what the cell needs is copied in, and what it leaves is copied out.")
    private Location run;

    @Parameters(index = "1", arity = "0..1", paramLabel = "K", description = "Which cell, from 0.")
    private Optional<Integer> number;

    @Option(names = "--count", description = "Prints how many cells there are, and does nothing.")
    private boolean count;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where the data set lies, as a folder or a URL, for this machine, or with --script on those of the scheduler. Default: where it lay when the run was prepared. Its files have to be the same.")
    private Optional<Location> data;

    @Option(
            names = "--device",
            description = "Which of several devices of the run's kind, for example cuda:1. Default: the first.")
    private Optional<String> device;

    @Mixin
    private ScriptOptions script;

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        var stores = new Stores(List.of());
        boolean scripted = script.areGiven(spec);
        if (Stream.of(number.isPresent(), count, scripted)
                        .filter(given -> given)
                        .count()
                != 1) {
            throw new ParameterException(
                    spec.commandLine(), "Give either the number of a cell, or --count, or --script SCHEDULER");
        }
        if (count) {
            console.println(
                    run.url().isPresent()
                            ? CopiedCell.count(stores.store(), run.url().get())
                            : Cell.count(new RunFolder(run.path().orElseThrow())));
            return 0;
        }
        if (scripted) {
            if (device.isPresent()) {
                throw new ParameterException(
                        spec.commandLine(), "--device and --script exclude each other: the scheduler says which it is");
            }
            console.print(script.text(scripted(), data.flatMap(Location::path)));
            console.flush();
            return 0;
        }
        CellProcesses.endWithInput();
        Cell.Done done;
        try (var progress = ConsoleProgress.on(spec.commandLine().getErr());
                var _ = Interruption.of(progress, false)) {
            done = done(number.orElseThrow(), stores, progress);
        }
        console.println("Cell %d is done: %s%s"
                .formatted(
                        number.orElseThrow(),
                        done.folder().root(),
                        done.outcome().status() == Outcome.Ending.DIVERGED
                                ? ", diverged at step " + done.outcome().step()
                                : ""));
        console.flush();
        return 0;
    }

    /// {@return the run's folder, where a script can be written for it}
    private RunFolder scripted() throws IOException {
        Optional<RunFolder> folder = run.path().map(RunFolder::new);
        if (folder.isEmpty()
                || data.flatMap(Location::url).isPresent()
                || Files.exists(folder.get().settings())
                        && ObjectUrl.isUrl(
                                Settings.read(folder.get().settings()).data())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--script writes for a run and data in folders; in a store a job's command is 'segloss cell %s K', and nothing has to be mounted"
                            .formatted(run));
        }
        return folder.get();
    }

    private Cell.Done done(int cell, Stores stores, Progress progress) throws IOException {
        Optional<Path> here = data.isPresent() ? Optional.of(stores.data(data.get(), progress)) : Optional.empty();
        if (run.url().isPresent()) {
            return new CopiedCell(stores.store(), run.url().get(), cell).run(here, device, progress);
        }
        var folder = new RunFolder(run.path().orElseThrow());
        if (here.isEmpty() && Files.exists(folder.settings())) {
            here = stores.bring(Settings.read(folder.settings()).data(), progress);
        }
        return new Cell(folder, cell).run(here, device, progress);
    }
}
