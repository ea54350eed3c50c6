package org.segloss.loss.compound;

import org.segloss.loss.About;
import org.segloss.loss.Compound;
import org.segloss.loss.Loss;
import org.segloss.loss.overlap.Dice;
import org.segloss.loss.voxel.Focal;

/// Dice and focal loss: `dice + focal`.
///
/// @see <a href="https://arxiv.org/abs/1808.05238">Zhu et al. (2019), AnatomyNet</a>
@About(
        summary = "Dice and focal loss.",
        formula = "dice + focal",
        range = "0 to infinity",
        use = "Small structures among much easy background.",
        avoid = "Wrong labels.",
        source = "Zhu et al. (2019), https://arxiv.org/abs/1808.05238")
public record DiceFocal() implements Compound {

    @Override
    public Loss expand() {
        return new Dice().plus(new Focal());
    }
}
