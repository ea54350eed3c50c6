package org.segloss.loss.ranked;

import org.segloss.loss.About;
import org.segloss.loss.RankedLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Task;

/// Lovász loss: the piecewise linear extension of one minus the Jaccard index to errors that are not 0 or 1.
///
/// ```
/// errors e sorted, largest first; G foreground voxels, of which f(i) are among the first i
/// J(i) = 1 - (G - f(i)) / (G + i - f(i)),   J(0) = 0
/// loss = sum_i (J(i) - J(i-1)) e_i
/// ```
///
/// In a multiclass task `e = |y - p|` of the softmax (Lovász-softmax), from 0 to 1. Otherwise
/// `e = max(0, 1 - z (2y - 1))` of the logits, for each channel (Lovász hinge), without bound. A class that is absent
/// from the target costs its largest error (`absent=score`), nothing, or its mean probability. Score is the default, as
/// in every loss: ignored, an image without foreground would have no loss in a binary task. The authors' program scores
/// it in the hinge too, but leaves it out of the softmax: that is `lovasz(absent=ignore)`. Equal errors may be taken in
/// any order; here it is that of the voxels.
///
/// Takes hard targets: labels, or probabilities 0 and 1.
///
/// @param over classes and samples; with `batch=true` all samples are ranked together
/// @see <a href="https://arxiv.org/abs/1705.08790">Berman, Rannen Triki, Blaschko (2018), The Lovász-softmax loss</a>
/// @see <a href="https://arxiv.org/abs/1512.07797">Yu, Blaschko (2015), The Lovász hinge</a>
@About(
        summary = "The Jaccard index made continuous: Lovász-softmax in a multiclass task, otherwise Lovász hinge.",
        formula = "sum_i (J(i) - J(i-1)) e_i, errors e sorted, J(i) the Jaccard loss if the first i are wrong",
        tex = "\\sum_i\\bigl(J(i)-J(i-1)\\bigr)\\,e_i,\\quad e_1\\ge e_2\\ge\\dots",
        range = "0 to 1; the hinge has no bound",
        use = "Fine-tuning for intersection over union.",
        avoid = "From the start alone: begin with ce, or add it. Of many classes, few of them in an image, ignore the"
                + " absent ones as the authors do: absent=ignore.",
        cost = "A sort of all voxels for each class; 12 bytes a voxel.",
        source = "Berman et al. (2018), https://arxiv.org/abs/1705.08790")
public record Lovasz(Reduction over) implements RankedLoss.Extension {
    public Lovasz() {
        this(Reduction.ALL);
    }

    @Override
    public Measure measure(Task task) {
        return task.kind() == Task.Kind.MULTICLASS ? Measure.ABSOLUTE : Measure.HINGE;
    }
}
