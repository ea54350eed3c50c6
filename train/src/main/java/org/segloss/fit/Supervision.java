package org.segloss.fit;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.IntStream;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.evaluate.Prediction;
import org.segloss.evaluate.Target;
import org.segloss.grid.Shape;
import org.segloss.grid.Spacing;
import org.segloss.loss.Task;
import org.segloss.plan.Precision;
import org.segloss.plan.TrainingPlan;
import org.segloss.torch.Features;
import org.segloss.torch.Tensor;

/// The loss of all heads of a network.
///
/// ```
/// loss = sum over heads h of 2^-h loss(h) / sum over heads h of 2^-h
/// ```
///
/// A head of half the resolution along some axes is compared with every second label along these. One that
/// has no label
/// left that counts leaves both sums.
final class Supervision {
    private final TrainingPlan plan;
    private final LossEvaluator evaluator;
    /// How much a voxel belongs to each region, by label; none where it has one class.
    private final float[][] members;

    Supervision(TrainingPlan plan, LossEvaluator evaluator) {
        this.plan = plan;
        this.evaluator = evaluator;
        members = IntStream.range(0, plan.labels().channels())
                .mapToObj(plan.labels()::target)
                .toArray(float[][]::new);
    }

    /// {@return the plan's loss}; where a voxel may belong to several regions what is ignored is a mask
    static LossEvaluator evaluator(TrainingPlan plan) {
        Task task = plan.task().kind() == Task.Kind.MULTILABEL ? plan.task().ignoringNothing() : plan.task();
        return new LossEvaluator(plan.loss(), task, plan.threads());
    }

    /// {@return the loss}, and adds its gradient to that of the network's parameters.
    ///
    /// @param outputs  of the network, the finest first
    /// @param progress from 0 to 1, for weights that change as a training goes on
    double backward(List<Features> outputs, PatchBatch batch, double progress) {
        List<Level> levels = levels(batch, outputs.size());
        double weights = 0;
        for (int head = 0; head < levels.size(); head++) {
            weights += levels.get(head).isEmpty() ? 0 : Math.scalb(1.0, -head);
        }
        double loss = 0;
        List<Tensor> gradients = new ArrayList<>();
        for (int head = 0; head < outputs.size(); head++) {
            Level level = levels.get(head);
            double weight = level.isEmpty() ? 0 : Math.scalb(1.0, -head) / weights;
            Tensor host = outputs.get(head).value().toHost();
            Tensor gradient = Tensor.roomFor(host);
            loss += weight
                    * evaluator
                            .evaluate(logits(host, level.edges), target(level), gradient.memory(), progress)
                            .value();
            gradients.add((weight == 1 ? gradient : gradient.scale(weight)).to(plan.device()));
        }
        Features.back(outputs, gradients);
        return loss;
    }

    /// What a head is compared with.
    ///
    /// @param inside which voxels lie in the image; empty if all do
    private record Level(Edges edges, byte[] labels, Optional<byte[]> inside, SortedSet<Integer> ignored) {

        Level coarser(List<Integer> stride, int batch) {
            return new Level(
                    edges.coarser(stride),
                    edges.every(stride, labels, batch),
                    inside.map(all -> edges.every(stride, all, batch)),
                    ignored);
        }

        /// {@return whether no voxel counts}
        boolean isEmpty() {
            for (int i = 0; i < labels.length; i++) {
                boolean lies = inside.isEmpty() || inside.get()[i] != 0;
                if (lies && (ignored.isEmpty() || !ignored.contains(labels[i] & 0xff))) {
                    return false;
                }
            }
            return true;
        }

        Target target(Spacing spacing) {
            Target target = Target.labels(MemorySegment.ofArray(labels)).spaced(spacing);
            return inside.map(all -> target.masked(MemorySegment.ofArray(all))).orElse(target);
        }

        /// {@return for each voxel whether it counts}
        byte[] known() {
            byte[] known = new byte[labels.length];
            for (int i = 0; i < known.length; i++) {
                boolean lies = inside.isEmpty() || inside.get()[i] != 0;
                known[i] = (byte) (lies && !ignored.contains(labels[i] & 0xff) ? 1 : 0);
            }
            return known;
        }
    }

    private Target target(Level level) {
        Spacing spacing = spacing(level.edges);
        return members.length == 0 ? level.target(spacing) : regions(level).spaced(spacing);
    }

    /// {@return for each sample and each region how much voxels belong to it}
    private Target regions(Level level) {
        int samples = plan.batch();
        int voxels = level.labels.length / samples;
        float[] target = new float[samples * members.length * voxels];
        for (int sample = 0; sample < samples; sample++) {
            for (int region = 0; region < members.length; region++) {
                int first = (sample * members.length + region) * voxels;
                for (int i = 0; i < voxels; i++) {
                    target[first + i] = members[region][level.labels[sample * voxels + i] & 0xff];
                }
            }
        }
        Target whole = Target.probabilities(MemorySegment.ofArray(target));
        return level.inside.isPresent() || !level.ignored.isEmpty()
                ? whole.masked(MemorySegment.ofArray(level.known()))
                : whole;
    }

    private List<Level> levels(PatchBatch batch, int count) {
        Level level = new Level(
                Edges.of(plan.edges()),
                batch.labels(),
                batch.padded() ? Optional.of(batch.inside()) : Optional.empty(),
                plan.task().ignoredLabels());
        List<Level> levels = new ArrayList<>(List.of(level));
        while (levels.size() < count) {
            List<Integer> stride = plan.network().strides().get(levels.size() - 1);
            levels.add(levels.getLast().coarser(stride, plan.batch()));
        }
        return levels;
    }

    private Prediction logits(Tensor host, Edges edges) {
        var type =
                host.precision() == Precision.BFLOAT16 ? Prediction.FloatType.BFLOAT16 : Prediction.FloatType.FLOAT32;
        Shape shape = new Shape(plan.batch(), plan.network().outputs(), edges.z, edges.y, edges.x);
        return new Prediction(host.memory(), type, shape, Prediction.Scale.LOGITS);
    }

    private Spacing spacing(Edges edges) {
        Spacing spacing = plan.preprocessing().spacing();
        int[] patch = plan.edges();
        return new Spacing(
                spacing.z() * patch[0] / edges.z, spacing.y() * patch[1] / edges.y, spacing.x() * patch[2] / edges.x);
    }

    /// A patch's edges.
    private record Edges(int z, int y, int x) {

        static Edges of(int[] patch) {
            return new Edges(patch[0], patch[1], patch[2]);
        }

        Edges coarser(List<Integer> stride) {
            return new Edges(z / stride.get(0), y / stride.get(1), x / stride.get(2));
        }

        /// {@return the values of the coarser patch's voxels}: of each the first that it holds
        byte[] every(List<Integer> stride, byte[] values, int batch) {
            Edges coarser = coarser(stride);
            byte[] kept = new byte[batch * coarser.z * coarser.y * coarser.x];
            int i = 0;
            for (int plane = 0; plane < batch * coarser.z; plane++) {
                int k = plane / coarser.z * z + plane % coarser.z * stride.get(0);
                for (int j = 0; j < coarser.y; j++) {
                    int row = (k * y + stride.get(1) * j) * x;
                    for (int n = 0; n < coarser.x; n++) {
                        kept[i++] = values[row + stride.get(2) * n];
                    }
                }
            }
            return kept;
        }
    }
}
