package org.segloss.loss;

import java.util.List;

/// Over what a loss of one class of one sample is averaged. The options mean the same in every loss that has them.
///
/// The mean is taken over the classes of a sample and then over the samples, but for those that are wholly masked
/// out or ignored. Probabilities are always those of all classes: an option drops a class from the mean, never from
/// the activation.
///
/// @param background whether class 0 of a multiclass task counts; other tasks have no class for the background, so that
///                   it changes nothing
/// @param batch      whether the samples of a batch are summed up as if they were one
/// @param classes    whether each class has a loss, or all that count are summed up as if they were one
/// @param absent     what a class counts that the target has nowhere in the sample (or batch)
/// @param weights    one for each class, at least 0: the mean over classes is weighted by them, so that their
///                   scale doesn't matter; none means all alike
public record Reduction(
        @Meaning("whether class 0 of a multiclass task counts")
        boolean background,

        @Meaning("true sums up the samples of a batch as if they were one")
        boolean batch,

        @Meaning("each class has a loss, or all together have one")
        Classes classes,

        @Meaning("a class that the target lacks: score it, ignore it, or penalize its mean probability")
        Absent absent,

        @Meaning("of each class in the mean over classes") List<Double> weights) {

    /// Every class of every sample alike.
    public static final Reduction ALL = new Reduction(true, false, Classes.EACH, Absent.SCORE, List.of());

    /// The same without the background.
    public static final Reduction FOREGROUND = new Reduction(false, false, Classes.EACH, Absent.SCORE, List.of());

    /// How classes become one number.
    public enum Classes {
        EACH,
        TOGETHER
    }

    /// What a class counts that the target doesn't have.
    public enum Absent {
        /// What the formula says.
        SCORE,
        /// Nothing: the mean is taken over the others, and is 0 without any.
        IGNORE,
        /// Its mean probability, from 0 to 1, so that predicting it anywhere has a derivative.
        PENALIZE
    }

    public Reduction {
        weights = List.copyOf(weights);
        Check.weights("weights", weights);
        Check.that(
                weights.isEmpty() || classes == Classes.EACH,
                "weights are of the mean over classes, which classes=together doesn't take");
    }

    /// Refuses a task that these options make no sense for.
    ///
    /// @throws IllegalArgumentException saying what is wrong with them
    public void check(Task task) {
        Check.weights(weights, task);
        Check.that(
                weights.isEmpty()
                        || sum(1) > 0
                        || (background && task.kind() == Task.Kind.MULTICLASS)
                        || task.kind() == Task.Kind.MULTILABEL,
                "all weights but the background's are 0, and the background %s: the loss would be 0 for every prediction",
                task.kind() == Task.Kind.BINARY ? "has no channel in a binary task" : "is left out");
    }

    private double sum(int from) {
        return weights.stream().skip(from).mapToDouble(Double::doubleValue).sum();
    }

    /// {@return whether a channel counts}
    public boolean counts(int channel, Task task) {
        return background || channel > 0 || task.kind() != Task.Kind.MULTICLASS;
    }

    /// {@return the weight of a channel: in a binary task, which has the foreground alone, that of class 1}
    public double weight(int channel, Task task) {
        if (weights.isEmpty()) {
            return 1;
        }
        return weights.get(task.kind() == Task.Kind.BINARY ? 1 : channel);
    }
}
