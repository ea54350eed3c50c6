package org.segloss.loss;

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
/// @param smooth at least 0
/// @see <a href="https://arxiv.org/abs/1706.05721">Salehi, Erdogmus, Gholipour (2017), Tversky loss function for image
///     segmentation using 3D fully convolutional deep networks</a>
public record Tversky(double fp, double fn, double smooth) implements OverlapLoss {
    public Tversky {
        Check.notNegative("tversky fp", fp);
        Check.notNegative("tversky fn", fn);
        Check.that(fp + fn > 0, "tversky fp and fn must not both be 0: the loss would be 0 for every prediction");
        Check.notNegative("tversky smooth", smooth);
    }

    @Override
    public Slope at(Sums s) {
        double falsePositives = s.p() - s.py();
        double falseNegatives = s.y() - s.py();
        return Slope.oneMinus(
                new Linear(s.py() + smooth, 1, 0, 0),
                new Linear(s.py() + fp * falsePositives + fn * falseNegatives + smooth, 1 - fp - fn, fp, 0));
    }

    @Override
    public String toString() {
        return LossText.of(this);
    }
}
