package org.segloss.loss.overlap;

import org.segloss.loss.About;
import org.segloss.loss.Meaning;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Scalar;
import org.segloss.loss.Smooth;

/// Dice loss with squared denominators, as in the V-Net.
///
/// ```
/// 1 - (2 sum(p y) + smooth) / (sum(p²) + sum(y²) + smooth)
/// ```
///
/// From 0 to 1.
///
/// @param smooth at least 0
/// @param over   classes and samples
/// @see <a href="https://arxiv.org/abs/1606.04797">Milletari, Navab, Ahmadi (2016), V-Net</a>
@About(
        summary = "Dice with squared denominators, as in the V-Net.",
        formula = "1 - (2 sum(p y) + smooth) / (sum(p^2) + sum(y^2) + smooth)",
        tex = "1-\\frac{2\\sum py+s}{\\sum p^2+\\sum y^2+s}",
        range = "0 to 1",
        use = "As dice; unsure voxels far from the structure count less.",
        avoid = "As dice.",
        source = "Milletari, Navab, Ahmadi (2016), https://arxiv.org/abs/1606.04797")
public record SquaredDice(
        @Meaning("added to numerator and denominator") Smooth smooth, Reduction over) implements OverlapLoss {

    public SquaredDice() {
        this(Smooth.of(1e-5), Reduction.ALL);
    }

    @Override
    public Scalar at(Sums s) {
        return smooth.ratio(s.py().times(2), s.pp().plus(s.yy())).oneMinus();
    }
}
