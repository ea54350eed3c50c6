package org.segloss.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.compare.Comparison;
import org.segloss.compare.MetricFamily;
import org.segloss.score.ScoreRow;
import org.segloss.stat.Compared;
import org.segloss.stat.Family;
import org.segloss.stat.Pair;
import org.segloss.stat.Standing;

/// The primary metric, drawn.
///
/// @param metric   as it stands in a sentence
/// @param correction whose p-values these are
/// @param retrained what would be another one if the losses were trained anew, as far as that is known; may be empty
/// @param ranks    empty if there is one independent case
/// @param every    which cases have a dot: each, every second, every third ...
/// @param seedDots empty if there is one seed
public record Figures(
        String metric,
        boolean higherIsBetter,
        Forest forest,
        String correction,
        String retrained,
        VerdictMap map,
        String ranks,
        String agreement,
        String omnibus,
        String dots,
        int cases,
        int every,
        String seedDots,
        String seeds) {

    static Figures of(
            Comparison comparison, Compared compared, MetricFamily family, Family statistics, List<ScoreRow> scores) {
        List<Standing> order = statistics.standings().stream()
                .sorted(Comparator.comparingInt(RankPlot::rank))
                .toList();
        List<String> losses = order.stream().map(Standing::loss).toList();
        List<ScoreRow> own = scores.stream()
                .filter(row ->
                        row.metric().equals(family.metric()) && row.label().equals(family.label()))
                .filter(row -> losses.contains(row.loss()))
                .toList();
        List<Long> seeds = new TreeSet<>(own.stream().map(ScoreRow::seed).toList())
                .stream().toList();
        List<String> cases = new TreeSet<>(own.stream().map(ScoreRow::caseId).toList())
                .stream().toList();
        String metric = Wording.metric(family);
        return new Figures(
                metric,
                family.higherIsBetter(),
                Forest.of(rows(comparison, statistics, losses), family.margin()),
                Wording.correction(comparison.rules()),
                retrained(seeds.size(), statistics.trainingSets()),
                VerdictMap.of(comparison, losses, statistics.pairs()),
                // there is nothing to draw other samples from
                statistics.units() > 1 ? new RankPlot(order, compared).svg() : "",
                statistics.units() > 1 ? agreement(statistics.agreement()) : "",
                omnibus(statistics, compared),
                new Dots(metric + " of each case", dots(losses, cases, own, ScoreRow::caseId), cases).svg(),
                cases.size(),
                Dots.every(cases.size()),
                seeds.size() < 2
                        ? ""
                        : new Dots(
                                        "Mean %s with each seed".formatted(metric),
                                        dots(losses, names(seeds), own, row -> "seed " + row.seed()),
                                        names(seeds))
                                .svg(),
                seeds(statistics, seeds.size(), compared));
    }

    /// All pairs, the loss that ranks higher first; those of the first loss first.
    private static List<Forest.Row> rows(Comparison comparison, Family statistics, List<String> losses) {
        var rows = new ArrayList<Forest.Row>();
        for (Pair pair : statistics.pairs()) {
            boolean turn = losses.indexOf(pair.a()) > losses.indexOf(pair.b());
            rows.add(
                    turn
                            ? new Forest.Row(
                                    pair.b(),
                                    pair.a(),
                                    -pair.difference(),
                                    Answer.turned(pair.interval()),
                                    Answer.turned(pair.retrained()),
                                    pair.adjustedP(),
                                    pair.posterior().turned(),
                                    Wording.turned(pair.verdict()),
                                    comparison.isOpen(pair.a(), pair.b()))
                            : new Forest.Row(
                                    pair.a(),
                                    pair.b(),
                                    pair.difference(),
                                    pair.interval(),
                                    pair.retrained(),
                                    pair.adjustedP(),
                                    pair.posterior(),
                                    pair.verdict(),
                                    comparison.isOpen(pair.a(), pair.b())));
        }
        rows.sort(Comparator.comparingInt((Forest.Row row) -> losses.indexOf(row.a()))
                .thenComparingInt(row -> losses.indexOf(row.b())));
        return rows;
    }

    private static String retrained(int seeds, int trainingSets) {
        return Stream.of(seeds > 1 ? "seeds" : "", trainingSets > 1 ? "training sets" : "")
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" or "));
    }

    private static List<String> names(List<Long> seeds) {
        return seeds.stream().map(seed -> "seed " + seed).toList();
    }

    /// The mean over all scores of a loss with the same name.
    private static List<Dots.Row> dots(
            List<String> losses, List<String> names, List<ScoreRow> scores, Function<ScoreRow, String> name) {
        Map<String, Integer> places = HashMap.newHashMap(names.size());
        names.forEach(n -> places.put(n, places.size()));
        Map<String, DoubleSummaryStatistics[]> means = HashMap.newHashMap(losses.size());
        losses.forEach(loss -> means.put(
                loss,
                Stream.generate(DoubleSummaryStatistics::new)
                        .limit(names.size())
                        .toArray(DoubleSummaryStatistics[]::new)));
        scores.forEach(row -> means.get(row.loss())[places.get(name.apply(row))].accept(row.value()));
        return losses.stream()
                .map(loss -> new Dots.Row(
                        loss,
                        Arrays.stream(means.get(loss))
                                .mapToDouble(mean -> mean.getCount() == 0 ? Double.NaN : mean.getAverage())
                                .toArray()))
                .toList();
    }

    private static String agreement(Family.Agreement agreement) {
        return Double.isNaN(agreement.median())
                ? ""
                : "The order agrees with that of bootstrap samples with a Kendall's τ of %s in the middle, %s to %s in half of them."
                        .formatted(
                                Numbers.plain(agreement.median()),
                                Numbers.plain(agreement.lower()),
                                Numbers.plain(agreement.upper()));
    }

    private static String omnibus(Family statistics, Compared compared) {
        return statistics
                .omnibus()
                .map(f -> "Whether any %s differs: Friedman's test with Iman and Davenport's F, p %s."
                        .formatted(compared.one(), Numbers.p(f.p())))
                .orElse("");
    }

    private static String seeds(Family statistics, int seeds, Compared compared) {
        if (seeds < 2 || statistics.seeds().freedom() == 0) {
            return compared == Compared.METHODS
                    ? "Each method is here with one seed: how much another one would change is unknown, and the intervals do not hold it. --seeds says which methods are seeds of one."
                    : "Trained with one seed: how much another one would change is unknown, and the intervals do not hold it.";
        }
        return "The %s' means differ by an SD of %s, and one %s's means by %s from seed to seed: a ratio of %s. %s"
                .formatted(
                        compared.many(),
                        Numbers.plain(statistics.seeds().between()),
                        compared.one(),
                        Numbers.plain(statistics.seeds().within()),
                        Numbers.plain(statistics.seeds().ratio()),
                        statistics.seeds().ratio() >= 3
                                ? "Other seeds would hardly change the order."
                                : "Other seeds may well change the order.");
    }
}
