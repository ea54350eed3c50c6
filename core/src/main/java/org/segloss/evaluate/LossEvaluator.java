package org.segloss.evaluate;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.segloss.grid.Shape;
import org.segloss.kernel.Pool;
import org.segloss.kernel.VectorModule;
import org.segloss.loss.Check;
import org.segloss.loss.Loss;
import org.segloss.loss.LossCatalog;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.RankedLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;
import org.segloss.loss.VoxelLoss;
import org.segloss.loss.WholeLoss;

/// Evaluates one loss for one task, with its gradient.
///
/// ```
/// var evaluator = new LossEvaluator(Loss.parse("bce + dice"), Task.binary());
/// double loss = evaluator.evaluate(Prediction.logits(logits, shape), Target.labels(labels), gradient).value();
/// ```
///
/// The leaves are streamed and the tree is scalar. A first pass over the voxels gathers, for all leaves together, every
/// sum that they need. The tree is then evaluated on these few numbers, forward and in reverse, which tells each leaf
/// its weight in the gradient. A second pass writes the gradient. Where all leaves are voxel losses in a weighted sum
/// the weights are known beforehand and one pass does both. Nothing of the volume's size is allocated, unless a loss
/// ranks the voxels or knows where they lie: it needs a number of each between the passes.
///
/// Voxels that are masked out or carry an ignored label leave every sum and every divisor; their gradient is exactly 0
/// and their logits may be anything. A sample of which no voxel counts leaves the mean over samples, as if the batch
/// had one less. If none counts in the whole batch every leaf is 0.
///
/// A logit may be infinite. Minus infinity is a class that can't be: its probability is exactly 0, and so is its
/// gradient where it is not the true class, and where it is the true class, or has a share in a smoothed target, a
/// loss without bound is infinite. Plus infinity is a probability of 1 to a sigmoid; to a softmax it is infinity less
/// infinity, and the loss is NaN, as with a logit that is NaN. Losses of the logits themselves (`nacl`,
/// `neighborPenalty`, and `lovasz` without a softmax) may be infinite with either.
///
/// The voxels are cut into chunks that depend on the shape alone, a chunk's sums are gathered in double (the fast
/// evaluator adds up to 32 floats first), and the chunks are added in order: the result is the same bits for any
/// number of threads.
///
/// Logits in float, float16 and bfloat16 run on vector lanes where the JVM has the module `jdk.incubator.vector`
/// (start it with `--add-modules jdk.incubator.vector`); otherwise, and for double or probabilities, the plain
/// double-precision evaluator does it. The loops of the most used losses work on native segments and on arrays of
/// the right type where they are; a mixture is copied block by block. In float a class that is right to within 1e-7
/// has an overlap loss of 0 or of rounding errors, and a power below 1 (`focalTversky`, `unifiedFocal`,
/// `logDice(gamma=0.3)`, `pow`) makes more of that, up to 1e-7 to that power, which is 8e-3 for `gamma=0.3`: pass
/// logits in double where it matters.
///
/// An evaluator may be shared between threads. What an evaluation works with is kept for later ones: about 100 KB for
/// each thread and 35 KB for each channel of it, twice that for logits in double; with a loss that ranks voxels also 4
/// bytes for each voxel and list of its largest batch (9 for logits in double and for probabilities), and up to 24
/// bytes for each voxel of a list; with one that knows where they lie 9 bytes instead, for each list that is taken
/// together. Later evaluations leave nothing to the collector but the [Evaluation], unless a loss knows where voxels
/// lie: such a one makes maps of them each time.
public final class LossEvaluator {

    private static final MemorySegment NO_GRADIENT = MemorySegment.NULL;

    private final Loss loss;
    private final Task task;
    private final Sweep.Leaves leaves;

    // as many as evaluations were ever going on at once
    private final Pool<Workspace> workspaces;

    /// An evaluator that uses all cores.
    ///
    /// @throws IllegalArgumentException if a part of the loss makes no sense for the task
    public LossEvaluator(Loss loss, Task task) {
        this(loss, task, Runtime.getRuntime().availableProcessors());
    }

    /// @param threads at least 1
    /// @throws IllegalArgumentException if a part of the loss makes no sense for the task
    public LossEvaluator(Loss loss, Task task, int threads) {
        this(loss, task, threads, true);
        if (!VectorModule.isPresent()) {
            Slow.warn();
        }
    }

    /// Says once that a program without the vector kernels is slow.
    private static final class Slow {
        static {
            System.getLogger(LossEvaluator.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "losses run on the plain evaluator, which is many times slower: start Java with --add-modules jdk.incubator.vector");
        }

        static void warn() {}
    }

    /// @param lanes whether any backend may be used, or the plain one alone
    LossEvaluator(Loss loss, Task task, int threads, boolean lanes) {
        Check.that(threads > 0, "threads have to be at least 1, but are %d", threads);
        this.loss = loss;
        this.task = task;
        SequencedSet<Loss.Leaf> all = new LinkedHashSet<>();
        collect(loss, all);
        all.forEach(this::check);
        leaves = Sweep.Leaves.of(only(all, VoxelLoss.class), only(all, OverlapLoss.class), only(all, WholeLoss.class));
        List<Backend> backends = (lanes ? Backend.ALL : List.of(Backend.PLAIN))
                .stream().filter(backend -> backend.takes(leaves)).toList();
        workspaces = new Pool<>(() -> new Workspace(loss, task, leaves, threads, backends));
    }

    private void check(Loss.Leaf leaf) {
        leaf.check(task);
        switch (leaf) {
            case VoxelLoss voxel -> voxel.labels().check(task);
            case OverlapLoss overlap -> overlap.over().check(task);
            case WholeLoss whole -> {
                whole.over().check(task);
                WholeLoss.Measure measure = whole.measure(task);
                Check.that(
                        measure != WholeLoss.Measure.CROSS_ENTROPY
                                || whole.over().equals(Reduction.ALL),
                        "%s is a mean over all voxels: it has no options for classes and samples",
                        LossCatalog.label(leaf));
                Set<WholeLoss.Measure> measures = measures(whole);
                Check.that(
                        measures.contains(measure),
                        "the measure of %s, a %s, is one of %s, but in a %s task it is %s",
                        LossCatalog.label(leaf),
                        kind(whole),
                        measures,
                        task.kind(),
                        measure);
                Check.that(
                        !(whole instanceof RankedLoss.Extension) || whole.over().classes() == Reduction.Classes.EACH,
                        "%s ranks each class by itself, so that it takes no classes=together",
                        LossCatalog.label(leaf));
            }
        }
    }

    /// {@return what a loss of this kind may ask of a voxel}
    private static Set<WholeLoss.Measure> measures(WholeLoss loss) {
        return switch (loss) {
            case RankedLoss.Extension _ -> EnumSet.of(WholeLoss.Measure.ABSOLUTE, WholeLoss.Measure.HINGE);
            case RankedLoss.Worst _ -> EnumSet.of(WholeLoss.Measure.CROSS_ENTROPY);
            case VolumeLoss _ ->
                EnumSet.of(WholeLoss.Measure.CROSS_ENTROPY, WholeLoss.Measure.PROBABILITY, WholeLoss.Measure.LOGIT);
        };
    }

    private static String kind(WholeLoss loss) {
        return switch (loss) {
            case RankedLoss.Extension _ -> "RankedLoss.Extension";
            case RankedLoss.Worst _ -> "RankedLoss.Worst";
            case VolumeLoss _ -> "VolumeLoss";
        };
    }

    private static void collect(Loss loss, SequencedSet<Loss.Leaf> leaves) {
        switch (loss) {
            case Loss.Sum(var terms) -> terms.forEach(term -> collect(term.loss(), leaves));
            case Loss.Log1p(var inner) -> collect(inner, leaves);
            case Loss.Pow pow -> collect(pow.inner(), leaves);
            case Loss.Ramp ramp -> collect(ramp.inner(), leaves);
            case Loss.Constant _ -> {}
            case VoxelLoss leaf
            when leaf.reduction() == VoxelLoss.Aggregation.NORMALIZED -> {
                leaves.add(leaf);
                leaves.add(leaf.normalizer());
            }
            case Loss.Leaf leaf -> leaves.add(leaf);
        }
    }

    private static <T> List<T> only(SequencedSet<Loss.Leaf> leaves, Class<T> kind) {
        return leaves.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /// {@return the value of the loss and of each of its terms}
    ///
    /// @throws IllegalArgumentException if shapes don't fit the task or each other, or the target holds a value
    ///     that the task has no class for
    public Evaluation evaluate(Prediction prediction, Target target) {
        return evaluate(prediction, target, 1);
    }

    /// As [#evaluate(Prediction, Target)], in the middle of a training.
    ///
    /// @param progress as in [#evaluate(Prediction, Target, MemorySegment, double)]
    public Evaluation evaluate(Prediction prediction, Target target, double progress) {
        return evaluated(prediction, target, NO_GRADIENT, progress);
    }

    /// {@return the value of the loss and of each of its terms} and writes the gradient.
    ///
    /// @param gradient memory of the prediction's size, type and order that overlaps neither prediction nor target;
    ///     overwritten with the derivative of the loss by each of the prediction's numbers; after an exception it
    ///     holds nothing of use
    /// @throws IllegalArgumentException as [#evaluate(Prediction, Target)], or if the gradient's memory has another
    ///     size
    public Evaluation evaluate(Prediction prediction, Target target, MemorySegment gradient) {
        return evaluate(prediction, target, gradient, 1);
    }

    /// As [#evaluate(Prediction, Target, MemorySegment)], in the middle of a training: what the weights of a
    /// [Loss.Ramp] depend on. Without it they are those of the end.
    ///
    /// @param progress from 0, the first step, to 1, the last
    public Evaluation evaluate(Prediction prediction, Target target, MemorySegment gradient, double progress) {
        checkGradient(gradient, prediction);
        return evaluated(prediction, target, gradient, progress);
    }

    private Evaluation evaluated(Prediction prediction, Target target, MemorySegment gradient, double progress) {
        checkProgress(progress);
        checkShapes(prediction.shape(), target);
        checkScale(prediction);
        Workspace workspace = workspaces.borrow();
        Evaluation evaluation = workspace.evaluate(prediction, target, gradient, progress);
        workspaces.giveBack(workspace);
        return evaluation;
    }

    // ---------------------------------------------------------------- arguments
    // not by Check, which has the numbers of its message made into objects where all is well, too

    private static void checkGradient(MemorySegment gradient, Prediction prediction) {
        if (gradient.byteSize() != prediction.data().byteSize()) {
            throw new IllegalArgumentException("gradient has %d bytes, but the prediction has %d"
                    .formatted(gradient.byteSize(), prediction.data().byteSize()));
        }
        if (gradient.isReadOnly()) {
            throw new IllegalArgumentException("the gradient's memory is read-only");
        }
    }

    private static void checkProgress(double progress) {
        if (!(progress >= 0 && progress <= 1)) {
            throw new IllegalArgumentException("progress has to be from 0 to 1, but is %s".formatted(progress));
        }
    }

    private void checkShapes(Shape shape, Target target) {
        if (shape.classes() != task.channels()) {
            throw new IllegalArgumentException(
                    "a %s task%s needs a prediction with %d channel%s, but its shape (batch, class, z, y, x) is %s"
                            .formatted(
                                    task.kind(),
                                    task.kind() == Task.Kind.BINARY ? "" : " with %d classes".formatted(task.classes()),
                                    task.channels(),
                                    task.channels() == 1 ? "" : "s",
                                    shape));
        }
        if (!leaves.whole().isEmpty() && shape.batch() * shape.voxels() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a loss that looks at the whole volume takes a batch of at most 2^31 - 1 voxels, but its shape (batch, class, z, y, x) is %s"
                            .formatted(shape));
        }
        checkTarget(shape, target);
    }

    private void checkTarget(Shape shape, Target target) {
        Target.Type type = target.type();
        if (task.kind() == Task.Kind.MULTILABEL && type.isIndex()) {
            throw new IllegalArgumentException(
                    "a multilabel task needs a target of probabilities in the prediction's shape, not an index map");
        }
        if (!type.isIndex() && !task.ignoredLabels().isEmpty()) {
            throw new IllegalArgumentException(
                    "labels are to be ignored (%s), but the target holds probabilities; use a mask instead"
                            .formatted(task.ignoredLabels().stream()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(", "))));
        }
        long voxels = shape.elements() / shape.classes();
        long needed = type.isIndex() ? voxels : shape.elements();
        if (target.data().byteSize() != needed * type.bytes()) {
            throw new IllegalArgumentException(
                    "target has %d bytes, but for a prediction of shape %s it needs %d %s of %d bytes"
                            .formatted(
                                    target.data().byteSize(),
                                    shape,
                                    needed,
                                    type.isIndex() ? "labels, one for each voxel," : "probabilities",
                                    type.bytes()));
        }
        if (target.mask().isPresent() && target.mask().get().byteSize() != voxels) {
            throw new IllegalArgumentException("mask has %d bytes, but a prediction of shape %s has %d voxels"
                    .formatted(target.mask().get().byteSize(), shape, voxels));
        }
    }

    private void checkScale(Prediction prediction) {
        for (int l = 0; l < leaves.whole().size() && prediction.scale() != Prediction.Scale.LOGITS; l++) {
            WholeLoss leaf = leaves.whole().get(l);
            switch (leaf.measure(task)) {
                case HINGE, LOGIT ->
                    throw new IllegalArgumentException(
                            "%s in a %s task is a function of the logits; it has no value for probabilities"
                                    .formatted(LossCatalog.label(leaf), task.kind()));
                case ABSOLUTE, CROSS_ENTROPY, PROBABILITY -> {}
            }
        }
    }

    @Override
    public String toString() {
        return LossCatalog.label(loss) + " for " + task;
    }
}
