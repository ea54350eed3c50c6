package org.segloss.fit;

import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.net.NetworkPlan;

/// All that decides how a training runs; same plan and same cases, same weights.
///
/// @param patch        voxels (z, y, x) that a step sees of a case
/// @param batch        patches in a step
/// @param learningRate at the first step; falls to 0 as `(1 - step / steps) ^ 0.9`
/// @param device       where libtorch computes, for example `cpu`
public record TrainingPlan(
        Loss loss,
        Task task,
        NetworkPlan network,
        int[] patch,
        int batch,
        int steps,
        Optimizer optimizer,
        double learningRate,
        long seed,
        String device) {

    public enum Optimizer {
        ADAMW,
        SGD
    }
}
