package org.segloss.loss.voxel;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.TargetOptions;
import org.segloss.loss.VoxelLoss;

/// Cross-entropy to a power, voxel by voxel; a part of [ExpLog][org.segloss.loss.compound.ExpLog].
///
/// ```
/// sum_c y_c (-log p_c)^gamma
/// ```
///
/// At least 0, without bound. With `gamma` below 1 sure voxels have the steeper derivative; at `p = 1`, where a root is
/// infinitely steep, the gradient is 0.
///
/// @param gamma  above 0
/// @param labels smoothing and class weights
/// @see <a href="https://arxiv.org/abs/1809.00076">Wong et al. (2018), 3D segmentation with exponential
///     logarithmic loss for highly unbalanced object sizes</a>
@About(
        summary = "Cross-entropy to a power, voxel by voxel.",
        formula = "sum_c y_c (-log p_c)^gamma",
        tex = "\\sum_c y_c\\,(-\\log p_c)^{\\gamma}",
        range = "0 to infinity",
        use = "As a part of expLog.",
        avoid = "Noisy labels with gamma above 1.",
        cost = "With gamma below 1 the plain evaluator in double: about ten times dice.",
        source = "Wong et al. (2018), https://arxiv.org/abs/1809.00076")
public record PowerCe(@Meaning("the exponent") double gamma, TargetOptions labels) implements VoxelLoss {
    public PowerCe {
        Check.that(gamma > 0 && Double.isFinite(gamma), "powerCe gamma has to be above 0, but is %s", gamma);
    }

    public PowerCe() {
        this(0.3, TargetOptions.PLAIN);
    }

    /// A root makes much of the last digits of a sure voxel's logarithm.
    @Override
    public boolean needsDouble() {
        return gamma < 1;
    }

    @Override
    public double at(double[] p, double[] logP, double[] y, double[] derivative) {
        double sum = 0;
        for (int k = 0; k < p.length; k++) {
            double x = -logP[k];
            sum += y[k] == 0 ? 0 : y[k] * Math.pow(x, gamma);
            derivative[k] = y[k] == 0 || x == 0 ? 0 : -y[k] * gamma * Math.pow(x, gamma - 1);
        }
        return sum;
    }

    /// `-y gamma (-log p)^(gamma - 1) / p`, whose `p` wins
    @Override
    public double byProbabilityOfZero(double y) {
        return Double.NEGATIVE_INFINITY;
    }
}
