package org.segloss.loss.voxel;

import org.segloss.loss.About;
import org.segloss.loss.TargetOptions;
import org.segloss.loss.VoxelLoss;

/// Cross-entropy: over the softmax in a multiclass task, the same as [Bce] in a binary or multilabel one.
///
/// ```
/// -sum over classes of y log p
/// ```
///
/// At least 0, without bound.
///
/// @param labels smoothing and class weights
@About(
        summary = "Cross-entropy over the softmax; bce in a binary task.",
        formula = "-sum_c y_c log p_c",
        tex = "-\\sum_c y_c\\log p_c",
        range = "0 to infinity",
        use = "The usual choice for classes that exclude one another; calibrated probabilities.",
        avoid = "Small structures: background decides. Add an overlap loss, or weights.",
        cost = "One pass if nothing else needs two.",
        source = "Ronneberger et al. (2015), U-Net, https://arxiv.org/abs/1505.04597")
public record Ce(TargetOptions labels) implements VoxelLoss {
    public Ce() {
        this(TargetOptions.PLAIN);
    }

    @Override
    public double at(double[] p, double[] logP, double[] y, double[] derivative) {
        return CrossEntropy.at(0, 1, logP, y, derivative);
    }
}
