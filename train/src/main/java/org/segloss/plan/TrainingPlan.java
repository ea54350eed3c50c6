package org.segloss.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.segloss.augment.Augmentation.Axis;
import org.segloss.dataset.ClassLabels;
import org.segloss.grid.Spacing;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.prep.Fingerprint;
import org.segloss.prep.Preprocessing;

/// All that decides how a training runs; same plan and same cases, same weights.
///
/// @param labels       what the classes are called, and by which numbers files mark them; in a binary task
/// all are the
///                     foreground
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
        ClassLabels labels,
        Preprocessing preprocessing,
        NetworkPlan network,
        List<Integer> patch,
        int batch,
        int steps,
        Recipe recipe,
        long seed,
        String device,
        int threads,
        Precision precision) {

    /// More than any machine has cores; a number in a damaged file must not start a million.
    private static final int MOST_THREADS = 1024;

    /// Voxels that are left along an axis when it is halved.
    private static final int FEWEST = 4;

    /// The numbers of a batch lie in one array, and so do the logits for it.
    private static final int MOST_VOXELS = 1 << 30;

    public TrainingPlan {
        patch = List.copyOf(patch);
        if (patch.size() != 3 || patch.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException("a patch has three positive edges (z, y, x), not " + patch);
        }
        if (network.dimensions() == 2 && patch.getFirst() != 1) {
            throw new IllegalArgumentException(
                    "a patch of a network in 2 dimensions has one slice, but %s was given".formatted(text(patch)));
        }
        int[] multiples = network.multiples();
        for (int axis = 0; axis < 3; axis++) {
            if (patch.get(axis) % multiples[axis] != 0) {
                throw new IllegalArgumentException(
                        "with %d levels the edges of a patch are multiples of %s, but it is %s; take another patch or fewer levels"
                                .formatted(network.levels(), text(list(multiples)), text(patch)));
            }
        }
        if (batch < 1 || steps < 1) {
            throw new IllegalArgumentException(
                    "a training needs at least one patch and one step, but has %d and %d".formatted(batch, steps));
        }
        if (network.dimensions() == 2 && recipe.augmentation().mirrored().contains(Axis.Z)) {
            throw new IllegalArgumentException("a training in 2 dimensions can't mirror along z");
        }
        if (patch.stream().mapToLong(Integer::longValue).reduce(batch, Math::multiplyExact)
                > MOST_VOXELS / network.inputs()) {
            throw new IllegalArgumentException(
                    "a step of %d patches of %s is more than %d numbers; take a smaller patch or batch"
                            .formatted(batch, text(patch), MOST_VOXELS));
        }
        preprocessing.scales().keySet().forEach(channel -> {
            if (channel < 0 || channel >= network.inputs()) {
                throw new IllegalArgumentException(
                        "there is a scale for channel %d, but the images have the channels 0 to %d"
                                .formatted(channel, network.inputs() - 1));
            }
        });
        if (network.outputs() != task.channels()) {
            throw new IllegalArgumentException(
                    "the task has %d channels, but the network %d".formatted(task.channels(), network.outputs()));
        }
        if (!labels.ignoredLabels().equals(task.ignoredLabels())
                || task.kind() == Task.Kind.MULTICLASS && labels.names().size() != task.classes()
                || (task.kind() == Task.Kind.MULTILABEL ? task.classes() : 0) != labels.channels()) {
            throw new IllegalArgumentException(
                    "the %s task has %d classes without the labels %s, but 'labels' have %d and %d channels without %s; both have to say the same"
                            .formatted(
                                    task.kind(),
                                    task.classes(),
                                    task.ignoredLabels(),
                                    labels.names().size(),
                                    labels.channels(),
                                    labels.ignoredLabels()));
        }
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException(
                    "a training has from 1 to %d threads, not %d".formatted(MOST_THREADS, threads));
        }
    }

    /// A plan for classes that have no names, and in files the numbers 0, 1, 2 and so on.
    public TrainingPlan(
            Loss loss,
            Task task,
            Preprocessing preprocessing,
            NetworkPlan network,
            List<Integer> patch,
            int batch,
            int steps,
            Recipe recipe,
            long seed,
            String device,
            int threads,
            Precision precision) {
        this(
                loss,
                task,
                unnamed(task),
                preprocessing,
                network,
                patch,
                batch,
                steps,
                recipe,
                seed,
                device,
                threads,
                precision);
    }

    private static ClassLabels unnamed(Task task) {
        List<String> names = IntStream.range(0, task.classes() + (task.kind() == Task.Kind.MULTILABEL ? 1 : 0))
                .mapToObj(label -> label == 0 ? "background" : "label " + label)
                .toList();
        ClassLabels classes = ClassLabels.of(names, task.ignoredLabels());
        return task.kind() == Task.Kind.MULTILABEL ? classes.eachByItself() : classes;
    }

    private static String text(List<Integer> edges) {
        return "%d x %d x %d (z, y, x)".formatted(edges.get(0), edges.get(1), edges.get(2));
    }

    private static List<Integer> list(int[] edges) {
        return Arrays.stream(edges).boxed().toList();
    }

    /// {@return the patch's edges (z, y, x) to compute with}
    public int[] edges() {
        return patch.stream().mapToInt(Integer::intValue).toArray();
    }

    /// {@return this plan for another loss and seed}
    public TrainingPlan with(Loss loss, long seed) {
        return new TrainingPlan(
                loss,
                task,
                labels,
                preprocessing,
                network,
                patch,
                batch,
                steps,
                recipe,
                seed,
                device,
                threads,
                precision);
    }

    /// {@return this plan with so many steps}
    public TrainingPlan lasting(int steps) {
        return new TrainingPlan(
                loss,
                task,
                labels,
                preprocessing,
                network,
                patch,
                batch,
                steps,
                recipe,
                seed,
                device,
                threads,
                precision);
    }

    /// {@return this plan for classes with other names and numbers}
    public TrainingPlan naming(ClassLabels others) {
        return new TrainingPlan(
                loss,
                task,
                others,
                preprocessing,
                network,
                patch,
                batch,
                steps,
                recipe,
                seed,
                device,
                threads,
                precision);
    }

    /// {@return this plan on a machine}
    public TrainingPlan on(Machine machine) {
        return new TrainingPlan(
                loss,
                task,
                labels,
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

    /// {@return this plan on one of several devices of a kind}, such as `cuda:1`
    ///
    /// @throws IllegalArgumentException if it is of another kind than the plan's
    public TrainingPlan at(String place) {
        if (!kind(place).equals(kind(device))) {
            throw new IllegalArgumentException("this training computes on %s, and can't on %s: it would round otherwise"
                    .formatted(kind(device), place));
        }
        return placed(place);
    }

    /// {@return this plan without the number of its device}: which one of several it is changes no bit, so
    /// what is kept
    /// of a training doesn't say it
    public TrainingPlan anywhere() {
        return placed(kind(device));
    }

    private TrainingPlan placed(String place) {
        return new TrainingPlan(
                loss,
                task,
                labels,
                preprocessing,
                network,
                patch,
                batch,
                steps,
                recipe,
                seed,
                place,
                threads,
                precision);
    }

    private static String kind(String device) {
        return device.replaceFirst(":\\d+$", "");
    }

    /// {@return what it computes on}
    public Machine machine() {
        return new Machine(device, OptionalInt.of(threads), Optional.of(precision));
    }

    /// {@return this plan, with what follows from data taken from these}: the task, the image's channels and
    /// dimensions
    ///
    /// @param losses that such networks are to be trained with; the plan is for the first
    /// @throws IllegalArgumentException if the plan can't be one for the data, or a loss can't be evaluated on all
    /// heads
    public TrainingPlan suiting(List<Loss> losses, Task task, Fingerprint images, long seed) {
        NetworkPlan suited = new NetworkPlan(
                network.architecture(),
                images.dimensions(),
                images.channels(),
                task.channels(),
                network.width(),
                network.strides(),
                network.kernels(),
                network.heads());
        DeepSupervision.check(losses, task, edges(), suited.strides(), suited.heads());
        return new TrainingPlan(
                losses.getFirst(),
                task,
                preprocessing,
                suited,
                patch,
                batch,
                steps,
                recipe,
                seed,
                device,
                threads,
                precision);
    }

    /// The plan that a preset makes for data.
    ///
    /// The patch is the median shape of the images once they are cropped and resampled, cut to 256² or 64³ voxels
    /// and made a multiple of what the network needs. From level to level those axes are halved along which at
    /// least four voxels are left then, and along which voxels are less than twice as long as along another such
    /// axis: nnU-Net's rule. Kernels are of edge 1 along an axis until its voxels are less than twice as long as
    /// the shortest, or halved, or the level is the coarsest, and from there on of edge 3. There are no more heads
    /// than all losses can be evaluated on.
    ///
    /// @param overrides what is said instead
    /// @param losses   that such networks are to be trained with; the plan is for the first
    /// @param images   those to train with
    /// @throws IllegalArgumentException if overrides exclude each other, or the patch is too small for a loss
    /// @see <a href="https://doi.org/10.1038/s41592-020-01008-z">Isensee, Jaeger, Kohl, Petersen and Maier-Hein
    ///     (2021), nnU-Net: a self-configuring method for deep learning-based biomedical image segmentation</a>
    public static TrainingPlan automatic(
            Preset preset,
            Overrides overrides,
            List<Loss> losses,
            Task task,
            Architecture architecture,
            Fingerprint images,
            int steps,
            long seed,
            Machine machine) {
        Preprocessing suitable = Preprocessing.of(images);
        Preprocessing preprocessing =
                new Preprocessing(overrides.spacing().orElse(suitable.spacing()), suitable.scales());
        int dimensions = images.dimensions();
        int[] median =
                upperMedian(images.grids().stream().map(preprocessing::shape).toList());
        int longest = longest(median, most(dimensions));
        int[] patch = overrides
                .patch()
                .map(edges -> edges.stream().mapToInt(Integer::intValue).toArray())
                .orElseGet(() -> Arrays.stream(median)
                        .map(edge -> Math.min(edge, longest))
                        .toArray());
        List<List<Integer>> strides = strides(
                patch,
                preprocessing.spacing(),
                dimensions,
                NetworkPlan.checked(overrides.levels().orElse(preset.levels(dimensions))),
                overrides.levels().isPresent());
        int[] fitted = overrides.patch().isPresent() ? patch : fitted(patch, strides, most(dimensions));
        NetworkPlan network = new NetworkPlan(
                architecture,
                dimensions,
                images.channels(),
                task.channels(),
                overrides.width().orElse(preset.width()),
                strides,
                kernels(strides, preprocessing.spacing(), dimensions),
                DeepSupervision.heads(losses, task, fitted, strides, preset.heads(strides.size() + 1)));
        return new TrainingPlan(
                losses.getFirst(),
                task,
                preprocessing,
                network,
                list(fitted),
                overrides.batch().orElse(preset.batch()),
                steps,
                overrides.recipe().orElseGet(() -> preset.recipe(dimensions)),
                seed,
                machine.device(),
                machine.resolvedThreads(),
                machine.resolvedPrecision());
    }

    /// {@return voxels of a patch}
    private static long most(int dimensions) {
        return dimensions == 2 ? 256 * 256 : 64 * 64 * 64;
    }

    /// {@return the longest edge for which a patch of this shape, cut to it, has at most so many voxels}
    private static int longest(int[] shape, long most) {
        int all = Arrays.stream(shape).max().orElseThrow();
        return IntStream.rangeClosed(1, all)
                .filter(edge -> edge == all || cut(shape, edge + 1) > most)
                .findFirst()
                .orElseThrow();
    }

    private static long cut(int[] shape, int edge) {
        return Arrays.stream(shape).asLongStream().reduce(1, (n, m) -> n * Math.min(m, edge));
    }

    /// @param exactly whether there are to be so many levels, even if too few voxels are left; else at most
    private static List<List<Integer>> strides(
            int[] patch, Spacing spacing, int dimensions, int levels, boolean exactly) {
        double[] edges = Arrays.stream(patch).asDoubleStream().toArray();
        double[] voxel = {spacing.z(), spacing.y(), spacing.x()};
        List<List<Integer>> strides = new ArrayList<>();
        while (strides.size() < levels - 1) {
            int[] axes = IntStream.range(3 - dimensions, 3)
                    .filter(axis -> edges[axis] >= 2 * FEWEST)
                    .toArray();
            if (axes.length == 0 && !exactly) {
                break;
            }
            List<Integer> halved = halved(
                    axes.length > 0 ? axes : IntStream.range(3 - dimensions, 3).toArray(), voxel);
            List<Integer> stride = IntStream.range(0, 3)
                    .mapToObj(axis -> halved.contains(axis) ? 2 : 1)
                    .toList();
            for (int axis : halved) {
                edges[axis] /= 2;
                voxel[axis] *= 2;
            }
            strides.add(stride);
        }
        return strides;
    }

    /// {@return those of the axes along which voxels are short}
    private static List<Integer> halved(int[] axes, double[] voxel) {
        double shortest =
                Arrays.stream(axes).mapToDouble(axis -> voxel[axis]).min().orElseThrow();
        return Arrays.stream(axes)
                .filter(axis -> voxel[axis] < 2 * shortest)
                .boxed()
                .toList();
    }

    /// {@return the edges of each level's kernels}
    private static List<List<Integer>> kernels(List<List<Integer>> strides, Spacing spacing, int dimensions) {
        double[] voxel = {spacing.z(), spacing.y(), spacing.x()};
        int[] edges = {1, 1, 1};
        List<List<Integer>> kernels = new ArrayList<>();
        for (int level = 0; level <= strides.size(); level++) {
            boolean coarsest = level == strides.size();
            double shortest = Arrays.stream(voxel).skip(3L - dimensions).min().orElseThrow();
            for (int axis = 3 - dimensions; axis < 3; axis++) {
                boolean halved = level < strides.size() && strides.get(level).get(axis) == 2;
                if (coarsest || halved || voxel[axis] < 2 * shortest) {
                    edges[axis] = 3;
                }
                voxel[axis] *= halved ? 2 : 1;
            }
            kernels.add(Arrays.stream(edges).boxed().toList());
        }
        return kernels;
    }

    /// {@return a patch rounded up to multiples, then made shorter along its longest axes as long as it is
    /// too large}
    private static int[] fitted(int[] patch, List<List<Integer>> strides, long most) {
        int[] multiples = NetworkPlan.multiples(strides);
        int[] fitted = IntStream.range(0, 3)
                .map(axis -> Math.ceilDiv(patch[axis], multiples[axis]) * multiples[axis])
                .toArray();
        while (cut(fitted, Integer.MAX_VALUE) > most) {
            var longest = IntStream.range(0, 3)
                    .filter(axis -> fitted[axis] > multiples[axis])
                    .reduce((a, b) -> fitted[b] > fitted[a] ? b : a);
            if (longest.isEmpty()) {
                break;
            }
            fitted[longest.getAsInt()] -= multiples[longest.getAsInt()];
        }
        return fitted;
    }

    private static int[] upperMedian(List<int[]> shapes) {
        return IntStream.range(0, 3)
                .map(axis -> (int) Fingerprint.upperMedian(shapes.stream().mapToDouble(shape -> shape[axis])))
                .toArray();
    }
}
