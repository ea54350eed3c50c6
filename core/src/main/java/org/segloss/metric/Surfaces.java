package org.segloss.metric;

import org.segloss.grid.MaskPair;

/// How far the surfaces of two masks are from each other, in millimetres.
///
/// Where voxels are ignored, a mask may have no surface that is known: there are no distances from it then, and
/// those to it are infinite.
///
/// @param fromPrediction from each point of the prediction's surface to the nearest of the reference's
/// @param fromReference  the other way
/// @param pooled         both together
public record Surfaces(SurfaceDistance fromPrediction, SurfaceDistance fromReference, SurfaceDistance pooled) {

    Surfaces(MaskPair.Distances d) {
        this(new SurfaceDistance(d.fromFirst(), d.firstAreas()), new SurfaceDistance(d.fromSecond(), d.secondAreas()));
    }

    private Surfaces(SurfaceDistance fromPrediction, SurfaceDistance fromReference) {
        this(fromPrediction, fromReference, fromPrediction.and(fromReference));
    }

    /// {@return which of the masks has a surface}
    Score.Status status() {
        return Score.Status.of(fromPrediction.isEmpty(), fromReference.isEmpty());
    }

    /// {@return the largest distance of both directions}
    public double max() {
        return pooled.max();
    }

    /// {@return the larger of the two directions' [quantiles][SurfaceDistance#interpolated]}
    public double interpolated(double q) {
        return Math.max(fromPrediction.interpolated(q), fromReference.interpolated(q));
    }

    /// {@return the larger of the two directions' [quantiles by area][SurfaceDistance#weighted]}
    public double weighted(double q) {
        return Math.max(fromPrediction.weighted(q), fromReference.weighted(q));
    }

    /// {@return the mean of the two directions' means}
    public double meanOfMeans() {
        return (fromPrediction.mean() + fromReference.mean()) / 2;
    }

    /// {@return the share of both surfaces that is at most so many mm from the other}, as [SurfaceDistance#within]
    /// has it
    public double within(double tolerance) {
        return pooled.within(tolerance) / pooled.total();
    }
}
