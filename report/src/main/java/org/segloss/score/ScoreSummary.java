package org.segloss.score;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.segloss.file.Json;
import org.segloss.metric.Mean;
import org.segloss.metric.Metric;
import org.segloss.metric.Score;
import org.segloss.metric.Scorer;

/// What files were scored to, to be read: a row for each class of a case, and the mean over the cases of each metric's
/// mean over the classes.
///
/// @param request how they were scored
/// @param found   the scores
public record ScoreSummary(ScoringRequest request, FileScores found) {

    /// A class of a case with all its metrics.
    private record Row(String caseId, String label, Map<Metric, Score> metrics) {

        private Map<Metric, Score.Status> statuses() {
            Map<Metric, Score.Status> statuses = new LinkedHashMap<>();
            metrics.forEach((metric, score) -> statuses.put(metric, score.status()));
            return statuses;
        }

        private Map<String, Object> document() {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("case", caseId);
            document.put("class", label);
            document.putAll(named(metrics, score -> number(score.value())));
            document.put("status", named(statuses(), Score.Status::name));
            return document;
        }
    }

    private List<Row> rows() {
        Map<List<String>, List<CaseScore>> byRow = found.scores().stream()
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

    private Map<Metric, Mean> means(List<Row> rows) {
        Map<Metric, Mean> means = new LinkedHashMap<>();
        for (Metric metric : scorer().metrics()) {
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

    /// {@return how many scores of cases' classes have each status}
    private static Map<Score.Status, Long> statuses(List<Row> rows) {
        return rows.stream()
                .filter(row -> !row.label.equals(CaseScore.MEAN))
                .flatMap(row -> row.metrics.values().stream())
                .collect(Collectors.groupingBy(Score::status, TreeMap::new, Collectors.counting()));
    }

    private Scorer scorer() {
        return request.scorer();
    }

    // ---------------------------------------------------------------- for people

    /// {@return the cells of a table with all digits}: its head, the rows, and the means
    public List<List<String>> table() {
        List<Row> rows = rows();
        List<List<String>> table = new ArrayList<>();
        var head = new ArrayList<>(List.of("case", "class"));
        scorer().metrics()
                .forEach(metric -> head.add(
                        metric.unit().equals("1") ? metric.id() : "%s, %s".formatted(metric.id(), metric.unit())));
        head.add("status");
        boolean ignored = !found.ignored().labels().isEmpty();
        if (ignored) {
            head.add("ignored voxels");
        }
        table.add(head);
        for (Row row : rows) {
            var cells = new ArrayList<>(List.of(row.caseId, row.label));
            row.metrics.values().forEach(score -> cells.add(Double.toString(score.value())));
            cells.add(grouped(row.statuses()));
            if (ignored) {
                cells.add(found.ignored().cases().get(row.caseId).text());
            }
            table.add(cells);
        }
        var cells = new ArrayList<>(List.of("all", CaseScore.MEAN));
        means(rows).values().forEach(mean -> cells.add(Double.toString(mean.value())));
        cells.add("");
        if (ignored) {
            cells.add("");
        }
        table.add(cells);
        return table;
    }

    /// {@return what the means rest on, and which scores are not of two masks with voxels}, in sentences
    public List<String> notes() {
        List<Row> rows = rows();
        Map<Metric, String> counts = new LinkedHashMap<>();
        means(rows).forEach((metric, mean) -> counts.put(metric, mean.counts()));
        var notes = new ArrayList<>(List.of("Cases in the mean: " + grouped(counts)));
        if (!found.ignored().labels().isEmpty()) {
            notes.add(found.ignored().note());
        }
        Map<Score.Status, Long> statuses = statuses(rows);
        if (!statuses.keySet().equals(Set.of(Score.Status.OK))) {
            notes.add("Scores of classes by status: %s; scored with %s".formatted(statuses, scorer().policy()));
        }
        return notes;
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

    // ---------------------------------------------------------------- for programs

    /// {@return the same as a tree for JSON}, in an order that doesn't change from run to run; an undefined number is
    /// absent, and its status says why
    public Map<String, Object> document() {
        List<Row> rows = rows();
        Map<Metric, Mean> means = means(rows);
        Map<String, String> policy = new LinkedHashMap<>();
        policy.put("both-empty", scorer().policy().bothEmptyText());
        policy.put("one-empty", scorer().policy().oneEmptyText());
        policy.put("missing", request.missing().toString());
        policy.put("same-grid", String.valueOf(request.pairs() == ScoringRequest.VoxelPairs.BY_INDEX));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("policy", policy);
        document.put(
                "metrics",
                scorer().metrics().stream().map(ScoreSummary::document).toList());
        document.put("scores", rows.stream().map(Row::document).toList());
        document.put("mean", named(means, mean -> number(mean.value())));
        document.put("cases", named(means, ScoreSummary::counts));
        document.put("statuses", statuses(rows));
        document.put("unpredicted", found.unpredicted());
        if (!found.ignored().labels().isEmpty()) {
            document.put("ignored", found.ignored().document());
        }
        return document;
    }

    private static Map<String, Object> document(Metric metric) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", metric.id());
        document.put("unit", metric.unit());
        document.put("higher-is-better", metric.higherIsBetter());
        document.put("definition", metric.definition());
        return document;
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
        return Double.isInfinite(value) ? "Infinity" : Json.finite(value);
    }
}
