package org.segloss.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.segloss.dataset.Groups;
import org.segloss.format.Formats;
import org.segloss.loss.Task;
import org.segloss.metric.CalibrationMetric;
import org.segloss.metric.Mean;
import org.segloss.metric.Metric;
import org.segloss.metric.MetricCatalog;
import org.segloss.metric.Policy;
import org.segloss.metric.Score;
import org.segloss.metric.Scorer;
import org.segloss.score.CaseScore;
import org.segloss.score.FileScores;
import org.segloss.score.LabelGroup;
import org.segloss.score.ScoreRow;
import org.segloss.score.ScoringRequest;
import org.segloss.score.ScoringRequest.MissingPrediction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "Files are paired by name, with endings (${bundle:images.endings}) taken off; a file without its partner is an error. Without --labels: a folder that segloss predicted into says in task.json which labels it holds; elsewhere all labels but 0 are scored. In a binary task, and where there is but one label besides 0, any label counts as foreground. Predictions with the label 1 alone need --task where the references have others.",
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

    @Option(names = "--prediction", required = true, paramLabel = "FILE|DIR", description = "${bundle:images.names}.")
    private Path prediction;

    @Option(names = "--reference", required = true, paramLabel = "FILE|DIR", description = "${bundle:images.names}.")
    private Path reference;

    @Option(names = "--task", description = "${COMPLETION-CANDIDATES}: instead of what task.json or the labels say.")
    private Optional<Task.Kind> task;

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
                    "Probabilities for ece, ece_box@10, brier, nll and nll_clipped, which are scored too unless --metrics says otherwise: files named as the predictions, images with channels or npy (channel, z, y, x); a channel for each label from 0, or one for the foreground.")
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
            names = "--missing",
            paramLabel = "fail|empty|skip",
            defaultValue = "fail",
            description =
                    "References in the folder without a prediction: fail names them all and scores nothing, empty counts each as a miss of every class, skip leaves them out because they were not asked for. Default: ${DEFAULT-VALUE}.")
    private String missing;

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

    /// A case and class with all its metrics.
    private record Row(String caseId, String label, Map<Metric, Score> metrics) {

        Map<Metric, Score.Status> statuses() {
            Map<Metric, Score.Status> statuses = new LinkedHashMap<>();
            metrics.forEach((metric, score) -> statuses.put(metric, score.status()));
            return statuses;
        }

        /// The status, and where the metrics have several, of which each is.
        String status() {
            return grouped(statuses());
        }
    }

    @Override
    public Integer call() throws IOException {
        if (name.filter(String::isBlank).isPresent()) {
            throw new ParameterException(spec.commandLine(), "--name is blank; it tells predictions apart");
        }
        if (groups.areGiven() && csv.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Groups stand in the table alone: add --csv FILE");
        }
        var scorer = new Scorer(metrics(), parsed(() -> Policy.parse(bothEmpty, oneEmpty)));
        var request = new ScoringRequest(
                task,
                labels.map(text -> parsed(() -> LabelGroup.parse(text))).orElse(List.of()),
                probabilities,
                scorer,
                parsed(this::missing));
        FileScores found;
        try (var progress = ConsoleProgress.on(spec.commandLine().getErr())) {
            found = FileScores.of(prediction, reference, request, progress);
        }
        if (csv.isPresent()) {
            ScoreRow.write(csv.get(), table(found.scores()), scorer.policy());
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        List<Row> rows = rows(found.scores());
        if (json) {
            out.println(json(rows, found, scorer));
        } else {
            print(rows, scorer, out);
        }
        if (!found.unpredicted().isEmpty()) {
            err.println("No prediction of %d references, %s: %s"
                    .formatted(
                            found.unpredicted().size(),
                            request.missing() == MissingPrediction.EMPTY ? "counted as misses" : "which are not scored",
                            String.join(", ", found.unpredicted())));
        }
        found.remarks().forEach(err::println);
        return 0;
    }

    private List<ScoreRow> table(List<CaseScore> scores) throws IOException {
        String loss = name.orElse(
                Formats.IMAGES.withoutEnding(prediction.toAbsolutePath().normalize()));
        Groups together = groups(scores.stream().map(CaseScore::id).distinct().toList());
        return scores.stream()
                .map(score -> new ScoreRow(loss, 0, 0, score, together.of(score.id())))
                .toList();
    }

    /// The references of a data set lie in a folder of its own folder.
    private Groups groups(List<String> ids) throws IOException {
        return groups.areGiven() || Files.isDirectory(reference)
                ? groups.of(reference.toRealPath().resolve("..").normalize(), ids)
                : Groups.single(ids);
    }

    private MissingPrediction missing() {
        return switch (missing) {
            case "fail" -> MissingPrediction.FAIL;
            case "empty" -> MissingPrediction.EMPTY;
            case "skip" -> MissingPrediction.SKIP;
            default ->
                throw new IllegalArgumentException(
                        "'%s' is no way with missing predictions; known: fail, empty, skip".formatted(missing));
        };
    }

    private List<Metric> metrics() {
        if (metrics.equals(Optional.of("all"))) {
            return MetricCatalog.all().stream()
                    .filter(m -> probabilities.isPresent() || !m.needsProbabilities())
                    .toList();
        }
        if (metrics.isPresent()) {
            var named = new ArrayList<>(parsed(() -> Metric.parseList(metrics.get())));
            // without it nobody knows whether the likelihood is one
            if (named.contains(CalibrationMetric.NLL) && !named.contains(CalibrationMetric.NLL_CLIPPED)) {
                named.add(named.indexOf(CalibrationMetric.NLL) + 1, CalibrationMetric.NLL_CLIPPED);
            }
            return named;
        }
        var all = new ArrayList<>(CaseScore.SCORER.metrics());
        if (probabilities.isPresent()) {
            all.addAll(Metric.parseList("ece,ece_box@10,brier,nll,nll_clipped"));
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
        scorer.metrics()
                .forEach(metric -> head.add(
                        metric.unit().equals("1") ? metric.id() : "%s, %s".formatted(metric.id(), metric.unit())));
        head.add("status");
        table.add(head);
        for (Row row : rows) {
            var cells = new ArrayList<>(List.of(row.caseId, row.label));
            row.metrics.values().forEach(score -> cells.add(Double.toString(score.value())));
            cells.add(row.status());
            table.add(cells);
        }
        var cells = new ArrayList<>(List.of("all", CaseScore.MEAN));
        Map<Metric, Mean> means = means(rows, scorer);
        means.values().forEach(mean -> cells.add(Double.toString(mean.value())));
        cells.add("");
        table.add(cells);
        table.lines().forEach(out::println);
        Map<Metric, String> counts = new LinkedHashMap<>();
        means.forEach((metric, mean) -> counts.put(metric, mean.counts()));
        out.println("Cases in the mean: " + grouped(counts));
        Map<Score.Status, Long> statuses = statuses(rows);
        if (!statuses.keySet().equals(Set.of(Score.Status.OK))) {
            out.println("Scores of classes by status: %s; scored with %s".formatted(statuses, scorer.policy()));
        }
    }

    /// {@return what is said of metrics, once where it is the same of all}
    private static String grouped(Map<Metric, ?> said) {
        Map<Object, List<Metric>> metrics = new LinkedHashMap<>();
        said.forEach((metric, what) ->
                metrics.computeIfAbsent(what, _ -> new ArrayList<>()).add(metric));
        return metrics.entrySet().stream()
                .map(e -> metrics.size() == 1
                        ? e.getKey().toString()
                        : "%s (%s)"
                                .formatted(
                                        e.getKey(),
                                        e.getValue().stream().map(Metric::id).collect(Collectors.joining(", "))))
                .collect(Collectors.joining("; "));
    }

    /// {@return how many scores of cases' classes have each status}
    private static Map<Score.Status, Long> statuses(List<Row> rows) {
        return rows.stream()
                .filter(row -> !row.label.equals(CaseScore.MEAN))
                .flatMap(row -> row.metrics.values().stream())
                .collect(Collectors.groupingBy(Score::status, TreeMap::new, Collectors.counting()));
    }

    /// The mean over the cases of each metric's mean over the classes.
    private static Map<Metric, Mean> means(List<Row> rows, Scorer scorer) {
        Map<Metric, Mean> means = new LinkedHashMap<>();
        for (Metric metric : scorer.metrics()) {
            means.put(
                    metric,
                    Mean.of(
                            metric,
                            rows.stream()
                                    .filter(row -> row.label.equals(CaseScore.MEAN))
                                    .map(row -> row.metrics.get(metric))
                                    .toList()));
        }
        return means;
    }

    private String json(List<Row> rows, FileScores found, Scorer scorer) {
        Map<String, Object> document = new LinkedHashMap<>();
        // in an order that doesn't change from run to run
        Map<String, String> policy = new LinkedHashMap<>();
        policy.put("both-empty", scorer.policy().bothEmptyText());
        policy.put("one-empty", scorer.policy().oneEmptyText());
        policy.put("missing", missing);
        document.put("policy", policy);
        document.put(
                "metrics", scorer.metrics().stream().map(EvaluateCommand::json).toList());
        document.put("scores", rows.stream().map(EvaluateCommand::json).toList());
        Map<Metric, Mean> means = means(rows, scorer);
        document.put("mean", named(means, mean -> number(mean.value())));
        document.put("cases", named(means, EvaluateCommand::counts));
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
        object.putAll(named(row.metrics, score -> number(score.value())));
        object.put("status", named(row.statuses(), Score.Status::name));
        return object;
    }

    private static Map<String, Integer> counts(Mean mean) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("used", mean.used());
        counts.put("na", mean.na());
        counts.put("penalised", mean.penalised());
        return counts;
    }

    private static <T> Map<String, Object> named(Map<Metric, T> metrics, Function<T, Object> what) {
        Map<String, Object> named = new LinkedHashMap<>();
        metrics.forEach((metric, of) -> named.put(metric.id(), what.apply(of)));
        return named;
    }

    /// JSON has no infinity either, but an infinite distance isn't undefined.
    private static Object number(double value) {
        return Double.isInfinite(value) ? "Infinity" : JsonNumbers.finite(value);
    }
}
