package org.segloss.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segloss.score.ScoreRow;
import org.segloss.stat.Compared;
import org.segloss.stat.Family;
import org.segloss.stat.Interval;
import org.segloss.stat.Pair;
import org.segloss.stat.Standing;
import org.segloss.stat.Verdict;

/// Whether the loss still matters when the labels are made of its probabilities by a better rule: the primary metric of
/// each loss by each rule.
///
/// @param names    of the rules; the answer of the comparison rests on the first
/// @param families of each rule, in which the losses are compared
/// @param gains    of each loss, in which the other rules are compared with the first
public record Decisions(List<String> names, List<MetricFamily> families, List<Gain> gains) {

    public Decisions {
        names = List.copyOf(names);
        families = List.copyOf(families);
        gains = List.copyOf(gains);
    }

    /// What the rules make of one loss.
    ///
    /// @param family in which the rules stand for losses
    public record Gain(String loss, MetricFamily family) {}

    /// @param losses those to compare
    /// @param groups of each case of which something is known
    /// @param rows   of these losses by all rules, that of the first rule first
    /// @param left   how many losses left a race, and are not among them
    static Decisions of(
            List<String> losses,
            Map<String, String> groups,
            List<ScoreRow> rows,
            ComparisonRules rules,
            Compared compared,
            int left) {
        List<ScoreRow> primary = rows.stream()
                .filter(row -> rules.isPrimary(row.metric(), row.label()))
                .toList();
        List<String> names = rows.stream().map(ScoreRow::decision).distinct().toList();
        var families = new ArrayList<MetricFamily>();
        for (String name : names) {
            List<ScoreRow> own =
                    primary.stream().filter(row -> row.decision().equals(name)).toList();
            families.add(MetricFamily.of(rules.metric(), rules.label(), losses, groups, own, rules, compared, left));
        }
        ComparisonRules besideFirst = rules.beside(names.getFirst());
        var gains = new ArrayList<Gain>();
        for (String loss : losses) {
            List<ScoreRow> own = primary.stream()
                    .filter(row -> row.loss().equals(loss))
                    .map(row -> row.of(row.decision()))
                    .toList();
            gains.add(new Gain(
                    loss,
                    MetricFamily.of(rules.metric(), rules.label(), names, groups, own, besideFirst, compared, 0)));
        }
        return new Decisions(names, families, gains);
    }

    /// {@return what the losses reach by a rule, in their order; nothing where there are no statistics}
    public List<Standing> standings(int rule) {
        return families.get(rule).statistics().map(Family::standings).orElse(List.of());
    }

    /// {@return the pairs of losses by a rule}
    public List<Pair> pairs(int rule) {
        return families.get(rule).statistics().map(Family::pairs).orElse(List.of());
    }

    /// What a rule changes beside the first.
    ///
    /// @param difference the rule's mean less the first one's
    /// @param verdict    on the rule
    public record Beside(double difference, Interval interval, Verdict verdict) {}

    /// {@return what another rule than the first changes for a loss, if there are statistics}
    public Optional<Beside> besideFirst(int loss, int rule) {
        Optional<Family> statistics = gains.get(loss).family().statistics();
        if (rule == 0 || statistics.isEmpty()) {
            return Optional.empty();
        }
        Pair pair = statistics.get().pairs().get(rule - 1);
        if (pair.a().equals(names.get(rule))) {
            return Optional.of(new Beside(pair.difference(), pair.interval(), pair.verdict()));
        }
        Verdict verdict =
                switch (pair.verdict()) {
                    case BETTER -> Verdict.WORSE;
                    case WORSE -> Verdict.BETTER;
                    default -> pair.verdict();
                };
        return Optional.of(new Beside(
                -pair.difference(),
                new Interval(-pair.interval().high(), -pair.interval().low()),
                verdict));
    }

    /// {@return the answer in words; empty where there is none}
    public String sentence() {
        boolean whole = families.stream().allMatch(family -> family.statistics().isPresent());
        if (!whole || names.size() < 2 || pairs(0).isEmpty()) {
            return "";
        }
        Comparator<Integer> byMean = Comparator.comparingDouble(this::mean);
        Comparator<Integer> good = families.getFirst().higherIsBetter() ? byMean : byMean.reversed();
        int best = 0;
        for (int rule = 1; rule < names.size(); rule++) {
            best = good.compare(rule, best) > 0 ? rule : best;
        }
        String means = IntStream.range(0, names.size())
                .boxed()
                .sorted(good.reversed())
                .map(rule -> "%s %s".formatted(names.get(rule), number(mean(rule))))
                .collect(Collectors.joining(", "));
        return "Does the loss still matter when the decision is good? %s The best decision is %s (means over the losses: %s)."
                .formatted(best == 0 ? ofFirst() : ofOther(best), names.get(best), means);
    }

    private String ofFirst() {
        return differing(0) == 0
                ? "No pair of losses is told apart by %s, and no other decision does better."
                        .formatted(names.getFirst())
                : "Yes: no other decision does better than %s, by which %s, and their means lie %s apart."
                        .formatted(names.getFirst(), differ(0), number(spread(0)));
    }

    private String ofOther(int best) {
        String first =
                "%s by %s".formatted(differing(0) == 0 ? "none" : String.valueOf(differing(0)), names.getFirst());
        String apart = "their means lie %s apart instead of %s".formatted(number(spread(best)), number(spread(0)));
        if (differing(best) == 0) {
            return differing(0) == 0
                    ? "No pair of losses is told apart by %s, nor by %s; %s."
                            .formatted(names.getFirst(), names.get(best), apart)
                    : "Hardly: by %s no pair of losses is told apart (%s); %s."
                            .formatted(names.get(best), first, apart);
        }
        return "Yes: by %s %s (%s); %s.".formatted(names.get(best), differ(best), first, apart);
    }

    private String differ(int rule) {
        return "%d of %d pairs of losses %s"
                .formatted(
                        differing(rule), pairs(rule).size(), differing(rule) == 1 ? "is told apart" : "are told apart");
    }

    private long differing(int rule) {
        return pairs(rule).stream()
                .filter(pair -> pair.verdict() == Verdict.BETTER || pair.verdict() == Verdict.WORSE)
                .count();
    }

    private double mean(int rule) {
        return standings(rule).stream().mapToDouble(Standing::mean).average().orElse(Double.NaN);
    }

    private double spread(int rule) {
        var means = standings(rule).stream().mapToDouble(Standing::mean).summaryStatistics();
        return means.getMax() - means.getMin();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%.1f", value);
    }
}
