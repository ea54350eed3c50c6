package org.segloss.loss.compound;

import java.util.List;
import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Compound;
import org.segloss.loss.Loss;
import org.segloss.loss.Meaning;
import org.segloss.loss.TargetOptions;
import org.segloss.loss.VoxelLoss;
import org.segloss.loss.overlap.Dice;
import org.segloss.loss.voxel.Focal;

/// Combo loss: cross-entropy that weighs false negatives against false positives, and Dice.
///
/// ```
/// alpha (-beta y log p - (1 - beta) (1 - y) log(1 - p)) + (1 - alpha) dice
/// ```
///
/// The paper subtracts the Dice coefficient; this adds the loss, and so is at least 0.
///
/// @param alpha from 0 to 1; the share of the cross-entropy
/// @param beta  from 0 to 1; the factor of foreground
/// @see <a href="https://arxiv.org/abs/1805.02798">Taghanaki et al. (2019), Combo loss: handling input and output
///     imbalance in multi-organ segmentation</a>
@About(
        summary = "Cross-entropy that weighs false negatives against false positives, and Dice.",
        formula = "alpha*focal(alpha=beta, gamma=0) + (1-alpha)*dice",
        range = "0 to infinity",
        use = "As diceCe, where false negatives and false positives should count differently.",
        avoid = "Where diceCe does.",
        source = "Taghanaki et al. (2019), https://arxiv.org/abs/1805.02798")
public record Combo(
        @Meaning("share of the cross-entropy") double alpha,

        @Meaning("factor of foreground in it; background has 1-beta")
        double beta)
        implements Compound {

    public Combo {
        Check.that(alpha >= 0 && alpha <= 1, "combo alpha has to be from 0 to 1, but is %s", alpha);
        Check.that(beta >= 0 && beta <= 1, "combo beta has to be from 0 to 1, but is %s", beta);
    }

    public Combo() {
        this(0.5, 0.5);
    }

    @Override
    public Loss expand() {
        return new Focal(List.of(beta), 0, 0, 0, VoxelLoss.Aggregation.MEAN, TargetOptions.PLAIN)
                .times(alpha)
                .plus(1 - alpha, new Dice());
    }
}
