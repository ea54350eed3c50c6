package org.segloss.metric;

/// The normalized surface distance, or surface Dice, of Nikolov et al. (2018): the share of both surfaces that is
/// near the other one.
///
/// @param surface   what the surfaces are made of
/// @param tolerance how far away is near, in mm, above 0
record SurfaceDice(Surface surface, double tolerance) implements ParametricMetric {

    /// What a surface is made of.
    enum Surface {
        VOXELS("nsd", "the share of surface voxels at most %s mm from the other surface"),
        ELEMENTS("nsd_surfel", "the share of surface area at most %s mm from the other surface");

        private final String metric;
        private final String definition;

        Surface(String metric, String definition) {
            this.metric = metric;
            this.definition = definition;
        }
    }

    SurfaceDice {
        NumberText.positive(tolerance, surface.metric, "mm");
    }

    @Override
    public String name() {
        return surface.metric;
    }

    @Override
    public double parameter() {
        return tolerance;
    }

    @Override
    public String parameterUnit() {
        return "mm";
    }

    @Override
    public ParametricMetric with(double parameter) {
        return new SurfaceDice(surface, parameter);
    }

    @Override
    public String definition() {
        return surface.definition.formatted(NumberText.of(tolerance));
    }

    @Override
    public Better better() {
        return Better.HIGHER;
    }

    @Override
    public WhereEmpty whereEmpty() {
        return WhereEmpty.BEST_OR_WORST;
    }

    @Override
    public Score.Status status(MaskComparison masks) {
        return surfaces(masks).status();
    }

    @Override
    public double value(MaskComparison masks) {
        return surfaces(masks).within(tolerance);
    }

    private Surfaces surfaces(MaskComparison masks) {
        return switch (surface) {
            case VOXELS -> masks.surfaceVoxels();
            case ELEMENTS -> masks.surfaceElements();
        };
    }
}
