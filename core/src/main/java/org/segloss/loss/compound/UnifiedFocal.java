package org.segloss.loss.compound;

import java.util.List;
import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Compound;
import org.segloss.loss.Loss;
import org.segloss.loss.Meaning;
import org.segloss.loss.Reduction;
import org.segloss.loss.Smooth;
import org.segloss.loss.TargetOptions;
import org.segloss.loss.VoxelLoss;
import org.segloss.loss.overlap.FocalTversky;
import org.segloss.loss.voxel.AsymmetricFocal;
import org.segloss.loss.voxel.Focal;

/// Unified focal loss: a focal cross-entropy and a focal Tversky loss with common parameters, for any number of
/// classes.
///
/// ```
/// symmetric:   focalWeight focal(alpha=delta, gamma) + (1 - focalWeight) focalTversky(gamma=1-gamma)
/// asymmetric:  focalWeight asymmetricFocal(delta, gamma)
///                  + (1 - focalWeight) focalTversky(gamma=1-gamma, powers=foreground)
/// both:        fp = 1 - delta, fn = delta
/// ```
///
/// @param form        whether background and foreground are treated alike
/// @param focalWeight from 0 to 1; the share of the cross-entropy, as in the paper's equations;
///                    its code has the reverse
/// @param delta       from 0 to 1; the weight of false negatives, false positives have one minus it
/// @param gamma       at least 0, below 1
/// @see <a href="https://arxiv.org/abs/2102.04525">Yeung et al. (2022), Unified focal loss: generalising Dice and
///     cross entropy-based losses to handle class imbalanced medical image segmentation</a>
@About(
        summary = "Focal cross-entropy and focal Tversky with common parameters.",
        formula = "focalWeight*asymmetricFocal + (1-focalWeight)*focalTversky(powers=foreground)",
        range = "0 to infinity",
        use = "Strong imbalance, with two parameters to tune instead of six.",
        avoid = "Even classes: diceCe has none to tune.",
        cost = "As dice and two powers for each voxel and class.",
        source = "Yeung et al. (2022), https://arxiv.org/abs/2102.04525")
public record UnifiedFocal(
        @Meaning(
                "asymmetric: only background loses weight and only foreground has the power; symmetric: both have both")
        Form form,

        @Meaning("share of the cross-entropy") double focalWeight,

        @Meaning("weight of false negatives; false positives have 1-delta")
        double delta,

        @Meaning("how strongly easy voxels lose weight") double gamma)
        implements Compound {

    /// Whether background and foreground are treated alike.
    public enum Form {
        ASYMMETRIC,
        SYMMETRIC
    }

    public UnifiedFocal {
        Check.that(
                focalWeight >= 0 && focalWeight <= 1,
                "unifiedFocal focalWeight has to be from 0 to 1, but is %s",
                focalWeight);
        Check.that(delta >= 0 && delta <= 1, "unifiedFocal delta has to be from 0 to 1, but is %s", delta);
        Check.that(gamma >= 0 && gamma < 1, "unifiedFocal gamma has to be at least 0 and below 1, but is %s", gamma);
    }

    public UnifiedFocal() {
        this(Form.ASYMMETRIC, 0.5, 0.6, 0.5);
    }

    @Override
    public Loss expand() {
        return crossEntropy().times(focalWeight).plus(1 - focalWeight, overlap());
    }

    private Loss crossEntropy() {
        return switch (form) {
            case ASYMMETRIC -> new AsymmetricFocal(delta, gamma, TargetOptions.PLAIN);
            case SYMMETRIC -> new Focal(List.of(delta), gamma, 0, 0, VoxelLoss.Aggregation.MEAN, TargetOptions.PLAIN);
        };
    }

    private Loss overlap() {
        FocalTversky.Powers powers = form == Form.ASYMMETRIC ? FocalTversky.Powers.FOREGROUND : FocalTversky.Powers.ALL;
        return new FocalTversky(1 - delta, delta, 1 - gamma, powers, Smooth.of(1e-7), Reduction.ALL);
    }
}
