package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.segloss.fit.Trainer;
import org.segloss.metric.Metric;
import org.segloss.metric.Score.Status;

/// How the losses did on the test cases, as `comparison.json` holds it. Each number is about the mean over the classes
/// of a case.
///
/// @param best   the loss with the highest mean Dice, the first of them; none if no loss was trained to its end
/// @param losses in the experiment's order
public record Comparison(Optional<String> best, List<Result> losses) {

    /// What became of one loss.
    ///
    /// @param outcome how its training ended
    /// @param step    the last one, or the one at which the loss was no longer finite
    /// @param metrics each metric's summary, by the metric's id; empty if the training diverged
    public record Result(String loss, Trainer.Status outcome, int step, Map<String, Summary> metrics) {

        /// {@return the summary of the Dice, if there is one}
        public Optional<Summary> dice() {
            return Optional.ofNullable(metrics.get(Metric.DICE.id()));
        }
    }

    /// A metric over the test cases. NaN where it is NaN for one of them; the file has `null` for it.
    ///
    /// @param sd    with n - 1; NaN for a single case
    /// @param notOk how many cases had a status other than OK, by status
    /// @param cases the value of each case
    public record Summary(
            int n, double mean, double sd, double median, Map<Status, Long> notOk, Map<String, Double> cases) {

        static Summary of(List<CaseScore> scores) {
            Map<String, Double> cases = new LinkedHashMap<>();
            scores.forEach(s -> cases.put(s.id(), s.score().value()));
            double[] sorted =
                    scores.stream().mapToDouble(s -> s.score().value()).sorted().toArray();
            int n = sorted.length;
            double mean = mean(sorted);
            double squares = 0;
            for (double value : sorted) {
                squares += (value - mean) * (value - mean);
            }
            double sd = n > 1 ? Math.sqrt(squares / (n - 1)) : Double.NaN;
            double median = n == 0 || Double.isNaN(mean) ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
            Map<Status, Long> notOk = scores.stream()
                    .map(s -> s.score().status())
                    .filter(status -> status != Status.OK)
                    .collect(Collectors.groupingBy(status -> status, TreeMap::new, Collectors.counting()));
            return new Summary(n, mean, sd, median, notOk, cases);
        }

        private static double mean(double[] values) {
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            return sum / values.length;
        }
    }

    /// Compares losses by their rows of `scores.csv`.
    ///
    /// @param outcomes how each loss's training ended, in the experiment's order
    static Comparison of(Map<String, Stages.Outcome> outcomes, List<ScoreRow> rows) {
        var results = new ArrayList<Result>();
        outcomes.forEach((loss, outcome) -> {
            Map<String, Summary> metrics = new LinkedHashMap<>();
            if (outcome.status() == Trainer.Status.DONE) {
                for (Metric metric : CaseScore.SCORER.metrics()) {
                    metrics.put(metric.id(), Summary.of(means(rows, loss, metric)));
                }
            }
            results.add(new Result(loss, outcome.status(), outcome.step(), metrics));
        });
        Optional<String> best = results.stream()
                .filter(r -> r.dice().filter(dice -> !Double.isNaN(dice.mean())).isPresent())
                // reduce keeps the first of equals
                .reduce((a, b) -> dice(b) > dice(a) ? b : a)
                .map(Result::loss);
        return new Comparison(best, results);
    }

    private static double dice(Result result) {
        return result.dice().orElseThrow().mean();
    }

    private static List<CaseScore> means(List<ScoreRow> rows, String loss, Metric metric) {
        return rows.stream()
                .filter(row -> row.loss().equals(loss))
                .map(ScoreRow::score)
                .filter(s -> s.metric().equals(metric) && s.label().equals(CaseScore.MEAN))
                .sorted(Comparator.comparing(CaseScore::id))
                .toList();
    }

    /// {@return the test cases, in order}
    public List<String> cases() {
        return losses.stream()
                .flatMap(result -> result.dice().stream())
                .flatMap(dice -> dice.cases().keySet().stream())
                .distinct()
                .toList();
    }

    /// {@return the test cases without the beginning that all share, up to a sign: `014` for `hippocampus_014`}
    public List<String> shortCases() {
        List<String> ids = cases();
        if (ids.size() < 2) {
            return ids;
        }
        String shared = ids.getFirst();
        for (String id : ids) {
            int same = 0;
            while (same < Math.min(shared.length(), id.length()) && shared.charAt(same) == id.charAt(same)) {
                same++;
            }
            shared = shared.substring(0, same);
        }
        int start = shared.length();
        while (start > 0 && Character.isLetterOrDigit(shared.charAt(start - 1))) {
            start--;
        }
        int cut = start;
        return ids.stream().map(id -> id.substring(cut)).toList();
    }

    /// Reads `comparison.json`.
    public static Comparison read(Path file) throws IOException {
        return Documents.readJson(file, Comparison.class);
    }

    void write(Path file) throws IOException {
        Documents.writeJson(file, this);
    }
}
