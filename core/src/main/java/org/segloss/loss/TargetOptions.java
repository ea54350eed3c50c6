package org.segloss.loss;

import java.util.List;

/// What a voxel loss makes of the target before it looks at it. The options mean the same in every voxel loss.
///
/// ```
/// weightBy=term    y'_k = w_k ((1 - smoothing) y_k + smoothing / K),               K outcomes
/// weightBy=voxel   y'_k = (sum_j w_j y_j) ((1 - smoothing) y_k + smoothing / K)
/// ```
///
/// With weights a mean over voxels is weighted: the divisor is the sum of the voxels' weights `sum_k w_k y_k`, so that
/// the weights' scale doesn't matter.
///
/// The first form is PyTorch's. It has a trap where weights and smoothing meet: the share that smoothing gives a heavy
/// class in every voxel weighs heavily too. With weights of 1, 1 and 50 and a smoothing of 0.1 the loss of a voxel of
/// class 0 is least where class 2 is the most probable. The second form weighs a voxel by its true class, and its least
/// is where the smoothed target is. `posWeight` of [Bce][org.segloss.loss.voxel.Bce] has the same trap; `weights` with
/// `weightBy=voxel` is the way out of both.
///
/// @param background whether voxels of class 0 of a multiclass task count, and its terms: false is a weight of 0; other
///                   tasks have no class for the background, so that it changes nothing
/// @param smoothing  from 0 to 1: the share of a voxel's truth that goes to all its outcomes alike; K is the number of
///                   classes, 2 for a channel of a binary or multilabel task
/// @param weights    one for each class, at least 0, none for all alike; a binary task has background and foreground
/// @param weightBy   what the weights multiply
public record TargetOptions(
        @Meaning("whether class 0 of a multiclass task counts")
        boolean background,

        @Meaning("share of a voxel's truth that goes to all classes alike")
        double smoothing,

        @Meaning("of each class in the mean over voxels") List<Double> weights,

        @Meaning("term: the weights multiply each class's term, as in PyTorch; voxel: each voxel by its true class")
        WeightBy weightBy) {

    /// What a weight multiplies.
    public enum WeightBy {
        /// The term of its class, in every voxel.
        TERM,
        /// All terms of a voxel that is of its class.
        VOXEL
    }

    /// As it is.
    public static final TargetOptions PLAIN = new TargetOptions(true, 0, List.of(), WeightBy.TERM);

    public TargetOptions {
        weights = List.copyOf(weights);
        Check.that(smoothing >= 0 && smoothing <= 1, "smoothing has to be from 0 to 1, but is %s", smoothing);
        Check.weights("weights", weights);
    }

    /// {@return these, with weights}
    public TargetOptions weighted(List<Double> weights) {
        return new TargetOptions(background, smoothing, weights, weightBy);
    }

    /// Refuses a task that these options make no sense for.
    ///
    /// @throws IllegalArgumentException saying what is wrong with them
    public void check(Task task) {
        Check.weights(weights, task);
        Check.that(
                weights.isEmpty()
                        || background
                        || task.kind() != Task.Kind.MULTICLASS
                        || weights.stream().skip(1).anyMatch(weight -> weight > 0),
                "all weights but the background's are 0, and the background is left out: the loss would be 0 for every prediction");
    }

    /// {@return whether a voxel loss sees the target as it is}
    public boolean isPlain() {
        return smoothing == 0 && !isWeighted();
    }

    /// {@return whether voxels may weigh differently in the mean}
    public boolean isWeighted() {
        return !weights.isEmpty() || !background;
    }

    /// {@return the weight of an outcome of a channel; a softmax has one group of outcomes, channel 0}
    public double weight(Task task, int channel, int outcome) {
        if (!background && task.kind() == Task.Kind.MULTICLASS && outcome == 0) {
            return 0;
        }
        if (weights.isEmpty()) {
            return 1;
        }
        return weights.get(task.kind() == Task.Kind.MULTILABEL ? channel : outcome);
    }
}
