package org.segloss.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segloss.compare.Comparison;
import org.segloss.compare.Decisions;
import org.segloss.compare.MetricFamily;
import org.segloss.metric.Score.Status;
import org.segloss.score.CaseScore;
import org.segloss.stat.Family;
import org.segloss.stat.Pair;
import org.segloss.stat.Standing;
import org.segloss.stat.Verdict;

/// Every metric of every class, and what its values rest on.
///
/// @param losses from the best on by the primary metric
/// @param counts the metrics and classes of which not all values are plain numbers
/// @param decisions the primary metric by each decision; none where there is but one
public record MetricTable(List<String> losses, List<Row> rows, List<CountRow> counts, Optional<ByDecision> decisions) {

    /// The primary metric by several decisions.
    ///
    /// @param answer whether the loss still matters, in words; empty where nothing can be said
    /// @param means  of each loss
    /// @param pairs  of losses
    public record ByDecision(
            String metric, List<String> names, String answer, List<DecisionRow> means, List<DecisionRow> pairs) {}

    /// @param losses one, or two beside one another
    public record DecisionRow(List<String> losses, List<DecisionCell> cells) {}

    /// @param style of the verdict, in the style sheet; empty for none
    /// @param title what it says, in words
    public record DecisionCell(String text, String style, String title) {}

    /// @param metric with its unit, where it has one
    /// @param arrow which way is better
    /// @param first whether it begins a metric
    public record Row(String metric, String arrow, String label, boolean first, String note, List<Cell> cells) {}

    /// @param best whether no loss has a better mean
    /// @param near whether the data don't tell it from the best
    public record Cell(String text, boolean best, boolean near) {}

    /// How many of a loss's scores of one metric and class weren't plain numbers, and what they count as.
    public record CountRow(
            String metric,
            String label,
            String loss,
            int values,
            long predictionEmpty,
            long referenceEmpty,
            long bothEmpty,
            long undefined,
            long ignored,
            int worst,
            int perfect) {}

    /// {@return whether there are cases of which nothing is known}
    public boolean anyIgnored() {
        return counts.stream().anyMatch(count -> count.ignored > 0);
    }

    static MetricTable of(Comparison comparison, List<String> losses, List<String> classes) {
        // with one class its scores are those of the mean
        boolean several = comparison.families().stream()
                        .map(MetricFamily::label)
                        .filter(label -> !label.equals(CaseScore.MEAN))
                        .distinct()
                        .count()
                > 1;
        List<MetricFamily> families = comparison.families().stream()
                .filter(f -> several || f.label().equals(CaseScore.MEAN) || f.primary())
                .toList();
        var rows = new ArrayList<Row>();
        String before = "";
        for (MetricFamily family : families) {
            rows.add(row(family, losses, classes, !family.metric().equals(before)));
            before = family.metric();
        }
        List<CountRow> counts = families.stream()
                .flatMap(family -> family.counts().stream()
                        .filter(count -> !count.notOk().isEmpty() || count.penalised() + count.perfect() > 0)
                        .sorted(Comparator.comparingInt(count -> losses.indexOf(count.loss())))
                        .map(count -> count(family, count, classes)))
                .toList();
        return new MetricTable(
                losses, List.copyOf(rows), counts, comparison.decisions().map(found -> byDecision(found, losses)));
    }

    private static ByDecision byDecision(Decisions decisions, List<String> order) {
        List<Integer> rules =
                IntStream.range(0, decisions.names().size()).boxed().toList();
        List<DecisionRow> means = IntStream.range(0, decisions.gains().size())
                .boxed()
                .sorted(Comparator.comparingInt(
                        loss -> order.indexOf(decisions.gains().get(loss).loss())))
                .map(loss -> new DecisionRow(
                        List.of(decisions.gains().get(loss).loss()),
                        rules.stream().map(rule -> mean(decisions, loss, rule)).toList()))
                .toList();
        List<DecisionRow> pairs = IntStream.range(0, decisions.pairs(0).size())
                .mapToObj(pair -> new DecisionRow(
                        List.of(
                                decisions.pairs(0).get(pair).a(),
                                decisions.pairs(0).get(pair).b()),
                        rules.stream()
                                .map(rule -> verdict(decisions, pair, rule))
                                .toList()))
                .toList();
        return new ByDecision(
                Wording.metric(decisions.families().getFirst()), decisions.names(), decisions.sentence(), means, pairs);
    }

    private static DecisionCell mean(Decisions decisions, int loss, int rule) {
        List<Standing> standings = decisions.standings(rule);
        if (standings.isEmpty()) {
            return new DecisionCell("–", "", decisions.families().get(rule).note());
        }
        String mean = Numbers.plain(standings.get(loss).mean());
        return decisions
                .besideFirst(loss, rule)
                .map(gain -> new DecisionCell(
                        "%s %s".formatted(mean, Wording.sign(gain.verdict())),
                        Wording.style(gain.verdict()),
                        "%s beside %s: %s, %s, 95 %% interval %s"
                                .formatted(
                                        decisions.names().get(rule),
                                        decisions.names().getFirst(),
                                        Wording.verdict(gain.verdict()),
                                        Numbers.signed(gain.difference()),
                                        Numbers.range(gain.interval()))))
                .orElse(new DecisionCell(mean, "", ""));
    }

    private static DecisionCell verdict(Decisions decisions, int pair, int rule) {
        if (decisions.pairs(rule).isEmpty()) {
            return new DecisionCell("–", "", decisions.families().get(rule).note());
        }
        Pair own = decisions.pairs(rule).get(pair);
        return new DecisionCell(
                "%s %s".formatted(Wording.sign(own.verdict()), Numbers.signed(own.difference())),
                Wording.style(own.verdict()),
                "%s, 95 %% interval %s, adjusted p %s"
                        .formatted(
                                Wording.verdict(own.verdict()),
                                Numbers.range(own.interval()),
                                Numbers.p(own.adjustedP())));
    }

    private static Row row(MetricFamily family, List<String> losses, List<String> classes, boolean first) {
        String arrow = family.higherIsBetter() ? "↑" : "↓";
        String label = label(family.label(), classes);
        String metric = family.unit()
                .filter(unit -> !unit.equals("1"))
                .map(unit -> "%s, %s".formatted(Wording.metric(family.metric()), unit))
                .orElse(Wording.metric(family.metric()));
        return family.statistics()
                .map(statistics ->
                        new Row(metric, arrow, label, first, "", cells(family.higherIsBetter(), statistics, losses)))
                .orElse(new Row(metric, arrow, label, first, family.note(), List.of()));
    }

    private static List<Cell> cells(boolean higher, Family statistics, List<String> losses) {
        Map<String, Double> means =
                statistics.standings().stream().collect(Collectors.toMap(s -> s.loss(), s -> s.mean()));
        Comparator<String> byMean = Comparator.comparingDouble(means::get);
        Optional<String> best = losses.stream().max(higher ? byMean : byMean.reversed());
        return losses.stream()
                .map(loss -> new Cell(
                        Numbers.plain(means.get(loss)),
                        means.get(loss).equals(means.get(best.orElseThrow())),
                        !loss.equals(best.get()) && !apart(statistics.pairs(), loss, best.get())))
                .toList();
    }

    private static boolean apart(List<Pair> pairs, String loss, String best) {
        return pairs.stream()
                .filter(p -> p.a().equals(loss) && p.b().equals(best) || p.a().equals(best) && p.b().equals(loss))
                .anyMatch(p -> p.verdict() == Verdict.BETTER || p.verdict() == Verdict.WORSE);
    }

    private static CountRow count(MetricFamily family, MetricFamily.Count count, List<String> classes) {
        Map<Status, Long> notOk = count.notOk();
        return new CountRow(
                Wording.metric(family.metric()),
                label(family.label(), classes),
                count.loss(),
                count.values(),
                notOk.getOrDefault(Status.PRED_EMPTY, 0L),
                notOk.getOrDefault(Status.REF_EMPTY, 0L),
                notOk.getOrDefault(Status.BOTH_EMPTY, 0L),
                notOk.getOrDefault(Status.UNDEFINED, 0L) + notOk.getOrDefault(Status.UNREADABLE, 0L),
                notOk.getOrDefault(Status.ALL_IGNORED, 0L),
                count.penalised(),
                count.perfect());
    }

    /// A class by its name, where it is known.
    private static String label(String label, List<String> classes) {
        if (label.equals(CaseScore.MEAN)) {
            return classes.size() == 1 ? "" : "mean";
        }
        return label.matches("\\d{1,3}") && Integer.parseInt(label) >= 1 && Integer.parseInt(label) <= classes.size()
                ? classes.get(Integer.parseInt(label) - 1)
                : label;
    }
}
