package org.segloss.cli.cluster;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.segloss.cli.terminal.ConsoleProgress;
import org.segloss.cli.terminal.TextTable;
import org.segloss.experiment.Cluster;
import org.segloss.file.OutputFile;
import org.segloss.score.TableRequest;
import org.segloss.score.TableScores;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// A table of pairs to score, in place of files of two folders.
public final class PairsOptions {
    /// What goes with a table.
    private static final List<String> WITH_PAIRS = List.of(
            "--pairs",
            "--out",
            "--spark",
            "--spark-conf",
            "--labels",
            "--ignore",
            "--metrics",
            "--both-empty",
            "--one-empty",
            "--same-grid",
            "--csv");

    @Option(
            names = "--pairs",
            paramLabel = "TABLE",
            description =
                    "Instead of --prediction and --reference: a CSV file, or Parquet (.parquet), with the columns case, prediction and reference, and maybe name and group. Goes with --spark and --out. A pair that can't be scored is a row that says why.")
    private Optional<Path> pairs;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the scores of --pairs go, as Parquet: a name that ends with .parquet, not there yet.")
    private Optional<Path> out;

    @Mixin
    private ClusterOptions cluster;

    /// @throws IllegalArgumentException if a part is missing, or something goes with the others' files alone
    public boolean areGiven(CommandSpec spec) {
        boolean spark = cluster.areGiven();
        if (pairs.isEmpty() && out.isEmpty() && !spark) {
            return false;
        }
        if (pairs.isEmpty() || out.isEmpty() || !spark) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--pairs TABLE, --out DIR.parquet and --spark URL go together; --spark 'local[*]' is a Spark in this program");
        }
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            if (!WITH_PAIRS.contains(option.longestName())) {
                throw new ParameterException(
                        spec.commandLine(),
                        "%s doesn't go with --pairs, which goes with %s"
                                .formatted(
                                        option.longestName(),
                                        String.join(", ", WITH_PAIRS.subList(1, WITH_PAIRS.size()))));
            }
        }
        return true;
    }

    public void score(CommandSpec spec, TableRequest request, Optional<Path> csv) throws IOException {
        Optional<Path> table = csv.isPresent() ? Optional.of(OutputFile.of(csv.get())) : Optional.empty();
        TableScores scores;
        try (var progress = ConsoleProgress.on(spec.commandLine().getErr())) {
            scores = Cluster.known()
                    .score(
                            new Cluster.Address(cluster.url(), cluster.settings()),
                            pairs.orElseThrow(),
                            request,
                            out.orElseThrow(),
                            table,
                            progress);
        }
        PrintWriter console = spec.commandLine().getOut();
        var lines = new TextTable();
        scores.table().forEach(lines::add);
        lines.lines().forEach(console::println);
        scores.notes().forEach(console::println);
        console.println("Scores:   " + out.get());
        console.flush();
    }
}
