package org.segloss.fit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.segloss.dataset.Case;

/// Trains one network with one loss.
public final class Trainer {

    /// How a training ended.
    public enum Status {
        DONE,
        /// The loss or a gradient was not finite at `step`; nothing after it would mean anything.
        DIVERGED
    }

    public record Result(Status status, int step, Path checkpoint) {}

    /// Told about every step.
    public interface Progress {
        void step(int step, int steps, double loss);
    }

    private Trainer() {}

    /// Trains and writes `training.csv` and `checkpoint.safetensors` into `folder`.
    public static Result train(TrainingPlan plan, List<Case> cases, Path folder, Progress progress) throws IOException {
        throw new UnsupportedOperationException();
    }
}
