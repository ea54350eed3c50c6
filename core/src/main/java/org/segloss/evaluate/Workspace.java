package org.segloss.evaluate;

import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// What an evaluation works with and the next one again, so that nothing is left to the collector but its result. One
/// that has failed is in any state, and is not used again.
final class Workspace {
    private final Task task;
    private final int threads;
    private final Batch batch = new Batch();
    private final ScalarTree tree;
    private final boolean knowsWeights;
    private final Passes lanes;
    private final Passes plain;

    Workspace(Loss loss, Task task, Sweep.Leaves leaves, int threads) {
        this.task = task;
        this.threads = threads;
        tree = new ScalarTree(loss, task, leaves);
        knowsWeights = !leaves.needSums() && leaves.whole().isEmpty() && tree.isLinear();
        TargetReader target = new TargetReader(task, batch);
        LanePlanes lanePlanes = new LanePlanes(leaves.whole(), task, batch, target);
        PlainPlanes plainPlanes = new PlainPlanes(leaves.whole(), task, batch, target);
        Supplier<Sweep.Sums> sums = () -> new Sweep.Sums(leaves, task.channels());
        lanes = new Passes(batch, tree, lanePlanes, sums, () -> new LaneSweep(task, leaves, batch, target, lanePlanes));
        plain = new Passes(
                batch, tree, plainPlanes, sums, () -> new PlainSweep(task, leaves, batch, target, plainPlanes));
    }

    /// @param gradient empty if only the value is asked for
    /// @param fast     which of the twins does it
    Evaluation evaluate(Prediction prediction, Target target, MemorySegment gradient, double progress, boolean fast) {
        // where every voxel counts the leaves' weights don't wait for the sums
        boolean onePass = gradient.byteSize() > 0 && knowsWeights && TargetReader.keepsAll(task, target);
        batch.open(prediction, target, gradient, threads, onePass);
        (fast ? lanes : plain).evaluate(progress);
        batch.close();
        return tree.evaluation();
    }
}
