package org.segloss.loss.voxel;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.TargetOptions;
import org.segloss.loss.VoxelLoss;

/// Asymmetric focal loss: only background turns away from voxels that are right already.
///
/// ```
/// -(1 - delta) y_0 (1 - p_0)^gamma log p_0  -  delta sum_{c>0} y_c log p_c
/// ```
///
/// At least 0, without bound. In a binary or multilabel task 0 is a channel's background. The paper has two classes;
/// here every class but 0 is foreground.
///
/// @param delta  from 0 to 1
/// @param gamma  at least 0
/// @param labels smoothing and class weights
/// @see <a href="https://arxiv.org/abs/2102.04525">Yeung et al. (2022), Unified focal loss</a>
@About(
        summary = "Focal loss that suppresses easy background alone.",
        formula = "-(1-delta) y_0 (1-p_0)^gamma log p_0 - delta sum_{c>0} y_c log p_c",
        tex = "-(1-\\delta)\\,y_0(1-p_0)^\\gamma\\log p_0-\\delta\\sum_{c>0}y_c\\log p_c",
        range = "0 to infinity",
        use = "A part of unifiedFocal; rare foreground that should keep its weight.",
        avoid = "Where classes are even.",
        source = "Yeung et al. (2022), https://arxiv.org/abs/2102.04525")
public record AsymmetricFocal(
        @Meaning("factor of the foreground; background has 1-delta")
        double delta,

        @Meaning("how fast sure background loses weight") double gamma,
        TargetOptions labels)
        implements VoxelLoss {

    public AsymmetricFocal {
        Check.that(delta >= 0 && delta <= 1, "asymmetricFocal delta has to be from 0 to 1, but is %s", delta);
        Check.notNegative("asymmetricFocal gamma", gamma);
    }

    public AsymmetricFocal() {
        this(0.6, 2, TargetOptions.PLAIN);
    }

    @Override
    public double at(double[] p, double[] logP, double[] y, double[] derivative) {
        double sum = 0;
        for (int k = 1; k < p.length; k++) {
            sum -= y[k] == 0 ? 0 : delta * y[k] * logP[k];
            derivative[k] = -delta * y[k];
        }
        double rest = -Math.expm1(logP[0]);
        double factor = (1 - delta) * y[0];
        double power = Math.pow(rest, gamma);
        // at p = 1 and at p = 0 the bend tends to 0 for every gamma above 0
        double bend = gamma == 0 || rest == 0 || p[0] == 0 ? 0 : gamma * Math.pow(rest, gamma - 1) * p[0] * logP[0];
        derivative[0] = -factor * (power - bend);
        return factor == 0 ? sum : sum - factor * power * logP[0];
    }
}
