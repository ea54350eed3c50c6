package org.segloss.loss;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segloss.grid.Shape;
import org.segloss.kernel.Pool;
import org.segloss.kernel.Workers;

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
/// Voxels that are masked out or carry the ignored label leave every sum and every divisor; their gradient is exactly 0
/// and their logits may be anything. If no voxel counts, voxel losses are 0, and overlap losses have the value of empty
/// sums.
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
/// Logits in float, float16 and bfloat16 run on vector lanes where the JVM has the module
/// `jdk.incubator.vector` (start it with `--add-modules jdk.incubator.vector`); otherwise, and for double or
/// probabilities, the plain double-precision evaluator does it. The loops of the most used losses work on native
/// segments and on arrays of the right type where they are; a mixture is copied block by block. In float a class that
/// is right to within 1e-7 has an overlap loss of 0 or of rounding errors, and a power below 1 (`focalTversky`,
/// `unifiedFocal`,
/// `logDice(gamma=0.3)`, `pow`) makes more of that, up to 1e-7 to that power, which is 8e-3 for `gamma=0.3`: pass
/// logits in double where it matters. An evaluator may
/// be shared between threads; it keeps some scratch memory for later evaluations, about 80 KB for each thread and 30
/// KB for each channel of it; with a loss that ranks voxels also 4 bytes for each voxel and list of its largest
/// batch, and up to 24 bytes for each voxel of a list.
public final class LossEvaluator {

    /// Blocks of a chunk at least: enough work to be handed to a thread.
    private static final int BLOCKS = 8;

    /// Chunks of a sample at most: few enough to add up.
    private static final int CHUNKS = 256;

    /// What is less can't be divided by in float.
    private static final double LEAST_NORMALIZER = 1e-6;

    private static final Thread ANOTHER_THREAD = Thread.ofVirtual().unstarted(() -> {});

    private final Loss loss;
    private final Task task;
    private final int threads;
    private final boolean lanes;
    private final Sweep.Leaves leaves;
    private final List<Loss.Term> summands;
    private final List<String> names;
    private final Pool<LaneSweep> laneSweeps;
    private final Pool<List<Sweep.Sums>> chunkSums = new Pool<>(ArrayList::new);
    private final Pool<LanePlanes.Scratch> laneScratch = new Pool<>(LanePlanes.Scratch::new);

    /// An evaluator that uses all cores.
    ///
    /// @throws IllegalArgumentException if a part of the loss makes no sense for the task
    public LossEvaluator(Loss loss, Task task) {
        this(loss, task, Runtime.getRuntime().availableProcessors());
    }

    /// @param threads at least 1
    /// @throws IllegalArgumentException if a part of the loss makes no sense for the task
    public LossEvaluator(Loss loss, Task task, int threads) {
        this(loss, task, threads, VectorModule.isPresent());
    }

    LossEvaluator(Loss loss, Task task, int threads, boolean lanes) {
        Check.that(threads > 0, "threads have to be at least 1, but are %d", threads);
        this.loss = loss;
        this.task = task;
        this.threads = threads;
        this.lanes = lanes;
        SequencedSet<Loss.Leaf> all = new LinkedHashSet<>();
        collect(loss, all);
        all.forEach(this::check);
        leaves = Sweep.Leaves.of(only(all, VoxelLoss.class), only(all, OverlapLoss.class), only(all, WholeLoss.class));
        laneSweeps = new Pool<>(() -> new LaneSweep(task, leaves));
        summands = loss instanceof Loss.Sum(var summands) ? summands : List.of(new Loss.Term(1, loss));
        names = summands.stream().map(term -> term.loss().text()).toList();
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
                                || whole.over().equals(Averaging.ALL),
                        "%s is a mean over all voxels: it has no options for classes and samples",
                        leaf.text());
            }
        }
    }

    private static void collect(Loss loss, SequencedSet<Loss.Leaf> leaves) {
        switch (loss) {
            case Loss.Sum(var terms) -> terms.forEach(term -> collect(term.loss(), leaves));
            case Loss.Log1p(var inner) -> collect(inner, leaves);
            case Loss.Pow pow -> collect(pow.inner(), leaves);
            case Loss.Ramp ramp -> collect(ramp.inner(), leaves);
            case Loss.Constant _ -> {}
            case VoxelLoss leaf
            when leaf.reduction() == VoxelLoss.Reduction.NORMALIZED -> {
                leaves.add(leaf);
                leaves.add(leaf.normalizer());
            }
            case Ce ce when ce.border() > 0 -> leaves.add(ce.bordered());
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
        return evaluate(prediction, target, Optional.empty(), progress);
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
        Check.that(
                gradient.byteSize() == prediction.data().byteSize(),
                "gradient has %d bytes, but the prediction has %d",
                gradient.byteSize(),
                prediction.data().byteSize());
        Check.that(!gradient.isReadOnly(), "the gradient's memory is read-only");
        return evaluate(prediction, target, Optional.of(gradient), progress);
    }

    private Evaluation evaluate(
            Prediction prediction, Target target, Optional<MemorySegment> gradient, double progress) {
        Check.that(progress >= 0 && progress <= 1, "progress has to be from 0 to 1, but is %s", progress);
        Shape shape = prediction.shape();
        checkShapes(shape, target);
        checkScale(prediction);
        TargetReader reader = new TargetReader(task, target, shape.voxels());
        boolean onePass = gradient.isPresent()
                && reader.keepsAll()
                && !leaves.needSums()
                && leaves.whole().isEmpty()
                && isLinear(loss);
        int threads = threads(prediction, target, gradient);
        boolean fast = lanes
                && leaves.voxel().stream().noneMatch(VoxelLoss::needsDouble)
                && prediction.type() != Prediction.FloatType.FLOAT64
                && prediction.scale() == Prediction.Scale.LOGITS;
        LanePlanes.Scratch scratch = laneScratch.borrow();
        Planes planes = fast
                ? new LanePlanes(leaves.whole(), task, shape, reader, threads, scratch)
                : new PlainPlanes(leaves.whole(), task, shape, reader, threads);
        Chunks<?> chunks =
                switch (planes) {
                    case LanePlanes p -> {
                        LaneSweep.Memory memory = new LaneSweep.Memory(prediction, reader, gradient, !onePass, p);
                        yield new Chunks<>(
                                shape, threads, laneSweeps.with(sweep -> sweep.on(memory), LaneSweep::release));
                    }
                    case PlainPlanes p ->
                        new Chunks<>(
                                shape,
                                threads,
                                new Pool<>(() -> new PlainSweep(task, leaves, prediction, reader, gradient, p)));
                };

        Optional<Sweep.Weights> known =
                onePass ? Optional.of(new Totals(whole(shape), planes, progress).weights()) : Optional.empty();
        List<Sweep.Sums> sums = chunkSums.borrow();
        chunks.gather(sums, () -> new Sweep.Sums(leaves, task.channels()), known);
        Totals totals = new Totals(samples(sums, shape.batch(), chunks.ofASample()), planes, progress);
        chunkSums.giveBack(sums);
        if (gradient.isPresent() && !onePass) {
            chunks.gradient(totals.weights());
        }
        laneScratch.giveBack(scratch);
        return totals.evaluation();
    }

    /// Memory of a confined arena is for the calling thread alone.
    private int threads(Prediction prediction, Target target, Optional<MemorySegment> gradient) {
        boolean shared = Stream.of(Optional.of(prediction.data()), Optional.of(target.data()), target.mask(), gradient)
                .flatMap(Optional::stream)
                .allMatch(memory -> memory.isAccessibleBy(ANOTHER_THREAD));
        return shared ? threads : 1;
    }

    private void checkScale(Prediction prediction) {
        for (WholeLoss leaf : leaves.whole()) {
            boolean ofLogits =
                    switch (leaf.measure(task)) {
                        case HINGE, LOGIT -> true;
                        case ABSOLUTE, CROSS_ENTROPY, PROBABILITY -> false;
                    };
            Check.that(
                    !ofLogits || prediction.scale() == Prediction.Scale.LOGITS,
                    "%s in a %s task is a function of the logits; it has no value for probabilities",
                    leaf.text(),
                    task.kind().text());
        }
    }

    private void checkShapes(Shape shape, Target target) {
        Check.that(
                shape.classes() == task.channels(),
                "a %s task%s needs a prediction with %d channel%s, but its shape (batch, class, z, y, x) is %s",
                task.kind().text(),
                task.kind() == Task.Kind.BINARY ? "" : " with %d classes".formatted(task.classes()),
                task.channels(),
                task.channels() == 1 ? "" : "s",
                shape);
        Check.that(
                leaves.whole().isEmpty() || shape.batch() * shape.voxels() <= Integer.MAX_VALUE,
                "a loss that looks at the whole volume takes a batch of at most 2^31 - 1 voxels, but its shape (batch, class, z, y, x) is %s",
                shape);
        Target.Type type = target.type();
        Check.that(
                task.kind() != Task.Kind.MULTILABEL || !type.isIndex(),
                "a multilabel task needs a target of probabilities in the prediction's shape, not an index map");
        Check.that(
                type.isIndex() || task.ignoredLabel().isEmpty(),
                "the label %d is to be ignored, but the target holds probabilities; use a mask instead",
                task.ignoredLabel().orElse(0));
        long voxels = shape.elements() / shape.classes();
        long needed = type.isIndex() ? voxels : shape.elements();
        Check.that(
                target.data().byteSize() == needed * type.bytes(),
                "target has %d bytes, but for a prediction of shape %s it needs %d %s of %d bytes",
                target.data().byteSize(),
                shape,
                needed,
                type.isIndex() ? "labels, one for each voxel," : "probabilities",
                type.bytes());
        target.mask()
                .ifPresent(mask -> Check.that(
                        mask.byteSize() == voxels,
                        "mask has %d bytes, but a prediction of shape %s has %d voxels",
                        mask.byteSize(),
                        shape,
                        voxels));
    }

    // ---------------------------------------------------------------- the scalar tree

    /// The sums of each sample, from those of its chunks in their order.
    ///
    /// @param each how many of the chunks are of a sample; behind the last sample there may be more
    private List<Sweep.Sums> samples(List<Sweep.Sums> chunks, int batch, int each) {
        List<Sweep.Sums> samples = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            Sweep.Sums sample = new Sweep.Sums(leaves, task.channels());
            for (int i = 0; i < each; i++) {
                sample.add(chunks.get(b * each + i));
            }
            samples.add(sample);
        }
        return samples;
    }

    /// The sums of a batch in which every voxel counts, as far as they are known without looking.
    private List<Sweep.Sums> whole(Shape shape) {
        List<Sweep.Sums> samples = samples(List.of(), shape.batch(), 0);
        samples.forEach(sums -> sums.kept = shape.voxels());
        return samples;
    }

    /// The loss as a function of all that pass 1 has gathered, and its derivatives by it.
    private final class Totals {
        private final double progress;
        private final int batch;
        private final Scalar.Tape tape = new Scalar.Tape();
        private final Sweep.Sums all = new Sweep.Sums(leaves, task.channels());
        private final List<Scalar> voxel = new ArrayList<>();
        private final List<List<OverlapLoss.Sums>> samples;
        private final List<Scalar[][]> confusions;
        private final List<Scalar> whole;
        private final List<Scalar> penalized;
        private final List<Scalar> terms;
        private final Scalar total;

        Totals(List<Sweep.Sums> sums, Planes planes, double progress) {
            this.progress = progress;
            batch = sums.size();
            sums.forEach(all::add);
            for (double sum : all.voxel) {
                voxel.add(tape.variable(sum));
            }
            samples = leaves.areOfSums() ? sums.stream().map(this::ofChannels).toList() : List.of();
            confusions =
                    leaves.needConfusion() ? sums.stream().map(this::confusion).toList() : List.of();
            whole = Arrays.stream(
                            planes.resolve(sums.stream().mapToLong(s -> s.kept).toArray()))
                    .mapToObj(tape::variable)
                    .toList();
            penalized = IntStream.range(0, whole.size())
                    .mapToObj(l -> penalized(whole.get(l), planes.penalties(l)))
                    .toList();
            terms = summands.stream().map(term -> of(term.loss())).toList();
            Scalar sum = Scalar.of(0);
            for (int i = 0; i < terms.size(); i++) {
                sum = sum.plus(terms.get(i).times(summands.get(i).weight()));
            }
            total = sum;
            tape.differentiate(total);
        }

        private List<OverlapLoss.Sums> ofChannels(Sweep.Sums sums) {
            List<OverlapLoss.Sums> channels = new ArrayList<>();
            for (int c = 0; c < task.channels(); c++) {
                double[] s = sums.overlap;
                int at = c * Sweep.Sums.EACH;
                boolean more = sums.more.length > 0;
                channels.add(new OverlapLoss.Sums(
                        tape.variable(s[at]),
                        tape.variable(s[at + 1]),
                        tape.variable(s[at + 3]),
                        tape.variable(more ? sums.more[c * Sweep.Sums.MORE] : 0),
                        tape.variable(more ? sums.more[c * Sweep.Sums.MORE + 1] : 0),
                        tape.variable(more ? sums.more[c * Sweep.Sums.MORE + 2] : 0),
                        s[at + 2],
                        s[at + 4],
                        sums.kept));
            }
            return channels;
        }

        /// With the mean probability of classes that are absent.
        private Scalar penalized(Scalar value, List<Planes.Penalty> penalties) {
            Scalar sum = value;
            for (Planes.Penalty penalty : penalties) {
                Planes.Voxels v = penalty.voxels();
                double voxels = (double) v.kept() * v.channels().size();
                for (List<OverlapLoss.Sums> sample : samples.subList(v.sample(), v.sample() + v.samples())) {
                    for (int c : v.channels()) {
                        sum = sum.plus(sample.get(c).p().times(voxels == 0 ? 0 : penalty.share() / voxels));
                    }
                }
            }
            return sum;
        }

        private Scalar[][] confusion(Sweep.Sums sums) {
            int n = task.channels();
            Scalar[][] confusion = new Scalar[n][n];
            for (int i = 0; i < n * n; i++) {
                confusion[i / n][i % n] = tape.variable(sums.confusion[i]);
            }
            return confusion;
        }

        private Scalar of(Loss node) {
            return switch (node) {
                case Loss.Sum(var terms) -> {
                    Scalar sum = Scalar.of(0);
                    for (Loss.Term term : terms) {
                        sum = sum.plus(of(term.loss()).times(term.weight()));
                    }
                    yield sum;
                }
                case Loss.Constant(var constant) -> Scalar.of(constant);
                case Loss.Log1p(var inner) -> of(inner).log1p();
                case Loss.Pow(var inner, var exponent) -> of(inner).pow(exponent);
                case Loss.Ramp ramp -> of(ramp.inner()).times(ramp.at(progress));
                case Ce ce when ce.border() > 0 -> penalized.get(leaves.whole().indexOf(ce.bordered()));
                case VoxelLoss leaf -> voxel(leaf);
                case OverlapLoss leaf -> overlap(leaf);
                case WholeLoss leaf -> penalized.get(leaves.whole().indexOf(leaf));
            };
        }

        private Scalar voxel(VoxelLoss leaf) {
            Scalar sum = voxel.get(leaves.voxel().indexOf(leaf));
            return switch (leaf.reduction()) {
                case SUM -> sum;
                case MEAN -> {
                    double divisor = divisor(leaf.labels());
                    yield sum.times(divisor == 0 ? 0 : 1 / divisor);
                }
                case NORMALIZED -> sum.over(voxel(leaf.normalizer()).atLeast(LEAST_NORMALIZER));
            };
        }

        /// The voxels, or their weights. Sigmoid channels are averaged like voxels, as binary cross-entropy is; a
        /// softmax voxel counts once.
        private double divisor(Labels labels) {
            boolean softmax = task.kind() == Task.Kind.MULTICLASS;
            if (labels.weights().isEmpty()) {
                return (double) all.kept * (softmax ? 1 : task.channels());
            }
            double sum = 0;
            for (int c = 0; c < task.channels(); c++) {
                double foreground = all.overlap[c * Sweep.Sums.EACH + 2];
                sum += softmax
                        ? labels.weight(task, 0, c) * foreground
                        : labels.weight(task, c, 1) * foreground + labels.weight(task, c, 0) * (all.kept - foreground);
            }
            return sum;
        }

        private Scalar overlap(OverlapLoss leaf) {
            if (leaf.over().batch()) {
                return leaf.at(classes(leaf, batch(), batchConfusion()));
            }
            Scalar sum = Scalar.of(0);
            for (int b = 0; b < samples.size(); b++) {
                sum = sum.plus(leaf.at(
                        classes(leaf, samples.get(b), confusions.isEmpty() ? new Scalar[0][] : confusions.get(b))));
            }
            return sum.times(1.0 / samples.size());
        }

        private OverlapLoss.Classes classes(OverlapLoss leaf, List<OverlapLoss.Sums> sums, Scalar[][] confusion) {
            return new OverlapLoss.Classes(sums, confusion, leaf.over(), task);
        }

        private List<OverlapLoss.Sums> batch() {
            List<OverlapLoss.Sums> batch = new ArrayList<>(samples.getFirst());
            for (List<OverlapLoss.Sums> sample : samples.subList(1, samples.size())) {
                for (int c = 0; c < batch.size(); c++) {
                    batch.set(c, batch.get(c).plus(sample.get(c)));
                }
            }
            return batch;
        }

        private Scalar[][] batchConfusion() {
            if (confusions.isEmpty()) {
                return new Scalar[0][];
            }
            int n = task.channels();
            Scalar[][] batch = new Scalar[n][n];
            for (int i = 0; i < n * n; i++) {
                Scalar sum = Scalar.of(0);
                for (Scalar[][] sample : confusions) {
                    sum = sum.plus(sample[i / n][i % n]);
                }
                batch[i / n][i % n] = sum;
            }
            return batch;
        }

        Sweep.Weights weights() {
            double[] byVoxel = voxel.stream().mapToDouble(Scalar::gradient).toArray();
            Sweep.BySums[][] bySums = new Sweep.BySums[batch][task.channels()];
            for (int b = 0; b < bySums.length; b++) {
                for (int c = 0; c < task.channels(); c++) {
                    bySums[b][c] = samples.isEmpty()
                            ? Sweep.BySums.NONE
                            : of(samples.get(b).get(c));
                }
            }
            double[][][] byConfusion = new double[batch][][];
            for (int b = 0; b < byConfusion.length; b++) {
                byConfusion[b] = confusions.isEmpty()
                        ? new double[0][]
                        : Arrays.stream(confusions.get(b))
                                .map(row -> Arrays.stream(row)
                                        .mapToDouble(Scalar::gradient)
                                        .toArray())
                                .toArray(double[][]::new);
            }
            return new Sweep.Weights(
                    byVoxel,
                    bySums,
                    byConfusion,
                    whole.stream().mapToDouble(Scalar::gradient).toArray());
        }

        private static Sweep.BySums of(OverlapLoss.Sums sums) {
            return new Sweep.BySums(
                    sums.py().gradient(),
                    sums.p().gradient(),
                    sums.pp().gradient(),
                    sums.missed().gradient(),
                    sums.invented().gradient(),
                    sums.absolute().gradient());
        }

        Evaluation evaluation() {
            List<Evaluation.Term> evaluated = new ArrayList<>();
            for (int i = 0; i < terms.size(); i++) {
                evaluated.add(new Evaluation.Term(
                        names.get(i), summands.get(i).weight(), terms.get(i).value()));
            }
            return new Evaluation(total.value(), evaluated);
        }
    }

    private static boolean isLinear(Loss loss) {
        return switch (loss) {
            case Loss.Sum(var terms) -> terms.stream().allMatch(term -> isLinear(term.loss()));
            case VoxelLoss leaf -> leaf.reduction() != VoxelLoss.Reduction.NORMALIZED;
            case Loss.Constant _, Loss.Leaf _ -> true;
            case Loss.Ramp ramp -> isLinear(ramp.inner());
            case Loss.Log1p _, Loss.Pow _ -> false;
        };
    }

    // ---------------------------------------------------------------- the passes over the voxels

    /// The chunks of a batch, and the workers that go through them. The chunks depend on the shape alone.
    private record Chunks<S extends Sweep>(Shape shape, int threads, Pool<S> sweeps) {

        /// @param sums gets more of them if it has too few
        void gather(List<Sweep.Sums> sums, Supplier<Sweep.Sums> make, Optional<Sweep.Weights> weights) {
            sums.forEach(Sweep.Sums::clear);
            while (sums.size() < count()) {
                sums.add(make.get());
            }
            run(true, (sweep, chunk) -> {
                sweep.gather(sums.get(chunk));
                weights.ifPresent(sweep::gradient);
            });
        }

        void gradient(Sweep.Weights weights) {
            run(false, (sweep, _) -> sweep.gradient(weights));
        }

        private int count() {
            return Math.multiplyExact(shape.batch(), ofASample());
        }

        int ofASample() {
            return Math.toIntExact(Math.ceilDiv(shape.voxels(), chunk()));
        }

        private long chunk() {
            return Math.max(BLOCKS, Math.ceilDiv(shape.voxels(), (long) CHUNKS * Sweep.BLOCK)) * Sweep.BLOCK;
        }

        private void run(boolean sums, ObjIntConsumer<Sweep> work) {
            int count = count();
            Workers.run(count, threads, sweeps, (sweep, piece) -> {
                // pass 2 goes back, for what pass 1 has seen last is still in the caches
                int chunk = sums ? piece : count - 1 - piece;
                int sample = chunk / ofASample();
                long start = chunk % ofASample() * chunk();
                long end = Math.min(start + chunk(), shape.voxels());
                for (long from = start; from < end; from += Sweep.BLOCK) {
                    sweep.load(sample, from, (int) Math.min(Sweep.BLOCK, end - from), sums);
                    work.accept(sweep, chunk);
                }
            });
        }
    }

    @Override
    public String toString() {
        return loss + " for " + task;
    }
}
