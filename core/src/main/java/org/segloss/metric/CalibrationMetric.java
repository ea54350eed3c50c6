package org.segloss.metric;

import java.util.function.ToDoubleFunction;

/// The metrics of probabilities over all voxels of an image.
public final class CalibrationMetric extends StandardMetric {
    public static final Metric ECE =
            new CalibrationMetric("ece", "1", Calibration::expectedError, "expected calibration error, 15 bins");
    public static final Metric BRIER = new CalibrationMetric("brier", "1", Calibration::brier, "the mean of (p - y)²");
    public static final Metric NLL = new CalibrationMetric(
            "nll",
            "nat",
            Calibration::negativeLogLikelihood,
            "the mean of -log of the probability of what is true, at least 1e-7");
    public static final Metric NLL_CLIPPED = new CalibrationMetric(
            "nll_clipped", "voxels", Calibration::clipped, "voxels whose probability is below nll's 1e-7");

    private final String unit;
    private final ToDoubleFunction<Calibration> formula;

    private CalibrationMetric(String name, String unit, ToDoubleFunction<Calibration> formula, String definition) {
        super(name, Better.LOWER, WhereEmpty.FORMULA, definition);
        this.unit = unit;
        this.formula = formula;
    }

    @Override
    public String unit() {
        return unit;
    }

    @Override
    public boolean needsProbabilities() {
        return true;
    }

    @Override
    public double value(MaskComparison masks) {
        return formula.applyAsDouble(Calibration.of(masks));
    }
}
