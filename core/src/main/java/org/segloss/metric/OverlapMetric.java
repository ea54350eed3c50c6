package org.segloss.metric;

import java.util.function.ToDoubleFunction;

/// The metrics that follow from [counts of voxels][Overlap].
public final class OverlapMetric extends StandardMetric {
    public static final Metric DICE = share("dice", WhereEmpty.BEST_OR_WORST, Overlap::dice, "2 TP / (2 TP + FP + FN)");
    public static final Metric IOU = share("iou", WhereEmpty.BEST_OR_WORST, Overlap::iou, "TP / (TP + FP + FN)");
    public static final Metric PRECISION = share("precision", WhereEmpty.FORMULA, Overlap::precision, "TP / (TP + FP)");
    public static final Metric RECALL = share("recall", WhereEmpty.FORMULA, Overlap::recall, "TP / (TP + FN)");
    public static final Metric SPECIFICITY =
            share("specificity", WhereEmpty.FORMULA, Overlap::specificity, "TN / (TN + FP)");
    public static final Metric MCC = correlation("mcc", Overlap::mcc, "Matthews' correlation of the two masks");
    public static final Metric KAPPA = correlation("kappa", Overlap::kappa, "Cohen's kappa of the two masks");
    public static final Metric RVD = new OverlapMetric(
            "rvd",
            Better.NEAR_ZERO,
            WhereEmpty.FORMULA,
            -1,
            Double.POSITIVE_INFINITY,
            Overlap::relativeVolumeDifference,
            "(predicted volume - reference volume) / reference volume");
    public static final Metric VS =
            share("vs", WhereEmpty.BEST_OR_WORST, Overlap::volumetricSimilarity, "1 - |FN - FP| / (2 TP + FP + FN)");

    private final double least;
    private final double most;
    private final ToDoubleFunction<Overlap> formula;

    private OverlapMetric(
            String name,
            Better better,
            WhereEmpty whereEmpty,
            double least,
            double most,
            ToDoubleFunction<Overlap> formula,
            String definition) {
        super(name, better, whereEmpty, definition);
        this.least = least;
        this.most = most;
        this.formula = formula;
    }

    private static Metric share(
            String name, WhereEmpty whereEmpty, ToDoubleFunction<Overlap> formula, String definition) {
        return new OverlapMetric(name, Better.HIGHER, whereEmpty, 0, 1, formula, definition);
    }

    private static Metric correlation(String name, ToDoubleFunction<Overlap> formula, String definition) {
        return new OverlapMetric(name, Better.HIGHER, WhereEmpty.FORMULA, -1, 1, formula, definition);
    }

    @Override
    public double least() {
        return least;
    }

    @Override
    public double most() {
        return most;
    }

    /// A correlation that is undefined is no better than one of 0, which is chance's, and no worse.
    @Override
    public double worst() {
        return better() == Better.HIGHER ? 0 : Double.NaN;
    }

    @Override
    public double value(MaskComparison masks) {
        return formula.applyAsDouble(masks.overlap());
    }
}
