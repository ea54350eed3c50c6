package org.segloss.metric;

/// The expected calibration error in the box around the reference: background that is easy makes that of the whole
/// image small, the smaller the more of it there is.
///
/// @param margin how much farther the box goes to each side, in mm, above 0
record BoxCalibrationError(double margin) implements ParametricMetric {

    BoxCalibrationError {
        NumberText.positive(margin, "ece_box", "mm");
    }

    @Override
    public String name() {
        return "ece_box";
    }

    @Override
    public double parameter() {
        return margin;
    }

    @Override
    public String parameterUnit() {
        return "mm";
    }

    @Override
    public ParametricMetric with(double parameter) {
        return new BoxCalibrationError(parameter);
    }

    @Override
    public String definition() {
        return "as ece, in the box around the reference that goes %s mm farther to each side"
                .formatted(NumberText.of(margin));
    }

    @Override
    public Better better() {
        return Better.LOWER;
    }

    @Override
    public boolean needsProbabilities() {
        return true;
    }

    @Override
    public double value(MaskComparison masks) {
        return Calibration.around(masks, margin).expectedError();
    }
}
