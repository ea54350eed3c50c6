package org.segloss.metric;

import java.util.function.ToDoubleBiFunction;

/// The metrics of parts that are found: pairs of a part of the prediction and one of the reference that overlap
/// enough, no part in two pairs.
///
/// @param kind what is said of them
/// @param iou  the least IoU of a pair, above 0, at most 1
record LesionMetric(Kind kind, double iou) implements ParametricMetric {

    /// What is said of parts.
    enum Kind {
        F1(
                "lesion_f1",
                "1",
                Better.HIGHER,
                WhereEmpty.BEST_OR_WORST,
                ObjectMatching::f1,
                "F1 of connected parts, found where an IoU of %s or more pairs two of them one to one"),
        FOUND(
                "lesions_found",
                "lesions",
                Better.HIGHER,
                WhereEmpty.FORMULA,
                ObjectMatching::found,
                "the reference's parts that are paired with one of the prediction, by an IoU of %s or more"),
        MISSED(
                "lesions_missed",
                "lesions",
                Better.LOWER,
                WhereEmpty.FORMULA,
                ObjectMatching::missed,
                "the reference's parts that are paired with none of the prediction, by an IoU of %s or more"),
        INVENTED(
                "lesions_invented",
                "lesions",
                Better.LOWER,
                WhereEmpty.FORMULA,
                ObjectMatching::invented,
                "the prediction's parts that are paired with none of the reference, by an IoU of %s or more");

        private final String metric;
        private final String unit;
        private final Better better;
        private final WhereEmpty whereEmpty;
        private final ToDoubleBiFunction<ObjectMatching, Double> formula;
        private final String definition;

        Kind(
                String metric,
                String unit,
                Better better,
                WhereEmpty whereEmpty,
                ToDoubleBiFunction<ObjectMatching, Double> formula,
                String definition) {
            this.metric = metric;
            this.unit = unit;
            this.better = better;
            this.whereEmpty = whereEmpty;
            this.formula = formula;
            this.definition = definition;
        }
    }

    LesionMetric {
        if (!(iou > 0 && iou <= 1)) {
            throw new IllegalArgumentException(
                    "%s needs the least IoU of a part that is found, above 0 and at most 1, as in %s@0.1, but has %s"
                            .formatted(kind.metric, kind.metric, NumberText.of(iou)));
        }
    }

    @Override
    public String name() {
        return kind.metric;
    }

    @Override
    public double parameter() {
        return iou;
    }

    @Override
    public String parameterUnit() {
        return "overlap (the least IoU of a part that is found)";
    }

    @Override
    public ParametricMetric with(double parameter) {
        return new LesionMetric(kind, parameter);
    }

    @Override
    public String definition() {
        return kind.definition.formatted(NumberText.of(iou));
    }

    @Override
    public Better better() {
        return kind.better;
    }

    @Override
    public String unit() {
        return kind.unit;
    }

    @Override
    public WhereEmpty whereEmpty() {
        return kind.whereEmpty;
    }

    @Override
    public double value(MaskComparison masks) {
        return kind.formula.applyAsDouble(masks.objects(), iou);
    }
}
