package org.segloss.loss.overlap;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Scalar;

/// Sensitivity-specificity loss: the mean squared errors on foreground and on background, weighed.
///
/// ```
/// r sum((1-p)² y) / (sum(y) + smooth)  +  (1-r) sum(p² (1-y)) / (sum(1-y) + smooth)
/// ```
///
/// From 0 to 1. The first term is the error on the foreground, and so stands for sensitivity. For hard targets it is
/// the formula of the paper; a soft target weighs both of a voxel's errors.
///
/// @param r      from 0 to 1
/// @param smooth at least 0, added to both denominators
/// @param over   classes and samples
/// @see <a href="https://doi.org/10.1007/978-3-319-24574-4_1">Brosch et al. (2015), Deep convolutional encoder networks
///     for multiple sclerosis lesion segmentation</a>
@About(
        summary = "Squared errors on foreground and on background, each by its size.",
        formula = "r sum((1-p)^2 y) / (sum(y) + smooth) + (1-r) sum(p^2 (1-y)) / (sum(1-y) + smooth)",
        tex = "r\\frac{\\sum(1-p)^2y}{\\sum y+s}+(1-r)\\frac{\\sum p^2(1-y)}{\\sum(1-y)+s}",
        range = "0 to 1",
        use = "Very small lesions; r weighs false negatives against false positives.",
        avoid = "Where overlap is scored: it looks at the two kinds of error apart.",
        source = "Brosch et al. (2015), https://doi.org/10.1007/978-3-319-24574-4_1")
public record SensitivitySpecificity(
        @Meaning("weight of the error on foreground; background has 1-r")
        double r,

        @Meaning("added to both denominators") double smooth,
        Reduction over)
        implements OverlapLoss {

    public SensitivitySpecificity {
        Check.that(r >= 0 && r <= 1, "sensitivitySpecificity r has to be from 0 to 1, but is %s", r);
        Check.notNegative("sensitivitySpecificity smooth", smooth);
    }

    public SensitivitySpecificity() {
        this(0.1, 1, Reduction.ALL);
    }

    @Override
    public boolean needsExtraSums() {
        return true;
    }

    @Override
    public Scalar at(Sums s) {
        return part(s.falseNegatives(), s.y())
                .times(r)
                .plus(part(s.falsePositives(), s.voxels() - s.y()).times(1 - r));
    }

    private Scalar part(Scalar error, double size) {
        return size + smooth == 0 ? Scalar.of(0) : error.times(1 / (size + smooth));
    }
}
