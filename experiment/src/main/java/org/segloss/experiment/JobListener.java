package org.segloss.experiment;

import java.util.function.Supplier;
import org.segloss.design.TimeEstimate;
import org.segloss.run.LossFolder;

/// Told how far a job is.
public interface JobListener {

    /// Before a training begins or goes on.
    ///
    /// @param estimate measures how long it takes, which takes a few steps itself
    default void begins(Supplier<TimeEstimate> estimate) {}

    /// After a step of the training.
    ///
    /// @param step counted from 1
    default void step(int step, int steps, double loss) {}

    /// After the training; it may have been done before.
    default void trained() {}

    /// Before a test case is predicted.
    ///
    /// @param number counted from 1
    default void predicts(int number, int cases) {}

    /// Something worth keeping on the screen, as a sentence about the job.
    default void say(String sentence) {}

    /// Its results were there; nothing was done.
    default void reused(LossFolder folder) {}

    /// The training's loss or gradient was no longer finite, and it has ended.
    default void diverged(int step) {}

    /// After a job, however it ended.
    default void finished() {}

    /// {@return a listener that nobody hears}
    static JobListener silent() {
        return new JobListener() {};
    }
}
