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
/// ranks the voxels: it needs their errors between the passes.
///
/// Voxels that are masked out or carry the ignored label leave every sum and every divisor; their gradient is exactly 0
/// and their logits may be anything. If no voxel counts, voxel losses are 0, and overlap losses have the value of empty
/// sums.
///
/// The voxels are cut into chunks that depend on the shape alone, a chunk's sums are gathered in double (the fast
/// evaluator adds up to 32 floats first), and the chunks are added in order: the result is the same bits for any
/// number of threads.
///
/// Logits in float, float16 and bfloat16 run on vector lanes where the JVM has the module
/// `jdk.incubator.vector` (start it with `--add-modules jdk.incubator.vector`); otherwise, and for double or
/// probabilities, the plain double-precision evaluator does it. It is fastest on native memory, which the loops
/// of the most used losses work on where it is; arrays are copied block by block. An evaluator may be shared
/// between threads; it keeps some scratch memory for later evaluations, about 80 KB for each thread and 30 KB
/// for each channel of it; with a loss that ranks voxels also 4 bytes for each voxel and list of its largest
/// batch, and up to 24 bytes for each voxel of a list.
public final class LossEvaluator {

    /// Blocks of a chunk at least: enough work to be handed to a thread.
    private static final int BLOCKS = 8;

    /// Chunks of a sample at most: few enough to add up.
    private static final int CHUNKS = 256;

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
    private final Pool<LaneRanks.Scratch> laneScratch = new Pool<>(LaneRanks.Scratch::new);

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
        all.forEach(leaf -> leaf.check(task));
        leaves =
                new Sweep.Leaves(only(all, VoxelLoss.class), only(all, OverlapLoss.class), only(all, RankedLoss.class));
        laneSweeps = new Pool<>(() -> new LaneSweep(task, leaves));
        summands = loss instanceof Loss.Sum(var summands) ? summands : List.of(new Loss.Term(1, loss));
        names = summands.stream().map(term -> term.loss().toString()).toList();
    }

    private static void collect(Loss loss, SequencedSet<Loss.Leaf> leaves) {
        switch (loss) {
            case Loss.Sum(var terms) -> terms.forEach(term -> collect(term.loss(), leaves));
            case Loss.Log1p(var inner) -> collect(inner, leaves);
            case Loss.Constant _ -> {}
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
        return evaluate(prediction, target, Optional.empty());
    }

    /// {@return the value of the loss and of each of its terms} and writes the gradient.
    ///
    /// @param gradient memory of the prediction's size, type and order that overlaps neither prediction nor target;
    ///     overwritten with the derivative of the loss by each of the prediction's numbers; after an exception it
    ///     holds nothing of use
    /// @throws IllegalArgumentException as [#evaluate(Prediction, Target)], or if the gradient's memory has another
    ///     size
    public Evaluation evaluate(Prediction prediction, Target target, MemorySegment gradient) {
        Check.that(
                gradient.byteSize() == prediction.data().byteSize(),
                "gradient has %d bytes, but the prediction has %d",
                gradient.byteSize(),
                prediction.data().byteSize());
        Check.that(!gradient.isReadOnly(), "the gradient's memory is read-only");
        return evaluate(prediction, target, Optional.of(gradient));
    }

    private Evaluation evaluate(Prediction prediction, Target target, Optional<MemorySegment> gradient) {
        Shape shape = prediction.shape();
        checkShapes(shape, target);
        checkHinge(prediction);
        TargetReader reader = new TargetReader(task, target, shape.voxels());
        boolean onePass = gradient.isPresent()
                && reader.keepsAll()
                && leaves.overlap().isEmpty()
                && leaves.ranked().isEmpty()
                && isLinear(loss);
        int threads = threads(prediction, target, gradient);
        boolean fast = lanes
                && prediction.type() != Prediction.FloatType.FLOAT64
                && prediction.scale() == Prediction.Scale.LOGITS;
        LaneRanks.Scratch scratch = laneScratch.borrow();
        Ranks ranks = fast
                ? new LaneRanks(leaves.ranked(), task, shape, threads, scratch)
                : new PlainRanks(leaves.ranked(), task, shape);
        Chunks<?> chunks =
                switch (ranks) {
                    case LaneRanks r -> {
                        LaneSweep.Memory memory = new LaneSweep.Memory(prediction, reader, gradient, !onePass, r);
                        yield new Chunks<>(
                                shape, threads, laneSweeps.with(sweep -> sweep.on(memory), LaneSweep::release));
                    }
                    case PlainRanks r ->
                        new Chunks<>(
                                shape,
                                threads,
                                new Pool<>(() -> new PlainSweep(task, leaves, prediction, reader, gradient, r)));
                };

        Optional<Sweep.Weights> known = onePass ? Optional.of(weights(whole(shape, ranks), shape)) : Optional.empty();
        List<Sweep.Sums> sums = chunkSums.borrow();
        chunks.gather(sums, () -> new Sweep.Sums(leaves.voxel().size(), task.channels()), known);
        Totals totals = new Totals(sums, chunks.ofASample(), shape, ranks);
        chunkSums.giveBack(sums);
        if (gradient.isPresent() && !onePass) {
            chunks.gradient(weights(totals, shape));
        }
        laneScratch.giveBack(scratch);
        return new Evaluation(totals.value(loss), terms(totals));
    }

    /// Memory of a confined arena is for the calling thread alone.
    private int threads(Prediction prediction, Target target, Optional<MemorySegment> gradient) {
        boolean shared = Stream.of(Optional.of(prediction.data()), Optional.of(target.data()), target.mask(), gradient)
                .flatMap(Optional::stream)
                .allMatch(memory -> memory.isAccessibleBy(ANOTHER_THREAD));
        return shared ? threads : 1;
    }

    private void checkHinge(Prediction prediction) {
        boolean hinge = leaves.ranked().stream().anyMatch(leaf -> leaf.measure(task) == RankedLoss.Measure.HINGE);
        Check.that(
                !hinge || prediction.scale() == Prediction.Scale.LOGITS,
                "lovasz in a %s task is a hinge of the logits; it has no value for probabilities",
                task.kind().text());
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
                leaves.ranked().isEmpty() || shape.batch() * shape.voxels() <= Integer.MAX_VALUE,
                "a loss that ranks voxels takes a batch of at most 2^31 - 1 voxels, but its shape (batch, class, z, y, x) is %s",
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

    /// The sums of the whole batch, and from them the value of every part of the loss.
    private final class Totals {
        final double[] voxel;
        final OverlapLoss.Slope[][][] overlap; // [leaf][sample][channel]
        final double[] ranked;
        final double divisor;

        /// @param each how many of the chunks are of a sample; behind the last sample there may be more
        Totals(List<Sweep.Sums> chunks, int each, Shape shape, Ranks ranks) {
            Sweep.Sums all = new Sweep.Sums(leaves.voxel().size(), task.channels());
            Sweep.Sums[] samples = new Sweep.Sums[shape.batch()];
            for (int b = 0; b < samples.length; b++) {
                samples[b] = new Sweep.Sums(leaves.voxel().size(), task.channels());
                for (int i = 0; i < each; i++) {
                    samples[b].add(chunks.get(b * each + i));
                }
                all.add(samples[b]);
            }
            voxel = all.voxel;
            divisor = (double) all.kept * channelsOfAVoxelMean();
            overlap = leaves.overlap().stream()
                    .map(leaf -> Arrays.stream(samples)
                            .map(sums -> slopes(leaf, sums))
                            .toArray(OverlapLoss.Slope[][]::new))
                    .toArray(OverlapLoss.Slope[][][]::new);
            ranked = ranks.rank(
                    Arrays.stream(samples).mapToLong(sums -> sums.kept).toArray());
        }

        private OverlapLoss.Slope[] slopes(OverlapLoss leaf, Sweep.Sums sums) {
            OverlapLoss.Slope[] slopes = new OverlapLoss.Slope[task.channels()];
            Arrays.setAll(slopes, c -> leaf.at(sums.of(c)));
            return slopes;
        }

        double value(Loss node) {
            return switch (node) {
                case Loss.Sum(var terms) -> {
                    double sum = 0;
                    for (Loss.Term term : terms) {
                        sum += term.weight() * value(term.loss());
                    }
                    yield sum;
                }
                case Loss.Constant(var constant) -> constant;
                case Loss.Log1p(var inner) -> Math.log1p(value(inner));
                case VoxelLoss leaf -> voxel[leaves.voxel().indexOf(leaf)] * scale(leaf, divisor);
                case OverlapLoss leaf -> {
                    double sum = 0;
                    for (OverlapLoss.Slope[] sample : overlap[leaves.overlap().indexOf(leaf)]) {
                        for (OverlapLoss.Slope slope : sample) {
                            sum += slope.value();
                        }
                    }
                    yield sum / ((double) overlap[0].length * task.channels());
                }
                case RankedLoss leaf -> ranked[leaves.ranked().indexOf(leaf)];
            };
        }
    }

    /// Sigmoid channels are averaged like voxels, as binary cross-entropy is; a softmax voxel counts once.
    private int channelsOfAVoxelMean() {
        return task.kind() == Task.Kind.MULTICLASS ? 1 : task.channels();
    }

    private static double scale(VoxelLoss leaf, double divisor) {
        return switch (leaf.reduction()) {
            case SUM -> 1;
            case MEAN -> divisor == 0 ? 0 : 1 / divisor;
        };
    }

    /// The sums of a batch in which every voxel counts, as far as they are known without looking.
    private Totals whole(Shape shape, Ranks ranks) {
        Sweep.Sums[] samples = new Sweep.Sums[shape.batch()];
        for (int b = 0; b < samples.length; b++) {
            samples[b] = new Sweep.Sums(leaves.voxel().size(), task.channels());
            samples[b].kept = shape.voxels();
        }
        return new Totals(List.of(samples), 1, shape, ranks);
    }

    /// The derivative of the loss by all that pass 1 has gathered.
    private Sweep.Weights weights(Totals totals, Shape shape) {
        double[] voxel = new double[leaves.voxel().size()];
        double[] overlap = new double[leaves.overlap().size()];
        double[] ranked = new double[leaves.ranked().size()];
        addWeights(loss, 1, totals, voxel, overlap, ranked);
        for (int l = 0; l < voxel.length; l++) {
            voxel[l] *= scale(leaves.voxel().get(l), totals.divisor);
        }
        double[][] byPy = new double[shape.batch()][task.channels()];
        double[][] byP = new double[shape.batch()][task.channels()];
        double[][] byPp = new double[shape.batch()][task.channels()];
        for (int l = 0; l < overlap.length; l++) {
            double each = overlap[l] / ((double) shape.batch() * task.channels());
            for (int b = 0; b < shape.batch(); b++) {
                for (int c = 0; c < task.channels(); c++) {
                    OverlapLoss.Slope slope = totals.overlap[l][b][c];
                    byPy[b][c] += each * slope.byPy();
                    byP[b][c] += each * slope.byP();
                    byPp[b][c] += each * slope.byPp();
                }
            }
        }
        return new Sweep.Weights(voxel, byPy, byP, byPp, ranked);
    }

    /// The chain rule down the tree: adds `upstream` times the node's derivative to the weights of its leaves.
    private void addWeights(
            Loss node, double upstream, Totals totals, double[] voxel, double[] overlap, double[] ranked) {
        switch (node) {
            case Loss.Sum(var terms) ->
                terms.forEach(t -> addWeights(t.loss(), upstream * t.weight(), totals, voxel, overlap, ranked));
            case Loss.Constant _ -> {}
            case Loss.Log1p(var inner) ->
                addWeights(inner, upstream / (1 + totals.value(inner)), totals, voxel, overlap, ranked);
            case VoxelLoss leaf -> voxel[leaves.voxel().indexOf(leaf)] += upstream;
            case OverlapLoss leaf -> overlap[leaves.overlap().indexOf(leaf)] += upstream;
            case RankedLoss leaf -> ranked[leaves.ranked().indexOf(leaf)] += upstream;
        }
    }

    private static boolean isLinear(Loss loss) {
        return switch (loss) {
            case Loss.Sum(var terms) -> terms.stream().allMatch(term -> isLinear(term.loss()));
            case Loss.Constant _, Loss.Leaf _ -> true;
            case Loss.Log1p _ -> false;
        };
    }

    private List<Evaluation.Term> terms(Totals totals) {
        List<Evaluation.Term> terms = new ArrayList<>();
        for (int i = 0; i < summands.size(); i++) {
            Loss.Term summand = summands.get(i);
            terms.add(new Evaluation.Term(names.get(i), summand.weight(), totals.value(summand.loss())));
        }
        return terms;
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
