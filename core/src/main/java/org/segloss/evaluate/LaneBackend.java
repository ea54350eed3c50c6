package org.segloss.evaluate;

import org.segloss.loss.Task;
import org.segloss.loss.VoxelLoss;

/// Vector lanes, for logits of 32 bits and less. Its classes can't be loaded without the module `jdk.incubator.vector`.
final class LaneBackend implements Backend {
    @Override
    public boolean takes(Sweep.Leaves leaves) {
        return leaves.voxel().stream().noneMatch(VoxelLoss::needsDouble);
    }

    @Override
    public boolean takes(Prediction prediction) {
        return prediction.type() != Prediction.FloatType.FLOAT64 && prediction.scale() == Prediction.Scale.LOGITS;
    }

    @Override
    public Passes passes(Task task, Sweep.Leaves leaves, Batch batch, TargetReader target, ScalarTree loss) {
        LanePlanes planes = new LanePlanes(leaves.whole(), task, batch, target);
        return new Passes(
                batch,
                loss,
                planes,
                () -> new Sweep.Sums(leaves, task.channels()),
                () -> new LaneSweep(leaves, new LaneBlock(task, leaves, batch, target), planes));
    }
}
