package org.segloss.evaluate;

import java.util.List;
import org.segloss.kernel.VectorModule;
import org.segloss.loss.Task;

/// A way to run the passes over a batch's voxels, with kernels of its own. A third one takes its place in [#ALL].
///
/// It implements this, a [Sweep] over a block of voxels, and the abstract methods of [Planes], which keep a number of
/// every voxel; `Planes` is sealed, and so has to name it. Where a sweep does its arithmetic by
/// [org.segloss.kernel.Kernels], their twins' test holds it against the plain one. It gets for nothing what is computed
/// of the few sums, [ScalarTree], how voxels are cut into blocks and blocks into threads, [Passes], and how targets are
/// read, [TargetReader]. Neither [LaneBlock] nor [GeneralSweep] serves it: they work on planes of floats.
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
