package org.segloss.fit;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.segloss.augment.Augmentation.Axis;
import org.segloss.image.Geometry;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.net.NetworkPlan;
import org.segloss.net.NetworkPlan.Architecture;
import org.segloss.prep.Preprocessing;
import org.segloss.torch.Precision;

/// All that decides how a training runs; same plan and same cases, same weights.
///
/// @param preprocessing what is done to every image first
/// @param patch        voxels (z, y, x) that a step sees of a case; z is 1 in two dimensions
/// @param batch        patches in a step
/// @param steps        updates of the weights
/// @param recipe       how it learns
/// @param device       where libtorch computes, for example `cpu`
/// @param threads      with which it computes there: sums that are shared otherwise round otherwise
/// @param precision    of the features; weights and sums stay in float
public record TrainingPlan(
        Loss loss,
        Task task,
        Preprocessing preprocessing,
        NetworkPlan network,
        int[] patch,
        int batch,
        int steps,
        Recipe recipe,
        long seed,
        String device,
        int threads,
        Precision precision) {

    /// More than any machine has cores; a number in a damaged file must not start a million.
    private static final int MOST_THREADS = 1024;

    /// Of the arrays that hold a batch.
    private static final int MOST_VOXELS = 1 << 30;

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
                        "with %d levels the edges of a patch are multiples of %d, but it is %s; take another patch or fewer levels"
                                .formatted(network.levels(), network.multiple(), text(patch)));
            }
        }
        if (batch < 1 || steps < 1) {
            throw new IllegalArgumentException(
                    "a training needs at least one patch and one step, but has %d and %d".formatted(batch, steps));
        }
        if (network.dimensions() == 2 && recipe.augmentation().mirrored().contains(Axis.Z)) {
            throw new IllegalArgumentException("a training in 2 dimensions can't mirror along z");
        }
        if (Arrays.stream(patch).asLongStream().reduce(batch, Math::multiplyExact) > MOST_VOXELS / network.inputs()) {
            throw new IllegalArgumentException(
                    "a step of %d patches of %s is more than %d numbers; take a smaller patch or batch"
                            .formatted(batch, text(patch), MOST_VOXELS));
        }
        if (network.outputs() != task.channels()) {
            throw new IllegalArgumentException(
                    "the task has %d channels, but the network %d".formatted(task.channels(), network.outputs()));
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

    /// {@return this plan for another loss and seed}
    public TrainingPlan with(Loss loss, long seed) {
        return new TrainingPlan(
                loss, task, preprocessing, network, patch, batch, steps, recipe, seed, device, threads, precision);
    }

    /// {@return this plan on a machine}
    public TrainingPlan on(Machine machine) {
        return new TrainingPlan(
                loss,
                task,
                preprocessing,
                network,
                patch,
                batch,
                steps,
                recipe,
                seed,
                machine.device(),
                machine.resolvedThreads(),
                machine.resolvedPrecision());
    }

    /// The plan that a preset makes for data.
    ///
    /// The patch is the median shape of the images once they are cropped and resampled, made a multiple of what the
    /// network needs and at most 256² or 64³ voxels; the network has no more levels than leave four voxels along
    /// the
    /// patch's edges, and no more heads than all losses can be evaluated on.
    ///
    /// @param choices  what is said instead
    /// @param losses   that such networks are to be trained with; the plan is for the first
    /// @param channels image channels
    /// @param images   the grid of each training image, [cropped][Preprocessing#cropped]
    /// @throws IllegalArgumentException if choices exclude each other, or the patch or a chosen head is too small
    /// for
    ///                                  a loss
    public static TrainingPlan automatic(
            Preset preset,
            Choices choices,
            List<Loss> losses,
            Task task,
            Architecture architecture,
            int dimensions,
            int channels,
            List<Geometry> images,
            int steps,
            long seed,
            Machine machine) {
        Preprocessing preprocessing =
                choices.spacing().map(Preprocessing::new).orElseGet(() -> Preprocessing.of(images));
        int most = dimensions == 2 ? 256 : 64;
        int[] patch = choices.patch()
                .map(edges -> edges.stream().mapToInt(Integer::intValue).toArray())
                .orElseGet(() -> wanted(images, preprocessing, dimensions, most));
        int levels = choices.levels().orElseGet(() -> levels(preset, patch, dimensions));
        int[] fitted = choices.patch().isPresent() ? patch : fitted(patch, dimensions, levels, most);
        if (choices.heads().isPresent()) {
            Supervision.check(losses, task, fitted, choices.heads().getAsInt());
        }
        NetworkPlan network = new NetworkPlan(
                architecture,
                dimensions,
                channels,
                task.channels(),
                choices.width().orElse(preset.width()),
                levels,
                choices.heads().orElseGet(() -> Supervision.heads(losses, task, fitted, preset.heads(levels))));
        return new TrainingPlan(
                losses.getFirst(),
                task,
                preprocessing,
                network,
                fitted,
                choices.batch().orElse(preset.batch()),
                steps,
                choices.recipe().orElseGet(() -> preset.recipe(dimensions)),
                seed,
                machine.device(),
                machine.resolvedThreads(),
                machine.resolvedPrecision());
    }

    /// {@return the edges that a patch would have, whatever the network}
    private static int[] wanted(List<Geometry> images, Preprocessing preprocessing, int dimensions, int most) {
        int[] median = median(images.stream().map(preprocessing::shape).toList());
        int[] patch = Arrays.stream(median).map(n -> Math.min(n, most)).toArray();
        if (dimensions == 2) {
            patch[0] = 1;
        }
        return patch;
    }

    private static int levels(Preset preset, int[] patch, int dimensions) {
        int shortest = Arrays.stream(patch).skip(3 - dimensions).min().orElseThrow();
        int halvings = 31 - Integer.numberOfLeadingZeros(Math.max(1, shortest / 4));
        return Math.clamp(halvings + 1, 1, preset.levels(dimensions));
    }

    private static int[] fitted(int[] patch, int dimensions, int levels, int most) {
        int[] fitted = patch.clone();
        int multiple = NetworkPlan.multiple(levels);
        for (int axis = 3 - dimensions; axis < 3; axis++) {
            fitted[axis] = Math.min(most, Math.ceilDiv(patch[axis], multiple) * multiple);
        }
        return fitted;
    }

    private static int[] median(List<int[]> shapes) {
        return IntStream.range(0, 3)
                .map(axis -> {
                    int[] edges = shapes.stream()
                            .mapToInt(shape -> shape[axis])
                            .sorted()
                            .toArray();
                    return edges[edges.length / 2];
                })
                .toArray();
    }
}
