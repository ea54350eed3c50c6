package org.segloss.loss;

/// Binary cross-entropy, of each channel by itself.
///
/// ```
/// -y log p - (1 - y) log(1 - p),   p clipped to [clip, 1 - clip]
/// ```
///
/// At least 0, without bound. With `clip = 0` the logarithm is taken from the logits and is exact for sure voxels.
/// Where a clip acts, the gradient is 0: the worst voxels stop learning.
///
/// @param clip at least 0 and below 0.5; 0 means none
public record Bce(double clip) implements VoxelLoss {
    public Bce {
        Check.clip("bce clip", clip);
    }

    @Override
    public void check(Task task) {
        Check.that(
                task.kind() != Task.Kind.MULTICLASS,
                "bce is for a binary or multilabel task, but this one is multiclass; use ce, the softmax cross-entropy");
    }

    @Override
    public double at(double[] p, double[] logP, double[] y, double[] slope) {
        return CrossEntropy.at(clip, logP, y, slope);
    }

    @Override
    public String toString() {
        return LossText.of(this);
    }
}
