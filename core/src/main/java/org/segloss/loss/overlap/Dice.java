package org.segloss.loss.overlap;

import org.segloss.loss.About;
import org.segloss.loss.Meaning;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Scalar;
import org.segloss.loss.Smooth;

/// Dice loss with plain denominators.
///
/// ```
/// 1 - (2 TP + smooth) / (sum(p) + sum(y) + smooth),   TP = sum(p y)
/// ```
///
/// From 0 to 1. If the sample has no voxel of the class, `sum(p)` stands against `smooth` alone: with a small
/// `smooth` the loss is close to 1, and its gradient next to 0, until next to nothing is predicted. With `smooth = 0`
/// and nothing predicted it is 0. See [Reduction.Absent] for other choices.
///
/// @param form   what overlaps
/// @param smooth at least 0
/// @param over   classes and samples
/// @see <a href="https://arxiv.org/abs/1608.04117">Drozdzal et al. (2016), The importance of skip connections in
///     biomedical image segmentation</a>
/// @see <a href="https://arxiv.org/abs/2303.16296">Wang et al. (2023), Dice semimetric losses</a> for the form `l1`
@About(
        summary = "Dice, mean over samples and classes.",
        formula = "1 - (2 sum(p y) + smooth) / (sum(p) + sum(y) + smooth)",
        tex = "1-\\frac{2\\sum py+s}{\\sum p+\\sum y+s}",
        range = "0 to 1",
        use = "Structures small beside the background; what is scored is Dice.",
        avoid = "Alone where samples lack the class: its gradient vanishes. Probabilities come out too sure.",
        source = "Drozdzal et al. (2016), https://arxiv.org/abs/1608.04117")
public record Dice(
        @Meaning("product; or l1, least at p = y for soft targets too")
        Form form,

        @Meaning("added to numerator and denominator") Smooth smooth,
        Reduction over)
        implements OverlapLoss {

    public Dice() {
        this(Form.PRODUCT, Smooth.of(1e-5), Reduction.ALL);
    }

    public Dice(double smooth) {
        this(Form.PRODUCT, Smooth.of(smooth), Reduction.ALL);
    }

    @Override
    public boolean needsExtraSums() {
        return form == Form.L1;
    }

    @Override
    public Scalar at(Sums s) {
        Scalar twice = form.truePositives(s).times(2);
        return smooth.ratio(twice, s.p().plus(s.y())).oneMinus();
    }
}
