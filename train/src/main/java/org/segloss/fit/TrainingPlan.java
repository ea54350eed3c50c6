package org.segloss.fit;

import java.util.Arrays;
import java.util.List;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.net.NetworkPlan;
import org.segloss.net.NetworkPlan.Architecture;

/// All that decides how a training runs; same plan and same cases, same weights.
///
/// @param patch        voxels (z, y, x) that a step sees of a case; z is 1 in two dimensions
/// @param batch        patches in a step
/// @param steps        updates of the weights
/// @param learningRate its highest value, see [Schedule]
/// @param device       where libtorch computes, for example `cpu`
/// @param threads      with which it computes there: sums that are shared otherwise round otherwise
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
        String device,
        int threads) {

    public enum Optimizer {
        /// Adam with decoupled weight decay: Loshchilov and Hutter (2019). Blind to a loss's scale.
        ADAMW,
        /// Stochastic gradient descent with Nesterov momentum 0.99 and gradients cut at norm 12, as in nnU-Net.
        SGD
    }

    /// More than any machine has cores; a number in a damaged file must not start a million.
    private static final int MOST_THREADS = 1024;

    public TrainingPlan {
        patch = patch.clone();
        if (patch.length != 3 || Arrays.stream(patch).anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException(
                    "a patch has three positive edges (z, y, x), not " + Arrays.toString(patch));
        }
        if (network.dimensions() == 2 && patch[0] != 1) {
            throw new IllegalArgumentException(
                    "a patch of a network in 2 dimensions has one slice, but %s was given".formatted(text(patch)));
        }
        for (int axis = 3 - network.dimensions(); axis < 3; axis++) {
            if (patch[axis] % network.multiple() != 0) {
                throw new IllegalArgumentException(
                        "with %d levels the edges of a patch are multiples of %d, but %s was given"
                                .formatted(network.levels(), network.multiple(), text(patch)));
            }
        }
        if (network.outputs() != task.channels()) {
            throw new IllegalArgumentException(
                    "the task has %d channels, but the network %d".formatted(task.channels(), network.outputs()));
        }
        if (batch < 1 || steps < 1) {
            throw new IllegalArgumentException(
                    "a training needs at least one patch and one step, but has %d and %d".formatted(batch, steps));
        }
        if (!(learningRate > 0 && Double.isFinite(learningRate))) {
            throw new IllegalArgumentException("a learning rate has to be positive, but is " + learningRate);
        }
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException(
                    "a training has from 1 to %d threads, not %d".formatted(MOST_THREADS, threads));
        }
    }

    private static String text(int[] patch) {
        return "%d x %d x %d (z, y, x)".formatted(patch[0], patch[1], patch[2]);
    }

    /// {@return a copy}
    @Override
    public int[] patch() {
        return patch.clone();
    }

    /// {@return this plan on a device and with a number of threads}
    public TrainingPlan on(String otherDevice, int otherThreads) {
        return new TrainingPlan(
                loss, task, network, patch, batch, steps, optimizer, learningRate, seed, otherDevice, otherThreads);
    }

    /// {@return how many threads a training has if nobody says: one for each processor that this program may use}
    public static int automaticThreads() {
        return Runtime.getRuntime().availableProcessors();
    }

    /// {@return how many steps a comparison takes if nobody says}: about ten looks at each case, but no fewer than a
    /// network needs for any of the losses, and no more than two CPU cores do in a few minutes.
    ///
    /// @param cases training cases
    public static int automaticSteps(int dimensions, int cases) {
        return dimensions == 2 ? 600 : Math.clamp(5L * cases, 240, 800);
    }

    /// A plan for two CPU cores and a few minutes.
    ///
    /// The patch is the median shape of the cases, made a multiple of what the levels need and at most 256²
    /// or 64³ voxels; AdamW with 3e-3.
    ///
    /// @param channels image channels
    /// @param shapes   (z, y, x) of each training case
    public static TrainingPlan automatic(
            Loss loss,
            Task task,
            Architecture architecture,
            int dimensions,
            int channels,
            List<int[]> shapes,
            int steps,
            long seed) {
        int levels = dimensions == 2 ? 4 : 3;
        NetworkPlan network = new NetworkPlan(architecture, dimensions, channels, task.channels(), 8, levels);
        int[] patch = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int at = axis;
            int[] edges = shapes.stream().mapToInt(shape -> shape[at]).sorted().toArray();
            int most = dimensions == 2 ? 256 : 64;
            patch[axis] = Math.min(most, roundUp(edges[edges.length / 2], network.multiple()));
        }
        if (dimensions == 2) {
            patch[0] = 1;
        }
        return new TrainingPlan(
                loss, task, network, patch, 2, steps, Optimizer.ADAMW, 3e-3, seed, "cpu", automaticThreads());
    }

    private static int roundUp(int value, int multiple) {
        return Math.ceilDiv(value, multiple) * multiple;
    }
}
