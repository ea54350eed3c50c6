package org.segloss.fit;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.segloss.dataset.Case;
import org.segloss.grid.Shape;
import org.segloss.io.AtomicFile;
import org.segloss.loss.LossEvaluator;
import org.segloss.loss.Prediction;
import org.segloss.loss.Target;
import org.segloss.loss.Task;
import org.segloss.net.Network;
import org.segloss.torch.NoGradient;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;

/// Trains one network with one loss.
///
/// The loss never enters libtorch's autograd: the evaluator reads the logits where they lie and writes the
/// gradient into a tensor's memory, from which the network goes on backwards.
public final class Trainer {
    /// A checkpoint is written at least this often.
    private static final int STEPS_TO_CHECKPOINT = 500;

    /// How a training ended.
    public enum Status {
        DONE,
        /// The loss or a gradient was not finite at `step`; nothing after it would mean anything.
        DIVERGED
    }

    /// @param step       steps done; for a training that diverged the step, counted from 1, that could not
    ///                   be done
    /// @param checkpoint the last weights, all of them finite
    public record Result(Status status, int step, Path checkpoint) {}

    /// Told about every step.
    public interface Progress {
        /// @param step counted from 1
        void step(int step, int steps, double loss);
    }

    private final TrainingPlan plan;
    private final LossEvaluator evaluator;
    private final Patches patches;
    private final Network network;
    private final Update update;
    private final Schedule schedule;
    private final StringBuilder log = new StringBuilder("step,loss,learning_rate\n");

    private Trainer(TrainingPlan plan, Patches patches, LossEvaluator evaluator, Network network, Update update) {
        this.plan = plan;
        this.patches = patches;
        this.evaluator = evaluator;
        this.network = network;
        this.update = update;
        schedule = new Schedule(plan.learningRate(), plan.steps());
    }

    /// Trains and writes `training.csv` (step from 1, loss, learning rate) and `checkpoint.safetensors` into
    /// `folder`.
    ///
    /// Both are written every 500 steps and at the end, each time whole. Same plan, cases, libtorch and kind of
    /// processor: the same bytes.
    ///
    /// @throws IllegalArgumentException if the cases don't fit the plan, libtorch has no such device, or the
    ///                                  task is multilabel
    /// @throws IOException              if a file cannot be written
    public static Result train(TrainingPlan plan, List<Case> cases, Path folder, Progress progress) throws IOException {
        return train(plan, cases, folder, progress, new LossEvaluator(plan.loss(), plan.task()));
    }

    static Result train(TrainingPlan plan, List<Case> cases, Path folder, Progress progress, LossEvaluator evaluator)
            throws IOException {
        if (plan.task().kind() == Task.Kind.MULTILABEL) {
            throw new IllegalArgumentException(
                    "a training takes one label a voxel: use a binary or a multiclass task, not a multilabel one");
        }
        Patches patches = new Patches(plan, cases);
        try (Network network = new Network(plan.network(), plan.seed(), plan.device());
                Update update = update(plan, network.parameters().values().elements())) {
            return new Trainer(plan, patches, evaluator, network, update).run(folder, progress);
        }
    }

    private static Update update(TrainingPlan plan, long size) {
        return switch (plan.optimizer()) {
            case ADAMW -> new AdamW(size, plan.device());
            case SGD -> new Nesterov(size, plan.device());
        };
    }

    private Result run(Path folder, Progress progress) throws IOException {
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        for (int t = 0; t < plan.steps(); t++) {
            double rate = schedule.rate(t);
            double loss;
            boolean finite;
            try (Scope _ = new Scope()) {
                loss = backward(patches.draw(t), plan.steps() == 1 ? 1 : t / (plan.steps() - 1.0));
                double norm = network.parameters().gradient().norm();
                // the optimizer squares gradients in float: beyond that it would go on without learning
                finite = Double.isFinite(loss) && Float.isFinite((float) (norm * norm));
                if (finite) {
                    update(norm, t, rate);
                }
            }
            log.append(t + 1).append(',').append(loss).append(',').append(rate).append('\n');
            progress.step(t + 1, plan.steps(), loss);
            if (!finite) {
                write(folder, checkpoint, t);
                return new Result(Status.DIVERGED, t + 1, checkpoint);
            }
            if ((t + 1) % STEPS_TO_CHECKPOINT == 0 && t + 1 < plan.steps()) {
                write(folder, checkpoint, t + 1);
            }
        }
        write(folder, checkpoint, plan.steps());
        return new Result(Status.DONE, plan.steps(), checkpoint);
    }

    /// Leaves the gradient of the batch's loss with the parameters.
    ///
    /// @param progress from 0 to 1, for weights that change as a training goes on
    private double backward(Batch batch, double progress) {
        Tensor logits = network.apply(
                Tensor.of(batch.images(), shape(plan.network().inputs())).to(plan.device()));
        Tensor host = logits.detach().toHost();
        Tensor gradient = Tensor.zeros("cpu", shape(plan.network().outputs()));
        int[] patch = plan.patch();
        Shape shape = new Shape(plan.batch(), plan.network().outputs(), patch[0], patch[1], patch[2]);
        Target target = Target.labels(MemorySegment.ofArray(batch.labels())).spaced(patches.spacing());
        double loss = evaluator
                .evaluate(
                        Prediction.logits(host.memory(), shape),
                        batch.padded() ? target.masked(MemorySegment.ofArray(batch.inside())) : target,
                        gradient.memory(),
                        progress)
                .value();
        network.parameters().gradient().fill(0);
        logits.backward(gradient.to(plan.device()));
        return loss;
    }

    private long[] shape(int channels) {
        int[] patch = plan.patch();
        return plan.network().dimensions() == 2
                ? new long[] {plan.batch(), channels, patch[1], patch[2]}
                : new long[] {plan.batch(), channels, patch[0], patch[1], patch[2]};
    }

    private void update(double norm, int t, double rate) {
        try (NoGradient _ = new NoGradient()) {
            update.apply(network.parameters().values(), network.parameters().gradient(), norm, t, rate);
        }
    }

    private void write(Path folder, Path checkpoint, int steps) throws IOException {
        try (Scope _ = new Scope()) {
            Checkpoint.write(checkpoint, plan, steps, network, update);
        }
        AtomicFile.write(folder.resolve("training.csv"), log.toString().getBytes(StandardCharsets.UTF_8));
    }
}
