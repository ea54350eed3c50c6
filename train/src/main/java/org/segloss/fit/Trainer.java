package org.segloss.fit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.segloss.dataset.Case;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.file.AtomicFile;
import org.segloss.net.Network;
import org.segloss.plan.TrainingPlan;
import org.segloss.torch.Libtorch;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;

/// Trains one network with one loss.
///
/// The loss is none of libtorch's: the evaluator reads the logits in their own numbers and writes the
/// gradient into a
/// tensor's memory, from which the network goes on backwards.
///
/// What a step does depends on the plan, the cases, the weights, the optimizer's moments and the number of the step
/// alone. So a training that is broken off, by whatever, goes on from its last checkpoint to the same bytes.
public final class Trainer {
    /// How often a training is validated: at intervals of a fifth of its steps.
    public static final int VALIDATIONS = 5;

    private static final String CHECKPOINT = "checkpoint.safetensors";
    private static final long WARMING = TimeUnit.SECONDS.toNanos(5);

    /// How a training ended.
    ///
    /// @param diverged   whether the loss or a gradient was not finite at `step`, so that nothing after it would
    ///                   mean anything
    /// @param step       steps done; for a training that diverged the step, counted from 1, that could not
    ///                   be done
    /// @param checkpoint the last weights, all of them finite
    public record Result(boolean diverged, int step, Path checkpoint) {}

    /// What a training goes on from that had ended before it was extended. Its schedule is that of the longer
    /// training,
    /// from that step on, so its learning rate rises again there; it is no shorter training's continuation at
    /// rate 0, and not the longer training that was never interrupted either.
    ///
    /// @param steps  after which it had ended, each time; the last one is where it goes on
    /// @param folder with what it left then: `checkpoint.safetensors`, `training.csv`, `validation.csv`
    public record Earlier(List<Integer> steps, Path folder) {
        public Earlier {
            steps = List.copyOf(steps);
        }

        private int last() {
            return steps.getLast();
        }

        /// Puts copies of what it left where it is to go on, the checkpoint last.
        private void restore(Path to) throws IOException {
            for (String name : List.of("training.csv", "validation.csv", CHECKPOINT)) {
                Path from = folder.resolve(name);
                if (Files.exists(from)) {
                    AtomicFile.write(to.resolve(name), out -> Files.copy(from, out));
                }
            }
        }
    }

    /// Told about every step.
    public interface StepListener {
        /// @param step counted from 1
        void step(int step, int steps, double loss);
    }

    private final TrainingPlan plan;
    private final Supervision supervision;
    private final Patches patches;
    private final Network network;
    private final Update update;
    private final Schedule schedule;
    private final String cases;
    private final String validation;
    private final Optional<Validator> validator;
    private final Optional<Earlier> earlier;

    private Trainer(
            TrainingPlan plan,
            Patches patches,
            LossEvaluator evaluator,
            Network network,
            Update update,
            Optional<Validator> validator,
            Optional<Earlier> earlier) {
        this.plan = plan;
        this.earlier = earlier;
        this.patches = patches;
        this.supervision = new Supervision(plan, evaluator);
        this.network = network;
        this.update = update;
        this.cases = patches.hash();
        this.validation = CaseHash.of(validator.map(Validator::cases).orElse(List.of()));
        this.validator = validator;
        schedule = new Schedule(plan.recipe().learningRate(), plan.steps());
    }

    /// As [#train(TrainingPlan, List, Path, StepListener, Optional, Optional)], a training that was never extended.
    public static Result train(
            TrainingPlan plan, List<Case> cases, Path folder, StepListener listener, Optional<Validator> validator)
            throws IOException {
        return train(plan, cases, folder, listener, validator, Optional.empty());
    }

    /// Trains and writes into `folder`, or goes on with what is there:
    ///
    /// - `checkpoint.safetensors`, every ten seconds or so, before each validation and at the end, each time whole;
    /// - `training.csv` with step from 1, loss and learning rate, line by line;
    /// - `validation.csv` with step and Dice, after each fifth of the steps, if the validator validates;
    /// - `events.out.tfevents.segloss` for TensorBoard, as they happen.
    ///
    /// Same plan, cases, libtorch and kind of processor: the same bytes, however often the training was broken
    /// off; the events differ in their times. A training that is at its end already is left as it is. When the
    /// program is told to end, by Ctrl-C for example, a checkpoint is written after the step that is being done.
    ///
    /// @param folder  one that no other program writes into
    /// @param earlier what the training goes on from, if it had ended before
    /// @throws IllegalArgumentException if the cases don't fit the plan, or libtorch has no such device
    /// @throws IOException              if a file cannot be written, or the folder holds a training with other
    /// settings
    public static Result train(
            TrainingPlan plan,
            List<Case> cases,
            Path folder,
            StepListener listener,
            Optional<Validator> validator,
            Optional<Earlier> earlier)
            throws IOException {
        var evaluator = Supervision.evaluator(plan);
        return train(plan, cases, folder, listener, validator, earlier, evaluator, new CheckpointInterval());
    }

    /// A training that is not validated.
    public static Result train(TrainingPlan plan, List<Case> cases, Path folder, StepListener listener)
            throws IOException {
        return train(plan, cases, folder, listener, Optional.empty());
    }

    static Result train(
            TrainingPlan plan,
            List<Case> cases,
            Path folder,
            StepListener listener,
            Optional<Validator> validator,
            Optional<Earlier> earlier,
            LossEvaluator evaluator,
            CheckpointInterval interval)
            throws IOException {
        return train(plan, new Patches(plan, cases), folder, listener, validator, earlier, evaluator, interval);
    }

    static Result train(
            TrainingPlan plan,
            Patches patches,
            Path folder,
            StepListener listener,
            Optional<Validator> validator,
            Optional<Earlier> earlier,
            LossEvaluator evaluator,
            CheckpointInterval interval)
            throws IOException {
        Libtorch.threads(plan.threads());
        try (Network network = new Network(plan.network(), plan.seed(), plan.device(), plan.precision());
                Update update = update(plan, network.parameters().values())) {
            return new Trainer(plan, patches, evaluator, network, update, validator, earlier)
                    .run(folder, listener, interval);
        }
    }

    /// {@return how long a step takes here}: the median of a few, by a network that is thrown away
    ///
    /// @param cases the first few are used
    public static Duration stepTime(TrainingPlan plan, List<Case> cases) throws IOException {
        Libtorch.threads(plan.threads());
        Patches patches = new Patches(plan, cases.subList(0, Math.min(cases.size(), plan.batch())));
        try (Network network = new Network(plan.network(), plan.seed(), plan.device(), plan.precision());
                Update update = update(plan, network.parameters().values())) {
            var trainer = new Trainer(
                    plan, patches, Supervision.evaluator(plan), network, update, Optional.empty(), Optional.empty());
            PatchBatch batch = patches.room();
            long[] nanos = new long[5];
            long start = System.nanoTime();
            // the first steps compile, those of a small network for seconds; a short training is not to wait
            // for that
            for (int t = 0; t < 9 || (t < plan.steps() / 4 && System.nanoTime() - start < WARMING); t++) {
                patches.draw(t, batch);
                long begin = System.nanoTime();
                trainer.step(batch, 0, trainer.schedule.rate(0));
                nanos[t % nanos.length] = System.nanoTime() - begin;
            }
            Arrays.sort(nanos);
            return Duration.ofNanos(nanos[nanos.length / 2]);
        }
    }

    private static Update update(TrainingPlan plan, Tensor weights) {
        Update update = optimizer(plan, weights.elements());
        double decay = plan.recipe().averaging();
        return decay > 0 ? new Averaged(update, decay, weights, plan.device()) : update;
    }

    private static Update optimizer(TrainingPlan plan, long size) {
        return switch (plan.recipe().optimizer()) {
            case ADAMW -> new AdamW(size, plan.device());
            case SGD -> new Nesterov(size, plan.device());
        };
    }

    private Result run(Path folder, StepListener listener, CheckpointInterval interval) throws IOException {
        Path checkpoint = folder.resolve(CHECKPOINT);
        Optional<Begun> begun = begun(folder, checkpoint);
        if (begun.isEmpty() && earlier.isPresent()) {
            earlier.get().restore(folder);
            begun = begun(folder, checkpoint);
            if (begun.isEmpty()) {
                throw new IOException(
                        "%s: what the training left after %d steps isn't whole, so it can't go on from there; delete %s, and all of it is done anew"
                                .formatted(earlier.get().folder(), earlier.get().last(), folder));
            }
        }
        if (begun.isPresent()) {
            try (Journal journal = begun.get().journal()) {
                begun.get().saved().restore(network, update);
                return run(begun.get().saved().step(), checkpoint, journal, listener, interval);
            }
        }
        try (Journal journal = journal(folder, 0).orElseThrow()) {
            return run(0, checkpoint, journal, listener, interval);
        }
    }

    /// A training to go on with.
    private record Begun(Checkpoint.Saved saved, Journal journal) {}

    private Optional<Begun> begun(Path folder, Path checkpoint) throws IOException {
        if (!Files.exists(checkpoint)) {
            return Optional.empty();
        }
        Checkpoint.Saved saved = Checkpoint.open(
                checkpoint,
                new Checkpoint.Header(plan, cases, validation, 0),
                earlier.map(then -> OptionalInt.of(then.last())).orElse(OptionalInt.empty()));
        Optional<Journal> journal = journal(folder, saved.step());
        if (journal.isEmpty()) {
            // without its tables a training can only begin anew, or they would never be whole
            Files.delete(checkpoint);
        }
        return journal.map(own -> new Begun(saved, own));
    }

    private Optional<Journal> journal(Path folder, int step) throws IOException {
        Optional<Integer> validations =
                validator.filter(v -> !v.cases().isEmpty()).map(_ -> validations(step));
        // the checkpoint is written before the validation, which may have been broken off
        return Journal.open(folder, step, validations, isValidated(step) ? 1 : 0);
    }

    private int validations(int step) {
        return (int) IntStream.rangeClosed(1, step).filter(this::isValidated).count();
    }

    private boolean isValidated(int step) {
        // of the training as it was to be when it did this step
        long steps = earlier.stream()
                .flatMap(then -> then.steps().stream())
                .filter(end -> step <= end)
                .findFirst()
                .orElse(plan.steps());
        return step > 0 && step * VALIDATIONS / steps > (step - 1L) * VALIDATIONS / steps;
    }

    private Result run(int begin, Path checkpoint, Journal journal, StepListener listener, CheckpointInterval interval)
            throws IOException {
        try (BatchLoader loader = new BatchLoader(patches, begin, plan.steps())) {
            return run(loader, begin, checkpoint, journal, listener, interval);
        }
    }

    private Result run(
            BatchLoader loader,
            int begin,
            Path checkpoint,
            Journal journal,
            StepListener listener,
            CheckpointInterval interval)
            throws IOException {
        if (isValidated(begin) && journal.validations() < validations(begin)) {
            validate(begin, journal);
        }
        for (int t = begin; t < plan.steps(); t++) {
            int step = t + 1;
            double rate = schedule.rate(t);
            // the end of the process waits for this scope, and so for the checkpoint
            try (Scope _ = new Scope()) {
                Step done = step(loader.next(), t, rate);
                journal.step(step, done.loss, rate);
                listener.step(step, plan.steps(), done.loss);
                if (!done.finite) {
                    write(checkpoint, t, journal);
                    return new Result(true, step, checkpoint);
                }
                if (interval.isDue() || isValidated(step) || Scope.isEnding()) {
                    interval.write(() -> write(checkpoint, step, journal));
                }
            }
            if (isValidated(step)) {
                validate(step, journal);
            }
        }
        return new Result(false, plan.steps(), checkpoint);
    }

    /// Validates the network with the weights that it would predict with. In no scope, so that the end of the
    /// process doesn't wait for it.
    private void validate(int step, Journal journal) throws IOException {
        if (validator.isEmpty()) {
            return;
        }
        Tensor weights = network.parameters().values();
        float[] trained;
        try (Scope _ = new Scope()) {
            trained = weights.toArray();
            weights.set(update.predicting(weights));
        }
        try {
            journal.validated(step, validator.get().validate(network));
        } finally {
            try (Scope _ = new Scope()) {
                weights.set(Tensor.of(trained, trained.length));
            }
        }
    }

    /// @param finite whether loss and gradient were; otherwise the weights are as before
    private record Step(double loss, boolean finite) {}

    private Step step(PatchBatch batch, int t, double rate) {
        try (Scope _ = new Scope()) {
            double loss = backward(batch, plan.steps() == 1 ? 1 : t / (plan.steps() - 1.0));
            double norm = network.parameters().gradient().norm();
            // the optimizer squares gradients in float: beyond that it would go on without learning
            boolean finite = Double.isFinite(loss) && Float.isFinite((float) (norm * norm));
            if (finite) {
                update(norm, t, rate);
            }
            return new Step(loss, finite);
        }
    }

    private double backward(PatchBatch batch, double progress) {
        int[] patch = plan.edges();
        int channels = plan.network().inputs();
        Tensor images = plan.network().dimensions() == 2
                ? Tensor.of(batch.images(), plan.batch(), channels, patch[1], patch[2])
                : Tensor.of(batch.images(), plan.batch(), channels, patch[0], patch[1], patch[2]);
        network.parameters().gradient().fill(0);
        return supervision.backward(network.outputs(images.to(plan.device())), batch, progress);
    }

    private void update(double norm, int t, double rate) {
        update.apply(network.parameters().values(), network.parameters().gradient(), norm, t, rate);
    }

    private void write(Path checkpoint, int steps, Journal journal) throws IOException {
        // first, so that a checkpoint never knows of more steps than its tables
        journal.force();
        Checkpoint.write(checkpoint, new Checkpoint.Header(plan, cases, validation, steps), network, update);
    }
}
