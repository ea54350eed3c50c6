package org.segloss.metric;

import java.util.function.ToDoubleFunction;

/// The metrics of connected parts that have no parameter.
public final class ObjectMetric extends StandardMetric {
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
