package org.segloss.loss.overlap;

import org.segloss.loss.About;
import org.segloss.loss.Meaning;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Scalar;
import org.segloss.loss.Smooth;

/// Matthews correlation coefficient loss, in which true background counts too.
///
/// ```
/// TP = sum(p y),  FP = sum(p) - TP,  FN = sum(y) - TP,  TN = voxels - TP - FP - FN
/// 1 - (TP TN - FP FN + smoothNum) / sqrt((TP + FP) (TP + FN) (TN + FP) (TN + FN) + smoothDen)
/// ```
///
/// From 0, right everywhere, over 1, by chance, to 2, wrong everywhere. The counts are divided by the number of voxels
/// first, so that the products of large volumes lose nothing; `smooth` is added to these. Where the root is 0, because
/// the target or the prediction is one class only, the loss is 0 if both agree and otherwise 1, without a derivative.
///
/// @param smooth at least 0
/// @param over   classes and samples
/// @see <a href="https://doi.org/10.1109/ISBI48211.2021.9433782">Abhishek, Hamarneh (2021), Matthews correlation
///     coefficient loss for deep convolutional networks</a>
@About(
        summary = "One minus the correlation of prediction and target.",
        formula = "1 - (TP TN - FP FN + smooth) / sqrt((TP+FP) (TP+FN) (TN+FP) (TN+FN) + smooth)",
        tex = "1-\\frac{TP\\,TN-FP\\,FN+s_n}{\\sqrt{(TP+FP)(TP+FN)(TN+FP)(TN+FN)+s_d}}",
        range = "0 to 2",
        use = "Foreground and background matter alike.",
        avoid = "Samples of one class only: it has no value there.",
        source = "Abhishek, Hamarneh (2021), https://doi.org/10.1109/ISBI48211.2021.9433782")
public record Mcc(
        @Meaning("added to numerator and, under the root, to the denominator; counts are shares of the voxels")
        Smooth smooth,

        Reduction over)
        implements OverlapLoss {

    public Mcc() {
        this(Smooth.of(0), Reduction.ALL);
    }

    @Override
    public Scalar at(Sums s) {
        double n = s.voxels();
        if (n == 0) {
            return Scalar.of(0);
        }
        double y = s.y() / n;
        Scalar p = s.p().times(1 / n);
        Scalar tp = s.py().times(1 / n);
        // TP TN - FP FN
        Scalar numerator = tp.minus(p.times(y)).plus(smooth.num());
        Scalar square = p.times(p.oneMinus()).times(y * (1 - y)).plus(smooth.den());
        if (square.value() <= 0) {
            boolean agree = (y == 0 && p.value() == 0) || (y == 1 && tp.value() == 1);
            return Scalar.of(agree ? 0 : 1);
        }
        return numerator.over(square.pow(0.5)).oneMinus();
    }
}
