package org.segloss.loss;

import java.util.List;

/// Argument checks, written so that NaN fails them.
final class Check {
    private Check() {}

    static void that(boolean condition, String message, Object... values) {
        if (!condition) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }

    static void notNegative(String name, double value) {
        that(
                value >= 0 && value < Double.POSITIVE_INFINITY,
                "%s has to be a number of at least 0, but is %s",
                name,
                value);
    }

    /// A clip of 0.5 would leave no probability but 0.5.
    static void clip(String name, double value) {
        that(value >= 0 && value < 0.5, "%s has to be at least 0 and below 0.5, but is %s", name, value);
    }

    static void weights(String name, List<Double> weights) {
        weights.forEach(weight -> notNegative("each of the " + name, weight));
        that(
                weights.isEmpty() || weights.stream().anyMatch(w -> w > 0),
                "%s must not all be 0: the loss would be 0 for every prediction",
                name);
    }

    static void weights(List<Double> weights, Task task) {
        that(
                weights.isEmpty() || weights.size() == task.classes(),
                "weights are one for each class: a %s task with %d classes needs %d, but %d are given",
                task.kind().text(),
                task.classes(),
                task.classes(),
                weights.size());
    }
}
