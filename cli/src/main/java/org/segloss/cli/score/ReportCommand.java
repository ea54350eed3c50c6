package org.segloss.cli.score;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.segloss.cli.terminal.ClaimTable;
import org.segloss.cli.terminal.VerdictTable;
import org.segloss.compare.Comparison;
import org.segloss.compare.ComparisonRules;
import org.segloss.compare.SummaryTable;
import org.segloss.dataset.CaseColumns;
import org.segloss.file.FolderLock;
import org.segloss.file.InputFile;
import org.segloss.report.Report;
import org.segloss.run.RunFolder;
import org.segloss.score.ScoreRow;
import org.segloss.score.ScoredMethods;
import org.segloss.stat.Compared;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "report",
        description = {
            "Computes the statistics of a run anew from its scores.csv, and writes its report anew.",
            "",
            "With --summary it says what published means and SDs can claim: how probable it is that the first method is truly the first, over a range of correlations, for papers rarely say how the methods' scores correlate.",
            "",
            "With --scores it compares the losses of any table of scores: a CSV file with the columns loss, case, metric and value, and perhaps class, seed, fold, group and status."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  segloss report runs/phantom-binary-unet",
            "  segloss report runs/phantom-binary-unet --subgroups cases.csv",
            "  segloss report runs/phantom-binary-unet --baseline dice",
            "  segloss report --scores scores.csv --metric assd --margin 0.1 --out statistics",
            "  segloss report --summary table.csv --baseline ours"
        })
public final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "RUN_FOLDER",
            description = "The --out of a comparison, or of segloss score.")
    private Optional<Path> folder;

    @Option(
            names = "--scores",
            paramLabel = "FILE",
            description = "A table of scores, instead of a run; goes with --out.")
    private Optional<Path> scores;

    @Option(
            names = "--summary",
            paramLabel = "FILE",
            description =
                    "A table of means, instead of a run: CSV with the columns method, mean, sd, n (test cases) and perhaps correlation (of a method's scores with those of the first). The first is the one with the best mean, or the --baseline; --metric says which way is better.")
    private Optional<Path> summary;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where comparison.json and report.html are written; goes with --scores.")
    private Optional<Path> out;

    @Option(
            names = "--subgroups",
            paramLabel = "FILE",
            description =
                    "CSV with the column case and others, such as scanner, site, sex or lesion size: the losses are shown for each of their values, numbers in thirds. Default: what cases.csv of the data set said.")
    private Optional<Path> subgroups;

    @Mixin
    private RulesOptions rules;

    @Override
    public Integer call() throws IOException {
        if (summary.isPresent()) {
            ofSummary(summary.get());
            return 0;
        }
        if (folder.isPresent() == scores.isPresent() || scores.isPresent() != out.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Give either the folder of a run, or --scores FILE and --out DIR, or --summary FILE");
        }
        if (scores.isPresent()) {
            ofScores(scores.get(), new RunFolder(out.orElseThrow()));
        } else {
            ofRun(folder.orElseThrow());
        }
        return 0;
    }

    private void ofSummary(Path file) throws IOException {
        List<String> others =
                new ArrayList<>(List.of("--scores", "--out", "--subgroups", "--margin", "--class", "--bootstrap-seed"));
        others.removeIf(name -> !spec.commandLine().getParseResult().hasMatchedOption(name));
        folder.ifPresent(_ -> others.add("the folder of a run"));
        if (!others.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--summary goes without %s: of a table of means --metric, --lower-is-better, --higher-is-better and --baseline can be said"
                            .formatted(String.join(", ", others)));
        }
        ClaimTable.of(SummaryTable.read(file, rules.over(ComparisonRules.standard())))
                .forEach(spec.commandLine().getOut()::println);
    }

    private void ofRun(Path place) throws IOException {
        InputFile.checkFolder(
                place, "the --out of a comparison; a table of scores is given with --scores FILE --out DIR");
        var run = new RunFolder(place);
        if (!Files.exists(run.settings())) {
            if (Files.exists(ScoredMethods.in(place))) {
                ofMethods(run);
                return;
            }
            throw new IOException(
                    "%s is not the folder of a run: it has no %s; a table of scores is given with --scores FILE --out DIR"
                            .formatted(place, run.settings().getFileName()));
        }
        try (FolderLock _ = FolderLock.take(place)) {
            if (Files.exists(run.comparison()) && Files.exists(run.scores())) {
                Comparison before = Comparison.read(run.comparison());
                before.again(run.scores(), withSubgroups(rules.over(before.rules()), ScoreRow.readOfRun(run.scores())))
                        .write(run.comparison());
            }
            Report.write(run);
        }
        spec.commandLine().getOut().println("Report: " + run.report());
    }

    /// What `segloss score` left, with its predictions shown as far as they are still there.
    private void ofMethods(RunFolder run) throws IOException {
        try (FolderLock _ = FolderLock.take(run.root())) {
            ScoredMethods methods = ScoredMethods.read(run.root());
            List<ScoreRow> table = ScoreRow.readOfRun(run.scores());
            Comparison comparison;
            try {
                comparison = Comparison.of(
                        table,
                        withSubgroups(
                                rules.over(
                                        Files.exists(run.comparison())
                                                ? Comparison.read(run.comparison())
                                                        .rules()
                                                : ComparisonRules.standard()),
                                table),
                        Compared.METHODS);
            } catch (IllegalArgumentException e) {
                throw new IOException("%s: %s".formatted(run.scores(), e.getMessage()), e);
            }
            comparison.write(run.comparison());
            Report.write(run, methods, comparison, table);
        }
        spec.commandLine().getOut().println("Report: " + run.report());
    }

    private void ofScores(Path file, RunFolder target) throws IOException {
        if (Files.exists(target.settings())) {
            throw new IOException("%s is the folder of a run, whose statistics stay with it; give another --out"
                    .formatted(target.root()));
        }
        Comparison comparison;
        // first of all: what can't be written is said before anything is read
        try (FolderLock _ = FolderLock.take(target.root())) {
            List<ScoreRow> table = ScoreRow.read(file);
            try {
                comparison = Comparison.of(table, withSubgroups(rules.over(ComparisonRules.standard()), table));
            } catch (IllegalArgumentException e) {
                throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
            }
            comparison.write(target.comparison());
            Report.write(target.report(), file.getFileName().toString(), comparison, table);
        }
        print(spec.commandLine().getOut(), comparison, Compared.LOSSES, target);
    }

    private ComparisonRules withSubgroups(ComparisonRules by, List<ScoreRow> table) throws IOException {
        return subgroups.isEmpty()
                ? by
                : by.withColumns(CaseColumns.read(
                                subgroups.get(),
                                table.stream().map(ScoreRow::caseId).distinct().toList())
                        .byColumn());
    }

    /// Prints the answer, and where the rest is.
    static void print(PrintWriter console, Comparison comparison, Compared compared, RunFolder target) {
        VerdictTable.of(comparison, compared).forEach(console::println);
        console.println();
        console.println("Statistics: " + target.comparison());
        console.println("Report:     " + target.report());
    }
}
