package org.segloss.loss.overlap;

import org.segloss.loss.About;
import org.segloss.loss.Meaning;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Scalar;
import org.segloss.loss.Smooth;

/// Jaccard loss, one minus intersection over union.
///
/// ```
/// 1 - (TP + smooth) / (sum(p) + sum(y) - TP + smooth),   TP = sum(p y)
/// ```
///
/// From 0 to 1; `2 D / (1 + D)` of the [Dice] loss `D` where `smooth` is 0. With `smooth = 0` and neither
/// foreground nor prediction it is 0.
///
/// @param form   what overlaps
/// @param smooth at least 0
/// @param over   classes and samples
/// @see <a href="https://doi.org/10.1007/978-3-319-50835-1_22">Rahman, Wang (2016), Optimizing intersection-over-union
///     in deep neural networks for image segmentation</a>
/// @see <a href="https://arxiv.org/abs/2302.05666">Wang et al. (2023), Jaccard metric losses</a> for the form `l1`
@About(
        summary = "One minus intersection over union, mean over samples and classes.",
        formula = "1 - (sum(p y) + smooth) / (sum(p) + sum(y) - sum(p y) + smooth)",
        tex = "1-\\frac{\\sum py+s}{\\sum p+\\sum y-\\sum py+s}",
        range = "0 to 1",
        use = "What is scored is intersection over union; harder on poor classes than dice.",
        avoid = "As dice.",
        source = "Rahman, Wang (2016), https://doi.org/10.1007/978-3-319-50835-1_22")
public record Jaccard(
        @Meaning("product; or l1, least at p = y for soft targets too")
        Form form,

        @Meaning("added to numerator and denominator") Smooth smooth,
        Reduction over)
        implements OverlapLoss {

    public Jaccard() {
        this(Form.PRODUCT, Smooth.of(1e-5), Reduction.ALL);
    }

    @Override
    public boolean needsExtraSums() {
        return form == Form.L1;
    }

    @Override
    public Scalar at(Sums s) {
        Scalar both = form.truePositives(s);
        return smooth.ratio(both, s.p().plus(s.y()).minus(both)).oneMinus();
    }
}
