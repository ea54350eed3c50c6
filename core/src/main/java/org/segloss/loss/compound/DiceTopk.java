package org.segloss.loss.compound;

import org.segloss.loss.About;
import org.segloss.loss.Compound;
import org.segloss.loss.Loss;
import org.segloss.loss.overlap.Dice;
import org.segloss.loss.ranked.TopK;

/// Dice and the cross-entropy of the worst voxels: `dice + topk`.
///
/// @see <a href="https://doi.org/10.1038/s41592-020-01008-z">Isensee et al. (2021), nnU-Net</a>
@About(
        summary = "Dice and the cross-entropy of the worst voxels.",
        formula = "dice + topk",
        range = "0 to infinity",
        use = "Thin or small structures.",
        avoid = "Wrong labels: they are the worst voxels.",
        cost = "As topk.",
        source = "Isensee et al. (2021), https://doi.org/10.1038/s41592-020-01008-z")
public record DiceTopk() implements Compound {

    @Override
    public Loss expand() {
        return new Dice().plus(new TopK());
    }
}
