package org.segloss.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.segloss.experiment.CaseScore;
import org.segloss.experiment.FileScores;
import org.segloss.experiment.LabelGroup;
import org.segloss.experiment.ScoreRow;
import org.segloss.experiment.ScoringRequest;
import org.segloss.metric.Metric;
import org.segloss.metric.Policy;
import org.segloss.metric.Score;
import org.segloss.metric.Scorer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "evaluate",
        description = {
            "Scores segmentations against references, each case and class, and the mean over the classes. The segmentations may be any program's.",
            "",
            "Files are paired by name, with .nii.gz, .nii and .png taken off. Without --labels: a folder that segloss predicted into says in task.json which labels it holds; elsewhere all labels but 0 are scored. In a binary task, and where there is but one label besides 0, any label counts as foreground. Predictions with the label 1 alone need --task where the references have others.",
            "",
            "docs/metrics.md defines all metrics and says what they are where a mask is empty."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  segloss evaluate --prediction scan_label.nii.gz --reference labelsTr/scan.nii.gz",
            "  segloss evaluate --prediction predictions --reference labelsTr --labels 1,2,whole=1+2 --csv scores.csv",
            "  segloss evaluate --prediction predictions --reference labelsTr --metrics all --json"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--prediction", required = true, paramLabel = "FILE|DIR", description = "NIfTI or PNG.")
    private Path prediction;

    @Option(names = "--reference", required = true, paramLabel = "FILE|DIR", description = "NIfTI or PNG.")
    private Path reference;

    @Option(names = "--task", description = "${COMPLETION-CANDIDATES}: instead of what task.json or the labels say.")
    private Optional<DataOptions.TaskName> task;

    @Option(
            names = "--labels",
            paramLabel = "LIST",
            description = "What to score: labels between commas, or names for some together, as in 1,2,whole=1+2.")
    private Optional<String> labels;

    @Option(
            names = "--metrics",
            paramLabel = "LIST",
            description =
                    "Metrics between commas, such as dice,hd95,nsd@1 or biou@2 with a parameter, or all. Default: dice,iou,precision,recall,nsd@1,hd95,assd,rvd.")
    private Optional<String> metrics;

    @Option(
            names = "--probabilities",
            paramLabel = "FILE|DIR",
            description =
                    "Probabilities for ece, brier and nll, which are scored too unless --metrics says otherwise: files named as the predictions, NIfTI with channels along the fourth axis or npy (channel, z, y, x); a channel for each label from 0, or one for the foreground.")
    private Optional<Path> probabilities;

    @Option(
            names = "--both-empty",
            paramLabel = "score|na",
            defaultValue = "score",
            description =
                    "Where neither mask has the class: score gives the best value, na none. Default: ${DEFAULT-VALUE}.")
    private String bothEmpty;

    @Option(
            names = "--one-empty",
            paramLabel = "diag|inf|MM",
            defaultValue = "diag",
            description =
                    "Distances where one mask alone has the class: the image's diagonal, infinity, or millimetres. Default: ${DEFAULT-VALUE}.")
    private String oneEmpty;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description =
                    "Writes a table as that of a run: loss,fold,seed,case,class,metric,value,status,group,policy.")
    private Optional<Path> csv;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "",
            description = "What stands in the column loss of the CSV, to tell predictions apart.")
    private String name;

    @Option(names = "--json", description = "Prints JSON. A number that is undefined is null; the status says why.")
    private boolean json;

    /// A case and class with all its metrics.
    private record Row(String caseId, String label, Map<Metric, Score> metrics) {

        String status() {
            return metrics.values().stream()
                    .map(Score::status)
                    .filter(status -> status != Score.Status.OK)
                    .findFirst()
                    .orElse(Score.Status.OK)
                    .name();
        }
    }

    @Override
    public Integer call() throws IOException {
        var scorer = new Scorer(metrics(), parsed(() -> Policy.parse(bothEmpty, oneEmpty)));
        var request = new ScoringRequest(
                task.map(DataOptions.TaskName::kind),
                labels.map(text -> parsed(() -> LabelGroup.parse(text))).orElse(List.of()),
                probabilities,
                scorer);
        FileScores found;
        try (var progress = ConsoleProgress.on(spec.commandLine().getErr())) {
            found = FileScores.of(prediction, reference, request, progress);
        }
        if (csv.isPresent()) {
            List<ScoreRow> rows = found.scores().stream()
                    .map(score -> new ScoreRow(name, 0, 0, score))
                    .toList();
            ScoreRow.write(csv.get(), rows, scorer.policy());
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        List<Row> rows = rows(found.scores());
        if (json) {
            out.println(json(rows, found, scorer));
        } else {
            print(rows, scorer, out);
        }
        if (!found.unpredicted().isEmpty() && !json) {
            err.println("Not scored, because there is no prediction: " + some(found.unpredicted()));
        }
        found.remarks().forEach(err::println);
        return 0;
    }

    private List<Metric> metrics() {
        if (metrics.equals(Optional.of("all"))) {
            return Metric.all().stream()
                    .filter(m -> probabilities.isPresent() || !m.kind().needsProbabilities())
                    .toList();
        }
        if (metrics.isPresent()) {
            return parsed(() -> Metric.parseList(metrics.get()));
        }
        var all = new ArrayList<>(CaseScore.SCORER.metrics());
        if (probabilities.isPresent()) {
            all.addAll(Metric.parseList("ece,brier,nll"));
        }
        return all;
    }

    private interface Parser<T> {
        T parse();
    }

    private <T> T parsed(Parser<T> parser) {
        try {
            return parser.parse();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static List<Row> rows(List<CaseScore> scores) {
        Map<List<String>, List<CaseScore>> byRow = scores.stream()
                .collect(Collectors.groupingBy(
                        s -> List.of(s.id(), s.label()), LinkedHashMap::new, Collectors.toList()));
        return byRow.entrySet().stream()
                .map(e -> {
                    Map<Metric, Score> metrics = new LinkedHashMap<>();
                    e.getValue().forEach(s -> metrics.put(s.metric(), s.score()));
                    return new Row(e.getKey().get(0), e.getKey().get(1), metrics);
                })
                .toList();
    }

    private static void print(List<Row> rows, Scorer scorer, PrintWriter out) {
        var table = new TextTable();
        var head = new ArrayList<>(List.of("case", "class"));
        scorer.metrics().forEach(metric -> head.add(metric.id()));
        head.add("status");
        table.add(head);
        for (Row row : rows) {
            var cells = new ArrayList<>(List.of(row.caseId, row.label));
            row.metrics.values().forEach(score -> cells.add(Double.toString(score.value())));
            cells.add(row.status());
            table.add(cells);
        }
        var cells = new ArrayList<>(List.of("all", CaseScore.MEAN));
        means(rows, scorer).values().forEach(mean -> cells.add(Double.toString(mean.value())));
        cells.add("");
        table.add(cells);
        table.lines().forEach(out::println);
        Map<String, Long> statuses = statuses(rows);
        if (!statuses.keySet().equals(Set.of(Score.Status.OK.name()))) {
            out.println("Cases and classes by status: %s; scored with %s".formatted(statuses, scorer.policy()));
        }
    }

    /// {@return how many classes of cases have each status}
    private static Map<String, Long> statuses(List<Row> rows) {
        return rows.stream()
                .filter(row -> !row.label.equals(CaseScore.MEAN))
                .collect(Collectors.groupingBy(Row::status, TreeMap::new, Collectors.counting()));
    }

    /// The mean over the cases of each metric's mean over the classes.
    private static Map<Metric, Score> means(List<Row> rows, Scorer scorer) {
        Map<Metric, Score> means = new LinkedHashMap<>();
        for (Metric metric : scorer.metrics()) {
            means.put(
                    metric,
                    Scorer.mean(
                            metric,
                            rows.stream()
                                    .filter(row -> row.label.equals(CaseScore.MEAN))
                                    .map(row -> row.metrics.get(metric))
                                    .toList()));
        }
        return means;
    }

    private static String json(List<Row> rows, FileScores found, Scorer scorer) {
        Map<String, Object> document = new LinkedHashMap<>();
        // in an order that doesn't change from run to run
        Map<String, String> policy = new LinkedHashMap<>();
        policy.put("both-empty", scorer.policy().bothEmptyText());
        policy.put("one-empty", scorer.policy().oneEmptyText());
        document.put("policy", policy);
        document.put(
                "metrics", scorer.metrics().stream().map(EvaluateCommand::json).toList());
        document.put("scores", rows.stream().map(EvaluateCommand::json).toList());
        document.put("mean", named(means(rows, scorer)));
        document.put("statuses", statuses(rows));
        document.put("unpredicted", found.unpredicted());
        return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }

    private static Map<String, Object> json(Metric metric) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("id", metric.id());
        object.put("unit", metric.unit());
        object.put("higher-is-better", metric.higherIsBetter());
        object.put("definition", metric.definition());
        return object;
    }

    private static Map<String, Object> json(Row row) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("case", row.caseId);
        object.put("class", row.label);
        object.putAll(named(row.metrics));
        object.put("status", row.status());
        return object;
    }

    private static Map<String, Object> named(Map<Metric, Score> metrics) {
        Map<String, Object> named = new LinkedHashMap<>();
        metrics.forEach((metric, score) -> named.put(metric.id(), number(score.value())));
        return named;
    }

    /// JSON has no infinity either, but an infinite distance isn't undefined.
    private static Object number(double value) {
        return Double.isInfinite(value) ? "Infinity" : JsonNumbers.finite(value);
    }

    private static String some(List<String> ids) {
        String first = String.join(", ", ids.subList(0, Math.min(5, ids.size())));
        return ids.size() > 5 ? "%s and %d more".formatted(first, ids.size() - 5) : first;
    }
}
