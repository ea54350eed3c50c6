package org.segloss.evaluate;

import java.util.List;
import org.segloss.kernel.VectorModule;
import org.segloss.loss.Task;

/// A way to run the passes over a batch's voxels, with kernels of its own. A third one implements this, and for the
/// arithmetic [org.segloss.kernel.Kernels]; it takes its place in [#ALL].
interface Backend {
    /// The one that takes everything.
    Backend PLAIN = new PlainBackend();

    /// All that this JVM has, the one to be preferred first. Chosen once.
    List<Backend> ALL = VectorModule.isPresent() ? List.of(new LaneBackend(), PLAIN) : List.of(PLAIN);

    /// {@return whether it is precise enough for these leaves}
    boolean takes(Sweep.Leaves leaves);

    /// {@return whether it can read this prediction}
    boolean takes(Prediction prediction);

    /// {@return passes over any batch of a task}
    Passes passes(Task task, Sweep.Leaves leaves, Batch batch, TargetReader target, ScalarTree loss);
}
