package org.segloss.loss;

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
/// @see <a href="https://arxiv.org/abs/1803.11078">Hashemi et al. (2018), Asymmetric loss functions and deep
///     densely-connected networks for highly-imbalanced medical image segmentation</a>
public record FBeta(double beta, double smooth) implements OverlapLoss {
    public FBeta {
        Check.that(beta > 0 && Double.isFinite(beta), "fbeta beta has to be above 0, but is %s", beta);
        Check.notNegative("fbeta smooth", smooth);
    }

    @Override
    public Slope at(Sums s) {
        double b = beta * beta;
        return Slope.oneMinus(
                new Linear((1 + b) * s.py() + smooth, 1 + b, 0, 0), //
                new Linear(b * s.y() + s.p() + smooth, 0, 1, 0));
    }

    @Override
    public String toString() {
        return LossText.of(this);
    }
}
