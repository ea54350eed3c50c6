package org.segloss.loss;

import java.lang.foreign.MemorySegment;

/// Evaluates one loss for one task, with its gradient.
public final class LossEvaluator {
    private final Loss loss;
    private final Task task;

    public LossEvaluator(Loss loss, Task task) {
        this(loss, task, Runtime.getRuntime().availableProcessors());
    }

    public LossEvaluator(Loss loss, Task task, int threads) {
        this.loss = loss;
        this.task = task;
    }

    /// {@return the value alone}
    public Evaluation evaluate(Prediction prediction, Target target) {
        throw new UnsupportedOperationException(loss + " for " + task);
    }

    /// {@return the value} and writes the gradient with respect to the prediction's numbers.
    ///
    /// @param gradient memory of the prediction's size and type, overwritten
    public Evaluation evaluate(Prediction prediction, Target target, MemorySegment gradient) {
        throw new UnsupportedOperationException(loss + " for " + task);
    }
}
