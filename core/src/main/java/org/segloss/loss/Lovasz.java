package org.segloss.loss;

/// Lovász loss: the piecewise linear extension of one minus the Jaccard index to errors that are not 0 or 1.
///
/// ```
/// errors e sorted, largest first; G foreground voxels, of which f(i) are among the first i
/// J(i) = 1 - (G - f(i)) / (G + i - f(i)),   J(0) = 0
/// loss = sum_i (J(i) - J(i-1)) e_i
/// ```
///
/// In a multiclass task `e = |y - p|` of the softmax, a mean over the classes that are present (Lovász-softmax), from 0
/// to 1. Otherwise `e = max(0, 1 - z (2y - 1))` of the logits, for each channel (Lovász hinge), without bound; with no
/// foreground it is the largest error. A class that is absent from the target has no Jaccard index to extend and is
/// left out; with none present the loss is 0. Equal errors may be taken in any order; here it is that of the voxels.
///
/// Takes hard targets: labels, or probabilities 0 and 1.
///
/// @param scope `sample`: each sample has a loss, and their mean is taken; `batch`: all samples are ranked together
/// @see <a href="https://arxiv.org/abs/1705.08790">Berman, Rannen Triki, Blaschko (2018), The Lovász-softmax loss</a>
/// @see <a href="https://arxiv.org/abs/1512.07797">Yu, Blaschko (2015), The Lovász hinge</a>
public record Lovasz(Scope scope) implements RankedLoss {

    /// What is ranked together.
    public enum Scope {
        SAMPLE,
        BATCH
    }

    @Override
    public Measure measure(Task task) {
        return task.kind() == Task.Kind.MULTICLASS ? Measure.ABSOLUTE : Measure.HINGE;
    }

    @Override
    public String toString() {
        return LossText.of(this);
    }
}
