package org.segloss.loss;

import java.util.List;

/// Checks of the parameters of losses, written so that NaN fails them.
public final class Check {
    private Check() {}

    /// Refuses parameters that break a condition.
    ///
    /// @param message a format for `values`, which says what was given and what was expected
    /// @throws IllegalArgumentException with that message, where the condition is false
    public static void that(boolean condition, String message, Object... values) {
        if (!condition) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }

    /// Refuses what is less than 0, or no finite number.
    public static void notNegative(String name, double value) {
        that(
                value >= 0 && value < Double.POSITIVE_INFINITY,
                "%s has to be a number of at least 0, but is %s",
                name,
                value);
    }

    /// Refuses a bound of probabilities that is not from 0 to less than 0.5, which would leave no probability but 0.5.
    public static void clip(String name, double value) {
        that(value >= 0 && value < 0.5, "%s has to be at least 0 and below 0.5, but is %s", name, value);
    }

    /// Refuses a list of weights of which one is less than 0, or none is more.
    public static void weights(String name, List<Double> weights) {
        weights.forEach(weight -> notNegative("each of the " + name, weight));
        that(
                weights.isEmpty() || weights.stream().anyMatch(w -> w > 0),
                "%s must not all be 0: the loss would be 0 for every prediction",
                name);
    }

    /// Refuses a list of weights that is not empty and not as long as the task has classes.
    public static void weights(List<Double> weights, Task task) {
        that(
                weights.isEmpty() || weights.size() == task.classes(),
                "weights are one for each class: a %s task with %d classes needs %d, but %d are given",
                task.kind(),
                task.classes(),
                task.classes(),
                weights.size());
    }
}
