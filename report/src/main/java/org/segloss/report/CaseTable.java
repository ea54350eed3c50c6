package org.segloss.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.segloss.score.ScoreRow;

/// The primary metric of every case, the case first that is segmented worst on average.
///
/// @param rows at least one value is not NaN
/// @param left how many cases that are segmented better are left out
public record CaseTable(List<String> losses, List<Row> rows, int left) {

    /// @param mean over the losses
    public record Row(String id, String mean, List<Cell> cells) {}

    /// @param share of the way from the worst to the best value in the table, 0 to 1, for the shade
    /// @param best  whether no loss does better on this case
    public record Cell(String text, double share, boolean best) {
        public String style() {
            return String.format(Locale.ROOT, "--share:%.3f", share);
        }
    }

    /// @param scores of one metric and class; a value is the mean over its seeds
    /// @param most so many cases
    static CaseTable of(List<ScoreRow> scores, List<String> losses, boolean higherIsBetter, int most) {
        double sign = higherIsBetter ? 1 : -1;
        Map<String, double[]> values = values(scores, losses);
        double[] finite = values.values().stream()
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .map(x -> sign * x)
                .sorted()
                .toArray();
        double worst = finite.length == 0 ? 0 : finite[0];
        double width = finite.length == 0 ? 0 : finite[finite.length - 1] - worst;
        var rows = new ArrayList<Row>();
        List<String> ids = worstFirst(values, sign);
        for (String id : ids.subList(0, Math.min(most, ids.size()))) {
            double[] own = values.get(id);
            double best = Arrays.stream(own)
                    .map(x -> sign * x)
                    .filter(x -> !Double.isNaN(x))
                    .max()
                    .orElse(Double.NaN);
            var cells = new ArrayList<Cell>();
            for (double value : own) {
                double share = width > 0 ? Math.clamp((sign * value - worst) / width, 0, 1) : 0;
                cells.add(new Cell(
                        Numbers.plain(value), Double.isNaN(share) ? 0 : share, own.length > 1 && sign * value == best));
            }
            rows.add(new Row(id, Numbers.plain(mean(own)), cells));
        }
        return new CaseTable(losses, rows, ids.size() - rows.size());
    }

    private static Map<String, double[]> values(List<ScoreRow> scores, List<String> losses) {
        Map<String, double[]> sums = new TreeMap<>();
        Map<String, int[]> counts = new TreeMap<>();
        for (ScoreRow row : scores) {
            int loss = losses.indexOf(row.loss());
            if (loss >= 0) {
                sums.computeIfAbsent(row.caseId(), _ -> new double[losses.size()])[loss] += row.value();
                counts.computeIfAbsent(row.caseId(), _ -> new int[losses.size()])[loss]++;
            }
        }
        sums.forEach((id, sum) -> {
            for (int i = 0; i < sum.length; i++) {
                sum[i] /= counts.get(id)[i];
            }
        });
        return sums;
    }

    private static List<String> worstFirst(Map<String, double[]> values, double sign) {
        return values.keySet().stream()
                .sorted(Comparator.comparingDouble((String id) -> {
                            double mean = sign * mean(values.get(id));
                            // what is undefined is nothing to be proud of
                            return Double.isNaN(mean) ? Double.NEGATIVE_INFINITY : mean;
                        })
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    List<String> cases() {
        return rows.stream().map(Row::id).toList();
    }

    /// {@return the value of a case under a loss, as it stands in the table}
    String value(String id, String loss) {
        return rows.stream()
                .filter(row -> row.id.equals(id))
                .map(row -> row.cells.get(losses.indexOf(loss)).text)
                .findFirst()
                .orElse("–");
    }
}
