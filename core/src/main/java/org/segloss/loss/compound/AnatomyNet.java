package org.segloss.loss.compound;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Compound;
import org.segloss.loss.Loss;
import org.segloss.loss.Meaning;
import org.segloss.loss.overlap.Dice;
import org.segloss.loss.voxel.Focal;

/// The loss of AnatomyNet: Dice and a share of the focal loss.
///
/// @param focalWeight at least 0
/// @see <a href="https://arxiv.org/abs/1808.05238">Zhu et al. (2019), AnatomyNet: deep learning for fast and fully
///     automated whole-volume segmentation of head and neck anatomy</a>
@About(
        summary = "Dice and a share of the focal loss, for organs of many sizes.",
        formula = "dice + focalWeight*focal",
        range = "0 to infinity",
        use = "Many organs, some of them tiny.",
        avoid = "Wrong labels.",
        source = "Zhu et al. (2019), https://arxiv.org/abs/1808.05238")
public record AnatomyNet(
        @Meaning("factor of the focal loss") double focalWeight) implements Compound {

    public AnatomyNet {
        Check.notNegative("anatomyNet focalWeight", focalWeight);
    }

    public AnatomyNet() {
        this(0.5);
    }

    @Override
    public Loss expand() {
        return new Dice().plus(focalWeight, new Focal());
    }
}
