package org.segloss.loss.voxel;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.TargetOptions;
import org.segloss.loss.VoxelLoss;

/// Generalized cross-entropy, which forgives wrong labels.
///
/// ```
/// sum_c y_c (1 - p_c^q) / q
/// ```
///
/// From 0 to `1 / q`: near cross-entropy for a small `q`, the mean absolute error for 1. A voxel whose label
/// looks wrong has a small gradient, where cross-entropy's is the largest.
///
/// @param q      above 0, at most 1
/// @param labels smoothing and class weights
/// @see <a href="https://arxiv.org/abs/1805.07836">Zhang, Sabuncu (2018), Generalized cross entropy loss for
///     training deep neural networks with noisy labels</a>
@About(
        summary = "Generalized cross-entropy, which forgives wrong labels.",
        formula = "sum_c y_c (1 - p_c^q) / q",
        tex = "\\sum_c y_c\\,\\frac{1-p_c^q}{q}",
        range = "0 to 1/q",
        use = "Labels of which some are wrong.",
        avoid = "Clean labels and few steps: it learns slower than ce.",
        source = "Zhang, Sabuncu (2018), https://arxiv.org/abs/1805.07836")
public record Gce(
        @Meaning("from near 0, cross-entropy, to 1, the absolute error")
        double q,

        TargetOptions labels) implements VoxelLoss {

    public Gce {
        Check.that(q > 0 && q <= 1, "gce q has to be above 0 and at most 1, but is %s", q);
    }

    public Gce() {
        this(0.7, TargetOptions.PLAIN);
    }

    @Override
    public double at(double[] p, double[] logP, double[] y, double[] derivative) {
        double sum = 0;
        for (int k = 0; k < p.length; k++) {
            // exact for sure voxels too
            sum -= y[k] * Math.expm1(q * logP[k]) / q;
            derivative[k] = -y[k] * Math.exp(q * logP[k]);
        }
        return sum;
    }

    /// `-y p^(q - 1)`
    @Override
    public double byProbabilityOfZero(double y) {
        return q == 1 ? -y : Double.NEGATIVE_INFINITY;
    }
}
