package org.segloss.loss.compound;

import org.segloss.loss.About;
import org.segloss.loss.Compound;
import org.segloss.loss.Loss;
import org.segloss.loss.overlap.Dice;
import org.segloss.loss.voxel.Bce;

/// Binary cross-entropy and the logarithm of one plus the Dice loss: `bce + log1p(dice)`.
///
/// @see <a href="https://github.com/junqiangchen/Image-Segmentation-Loss-Functions">the article's code</a>
@About(
        summary = "Binary cross-entropy and the logarithm of one plus Dice.",
        formula = "bce + log1p(dice)",
        range = "0 to infinity",
        use = "To repeat the article this library began with.",
        avoid = "Multiclass tasks: there it is ce + log1p(dice).",
        source = "Chen (2019), https://github.com/junqiangchen/Image-Segmentation-Loss-Functions")
public record ArticleHybrid() implements Compound {

    @Override
    public Loss expand() {
        return new Bce().plus(new Dice().log1p());
    }
}
