package org.segloss.evaluate;

import org.segloss.loss.Task;

/// Double precision, for every type of input and every loss.
final class PlainBackend implements Backend {
    @Override
    public boolean takes(Sweep.Leaves leaves) {
        return true;
    }

    @Override
    public boolean takes(Prediction prediction) {
        return true;
    }

    @Override
    public Passes passes(Task task, Sweep.Leaves leaves, Batch batch, TargetReader target, ScalarTree loss) {
        PlainPlanes planes = new PlainPlanes(leaves.whole(), task, batch, target);
        return new Passes(
                batch,
                loss,
                planes,
                () -> new Sweep.Sums(leaves, task.channels()),
                () -> new PlainSweep(task, leaves, batch, target, planes));
    }
}
