package org.segloss.predict;

import java.io.IOException;
import java.nio.file.Path;
import org.segloss.fit.Checkpoint;
import org.segloss.fit.TrainingPlan;
import org.segloss.image.Window;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.loss.Task;
import org.segloss.net.Network;
import org.segloss.prep.Normalization;
import org.segloss.torch.Libtorch;
import org.segloss.torch.NoGradient;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;

/// A network at work on whole images, window by window.
///
/// The windows have the size of the training's patches, or take the whole of an image that is hardly larger.
/// They overlap by half; where they do, their probabilities are averaged, each weighted by how near the voxel
/// is to the window's centre. Not for several threads at once.
public final class Predictor implements AutoCloseable {
    private final Network network;
    private final Task task;
    private final int[] patch;
    private final String device;

    Predictor(Network network, Task task, int[] patch, String device) {
        if (task.kind() == Task.Kind.MULTILABEL) {
            throw new IllegalArgumentException("a prediction has one label a voxel, a multilabel task several");
        }
        this.network = network;
        this.task = task;
        this.patch = patch.clone();
        this.device = device;
    }

    /// Loads a network from a checkpoint, which says all about itself. From now on libtorch computes with as many
    /// threads
    /// as in the training, so that a network predicts the same wherever it is asked.
    ///
    /// @param device `cpu`, `cuda` or `cuda:N`
    /// @throws IOException if the file is no checkpoint or its arrays don't fit the network that it describes
    public static Predictor open(Path checkpoint, String device) throws IOException {
        Checkpoint content = Checkpoint.read(checkpoint);
        Libtorch.threads(content.threads());
        Network network = new Network(content.network(), content.seed(), device);
        try {
            network.parameters().load(content.weights());
            return new Predictor(network, content.task(), content.patch(), device);
        } catch (IllegalArgumentException e) {
            network.close();
            throw new IOException("%s is a broken checkpoint: %s".formatted(checkpoint, e.getMessage()), e);
        }
    }

    /// {@return the network that a training with this plan begins with}
    public static Predictor untrained(TrainingPlan plan) {
        return new Predictor(
                new Network(plan.network(), plan.seed(), plan.device()), plan.task(), plan.patch(), plan.device());
    }

    /// {@return the labels on the image's own grid}: in a binary task 1 where the probability is at least
    /// 1/2, else the most probable class, and of equally probable ones the first
    ///
    /// @throws IllegalArgumentException if the image has not as many channels as the network takes
    public Labels predict(Volume image) {
        Geometry grid = image.geometry();
        float[] probabilities = probabilities(image);
        int voxels = (int) grid.voxels();
        byte[] labels = new byte[voxels];
        for (int i = 0; i < voxels; i++) {
            labels[i] = (byte)
                    (task.kind() == Task.Kind.BINARY
                            ? probabilities[i] >= 0.5f ? 1 : 0
                            : mostProbable(probabilities, i, voxels));
        }
        return new Labels(grid, labels);
    }

    private int mostProbable(float[] probabilities, int voxel, int voxels) {
        int best = 0;
        for (int c = 1; c < task.classes(); c++) {
            if (probabilities[c * voxels + voxel] > probabilities[best * voxels + voxel]) {
                best = c;
            }
        }
        return best;
    }

    /// {@return the probability of each voxel's classes, `(class, z, y, x)`; in a binary task of the
    /// foreground alone}
    ///
    /// @throws IllegalArgumentException if the image has not as many channels as the network takes
    public float[] probabilities(Volume image) {
        if (image.channels() != network.plan().inputs()) {
            throw new IllegalArgumentException("the image has %d channels, but the network takes %d"
                    .formatted(image.channels(), network.plan().inputs()));
        }
        Geometry grid = image.geometry();
        int voxels = (int) grid.voxels();
        Volume standardized = Normalization.zScore(image);
        Tiles tiles = Tiles.of(patch, network.plan().multiple(), grid);
        float[] weights = tiles.weights();
        float[] sums = new float[Math.multiplyExact(task.channels(), voxels)];
        float[] total = new float[voxels];
        for (Window window : tiles.over(grid)) {
            float[] tile = tile(standardized, window);
            window.forEach(grid, (voxel, source, inside) -> {
                if (inside) {
                    total[source] += weights[voxel];
                    for (int c = 0; c < task.channels(); c++) {
                        sums[c * voxels + source] += weights[voxel] * tile[c * weights.length + voxel];
                    }
                }
            });
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= total[i % voxels];
        }
        return sums;
    }

    private float[] tile(Volume image, Window window) {
        float[] input = new float[image.channels() * window.voxels()];
        window.copy(image, input, 0);
        long[] shape = network.plan().dimensions() == 2
                ? new long[] {1, image.channels(), window.height(), window.width()}
                : new long[] {1, image.channels(), window.depth(), window.height(), window.width()};
        try (Scope _ = new Scope();
                NoGradient _ = new NoGradient()) {
            Tensor logits = network.apply(Tensor.of(input, shape).to(device));
            return (task.kind() == Task.Kind.BINARY ? logits.sigmoid() : logits.softmax()).toArray();
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
