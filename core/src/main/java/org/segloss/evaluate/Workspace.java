package org.segloss.evaluate;

import java.lang.foreign.MemorySegment;
import java.util.List;
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
    private final List<Backend> backends;

    // of each backend
    private final List<Passes> passes;

    /// @param backends of which the last takes every prediction
    Workspace(Loss loss, Task task, Sweep.Leaves leaves, int threads, List<Backend> backends) {
        this.task = task;
        this.threads = threads;
        this.backends = backends;
        tree = new ScalarTree(loss, task, leaves);
        knowsWeights = !leaves.needSums() && leaves.whole().isEmpty() && tree.isLinear();
        TargetReader target = new TargetReader(task, batch);
        passes = backends.stream()
                .map(backend -> backend.passes(task, leaves, batch, target, tree))
                .toList();
    }

    /// @param gradient empty if only the value is asked for
    Evaluation evaluate(Prediction prediction, Target target, MemorySegment gradient, double progress) {
        // where every voxel counts the leaves' weights don't wait for the sums
        boolean onePass = gradient.byteSize() > 0 && knowsWeights && TargetReader.keepsAll(task, target);
        batch.open(prediction, target, gradient, threads, onePass);
        passes(prediction).evaluate(progress);
        Evaluation evaluation = tree.evaluation();
        if (!Double.isFinite(evaluation.value()) && isFast(prediction)) {
            // logits or sums that are finite may be too large for a float: doubles tell
            passes.getLast().evaluate(progress);
            evaluation = tree.evaluation();
        }
        batch.close();
        return evaluation;
    }

    private boolean isFast(Prediction prediction) {
        return passes(prediction) != passes.getLast();
    }

    private Passes passes(Prediction prediction) {
        for (int i = 0; i < backends.size(); i++) {
            if (backends.get(i).takes(prediction)) {
                return passes.get(i);
            }
        }
        throw new IllegalStateException("no backend takes " + prediction);
    }
}
