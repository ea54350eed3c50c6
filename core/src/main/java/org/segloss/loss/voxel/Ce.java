package org.segloss.loss.voxel;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Labels;
import org.segloss.loss.Meaning;
import org.segloss.loss.VoxelLoss;

/// Cross-entropy: over the softmax in a multiclass task, the same as [Bce] in a binary or multilabel one.
///
/// ```
/// -sum over classes of y log p
/// ```
///
/// At least 0, without bound.
///
/// With `border` voxels of the background count the more, the nearer two objects are to one another there, so that
/// objects which nearly touch stay apart:
///
/// ```
/// 1 + border exp(-(d1 + d2)² / (2 sigma²)),   d1, d2 the distances to the two nearest objects
/// ```
///
/// An object is a connected component of what isn't background.
///
/// @param labels smoothing and class weights, which `border` doesn't take
/// @param border at least 0, what a gap of no width weighs on top of 1; 0 is plain cross-entropy
/// @param sigma  above 0, how wide a gap may be to count, in the unit of the target's spacing
@About(
        summary = "Cross-entropy over the softmax; bce in a binary task.",
        formula = "-sum_c y_c log p_c",
        tex = "-\\sum_c y_c\\log p_c",
        range = "0 to infinity",
        use = "The usual choice for classes that exclude one another; calibrated probabilities.",
        avoid = "Small structures: background decides. Add an overlap loss, or weights.",
        cost = "One pass if nothing else needs two.",
        source = "Ronneberger et al. (2015), U-Net, https://arxiv.org/abs/1505.04597")
public record Ce(
        Labels labels,

        @Meaning("what the narrowest gap between two objects weighs on top of 1")
        double border,

        @Meaning("how wide such a gap may be, in the unit of the spacing")
        double sigma)
        implements VoxelLoss {
    public Ce {
        Check.notNegative("ce border", border);
        Check.that(sigma > 0 && Double.isFinite(sigma), "ce sigma has to be a number above 0, but is %s", sigma);
        Check.that(border == 0 || labels.isPlain(), "ce with a border takes no smoothing and no weights");
    }

    public Ce() {
        this(Labels.PLAIN, 0, 5);
    }

    @Override
    public double at(double[] p, double[] logP, double[] y, double[] slope) {
        return CrossEntropy.at(0, 1, logP, y, slope);
    }

    @Override
    public String toString() {
        return text();
    }
}
