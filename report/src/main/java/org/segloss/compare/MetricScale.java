package org.segloss.compare;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.segloss.metric.Metric;
import org.segloss.metric.MetricCatalog;
import org.segloss.score.ScoreRow;

/// How a metric's numbers are read in a comparison.
///
/// @param higherIsBetter whether a higher value is the better one
/// @param best what a case counts of which neither mask has a voxel, where the metric itself is undefined; NaN if
///     no value is known to be the best
/// @param worst what any other undefined value counts; NaN if no value is known to be the worst
/// @param margin a difference that wouldn't matter; NaN if nobody can say
/// @param atZero whether 0 is best and the sign only says on which side a value is bad: distances from 0 are compared
record MetricScale(boolean higherIsBetter, double best, double worst, double margin, boolean atZero) {
    private static final double POINT = 0.01;
    /// A sum of shares may be above 1 by so much.
    private static final double ROUNDING = 1e-9;

    /// @throws IllegalArgumentException if nobody says which way is better, or the rules contradict what is known
    static MetricScale of(String metric, ComparisonRules rules) {
        boolean lower = rules.lowerIsBetter().contains(metric);
        boolean higher = rules.higherIsBetter().contains(metric);
        Optional<Metric> known = known(metric);
        if (known.isEmpty() && !lower && !higher) {
            throw new IllegalArgumentException(
                    "whether more of %1$s is better or less is unknown: give --higher-is-better %1$s or --lower-is-better %1$s, or leave its lines out"
                            .formatted(metric));
        }
        if (known.isPresent() && (known.get().higherIsBetter() ? lower : higher)) {
            throw new IllegalArgumentException("of %s %s is better; give another metric another name"
                    .formatted(metric, known.get().higherIsBetter() ? "more" : "less"));
        }
        return known.map(MetricScale::of).orElse(new MetricScale(higher, Double.NaN, Double.NaN, Double.NaN, false));
    }

    /// @throws IllegalArgumentException if a value can't be one of the metric's
    static void check(ScoreRow row) {
        known(row.metric())
                .filter(metric -> row.value() < metric.least() - ROUNDING || row.value() > metric.most() + ROUNDING)
                .filter(_ -> Double.isFinite(row.value()))
                .ifPresent(metric -> {
                    throw new IllegalArgumentException("%s is %s, but is %s for loss %s, case %s, class %s, seed %d%s"
                            .formatted(
                                    row.metric(),
                                    range(metric),
                                    row.value(),
                                    row.loss(),
                                    row.caseId(),
                                    row.label(),
                                    row.seed(),
                                    row.value() > 2 && row.value() <= 100 ? "; divide percent by 100" : ""));
                });
    }

    private static String range(Metric metric) {
        return Double.isInfinite(metric.most())
                ? "at least %.0f".formatted(metric.least())
                : "between %.0f and %.0f".formatted(metric.least(), metric.most());
    }

    private static MetricScale of(Metric metric) {
        boolean share = metric.higherIsBetter() && metric.unit().equals("1");
        return new MetricScale(
                metric.higherIsBetter(),
                finite(metric.best()),
                finite(metric.worst()),
                share ? POINT : Double.NaN,
                metric.isBestAtZero());
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : Double.NaN;
    }

    /// {@return what of a value is averaged and compared}
    static double comparable(String metric, double value) {
        return known(metric).map(m -> m.comparable(value)).orElse(value);
    }

    /// {@return the metric of that name; other programs may write it in capitals}
    ///
    /// @throws IllegalArgumentException if there is none, and a metric on the class path can't be used
    static Optional<Metric> known(String metric) {
        for (String id : List.of(metric, metric.toLowerCase(Locale.ROOT))) {
            try {
                return Optional.of(Metric.parse(id));
            } catch (IllegalArgumentException _) {
                // it is another program's, or what should know it can't be used
                MetricCatalog.problem().ifPresent(problem -> {
                    throw new IllegalArgumentException(problem);
                });
            }
        }
        return Optional.empty();
    }
}
