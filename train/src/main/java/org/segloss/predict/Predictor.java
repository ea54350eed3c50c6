package org.segloss.predict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.segloss.augment.Augmentation.Axis;
import org.segloss.dataset.Case;
import org.segloss.dataset.ClassLabels;
import org.segloss.decide.Decision;
import org.segloss.decide.Probabilities;
import org.segloss.fit.Checkpoint;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.image.Window;
import org.segloss.loss.Task;
import org.segloss.net.Network;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.Precision;
import org.segloss.plan.TrainingPlan;
import org.segloss.prep.Preprocessing;
import org.segloss.torch.Libtorch;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;

/// Networks at work on whole images, window by window.
///
/// The windows have the size of the training's patches, or take the whole of an image that is hardly larger.
/// They overlap by half; where they do, their probabilities are averaged, each weighted by how near the voxel
/// is to the window's centre. Several networks, and the mirrored views that a network was trained to be shown, are
/// averaged alike. Not for several threads at once.
public final class Predictor implements AutoCloseable {
    /// Told how far a prediction has come.
    public interface WindowListener {
        /// @param done windows of `all`
        void window(int done, int all);
    }

    private final Preprocessing preprocessing;
    private final List<Network> networks;
    private final Task task;
    private final ClassLabels labels;
    private final int[] patch;
    private final List<Set<Axis>> views;
    private final String device;
    /// A quarter of the heap: as much again is there while channels are brought to the image's grid.
    private long mostInMemory = Runtime.getRuntime().maxMemory() / 4;

    Predictor(
            Preprocessing preprocessing,
            List<Network> networks,
            Task task,
            ClassLabels labels,
            int[] patch,
            Set<Axis> mirrored,
            String device) {
        this.labels = labels;
        this.preprocessing = preprocessing;
        this.networks = networks;
        this.task = task;
        this.patch = patch.clone();
        this.views = subsets(mirrored);
        this.device = device;
    }

    /// {@return this predictor, which keeps no more than so many bytes of probabilities in memory}; the
    /// others lie in a file, and are the same to the bit
    Predictor keeping(long bytes) {
        mostInMemory = bytes;
        return this;
    }

    /// Every way to mirror along some of the axes, none first.
    private static List<Set<Axis>> subsets(Set<Axis> axes) {
        List<Set<Axis>> subsets = new ArrayList<>(List.of(EnumSet.noneOf(Axis.class)));
        for (Axis axis : axes) {
            for (Set<Axis> subset : List.copyOf(subsets)) {
                Set<Axis> larger = EnumSet.of(axis);
                larger.addAll(subset);
                subsets.add(larger);
            }
        }
        return subsets;
    }

    /// Loads a network from a checkpoint, which says all about itself. From now on libtorch computes with as many
    /// threads as in the training, so that a network predicts the same wherever it is asked.
    ///
    /// @param device `cpu`, `cuda` or `cuda:N`
    /// @throws IOException if the file is no checkpoint or its arrays don't fit the network that it describes
    public static Predictor open(Path checkpoint, String device) throws IOException {
        return open(List.of(checkpoint), device);
    }

    /// Loads an ensemble, for example of the folds of a cross-validation: its probabilities are the mean of its
    /// members'.
    ///
    /// @param checkpoints at least one; of trainings for the same task, on patches of the same shape, spacing and
    ///                    scale
    /// @throws IOException as [#open(Path, String)], or if one doesn't go with the first; says why
    public static Predictor open(List<Path> checkpoints, String device) throws IOException {
        List<Network> networks = new ArrayList<>();
        try {
            Checkpoint first = Checkpoint.read(checkpoints.getFirst());
            Libtorch.threads(first.plan().threads());
            for (Path checkpoint : checkpoints) {
                Checkpoint content = Checkpoint.read(checkpoint);
                Optional<String> difference = first.differenceFor(content);
                if (difference.isPresent()) {
                    throw new IOException("%s can't predict together with %s: %s"
                            .formatted(checkpoint, checkpoints.getFirst(), difference.get()));
                }
                networks.add(load(checkpoint, content, device));
            }
            return of(networks, first.plan(), device);
        } catch (IOException | RuntimeException e) {
            networks.forEach(Network::close);
            throw e;
        }
    }

    private static Network load(Path checkpoint, Checkpoint content, String device) throws IOException {
        TrainingPlan plan = content.plan();
        Network network = new Network(plan.network(), plan.seed(), device, plan.precision());
        try {
            network.parameters().load(content.weights());
            return network;
        } catch (IllegalArgumentException e) {
            network.close();
            throw new IOException("%s is a broken checkpoint: %s".formatted(checkpoint, e.getMessage()), e);
        }
    }

    /// {@return the network that a training with this plan begins with}
    public static Predictor untrained(TrainingPlan plan) {
        return of(new Network(plan.network(), plan.seed(), plan.device(), plan.precision()), plan);
    }

    /// {@return a network in the middle of its training}; closing it closes the network
    static Predictor of(Network network, TrainingPlan plan) {
        return of(List.of(network), plan, plan.device());
    }

    private static Predictor of(List<Network> networks, TrainingPlan plan, String device) {
        return new Predictor(
                plan.preprocessing(),
                networks,
                plan.task(),
                plan.labels(),
                plan.edges(),
                plan.recipe().views(),
                device);
    }

    /// {@return about how long predicting images takes}
    ///
    /// @param step how long a step of the training takes: going forward with a patch is a third of what is done
    ///             with it there
    public static Duration time(TrainingPlan plan, List<Case> cases, Duration step) {
        long windows = 0;
        for (Case c : cases) {
            int[] shape = plan.preprocessing().shape(Preprocessing.cropped(c.image()));
            Geometry grid = Geometry.identity(shape[2], shape[1], shape[0]);
            windows += Tiles.of(plan.edges(), plan.network().multiples(), grid)
                    .over(grid)
                    .size();
        }
        long views = 1L << plan.recipe().views().size();
        return step.multipliedBy(windows * views).dividedBy(3L * plan.batch());
    }

    /// {@return the labels on the image's own grid}: in a binary task 1 where the probability is at least
    /// 1/2, else the most probable class, and of equally probable ones the first; of regions what those paint whose
    /// probability is at least 1/2
    ///
    /// @throws IllegalArgumentException if the image has not as many channels as the network takes
    public Labels predict(Volume image) {
        return predict(image, (_, _) -> {});
    }

    /// As [#predict(Volume)], telling how far it has come.
    public Labels predict(Volume image, WindowListener listener) {
        return new Labels(
                image.geometry(), Decision.ARGMAX.labels(probabilities(image, listener), Optional.empty(), labels));
    }

    /// {@return the probability of each voxel's classes, `(class, z, y, x)`; in a binary task of the
    /// foreground alone}
    ///
    /// @throws IllegalArgumentException if the image has not as many channels as the network takes
    public float[] probabilities(Volume image) {
        return probabilities(image, (_, _) -> {}).all();
    }

    /// What the network says of an image, brought to its own grid class by class: all of a large volume's at once
    /// would not fit into memory.
    ///
    /// @param values of each class, on the network's grid
    private record Seen(Preprocessing.Prepared prepared, Task task, ChannelSums values) implements Probabilities {

        @Override
        public int channels() {
            return task.channels();
        }

        @Override
        public int voxels() {
            return Math.toIntExact(prepared.original().voxels());
        }

        @Override
        public float[] of(int channel) {
            // what was cropped away is background
            boolean background = task.kind() == Task.Kind.MULTICLASS && channel == 0;
            return prepared.back(values.of(channel), 0, background ? 1 : 0);
        }
    }

    /// {@return the probabilities of an image's classes on its own grid; in a binary task of the foreground alone}
    ///
    /// @param listener told how far it has come
    /// @throws IllegalArgumentException if the image has not as many channels as the network takes
    public Probabilities probabilities(Volume image, WindowListener listener) {
        NetworkPlan plan = networks.getFirst().plan();
        if (image.channels() != plan.inputs()) {
            throw new IllegalArgumentException(
                    "the image has %d channels, but the network takes %d".formatted(image.channels(), plan.inputs()));
        }
        // back on the image's own grid by itself: the voxels keep their order
        Preprocessing.Prepared prepared = preprocessing.apply(plan.dimensions() == 2 ? image.asPlane() : image);
        Geometry grid = prepared.image().geometry();
        int voxels = Math.toIntExact(grid.voxels());
        Tiles tiles = Tiles.of(patch, plan.multiples(), grid);
        float[] weights = tiles.weights();
        ChannelSums sums = sums(voxels);
        float[] total = new float[voxels];
        List<Window> windows = tiles.over(grid);
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            float[] tile = tile(prepared.image(), window);
            window.forEach(grid, (voxel, source, inside) -> {
                if (inside) {
                    total[source] += weights[voxel];
                    for (int c = 0; c < task.channels(); c++) {
                        sums.add(c, source, weights[voxel] * tile[c * weights.length + voxel]);
                    }
                }
            });
            listener.window(i + 1, windows.size());
        }
        sums.divide(total);
        return new Seen(prepared, task, sums);
    }

    private ChannelSums sums(int voxels) {
        try {
            return ChannelSums.of(task.channels(), voxels, mostInMemory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private float[] tile(Volume image, Window window) {
        float[] input = new float[image.channels() * window.voxels()];
        window.copy(image, input, 0);
        boolean plane = networks.getFirst().plan().dimensions() == 2;
        long[] shape = plane
                ? new long[] {1, image.channels(), window.height(), window.width()}
                : new long[] {1, image.channels(), window.depth(), window.height(), window.width()};
        try (Scope _ = new Scope()) {
            Tensor images = Tensor.of(input, shape).to(device);
            List<Tensor> seen = new ArrayList<>();
            for (Network network : networks) {
                for (Set<Axis> view : views) {
                    long[] axes = view.stream()
                            .mapToLong(axis -> 2 + axis.ordinal() - (plane ? 1 : 0))
                            .toArray();
                    Tensor logits = network.apply(images.flip(axes))
                            .to(Precision.FLOAT32)
                            .flip(axes);
                    seen.add(task.kind() == Task.Kind.MULTICLASS ? logits.softmax() : logits.sigmoid());
                }
            }
            Tensor sum = seen.getFirst();
            for (Tensor other : seen.subList(1, seen.size())) {
                sum.add(1, other);
            }
            return (seen.size() == 1 ? sum : sum.scale(1.0 / seen.size())).toArray();
        }
    }

    @Override
    public void close() {
        networks.forEach(Network::close);
    }
}
