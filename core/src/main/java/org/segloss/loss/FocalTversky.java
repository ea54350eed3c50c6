package org.segloss.loss;

/// Focal Tversky loss: a power of the [Tversky] loss of each class.
///
/// ```
/// tversky(fp, fn, smooth)^gamma
/// ```
///
/// From 0 to 1. The power is taken for each sample and class and then averaged, as in the paper; there are
/// libraries that raise the average. The paper writes the exponent as `1 / gamma` with 4/3; here, as in its
/// code, `gamma` is the exponent. Below 1 a poor class has the smaller slope and a good one the larger; at a
/// loss of exactly 0, where a root is infinitely steep, the gradient is 0.
///
/// @param fp     weight of false positives, at least 0
/// @param fn     weight of false negatives, at least 0
/// @param gamma  above 0
/// @param smooth at least 0
/// @see <a href="https://arxiv.org/abs/1810.07842">Abraham, Khan (2019), A novel focal Tversky loss function
///     with improved attention U-Net for lesion segmentation</a>
public record FocalTversky(double fp, double fn, double gamma, double smooth) implements OverlapLoss {
    public FocalTversky {
        Check.that(gamma > 0 && Double.isFinite(gamma), "focalTversky gamma has to be above 0, but is %s", gamma);
        Check.notNegative("focalTversky fp", fp);
        Check.notNegative("focalTversky fn", fn);
        Check.that(fp + fn > 0, "focalTversky fp and fn must not both be 0: the loss would be 0 for every prediction");
        Check.notNegative("focalTversky smooth", smooth);
    }

    @Override
    public Slope at(Sums s) {
        Slope tversky = new Tversky(fp, fn, smooth).at(s);
        // rounding may leave a little less than 0
        double x = Math.max(0, tversky.value());
        return tversky.through(Math.pow(x, gamma), x == 0 ? 0 : gamma * Math.pow(x, gamma - 1));
    }

    @Override
    public String toString() {
        return LossText.of(this);
    }
}
