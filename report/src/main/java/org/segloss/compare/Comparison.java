package org.segloss.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.segloss.metric.OverlapMetric;
import org.segloss.metric.Score.Status;
import org.segloss.run.Documents;
import org.segloss.run.Outcome;
import org.segloss.score.CaseScore;
import org.segloss.score.ScoreRow;
import org.segloss.stat.Compared;
import org.segloss.stat.Design;
import org.segloss.stat.Quantiles;
import org.segloss.stat.RankingMethod;

/// How the losses did on the test cases, as `comparison.json` holds it. It follows from the scores, how the
/// trainings ended, and the rules: the same bits for the same, whatever the order of the scores.
///
/// @param best the loss with the best mean of the primary metric, the first of them; none if no loss was trained to
///     its end
/// @param losses in the experiment's order
/// @param rules by which they were compared
/// @param design what this comparison could find; none if no loss was trained to its end, or nothing is known of any
///     case
/// @param groups the group of each case of which something is known
/// @param families each metric of each class, the primary one first
/// @param convergence whether longer trainings would have changed it; none where no curve of a training is known
/// @param earlier what the losses had when the trainings had ended before they were extended, the shortest first
/// @param race how it was decided which losses are compared; none where all are
/// @param tuning what was chosen on the validation cases, if anything competed
/// @param decisions what other rules make of the same probabilities; none where the labels are by one rule
public record Comparison(
        Optional<String> best,
        List<Result> losses,
        ComparisonRules rules,
        Optional<Design> design,
        Map<String, String> groups,
        List<MetricFamily> families,
        Optional<Convergence> convergence,
        List<Earlier> earlier,
        Optional<Race> race,
        Optional<Tuning> tuning,
        Optional<Decisions> decisions) {

    private static final String ANEW = "run the comparison again, which writes it anew";

    public Comparison {
        losses = List.copyOf(losses);
        families = List.copyOf(families);
        earlier = List.copyOf(earlier);
    }

    /// The losses after fewer steps.
    ///
    /// @param steps of each training then
    /// @param means of each loss the mean of each metric over the test cases, by the metric's name; as in
    ///     [Summary#mean]
    public record Earlier(int steps, Map<String, Map<String, Double>> means) {

        /// @param rows of `scores.csv` then
        public static Earlier of(int steps, List<String> losses, List<ScoreRow> rows) {
            var means = new LinkedHashMap<String, Map<String, Double>>();
            for (String loss : losses) {
                var own = new TreeMap<String, Double>();
                summaries(loss, rows).forEach((metric, summary) -> own.put(metric, summary.mean()));
                if (!own.isEmpty()) {
                    means.put(loss, own);
                }
            }
            return new Earlier(steps, means);
        }

        /// {@return the mean of a metric}; NaN where it is unknown
        public double mean(String loss, String metric) {
            return means.getOrDefault(loss, Map.of()).getOrDefault(metric, Double.NaN);
        }
    }

    /// {@return this comparison, and what the losses had before their trainings were extended}
    public Comparison beside(List<Earlier> shorter) {
        return new Comparison(
                best, losses, rules, design, groups, families, convergence, shorter, race, tuning, decisions);
    }

    /// {@return this comparison, and what was chosen before it}
    public Comparison tuned(Tuning chosen) {
        return new Comparison(
                best,
                losses,
                rules,
                design,
                groups,
                families,
                convergence,
                earlier,
                race,
                Optional.of(chosen),
                decisions);
    }

    /// What became of one loss. One that diverged, failed or left a race has no part in any comparison.
    ///
    /// @param outcome how its training ended
    /// @param step the last one, or the one at which the loss was no longer finite; 0 where only the scores are
    ///     known
    /// @param metrics each metric's summary of the mean over the classes, of one that left a race over the
    /// trainings
    ///     that it had; empty if the training diverged or failed
    public record Result(String loss, Outcome.Ending outcome, int step, Map<String, Summary> metrics) {

        /// {@return the summary of the Dice, if there is one}
        public Optional<Summary> dice() {
            return Optional.ofNullable(metrics.get(OverlapMetric.DICE.id()));
        }
    }

    /// A metric over the test cases, each the mean over its seeds; of a metric that is best at 0 the mean distance
    /// from it. NaN where it is NaN for one of them; the file has `null` for it.
    ///
    /// @param n of which something is known: where all is ignored a case has no value, and isn't among them
    /// @param sd with n - 1; NaN for a single case
    /// @param notOk how many scores had a status other than OK, by status
    /// @param cases the value of each case
    public record Summary(
            int n, double mean, double sd, double median, Map<Status, Long> notOk, Map<String, Double> cases) {

        static Summary of(List<ScoreRow> rows) {
            Map<String, List<ScoreRow>> byCase = MetricFamily.known(rows).stream()
                    .collect(Collectors.groupingBy(ScoreRow::caseId, TreeMap::new, Collectors.toList()));
            Map<String, Double> cases = new LinkedHashMap<>();
            byCase.forEach((id, own) -> cases.put(
                    id,
                    Quantiles.mean(own.stream()
                            .sorted(Comparator.comparingLong(ScoreRow::seed))
                            .mapToDouble(row -> MetricScale.comparable(row.metric(), row.value()))
                            .toArray())));
            // in one order, since sums of the same numbers in another may differ in their last digit
            double[] sorted =
                    cases.values().stream().mapToDouble(x -> x).sorted().toArray();
            double mean = Quantiles.mean(sorted);
            return new Summary(
                    sorted.length,
                    mean,
                    Quantiles.sd(sorted),
                    Double.isNaN(mean) ? Double.NaN : Quantiles.median(sorted),
                    MetricFamily.notOk(rows),
                    cases);
        }
    }

    /// Compares losses by their rows of `scores.csv`. Where they are by several decisions, the first row has the one on
    /// which the answer rests.
    ///
    /// @param outcomes    how each loss's training ended, in the experiment's order
    /// @param convergence as of the trainings
    /// @throws IllegalArgumentException if a score is missing or stands there twice, a case has two groups, or
    ///     there is no score of the primary metric
    public static Comparison of(
            Map<String, Outcome> outcomes,
            List<ScoreRow> rows,
            ComparisonRules rules,
            Optional<Convergence> convergence) {
        return of(outcomes, rows, rules, convergence, Optional.empty());
    }

    /// As [#of(Map,List,ComparisonRules,Optional)], after a race: losses that left it are not compared, but
    /// p-values are adjusted for their pairs, too.
    public static Comparison of(
            Map<String, Outcome> outcomes,
            List<ScoreRow> rows,
            ComparisonRules rules,
            Optional<Convergence> convergence,
            Optional<Race> race) {
        return of(outcomes, rows, rules, convergence, race, Compared.LOSSES);
    }

    private static Comparison of(
            Map<String, Outcome> outcomes,
            List<ScoreRow> rows,
            ComparisonRules rules,
            Optional<Convergence> convergence,
            Optional<Race> race,
            Compared compared) {
        List<String> done = outcomes.entrySet().stream()
                .filter(e -> e.getValue().status() == Outcome.Ending.DONE)
                .map(Map.Entry::getKey)
                .toList();
        List<ScoreRow> all =
                rows.stream().filter(row -> done.contains(row.loss())).toList();
        // all but the question what the decision changes rests on the first one
        List<ScoreRow> ofFirst = rows.stream()
                .filter(row -> row.decision().equals(rows.getFirst().decision()))
                .toList();
        List<ScoreRow> used =
                ofFirst.stream().filter(row -> done.contains(row.loss())).toList();
        var results = new ArrayList<Result>();
        outcomes.forEach((loss, outcome) -> results.add(new Result(
                loss,
                outcome.status(),
                outcome.step(),
                summaries(loss, outcome.status() == Outcome.Ending.LEFT ? ofFirst : used))));
        int left = (int) results.stream()
                .filter(result -> result.outcome == Outcome.Ending.LEFT)
                .count();
        Map<String, String> groups = groups(MetricFamily.known(used));
        List<MetricFamily> families = families(done, groups, used, rules, compared, left);
        Optional<MetricFamily> primary = families.stream().findFirst();
        return new Comparison(
                primary.flatMap(Comparison::best),
                results,
                rules,
                primary.filter(_ -> !groups.isEmpty())
                        .map(family -> Design.of(
                                units(family, groups), done.size() + left, seeds(used), trainingSets(family))),
                groups,
                families,
                convergence,
                List.of(),
                race,
                Optional.empty(),
                used.size() < all.size()
                        ? Optional.of(Decisions.of(done, groups, all, rules, compared, left))
                        : Optional.empty());
    }

    /// As [#of(List, ComparisonRules, Compared)], of losses.
    public static Comparison of(List<ScoreRow> rows, ComparisonRules rules) {
        return of(rows, rules, Compared.LOSSES);
    }

    /// Compares the losses, or methods, that a table of scores has, in the order of their names.
    ///
    /// @throws IllegalArgumentException if a score is missing or stands there twice, a case has two groups, or
    ///     there is no score of the primary metric
    public static Comparison of(List<ScoreRow> rows, ComparisonRules rules, Compared compared) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("there are no scores to compare");
        }
        var outcomes = new LinkedHashMap<String, Outcome>();
        new TreeSet<>(rows.stream().map(ScoreRow::loss).toList()).forEach(loss -> outcomes.put(loss, Outcome.SCORED));
        return of(outcomes, rows, rules, Optional.empty(), Optional.empty(), compared);
    }

    private static Map<String, Summary> summaries(String loss, List<ScoreRow> rows) {
        Map<String, Summary> metrics = new TreeMap<>();
        rows.stream()
                .filter(row -> row.loss().equals(loss) && row.label().equals(CaseScore.MEAN))
                .collect(Collectors.groupingBy(ScoreRow::metric))
                .forEach((metric, own) -> metrics.put(metric, Summary.of(own)));
        return metrics;
    }

    private static Map<String, String> groups(List<ScoreRow> rows) {
        var groups = new TreeMap<String, String>();
        for (ScoreRow row : rows) {
            String other = groups.put(row.caseId(), row.group());
            if (other != null && !other.equals(row.group())) {
                throw new IllegalArgumentException("case %s is in two groups, %s"
                        .formatted(row.caseId(), String.join(" and ", new TreeSet<>(List.of(other, row.group())))));
            }
        }
        return groups;
    }

    private static List<MetricFamily> families(
            List<String> losses,
            Map<String, String> groups,
            List<ScoreRow> rows,
            ComparisonRules rules,
            Compared compared,
            int left) {
        record Name(String metric, String label) {}
        if (losses.isEmpty()) {
            return List.of();
        }
        Map<Name, List<ScoreRow>> byName =
                rows.stream().collect(Collectors.groupingBy(row -> new Name(row.metric(), row.label())));
        if (!byName.containsKey(new Name(rules.metric(), rules.label()))) {
            throw new IllegalArgumentException("there is no score of the primary metric %s of class %s; there are %s"
                    .formatted(
                            rules.metric(),
                            rules.label(),
                            byName.keySet().stream()
                                    .map(name -> "%s of %s".formatted(name.metric, name.label))
                                    .sorted()
                                    .collect(Collectors.joining(", "))));
        }
        checkMeans(rows);
        return byName.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Name, List<ScoreRow>> e) ->
                                !rules.isPrimary(e.getKey().metric, e.getKey().label))
                        .thenComparing(e -> e.getKey().metric)
                        // the mean, then the classes by number
                        .thenComparing(e -> !e.getKey().label.equals(CaseScore.MEAN))
                        .thenComparing(e -> e.getKey().label.length())
                        .thenComparing(e -> e.getKey().label))
                .map(e -> MetricFamily.of(
                        e.getKey().metric, e.getKey().label, losses, groups, e.getValue(), rules, compared, left))
                .toList();
    }

    /// A mean over classes of values with a sign has lost what is to be compared.
    private static void checkMeans(List<ScoreRow> rows) {
        Map<String, Set<String>> labels = rows.stream()
                .collect(Collectors.groupingBy(
                        ScoreRow::metric, Collectors.mapping(ScoreRow::label, Collectors.toCollection(TreeSet::new))));
        rows.stream()
                .filter(row -> row.label().equals(CaseScore.MEAN)
                        && labels.get(row.metric()).size() > 2)
                .filter(row -> MetricScale.comparable(row.metric(), row.value()) > row.value())
                .findFirst()
                .ifPresent(row -> {
                    throw new IllegalArgumentException(
                            "%s (class mean) of loss %s, case %s is %s, but a mean over classes can't be below 0: a class too large and one too small would cancel. Put the mean of the classes' distances from 0 there, or leave the lines of class mean out"
                                    .formatted(row.metric(), row.loss(), row.caseId(), row.value()));
                });
    }

    private static Optional<String> best(MetricFamily primary) {
        return primary.statistics()
                .flatMap(statistics -> statistics.standings().stream()
                        .filter(s -> s.ranks().get(RankingMethod.MEAN_THEN_RANK) == 1)
                        .findFirst())
                .map(standing -> standing.loss());
    }

    private static int units(MetricFamily primary, Map<String, String> groups) {
        return primary.statistics()
                .map(statistics -> statistics.units())
                .orElseGet(() -> new TreeSet<>(groups.values()).size());
    }

    private static int trainingSets(MetricFamily primary) {
        return primary.statistics().map(statistics -> statistics.trainingSets()).orElse(1);
    }

    private static int seeds(List<ScoreRow> rows) {
        return new TreeSet<>(rows.stream().map(ScoreRow::seed).toList()).size();
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

    /// {@return whether the order of two losses may change with longer training}
    public boolean isOpen(String a, String b) {
        return convergence.filter(known -> known.isOpen(a, b)).isPresent();
    }

    /// Reads `comparison.json`.
    public static Comparison read(Path file) throws IOException {
        return Documents.readJson(file, Comparison.class, ANEW);
    }

    /// {@return what to throw where the values of a `comparison.json` don't belong together}: anything may stand in a
    /// file that somebody changed, and that shows where it is used
    public static IOException inconsistent(Path file, RuntimeException e) {
        return new IOException(Documents.unreadable(file, "its values don't belong together", ANEW), e);
    }

    /// Compares the losses of a run anew, by its `scores.csv`; how the trainings ended is taken from this
    /// comparison.
    ///
    /// @throws IOException if these are no scores of the losses, or `otherRules` ask for scores that aren't there
    public Comparison again(Path scores, ComparisonRules otherRules) throws IOException {
        var outcomes = new LinkedHashMap<String, Outcome>();
        losses.forEach(result -> outcomes.put(result.loss(), new Outcome(result.outcome(), result.step())));
        List<ScoreRow> rows = ScoreRow.readOfRun(scores);
        for (ScoreRow row : rows) {
            Outcome outcome = outcomes.get(row.loss());
            if (outcome == null || !outcome.hasScores()) {
                throw new IOException("%s has scores of %s, which by comparison.json %s; %s"
                        .formatted(scores, row.loss(), outcome == null ? "wasn't compared" : "diverged", ANEW));
            }
        }
        try {
            Comparison again = of(outcomes, rows, otherRules, convergence, race).beside(earlier);
            return tuning.map(again::tuned).orElse(again);
        } catch (IllegalArgumentException e) {
            throw new IOException("%s: %s".formatted(scores, e.getMessage()), e);
        }
    }

    /// Writes `comparison.json`, its numbers with ten significant digits.
    public void write(Path file) throws IOException {
        Documents.writeRoundedJson(file, this);
    }
}
