package org.segloss.loss.overlap;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Scalar;
import org.segloss.loss.Smooth;

/// F-beta loss: Dice in which recall counts `beta` times as much as precision.
///
/// ```
/// TP = sum(p y),  FP = sum(p) - TP,  FN = sum(y) - TP
/// 1 - ((1 + beta²) TP + smooth) / ((1 + beta²) TP + beta² FN + FP + smooth)
/// ```
///
/// From 0 to 1. With `beta = 1` it is [Dice]; otherwise [Tversky] with `fp = 1 / (1 + beta²)` and
/// `fn = beta² / (1 + beta²)`.
///
/// @param beta   above 0
/// @param smooth at least 0
/// @param over   classes and samples
/// @see <a href="https://arxiv.org/abs/1803.11078">Hashemi et al. (2018), Asymmetric loss functions and deep
///     densely-connected networks for highly-imbalanced medical image segmentation</a>
@About(
        name = "fbeta",
        summary = "Dice in which recall counts beta times as much as precision.",
        formula = "1 - ((1+beta^2) TP + smooth) / ((1+beta^2) TP + beta^2 FN + FP + smooth)",
        tex = "1-\\frac{(1+\\beta^2)\\,TP+s}{(1+\\beta^2)\\,TP+\\beta^2 FN+FP+s}",
        range = "0 to 1",
        use = "As tversky, with one parameter that has a name in information retrieval.",
        avoid = "As dice.",
        source = "Hashemi et al. (2018), https://arxiv.org/abs/1803.11078")
public record FBeta(
        @Meaning("above 1 for recall, below for precision") double beta,
        @Meaning("added to numerator and denominator") Smooth smooth,
        Reduction over)
        implements OverlapLoss {

    public FBeta {
        Check.that(beta > 0 && Double.isFinite(beta), "fbeta beta has to be above 0, but is %s", beta);
    }

    public FBeta() {
        this(1.5, Smooth.of(1e-5), Reduction.ALL);
    }

    @Override
    public Scalar at(Sums s) {
        double b = beta * beta;
        return smooth.ratio(s.py().times(1 + b), s.p().plus(b * s.y())).oneMinus();
    }
}
