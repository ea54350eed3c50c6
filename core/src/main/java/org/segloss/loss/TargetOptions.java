package org.segloss.loss;

import java.util.List;

/// What a voxel loss makes of the target before it looks at it. The options mean the same in every voxel loss.
///
/// ```
/// y'_k = w_k ((1 - smoothing) y_k + smoothing / K),   K outcomes
/// ```
///
/// With weights a mean over voxels is weighted: the divisor is the sum of the voxels' weights `sum_k w_k y_k`, so that
/// the weights' scale doesn't matter.
///
/// @param smoothing from 0 to 1: the share of a voxel's truth that goes to all its outcomes alike; K is the number of
///                  classes, 2 for a channel of a binary or multilabel task
/// @param weights   one for each class, at least 0, none for all alike; a binary task has background and foreground
public record TargetOptions(
        @Meaning("share of a voxel's truth that goes to all classes alike")
        double smoothing,

        @Meaning("of each class in the mean over voxels") List<Double> weights) {

    /// As it is.
    public static final TargetOptions PLAIN = new TargetOptions(0, List.of());

    public TargetOptions {
        weights = List.copyOf(weights);
        Check.that(smoothing >= 0 && smoothing <= 1, "smoothing has to be from 0 to 1, but is %s", smoothing);
        Check.weights("weights", weights);
    }

    /// Refuses a task that these options make no sense for.
    ///
    /// @throws IllegalArgumentException saying what is wrong with them
    public void check(Task task) {
        Check.weights(weights, task);
    }

    /// {@return whether a voxel loss sees the target as it is}
    public boolean isPlain() {
        return smoothing == 0 && weights.isEmpty();
    }

    /// {@return the weight of an outcome of a channel; a softmax has one group of outcomes, channel 0}
    public double weight(Task task, int channel, int outcome) {
        if (weights.isEmpty()) {
            return 1;
        }
        return weights.get(task.kind() == Task.Kind.MULTILABEL ? channel : outcome);
    }
}
