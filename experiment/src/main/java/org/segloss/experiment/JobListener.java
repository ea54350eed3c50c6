package org.segloss.experiment;

import java.util.function.Supplier;
import org.segloss.run.LossFolder;

/// Told how far a job is.
public interface JobListener {

    /// Before a training begins or goes on.
    ///
    /// @param estimate measures how long it takes, which takes a few steps itself
    void begins(Supplier<TimeEstimate> estimate);

    /// After a step of the training.
    ///
    /// @param step counted from 1
    void step(int step, int steps, double loss);

    /// After the training; it may have been done before.
    void trained();

    /// Before a test case is predicted.
    ///
    /// @param number counted from 1
    void predicts(int number, int cases);

    /// Something worth keeping on the screen, as a sentence about the job.
    void say(String sentence);

    /// Its results were there; nothing was done.
    void reused(LossFolder folder);

    /// The training's loss or gradient was no longer finite, and it has ended.
    void diverged(int step);

    /// After a job, however it ended.
    void finished();

    /// {@return a listener that nobody hears}
    static JobListener silent() {
        return new JobListener() {
            @Override
            public void begins(Supplier<TimeEstimate> estimate) {}

            @Override
            public void step(int step, int steps, double loss) {}

            @Override
            public void trained() {}

            @Override
            public void predicts(int number, int cases) {}

            @Override
            public void say(String sentence) {}

            @Override
            public void reused(LossFolder folder) {}

            @Override
            public void diverged(int step) {}

            @Override
            public void finished() {}
        };
    }
}
