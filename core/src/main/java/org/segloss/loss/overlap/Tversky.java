package org.segloss.loss.overlap;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Scalar;
import org.segloss.loss.Smooth;

/// Tversky loss: Dice with a weight of its own for each kind of error.
///
/// ```
/// TP = sum(p y),  FP = sum(p) - TP,  FN = sum(y) - TP
/// 1 - (TP + smooth) / (TP + fp FP + fn FN + smooth)
/// ```
///
/// From 0 to 1. With `fp = fn = 0.5` and half the `smooth` it is [Dice]. The weights are named after what they
/// multiply: what papers and libraries call alpha is the weight of false positives in some and of false negatives in
/// others.
///
/// @param fp     weight of false positives, at least 0
/// @param fn     weight of false negatives, at least 0
/// @param form   what overlaps
/// @param smooth at least 0
/// @param over   classes and samples
/// @see <a href="https://arxiv.org/abs/1706.05721">Salehi, Erdogmus, Gholipour (2017), Tversky loss function for image
///     segmentation using 3D fully convolutional deep networks</a>
@About(
        summary = "Dice with a weight of its own for each kind of error.",
        formula = "1 - (TP + smooth) / (TP + fp FP + fn FN + smooth)",
        tex = "1-\\frac{TP+s}{TP+w_{fp}\\,FP+w_{fn}\\,FN+s}",
        range = "0 to 1",
        use = "One kind of error is worse: fn above fp finds more, fp above fn invents less.",
        avoid = "As dice.",
        source = "Salehi et al. (2017), https://arxiv.org/abs/1706.05721")
public record Tversky(
        @Meaning("weight of false positives") double fp,
        @Meaning("weight of false negatives") double fn,

        @Meaning("product; or l1, least at p = y for soft targets too")
        Form form,

        @Meaning("added to numerator and denominator") Smooth smooth,
        Reduction over)
        implements OverlapLoss {

    public Tversky {
        Check.notNegative("tversky fp", fp);
        Check.notNegative("tversky fn", fn);
        Check.that(fp + fn > 0, "tversky fp and fn must not both be 0: the loss would be 0 for every prediction");
    }

    public Tversky() {
        this(0.3, 0.7, Form.PRODUCT, Smooth.of(1e-5), Reduction.ALL);
    }

    public Tversky(double fp, double fn, double smooth) {
        this(fp, fn, Form.PRODUCT, Smooth.of(smooth), Reduction.ALL);
    }

    @Override
    public boolean needsExtraSums() {
        return form == Form.L1;
    }

    @Override
    public Scalar at(Sums s) {
        Scalar tp = form.truePositives(s);
        Scalar falsePositives = s.p().minus(tp);
        Scalar falseNegatives = tp.times(-1).plus(s.y());
        return smooth.ratio(tp, tp.plus(falsePositives.times(fp)).plus(falseNegatives.times(fn)))
                .oneMinus();
    }
}
