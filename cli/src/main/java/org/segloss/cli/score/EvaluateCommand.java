package org.segloss.cli.score;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.segloss.cli.cluster.PairsOptions;
import org.segloss.cli.terminal.ConsoleProgress;
import org.segloss.cli.terminal.TextTable;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.Groups;
import org.segloss.file.Json;
import org.segloss.file.OutputFile;
import org.segloss.format.Formats;
import org.segloss.run.PredictionTask;
import org.segloss.score.CaseScore;
import org.segloss.score.FileScores;
import org.segloss.score.ScoreRow;
import org.segloss.score.ScoreSummary;
import org.segloss.score.ScoringRequest;
import org.segloss.score.ScoringRequest.MissingPrediction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "evaluate",
        description = {
            "Scores segmentations against references, each case and class, and the mean over the classes. The segmentations may be any program's.",
            "",
            "Files are paired by name, with endings (${bundle:images.endings}) taken off; a file without its partner is an error. Without --labels: a folder that segloss predicted into says in task.json which labels it holds; elsewhere all labels but 0 are scored. In a binary task, and where there is but one label besides 0, any label counts as foreground. Predictions with the label 1 alone need --task where the references have others.",
            "",
            "Which labels of the references say that nothing is known say --ignore, task.json beside the predictions, and dataset.json of the data set that the references lie in, where a label is called \"ignore\"; all add up.",
            "",
            "docs/metrics.md defines all metrics and says what they are where a mask is empty."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  segloss evaluate --prediction scan_label.nii.gz --reference labelsTr/scan.nii.gz",
            "  segloss evaluate --prediction predictions --reference labelsTr --labels 1,2,whole=1+2 --csv scores.csv",
            "  segloss evaluate --prediction predictions --reference labelsTr --metrics all --json",
            "  segloss evaluate --pairs pairs.csv --spark spark://host:7077 --out scores.parquet --csv scores.csv"
        })
public final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--prediction", paramLabel = "FILE|DIR", description = "${bundle:images.names}.")
    private Path prediction;

    @Option(names = "--reference", paramLabel = "FILE|DIR", description = "${bundle:images.names}.")
    private Path reference;

    @Mixin
    private PairsOptions pairs;

    @Mixin
    private ScoringOptions scoring;

    @Option(
            names = "--probabilities",
            paramLabel = "FILE|DIR",
            description =
                    "Probabilities for ece, ece_box@10, brier, nll and nll_clipped, which are scored too unless --metrics says otherwise: files named as the predictions, images with channels or npy (channel, z, y, x); a channel for each label from 0, or one for the foreground.")
    private Optional<Path> probabilities;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description =
                    "Writes a table as scores.csv of a run, which segloss report --scores reads: loss,fold,seed,case,class,metric,value,status,group,policy, a line for each metric of each class of a case and for the mean over its classes.")
    private Optional<Path> csv;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description =
                    "What stands in the column loss of the CSV, to tell predictions apart. Default: the name of --prediction.")
    private Optional<String> name;

    @Mixin
    private GroupOptions groups;

    @Option(names = "--json", description = "Prints JSON. A number that is undefined is null; its status says why.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (name.filter(String::isBlank).isPresent()) {
            throw new ParameterException(spec.commandLine(), "--name is blank; it tells predictions apart");
        }
        if (groups.areGiven() && csv.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Groups stand in the table alone: add --csv FILE");
        }
        if (pairs.areGiven(spec)) {
            pairs.score(spec, scoring.ofTable(), csv);
            return 0;
        }
        checkFilesAreGiven();
        ScoringRequest request = scoring.request(probabilities);
        Optional<Path> table = csv.isPresent() ? Optional.of(OutputFile.of(csv.get())) : Optional.empty();
        if (table.isPresent()) {
            checkReplacesNoInput(table.get());
        }
        FileScores found;
        try (var progress = ConsoleProgress.on(spec.commandLine().getErr())) {
            found = FileScores.of(prediction, reference, request, progress);
        }
        if (table.isPresent()) {
            ScoreRow.write(
                    table.get(),
                    table(found.scores()),
                    request.scorer().policy(),
                    found.ignored().labels());
        }
        print(new ScoreSummary(request, found));
        return 0;
    }

    private void checkFilesAreGiven() {
        List<String> missing = Stream.of("--prediction", "--reference")
                .filter(name -> !spec.commandLine().getParseResult().hasMatchedOption(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Missing %s: what to score, a file or a folder; --pairs takes a table instead"
                            .formatted(String.join(" and ", missing)));
        }
    }

    /// @throws IOException if the table would replace one of the files that are read
    private void checkReplacesNoInput(Path table) throws IOException {
        if (!Files.exists(table)) {
            return;
        }
        var read = new ArrayList<Path>();
        read.addAll(files(prediction));
        read.addAll(files(reference));
        if (probabilities.isPresent()) {
            read.addAll(files(probabilities.get()));
        }
        groups.file().ifPresent(read::add);
        if (Files.exists(reference)) {
            Path dataset = Dataset.folderOf(reference);
            read.addAll(List.of(dataset.resolve(Groups.FILE), dataset.resolve(Dataset.JSON)));
        }
        InputFiles.of(read.stream().filter(Files::isRegularFile).toList()).check("the table", "--csv", List.of(table));
    }

    /// {@return the files that are read of a path: itself, or what a folder has of images, arrays and `task.json`}
    private static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> all = Files.list(path)) {
            return all.filter(file -> Formats.ARRAYS.include(file) || file.endsWith(PredictionTask.FILE))
                    .toList();
        }
    }

    private void print(ScoreSummary summary) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (json) {
            out.print(Json.pretty(summary.document()));
            out.flush();
        } else {
            var table = new TextTable();
            summary.table().forEach(table::add);
            table.lines().forEach(out::println);
            summary.notes().forEach(out::println);
        }
        List<String> unpredicted = summary.found().unpredicted();
        if (!unpredicted.isEmpty()) {
            err.println("No prediction of %d references, %s: %s"
                    .formatted(
                            unpredicted.size(),
                            summary.request().missing() == MissingPrediction.EMPTY
                                    ? "counted as misses"
                                    : "which are not scored",
                            String.join(", ", unpredicted)));
        }
        summary.found().remarks().forEach(err::println);
    }

    private List<ScoreRow> table(List<CaseScore> scores) throws IOException {
        String loss = name.orElse(
                Formats.IMAGES.withoutEnding(prediction.toAbsolutePath().normalize()));
        Groups together = groups(scores.stream().map(CaseScore::id).distinct().toList());
        return scores.stream()
                .map(score -> new ScoreRow(loss, 0, 0, score, together.of(score.id())))
                .toList();
    }

    private Groups groups(List<String> ids) throws IOException {
        return groups.areGiven() || Files.isDirectory(reference)
                ? groups.of(Dataset.folderOf(reference), ids)
                : Groups.single(ids);
    }
}
