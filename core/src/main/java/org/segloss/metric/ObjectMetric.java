package org.segloss.metric;

import java.util.function.ToDoubleFunction;

/// The metrics that count connected parts.
public final class ObjectMetric extends StandardMetric {
    public static final Metric LESION_F1 =
            new ObjectMetric("lesion_f1", ObjectMatching::f1, "F1 of connected parts that overlap the other mask");
    public static final Metric PQ = new ObjectMetric(
            "pq", ObjectMatching::panopticQuality, "panoptic quality of connected parts that match with IoU > 1/2");

    private final ToDoubleFunction<ObjectMatching> formula;

    private ObjectMetric(String name, ToDoubleFunction<ObjectMatching> formula, String definition) {
        super(name, Better.HIGHER, WhereEmpty.BEST_OR_WORST, definition);
        this.formula = formula;
    }

    @Override
    public double value(MaskComparison masks) {
        return formula.applyAsDouble(masks.objects());
    }
}
