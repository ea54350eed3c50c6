package org.segloss.loss.overlap;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Scalar;
import org.segloss.loss.Smooth;
import org.segloss.loss.Task;

/// Focal Tversky loss: a power of the [Tversky] loss of each class.
///
/// ```
/// tversky(fp, fn, smooth)^gamma
/// ```
///
/// From 0 to 1. The power is taken for each sample and class and then averaged, as in the paper; there are
/// libraries that raise the average, which is `pow(tversky, gamma)`. The paper writes the exponent as `1 / gamma` with
/// 4/3; here, as in its code, `gamma` is the exponent. Below 1 a poor class has the smaller derivative and a good
/// one the larger; at a loss of exactly 0, where a root is infinitely steep, the gradient is 0.
///
/// @param fp     weight of false positives, at least 0
/// @param fn     weight of false negatives, at least 0
/// @param gamma  above 0
/// @param powers which classes have the power: all, or the foreground, as in the asymmetric unified focal loss
/// @param smooth at least 0
/// @param over   classes and samples
/// @see <a href="https://arxiv.org/abs/1810.07842">Abraham, Khan (2019), A novel focal Tversky loss function
///     with improved attention U-Net for lesion segmentation</a>
@About(
        summary = "A power of the Tversky loss of each sample and class.",
        formula = "tversky^gamma",
        tex = "\\left(1-\\frac{TP+s}{TP+w_{fp}\\,FP+w_{fn}\\,FN+s}\\right)^{\\gamma}",
        range = "0 to 1",
        use = "Small lesions; gamma below 1 keeps good classes improving, above 1 leaves them for poor ones.",
        avoid = "As dice.",
        source = "Abraham, Khan (2019), https://arxiv.org/abs/1810.07842")
public record FocalTversky(
        @Meaning("weight of false positives") double fp,
        @Meaning("weight of false negatives") double fn,
        @Meaning("the exponent") double gamma,

        @Meaning("which classes have the exponent: all, or foreground")
        Powers powers,

        @Meaning("added to numerator and denominator") Smooth smooth,
        Reduction over)
        implements OverlapLoss {

    /// Which classes have the power.
    public enum Powers {
        ALL,
        /// All but class 0 of a multiclass task.
        FOREGROUND
    }

    public FocalTversky {
        Check.that(gamma > 0 && Double.isFinite(gamma), "focalTversky gamma has to be above 0, but is %s", gamma);
        Check.notNegative("focalTversky fp", fp);
        Check.notNegative("focalTversky fn", fn);
        Check.that(fp + fn > 0, "focalTversky fp and fn must not both be 0: the loss would be 0 for every prediction");
    }

    public FocalTversky() {
        this(0.3, 0.7, 0.75, Powers.ALL, Smooth.of(1e-5), Reduction.ALL);
    }

    @Override
    public Scalar at(Sums s) {
        return tversky(s).pow(gamma);
    }

    @Override
    public Scalar at(Classes classes) {
        boolean hasBackground = powers == Powers.FOREGROUND && classes.task().kind() == Task.Kind.MULTICLASS;
        return classes.mean((channel, s) -> hasBackground && channel == 0 ? tversky(s) : at(s));
    }

    private Scalar tversky(Sums s) {
        return new Tversky(fp, fn, Form.PRODUCT, smooth, over).at(s);
    }
}
