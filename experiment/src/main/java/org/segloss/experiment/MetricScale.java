package org.segloss.experiment;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.segloss.metric.Metric;

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
    private static final MetricScale SHARE = new MetricScale(true, 1, 0, POINT, false);
    private static final MetricScale DISTANCE = new MetricScale(false, 0, Double.NaN, Double.NaN, false);

    /// Of a metric that isn't known higher is better, unless it is among `lowerIsBetter`.
    static MetricScale of(String metric, List<String> lowerIsBetter) {
        if (lowerIsBetter.contains(metric)) {
            return new MetricScale(false, Double.NaN, Double.NaN, Double.NaN, false);
        }
        return known(metric)
                .map(MetricScale::of)
                .orElse(new MetricScale(true, Double.NaN, Double.NaN, Double.NaN, false));
    }

    private static MetricScale of(Metric metric) {
        if (metric.isBestAtZero()) {
            return new MetricScale(false, 0, Double.NaN, Double.NaN, true);
        }
        return metric.higherIsBetter() ? SHARE : DISTANCE;
    }

    /// {@return what of a value is averaged and compared}
    static double comparable(String metric, double value) {
        return known(metric).map(m -> m.comparable(value)).orElse(value);
    }

    private static Optional<Metric> known(String metric) {
        try {
            return Optional.of(Metric.parse(metric.toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException _) {
            // another program's
            return Optional.empty();
        }
    }
}
