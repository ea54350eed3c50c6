package org.segloss.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.segloss.experiment.CaseScore;
import org.segloss.experiment.FileScores;
import org.segloss.experiment.Metric;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "evaluate",
        description = {
            "Scores segmentations against references: Dice, IoU, precision and recall of each case and class, and their mean over the classes.",
            "",
            "Files are paired by name, with .nii.gz, .nii and .png taken off. A folder that segloss predicted into says in task.json which labels it holds; elsewhere all labels but 0 are scored. In a binary task, and where there is but one label besides 0, any label counts as foreground. Predictions with the label 1 alone need --task where the references have others."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  segloss evaluate --prediction scan_label.nii.gz --reference labelsTr/scan.nii.gz",
            "  segloss evaluate --prediction predictions --reference labelsTr --json"
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

    @Option(names = "--json", description = "Prints JSON. A number that is undefined is null; the status says why.")
    private boolean json;

    /// A case and class with all its metrics.
    private record Row(String caseId, String label, Map<Metric, Double> metrics, String status) {}

    @Override
    public Integer call() throws IOException {
        FileScores found = FileScores.of(prediction, reference, task.map(DataOptions.TaskName::kind));
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        List<Row> rows = rows(found.scores());
        if (json) {
            out.println(json(rows, found.unpredicted()));
        } else {
            print(rows, out);
            if (!found.unpredicted().isEmpty()) {
                err.println("Not scored, because there is no prediction: " + some(found.unpredicted()));
            }
        }
        return 0;
    }

    private static List<Row> rows(List<CaseScore> scores) {
        Map<List<String>, List<CaseScore>> byRow = scores.stream()
                .collect(Collectors.groupingBy(
                        s -> List.of(s.id(), s.label()), LinkedHashMap::new, Collectors.toList()));
        return byRow.entrySet().stream()
                .map(e -> {
                    Map<Metric, Double> metrics = new LinkedHashMap<>();
                    e.getValue().forEach(s -> metrics.put(s.metric(), s.score().value()));
                    String status = e.getValue().getFirst().score().status().name();
                    return new Row(e.getKey().get(0), e.getKey().get(1), metrics, status);
                })
                .toList();
    }

    private static void print(List<Row> rows, PrintWriter out) {
        var table = new TextTable();
        table.add(List.of("case", "class", "Dice", "IoU", "precision", "recall", "status"));
        for (Row row : rows) {
            var cells = new ArrayList<>(List.of(row.caseId, row.label));
            row.metrics.values().forEach(value -> cells.add(value.toString()));
            cells.add(row.status);
            table.add(cells);
        }
        var cells = new ArrayList<>(List.of("all", CaseScore.MEAN));
        means(rows).values().forEach(mean -> cells.add(mean.toString()));
        cells.add("");
        table.add(cells);
        table.lines().forEach(out::println);
    }

    /// The mean over the cases of each metric's mean over the classes.
    private static Map<Metric, Double> means(List<Row> rows) {
        Map<Metric, Double> means = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            means.put(
                    metric,
                    rows.stream()
                            .filter(row -> row.label.equals(CaseScore.MEAN))
                            .mapToDouble(row -> row.metrics.get(metric))
                            .average()
                            .orElse(Double.NaN));
        }
        return means;
    }

    private static String json(List<Row> rows, List<String> unpredicted) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("scores", rows.stream().map(EvaluateCommand::json).toList());
        document.put("mean", named(means(rows)));
        document.put("unpredicted", unpredicted);
        return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }

    private static Map<String, Object> json(Row row) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("case", row.caseId);
        object.put("class", row.label);
        object.putAll(named(row.metrics));
        object.put("status", row.status);
        return object;
    }

    private static Map<String, Optional<Double>> named(Map<Metric, Double> metrics) {
        Map<String, Optional<Double>> named = new LinkedHashMap<>();
        metrics.forEach((metric, value) -> named.put(metric.toString(), JsonNumbers.finite(value)));
        return named;
    }

    private static String some(List<String> ids) {
        String first = String.join(", ", ids.subList(0, Math.min(5, ids.size())));
        return ids.size() > 5 ? "%s and %d more".formatted(first, ids.size() - 5) : first;
    }
}
