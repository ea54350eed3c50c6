package org.segloss.experiment;

import java.util.List;
import java.util.Set;

/// How a metric's numbers are read in a comparison.
///
/// @param higherIsBetter whether a higher value is the better one
/// @param best what a case counts of which neither mask has a voxel, where the metric itself is undefined; NaN if
///     no value is known to be the best
/// @param worst what any other undefined value counts; NaN if no value is known to be the worst
/// @param margin a difference that wouldn't matter; NaN if nobody can say
/// @param magnitude whether the sign only says in which direction the value is bad
record MetricScale(boolean higherIsBetter, double best, double worst, double margin, boolean magnitude) {
    private static final double POINT = 0.01;
    private static final MetricScale SHARE = new MetricScale(true, 1, 0, POINT, false);
    private static final MetricScale DISTANCE = new MetricScale(false, 0, Double.NaN, Double.NaN, false);
    private static final Set<String> SHARES = Set.of(
            "dice",
            "iou",
            "precision",
            "recall",
            "specificity",
            "mcc",
            "kappa",
            "vs",
            "nsd",
            "nsd_surfel",
            "biou",
            "cldice",
            "lesion_f1",
            "pq");
    private static final Set<String> LOWER =
            Set.of("hd", "hd95", "hd95_pooled", "hd95_surfel", "assd", "masd", "ece", "brier", "nll");

    /// Of a metric that isn't known higher is better, unless it is among `lowerIsBetter`. What follows an `@` is a
    /// parameter.
    static MetricScale of(String metric, List<String> lowerIsBetter) {
        String name = metric.replaceFirst("@.*", "");
        if (lowerIsBetter.contains(metric)) {
            return new MetricScale(false, Double.NaN, Double.NaN, Double.NaN, false);
        }
        if (SHARES.contains(name)) {
            return SHARE;
        }
        if (LOWER.contains(name)) {
            return DISTANCE;
        }
        return name.equals("rvd")
                ? new MetricScale(false, 0, Double.NaN, Double.NaN, true)
                : new MetricScale(true, Double.NaN, Double.NaN, Double.NaN, false);
    }
}
