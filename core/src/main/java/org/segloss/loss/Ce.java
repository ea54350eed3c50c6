package org.segloss.loss;

/// Cross-entropy: over the softmax in a multiclass task, the same as [Bce] in a binary or multilabel one.
///
/// ```
/// -sum over classes of y log p
/// ```
///
/// At least 0, without bound.
public record Ce() implements VoxelLoss {

    @Override
    public double at(double[] p, double[] logP, double[] y, double[] slope) {
        return CrossEntropy.at(0, logP, y, slope);
    }

    @Override
    public String toString() {
        return LossText.of(this);
    }
}
