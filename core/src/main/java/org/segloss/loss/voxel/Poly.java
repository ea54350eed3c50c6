package org.segloss.loss.voxel;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.TargetOptions;
import org.segloss.loss.VoxelLoss;

/// Poly-1 loss: cross-entropy with another weight for the first term of its series in `1 - p`.
///
/// ```
/// sum_c y_c (-log p_c + epsilon (1 - p_c))
/// ```
///
/// At least 0 for `epsilon` at least -1, without bound.
///
/// @param epsilon at least -1: below, a voxel would gain by being wrong
/// @param labels  smoothing and class weights
/// @see <a href="https://arxiv.org/abs/2204.12511">Leng et al. (2022), PolyLoss: a polynomial expansion perspective of
///     classification loss functions</a>
@About(
        summary = "Poly-1: cross-entropy with another weight for the first term of its series.",
        formula = "sum_c y_c (-log p_c + epsilon (1 - p_c))",
        tex = "\\sum_c y_c\\,\\bigl(-\\log p_c+\\varepsilon(1-p_c)\\bigr)",
        range = "0 to infinity",
        use = "In place of ce, where one more parameter is worth tuning.",
        avoid = "As ce.",
        source = "Leng et al. (2022), https://arxiv.org/abs/2204.12511")
public record Poly(@Meaning("what is added to that weight") double epsilon, TargetOptions labels) implements VoxelLoss {

    public Poly {
        Check.that(epsilon >= -1 && Double.isFinite(epsilon), "poly epsilon has to be at least -1, but is %s", epsilon);
    }

    public Poly() {
        this(1, TargetOptions.PLAIN);
    }

    @Override
    public double at(double[] p, double[] logP, double[] y, double[] derivative) {
        double sum = 0;
        for (int k = 0; k < p.length; k++) {
            derivative[k] = 0;
            if (y[k] != 0) {
                sum += y[k] * (-logP[k] - epsilon * Math.expm1(logP[k]));
                derivative[k] = -y[k] * (1 + epsilon * Math.exp(logP[k]));
            }
        }
        return sum;
    }
}
