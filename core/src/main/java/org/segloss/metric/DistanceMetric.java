package org.segloss.metric;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// The metrics that are distances between surfaces, in millimetres.
public final class DistanceMetric extends StandardMetric {
    public static final Metric HD =
            voxels("hd", Surfaces::max, "the largest distance between surface voxels, of both directions");
    public static final Metric HD95 = voxels(
            "hd95",
            surfaces -> surfaces.interpolated(0.95),
            "the larger of the two directions' 95th percentiles, interpolated");
    public static final Metric HD95_POOLED = voxels(
            "hd95_pooled",
            surfaces -> surfaces.pooled().interpolated(0.95),
            "the 95th percentile of the distances of both directions");
    public static final Metric HD_SURFEL =
            elements("hd_surfel", Surfaces::max, "the largest distance between surface elements");
    public static final Metric HD95_SURFEL = elements(
            "hd95_surfel", surfaces -> surfaces.weighted(0.95), "as hd95, of surface elements weighted by their area");
    public static final Metric ASSD =
            voxels("assd", surfaces -> surfaces.pooled().mean(), "the mean of the distances of both directions");
    public static final Metric MASD =
            voxels("masd", Surfaces::meanOfMeans, "the mean of the two directions' mean distances");
    public static final Metric MASD_SURFEL =
            elements("masd_surfel", Surfaces::meanOfMeans, "as masd, of surface elements weighted by their area");

    private final Function<MaskComparison, Surfaces> surfaces;
    private final ToDoubleFunction<Surfaces> formula;

    private DistanceMetric(
            String name,
            Function<MaskComparison, Surfaces> surfaces,
            ToDoubleFunction<Surfaces> formula,
            String definition) {
        super(name, Better.LOWER, WhereEmpty.DISTANCE, definition);
        this.surfaces = surfaces;
        this.formula = formula;
    }

    private static Metric voxels(String name, ToDoubleFunction<Surfaces> formula, String definition) {
        return new DistanceMetric(name, MaskComparison::surfaceVoxels, formula, definition);
    }

    private static Metric elements(String name, ToDoubleFunction<Surfaces> formula, String definition) {
        return new DistanceMetric(name, MaskComparison::surfaceElements, formula, definition);
    }

    @Override
    public String unit() {
        return "mm";
    }

    @Override
    public Score.Status status(MaskComparison masks) {
        return surfaces.apply(masks).status();
    }

    @Override
    public double value(MaskComparison masks) {
        return formula.applyAsDouble(surfaces.apply(masks));
    }
}
