package org.segloss.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.segloss.metric.Metric;
import org.segloss.metric.Score.Status;
import org.segloss.score.ScoreRow;
import org.segloss.stat.Compared;
import org.segloss.stat.Family;
import org.segloss.stat.PairedTable;
import org.segloss.stat.SameLoss;

/// One metric of one class: the losses compared by it.
///
/// @param metric its name
/// @param label the class
/// @param primary whether the answer rests on it
/// @param higherIsBetter whether a higher value is the better one
/// @param margin a difference that doesn't matter; NaN for none
/// @param cases how many cases
/// @param counts of each loss, what its values were
/// @param failures cases on which one loss alone fails; empty if there are no statistics
/// @param note why there are no statistics; empty if there are
/// @param statistics with undefined values replaced as `counts` says
/// @param sameLoss how often a loss would have been called better than itself; of the primary one, with several seeds
/// @param subgroups the losses on parts of the cases; of the primary one
public record MetricFamily(
        String metric,
        String label,
        boolean primary,
        boolean higherIsBetter,
        double margin,
        int cases,
        List<Count> counts,
        List<Failure> failures,
        String note,
        Optional<Family> statistics,
        Optional<SameLoss> sameLoss,
        List<Subgroups> subgroups) {

    /// {@return a sentence for each loss that fails on a case alone}; empty if none does
    public List<String> failureSentences() {
        return Failure.sentences(
                failures, failures.stream().map(Failure::seed).distinct().count() > 1);
    }

    /// {@return what the values are measured in: `mm`, or `1` for a ratio; nothing of another program's metric}
    public Optional<String> unit() {
        return MetricScale.known(metric).map(Metric::unit);
    }

    /// @param values how many there are: cases times seeds
    /// @param notOk how many had a status other than OK, by status
    /// @param penalised how many were undefined or infinite and count as the metric's worst value; where there is
    ///     no such value, there are no statistics
    /// @param perfect how many were undefined because there was nothing to find and nothing was found, and count as
    ///     the best
    public record Count(String loss, int values, Map<Status, Long> notOk, int penalised, int perfect) {}

    /// @param losses those to compare
    /// @param groups of each case of which something is known
    /// @param all    the rows of this metric and class and these losses
    /// @param compared what the losses are called in the note
    /// @param left   how many losses left a race
    static MetricFamily of(
            String metric,
            String label,
            List<String> losses,
            Map<String, String> groups,
            List<ScoreRow> all,
            ComparisonRules rules,
            Compared compared,
            int left) {
        List<ScoreRow> rows = known(all);
        MetricScale scale = MetricScale.of(metric, rules);
        rows.forEach(MetricScale::check);
        boolean primary = rules.isPrimary(metric, label);
        double margin = primary && !Double.isNaN(rules.margin()) ? rules.margin() : scale.margin();
        // all of the table: a case that no loss has a score of is missing, too
        List<String> cases = groups.keySet().stream().sorted().toList();
        List<Long> seeds = rows.stream().map(ScoreRow::seed).distinct().sorted().toList();
        ScoreRow[][][] table = table(metric, label, losses, cases, seeds, rows);
        var fill = Fill.of(scale, rows);
        double[][][] values = Arrays.stream(table)
                .map(ofCase -> Arrays.stream(ofCase)
                        .map(ofLoss ->
                                Arrays.stream(ofLoss).mapToDouble(fill::value).toArray())
                        .toArray(double[][]::new))
                .toArray(double[][][]::new);
        String note = fill.note(rows, compared);
        List<String> groupOf = cases.stream().map(groups::get).toList();
        Optional<PairedTable> paired = note.isEmpty()
                ? Optional.of(PairedTable.of(losses, cases, groupOf, folds(table), values, scale.higherIsBetter()))
                : Optional.empty();
        return new MetricFamily(
                metric,
                label,
                primary,
                scale.higherIsBetter(),
                margin,
                cases.size(),
                losses.stream().map(loss -> count(loss, all)).toList(),
                note.isEmpty() ? Failure.of(losses, cases, seeds, values, scale, margin) : List.of(),
                note,
                paired.map(each -> Family.of(each, rules.of(margin).after(left))),
                paired.filter(_ -> primary).flatMap(each -> SameLoss.of(each, rules.of(margin))),
                primary && note.isEmpty() ? Subgroups.of(rules.columns(), losses, cases, groupOf, values) : List.of());
    }

    /// {@return the rows of cases of which something is known}: the others say nothing of any loss
    ///
    /// @throws IllegalArgumentException if a case has scores of some losses and is ignored in those of others
    static List<ScoreRow> known(List<ScoreRow> rows) {
        List<ScoreRow> known =
                rows.stream().filter(row -> row.status() != Status.ALL_IGNORED).toList();
        if (known.size() < rows.size()) {
            Set<String> scored = known.stream().map(ScoreRow::caseId).collect(Collectors.toSet());
            for (ScoreRow row : rows) {
                if (row.status() == Status.ALL_IGNORED && scored.contains(row.caseId())) {
                    throw new IllegalArgumentException(
                            "case %s is wholly ignored in the scores of loss %s and not in all others; score all with the same --ignore"
                                    .formatted(row.caseId(), row.loss()));
                }
            }
        }
        return known;
    }

    /// {@return the row of each (case, loss, seed)}
    ///
    /// @throws IllegalArgumentException if one of them has two rows, or none
    private static ScoreRow[][][] table(
            String metric,
            String label,
            List<String> losses,
            List<String> cases,
            List<Long> seeds,
            List<ScoreRow> rows) {
        Map<String, Integer> places = HashMap.newHashMap(cases.size());
        cases.forEach(id -> places.put(id, places.size()));
        var table = new ScoreRow[cases.size()][losses.size()][seeds.size()];
        for (ScoreRow row : rows) {
            ScoreRow[] underSeeds = table[places.get(row.caseId())][losses.indexOf(row.loss())];
            int seed = Collections.binarySearch(seeds, row.seed());
            ScoreRow other = underSeeds[seed];
            underSeeds[seed] = row;
            if (other != null) {
                throw new IllegalArgumentException(
                        "there are two scores of %s (class %s), loss %s, case %s, seed %d, of the folds %d and %d; a case is tested once under each seed"
                                .formatted(
                                        row.metric(),
                                        row.label(),
                                        row.loss(),
                                        row.caseId(),
                                        row.seed(),
                                        Math.min(other.fold(), row.fold()),
                                        Math.max(other.fold(), row.fold())));
            }
        }
        checkWhole(metric, label, losses, cases, seeds, table);
        return table;
    }

    /// {@return in which fold each case was tested}; none if it is another one for another loss or seed
    private static Optional<List<Integer>> folds(ScoreRow[][][] table) {
        boolean same = Arrays.stream(table)
                .allMatch(ofCase -> Arrays.stream(ofCase)
                        .flatMap(Arrays::stream)
                        .allMatch(row -> row.fold() == ofCase[0][0].fold()));
        return same
                ? Optional.of(
                        Arrays.stream(table).map(ofCase -> ofCase[0][0].fold()).toList())
                : Optional.empty();
    }

    private static void checkWhole(
            String metric,
            String label,
            List<String> losses,
            List<String> cases,
            List<Long> seeds,
            ScoreRow[][][] table) {
        var missing = new ArrayList<String>();
        for (int j = 0; j < losses.size(); j++) {
            for (int i = 0; i < cases.size(); i++) {
                for (int s = 0; s < seeds.size(); s++) {
                    if (table[i][j][s] == null) {
                        missing.add("loss %s, case %s, seed %d".formatted(losses.get(j), cases.get(i), seeds.get(s)));
                    }
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no %s (class %s) of %s; losses are compared on the same cases and seeds: add the scores (NaN for what is undefined), or take the loss, case or seed out"
                            .formatted(metric, label, some(missing)));
        }
    }

    private static String some(List<String> all) {
        String first = String.join("; ", all.subList(0, Math.min(3, all.size())));
        return all.size() > 3 ? "%s; and %d more".formatted(first, all.size() - 3) : first;
    }

    private static Count count(String loss, List<ScoreRow> all) {
        List<ScoreRow> rows =
                all.stream().filter(row -> row.loss().equals(loss)).toList();
        List<ScoreRow> undefined = rows.stream()
                .filter(row -> !Double.isFinite(row.value()) && row.status() != Status.ALL_IGNORED)
                .toList();
        int perfect = (int) undefined.stream().filter(Fill::isPerfect).count();
        return new Count(loss, rows.size(), notOk(rows), undefined.size() - perfect, perfect);
    }

    static Map<Status, Long> notOk(List<ScoreRow> rows) {
        return rows.stream()
                .map(ScoreRow::status)
                .filter(status -> status != Status.OK)
                .collect(Collectors.groupingBy(status -> status, TreeMap::new, Collectors.counting()));
    }

    /// {@return what a row counts by a metric whose best and worst values are known}
    static double value(MetricScale scale, ScoreRow row) {
        return new Fill(scale, scale.best(), scale.worst()).value(row);
    }

    /// What stands for values that aren't numbers.
    private record Fill(MetricScale scale, double best, double worst) {

        static Fill of(MetricScale scale, List<ScoreRow> rows) {
            Comparator<Double> upwards = Comparator.naturalOrder();
            double best = rows.stream()
                    .map(row -> size(scale, row.value()))
                    .filter(Double::isFinite)
                    .max(scale.higherIsBetter() ? upwards : upwards.reversed())
                    .orElse(Double.NaN);
            return new Fill(scale, Double.isNaN(scale.best()) ? best : scale.best(), scale.worst());
        }

        /// {@return why there are no statistics; empty if there are}
        String note(List<ScoreRow> rows, Compared compared) {
            if (rows.isEmpty()) {
                return "nothing is known of any test case, since all voxels have ignored labels";
            }
            boolean none = rows.stream().noneMatch(row -> Double.isFinite(row.value()));
            if (none && (Double.isNaN(best) || Double.isNaN(worst))) {
                return "undefined for every case";
            }
            // the worst that is there would be a reward: a miss as far off as the farthest that was found
            List<String> without = rows.stream()
                    .filter(row -> Double.isNaN(worst) && !Double.isFinite(row.value()) && !isPerfect(row))
                    .map(row ->
                            "%s %s, case %s, seed %d".formatted(compared.one(), row.loss(), row.caseId(), row.seed()))
                    .sorted()
                    .toList();
            return without.isEmpty()
                    ? ""
                    : "%d of %d values are infinite or undefined (%s), and no number is known to be the worst; distances get one by evaluate --one-empty diag or a number of millimetres"
                            .formatted(without.size(), rows.size(), some(without));
        }

        private static double size(MetricScale scale, double value) {
            return scale.atZero() ? Math.abs(value) : value;
        }

        static boolean isPerfect(ScoreRow row) {
            return row.status() == Status.BOTH_EMPTY && Double.isNaN(row.value());
        }

        double value(ScoreRow row) {
            if (Double.isFinite(row.value())) {
                return size(scale, row.value());
            }
            return isPerfect(row) ? best : worst;
        }
    }
}
