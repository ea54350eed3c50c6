package org.segloss.evaluate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.segloss.kernel.Halves;
import org.segloss.kernel.Lanes;
import org.segloss.kernel.SigmoidLoops;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Scalar;
import org.segloss.loss.Task;
import org.segloss.loss.VoxelLoss;
import org.segloss.loss.WholeLoss;
import org.segloss.loss.voxel.Bce;
import org.segloss.loss.voxel.Ce;
import org.segloss.loss.voxel.Focal;

/// The fast twin: logits of float or less in blocks, on vector lanes.
///
/// A block's activation, logarithms and targets are computed once for all leaves, into planes of scratch memory that
/// stay in the nearest caches. A voxel that doesn't count, and the padding of the last block, gets logit 0, target 0
/// and probability 0, and so vanishes from every sum and every slope without a branch.
final class LaneSweep implements Sweep {
    private final Lanes lanes = new Lanes();
    private final LaneVoxels voxels;
    private final Task task;
    private final Leaves leaves;
    private final Batch batch;
    private final TargetReader target;
    private final LanePlanes planes;
    private final int channels;
    private final boolean softmax;
    private final boolean logarithms;
    private final boolean slopesNeedLogarithms;
    private final boolean fuses;
    private final boolean focals;

    private int sample;
    private long from;
    private int n;
    private int padded;
    private long kept;
    private boolean full;

    private final byte[] bytes = new byte[BLOCK];
    private final int[] labels = new int[BLOCK];
    private final short[] halves = new short[BLOCK];
    private final float[] keep = new float[BLOCK];

    // planes of the loaded block: [group][outcome][voxel]; softmax has one group, sigmoid one for each channel
    private final int outcomes;
    private final float[][][] p;
    private final float[][][] logP;
    private final float[][][] y;
    private final float[][] z;
    private final float[][] packed;

    // the loops of a sigmoid, where it takes them, and those of them that take the caller's memory
    private final List<SigmoidLoops> kinds;
    private SigmoidLoops inPlace;
    private boolean takesMemory;
    private final MemorySegment[] zMemory;
    private final MemorySegment[] packedMemory;

    private final float[][] slope;
    private final float[][] byLogit;
    private final LaneVoxels.Block[] blocks;
    private final double[] byPy;
    private final double[] byP;
    private final double[] byPp;
    private final float[] rest = new float[BLOCK];
    private final float[] ranked = new float[BLOCK];
    private final double[] focal = new double[2];

    LaneSweep(Task task, Leaves leaves, Batch batch, TargetReader target, LanePlanes planes) {
        this.task = task;
        this.leaves = leaves;
        this.batch = batch;
        this.target = target;
        this.planes = planes;
        voxels = new LaneVoxels(lanes, task, leaves);
        channels = task.channels();
        softmax = task.kind() == Task.Kind.MULTICLASS;
        logarithms = softmax
                || !leaves.voxel().isEmpty()
                || leaves.whole().stream().anyMatch(loss -> loss.measure(task) == WholeLoss.Measure.CROSS_ENTROPY);
        slopesNeedLogarithms = leaves.voxel().stream().anyMatch(loss -> !isPlainCrossEntropy(loss));
        boolean fusesFocals = !softmax && !leaves.overlap().isEmpty();
        fuses = leaves.whole().isEmpty()
                && !leaves.needMoreSums()
                && !leaves.needConfusion()
                && leaves.voxel().stream()
                        .allMatch(loss -> isPlainCrossEntropy(loss) || fusesFocals && isSquareFocal(loss));
        focals = leaves.voxel().stream().anyMatch(LaneSweep::isSquareFocal);
        outcomes = softmax ? channels : 2;
        int groups = softmax ? 1 : channels;
        p = new float[groups][outcomes][BLOCK];
        logP = new float[groups][outcomes][logarithms ? BLOCK : 0];
        y = new float[groups][outcomes][BLOCK];
        z = new float[channels][BLOCK];
        packed = new float[softmax ? 0 : channels][BLOCK];
        // the first for scratch memory
        kinds = fuses && !softmax ? List.of(SigmoidLoops.overArrays(), SigmoidLoops.overNative()) : List.of();
        zMemory = Arrays.stream(z).map(MemorySegment::ofArray).toArray(MemorySegment[]::new);
        packedMemory = Arrays.stream(packed).map(MemorySegment::ofArray).toArray(MemorySegment[]::new);
        slope = new float[outcomes][BLOCK];
        blocks = new LaneVoxels.Block[groups];
        Arrays.setAll(blocks, g -> new LaneVoxels.Block(g, p[g], logP[g], y[g], keep));
        byPy = new double[channels];
        byP = new double[channels];
        byPp = new double[channels];
        byLogit = new float[leaves.whole().stream().anyMatch(this::isOfLogits) ? channels : 0][BLOCK];
    }

    @Override
    public void load(int sample, long from, int n, boolean sums) {
        this.sample = sample;
        this.from = from;
        this.n = n;
        padded = Lanes.padded(n);
        findLoops();
        loadTarget(sums);
        for (LaneVoxels.Block block : blocks) {
            block.loaded(n, padded, full);
        }
        if (worksInPlace()) {
            return;
        }
        if (isFused() && !softmax) {
            stage(sums);
            return;
        }
        if (keepsProbabilities() && !sums) {
            recall();
            return;
        }
        for (int c = 0; c < channels; c++) {
            read(batch.prediction().data(), c, z[c]);
            if (!full) {
                // not by multiplication: a masked logit may be infinite or NaN
                for (int i = 0; i < padded; i++) {
                    z[c][i] = keep[i] == 0 ? 0 : z[c][i];
                }
            }
        }
        if (isFused()) {
            if (!sums) {
                activate(false);
            }
        } else {
            activate(sums ? logarithms : slopesNeedLogarithms);
            if (keepsProbabilities()) {
                remember();
            }
        }
    }

    /// Finds the loops that take the caller's memory, if any do: it may be another's since the last block.
    private void findLoops() {
        takesMemory = false;
        for (int i = 0; i < kinds.size() && !takesMemory; i++) {
            inPlace = kinds.get(i);
            takesMemory = takes(inPlace);
        }
    }

    private boolean takes(SigmoidLoops loops) {
        // without a gradient there is no place for the probabilities, which focal losses need
        return type() == Prediction.FloatType.FLOAT32
                && loops.take(batch.prediction().data())
                && (batch.hasGradient() ? loops.take(batch.gradient()) : !focals);
    }

    /// Whether pass 2 finds the probabilities of pass 1, for which 16 bits are not enough.
    private boolean keepsProbabilities() {
        return (isFused() || !slopesNeedLogarithms)
                && !batch.isOnePass()
                && batch.hasGradient()
                && type() == Prediction.FloatType.FLOAT32;
    }

    /// Whether the loaded block takes the loops that do a whole pass: those of the losses that most trainings use,
    /// where no voxel is left out.
    private boolean isFused() {
        return fuses && full && (!focals && !softmax || target.isIndex());
    }

    /// Whether the fused loops read a sigmoid's logits, and write probabilities and gradient, in the caller's memory.
    private boolean worksInPlace() {
        return takesMemory && isFused();
    }

    /// Until pass 2 writes the gradient its memory is free: it keeps the probabilities, which spares pass 2 the
    /// exponential and the division.
    private void remember() {
        for (int c = 0; c < channels; c++) {
            write(softmax ? p[0][c] : packed[c], c);
        }
    }

    /// Brings what the fused loops of a sigmoid need into scratch memory.
    private void stage(boolean sums) {
        for (int c = 0; c < channels; c++) {
            boolean recalls = keepsProbabilities() && !sums;
            if (recalls) {
                read(batch.gradient(), c, packed[c]);
            }
            if (!recalls || focals) {
                read(batch.prediction().data(), c, z[c]);
            }
            if (!recalls && !sums) {
                lanes.sigmoid(z[c], padded, p[c][0], p[c][1], packed[c]);
            }
        }
    }

    private void recall() {
        for (int c = 0; c < channels; c++) {
            read(batch.gradient(), c, softmax ? p[0][c] : packed[c]);
            if (!softmax) {
                lanes.unpack(packed[c], padded, p[c][0], p[c][1]);
            }
        }
        if (!isFused()) {
            dropWhatDoesNotCount();
        }
    }

    private void loadTarget(boolean sums) {
        kept = n;
        full = n == padded && target.keepsAll();
        if (full && task.kind() == Task.Kind.BINARY && target.isPlainBytes()) {
            if (readsLabels() && (sums || marks())) {
                // pass 1 reads them with the logits, and pass 2 finds them among the probabilities
                return;
            }
            target.bytes(sample, from, n, bytes);
            boolean valid = lanes.binary(bytes, n, y[0][0], y[0][1]);
            if (!valid) {
                // says which is wrong
                target.labels(sample, from, n, bytes, labels);
            }
            return;
        }
        if (target.isIndex()) {
            loadLabels();
            Arrays.fill(labels, n, padded, -1);
        } else {
            for (int i = 0; i < padded; i++) {
                labels[i] = i < n && target.kept(sample, from + i) ? 0 : -1;
            }
        }
        if (!full) {
            kept = 0;
            for (int i = 0; i < padded; i++) {
                keep[i] = labels[i] < 0 ? 0 : 1;
                kept += labels[i] < 0 ? 0 : 1;
            }
        }
        if (!target.isIndex()) {
            loadSoftTarget();
        } else if (!softmax || !isFused()) {
            indicate();
        }
    }

    private void indicate() {
        // label -1 meets no outcome
        for (int k = 0; k < outcomes; k++) {
            lanes.indicator(labels, padded, k, y[0][k]);
        }
    }

    private void loadLabels() {
        if (target.isPlainBytes()) {
            target.bytes(sample, from, n, bytes);
            Arrays.fill(bytes, n, padded, (byte) 0);
            lanes.widen(bytes, padded, labels);
            if (lanes.within(labels, padded, task.classes() - 1)) {
                return;
            }
            // says which is wrong
        }
        target.labels(sample, from, n, bytes, labels);
    }

    private void loadSoftTarget() {
        for (int c = 0; c < channels; c++) {
            float[] plane = softmax ? y[0][c] : y[c][1];
            for (int i = 0; i < padded; i++) {
                plane[i] = labels[i] < 0 ? 0 : (float) target.probability(sample, c, from + i);
            }
            if (!softmax) {
                for (int i = 0; i < padded; i++) {
                    y[c][0][i] = labels[i] < 0 ? 0 : 1 - plane[i];
                }
            }
        }
    }

    private void activate(boolean logarithms) {
        if (softmax) {
            lanes.logSoftmax(z, padded, p[0], logP[0]);
        } else {
            for (int c = 0; c < channels; c++) {
                if (logarithms) {
                    lanes.logSigmoid(z[c], padded, p[c][0], p[c][1], packed[c], logP[c][0], logP[c][1]);
                } else {
                    lanes.sigmoid(z[c], padded, p[c][0], p[c][1], packed[c]);
                }
            }
        }
        dropWhatDoesNotCount();
    }

    private void dropWhatDoesNotCount() {
        if (!full) {
            for (float[][] group : p) {
                for (float[] plane : group) {
                    lanes.multiply(plane, keep, padded);
                }
            }
        }
    }

    @Override
    public void gather(Sums sums) {
        sums.kept += kept;
        if (isFused()) {
            gatherFused(sums);
            return;
        }
        for (int l = 0; l < leaves.voxel().size(); l++) {
            for (int g = 0; g < p.length; g++) {
                sums.voxel[l] += voxels.value(leaves.voxel().get(l), blocks[g]);
            }
        }
        if (leaves.needSums()) {
            for (int c = 0; c < channels; c++) {
                lanes.overlap(foreground(p, c), foreground(y, c), padded, sums.overlap, c * Sums.EACH);
            }
        }
        if (sums.more.length > 0) {
            for (int c = 0; c < channels; c++) {
                lanes.moreOverlap(foreground(p, c), foreground(y, c), padded, sums.more, c * Sums.MORE);
            }
        }
        for (int i = 0; i < sums.confusion.length; i++) {
            sums.confusion[i] += lanes.dot(y[0][i / channels], p[0][i % channels], padded);
        }
        for (int l = 0; l < leaves.whole().size(); l++) {
            rank(l);
        }
    }

    /// Writes the numbers that a loss of the whole volume needs.
    private void rank(int leaf) {
        WholeLoss loss = leaves.whole().get(leaf);
        for (int list = 0; list < planes.lists(loss); list++) {
            if (planes.lists(loss) > 1 && !loss.over().counts(list, task)) {
                continue;
            }
            switch (loss.measure(task)) {
                case CROSS_ENTROPY -> lanes.crossEntropies(y[list], logP[list], padded, ranked);
                case PROBABILITY -> System.arraycopy(foreground(p, list), 0, ranked, 0, n);
                case LOGIT -> System.arraycopy(z[list], 0, ranked, 0, n);
                case ABSOLUTE -> {
                    requireHard(list);
                    lanes.absoluteErrors(p[0][list], y[0][list], padded, ranked);
                }
                case HINGE -> {
                    requireHard(list);
                    lanes.hingeErrors(z[list], y[list][1], padded, ranked);
                }
            }
            if (!full) {
                for (int i = 0; i < n; i++) {
                    ranked[i] = keep[i] == 0 ? Float.NaN : ranked[i];
                }
            }
            System.arraycopy(ranked, 0, planes.plane(leaf, sample, list), (int) from, n);
        }
    }

    private void requireHard(int channel) {
        if (!target.isIndex()) {
            for (int i = 0; i < n; i++) {
                if (full || keep[i] != 0) {
                    // not the plane's number, which a double has been narrowed to
                    target.isHard(target.probability(sample, channel, from + i), sample, channel, from + i);
                }
            }
        }
    }

    private void gatherFused(Sums sums) {
        if (!softmax) {
            for (int c = 0; c < channels; c++) {
                gatherSigmoid(c, sums);
            }
            return;
        }
        double crossEntropy = softmaxSums(sums);
        for (int l = 0; l < leaves.voxel().size(); l++) {
            sums.voxel[l] += crossEntropy;
        }
        if (keepsProbabilities()) {
            remember();
        }
    }

    private double softmaxSums(Sums sums) {
        double crossEntropy = lanes.softmaxSums(z, labels, padded, p[0], sums.overlap);
        if (Double.isNaN(crossEntropy)) {
            // where logits are infinite
            indicate();
            lanes.logSoftmax(z, padded, p[0], logP[0]);
            crossEntropy = voxels.value(new Ce(), blocks[0]);
        }
        return crossEntropy;
    }

    private void gatherSigmoid(int c, Sums sums) {
        start(c);
        double crossEntropy = loops().sums(
                        packed(c),
                        packedAt(c),
                        y[c][1],
                        padded,
                        logarithms,
                        focals || batch.hasGradient(),
                        marks(),
                        sums.overlap,
                        c * Sums.EACH);
        boolean finite = Double.isFinite(crossEntropy);
        focal[0] = 0;
        focal[1] = 0;
        if (!finite) {
            read(batch.prediction().data(), c, z[c]);
            for (int i = 0; i < padded; i++) {
                y[c][0][i] = 1 - y[c][1][i];
            }
            lanes.logSigmoid(z[c], padded, p[c][0], p[c][1], packed[c], logP[c][0], logP[c][1]);
        } else if (focals) {
            loops().squareFocal(packed(c), packedAt(c), y[c][1], padded, focal);
        }
        if (!worksInPlace() && keepsProbabilities()) {
            write(packed[c], c);
        }
        for (int l = 0; l < leaves.voxel().size(); l++) {
            VoxelLoss loss = leaves.voxel().get(l);
            sums.voxel[l] += switch (loss) {
                case Focal f when finite -> f.factor(0) * focal[0] + f.factor(1) * focal[1];
                case VoxelLoss _ when finite -> crossEntropy;
                default -> voxels.value(loss, blocks[c]);
            };
        }
    }

    private void start(int c) {
        if (!readsLabels()) {
            loops().start(logits(c), logitsAt(c), padded);
            return;
        }
        long labelsAt = sample * batch.voxels() + from;
        if (!loops().start(logits(c), logitsAt(c), target.plainBytes(), labelsAt, padded, y[c][1])) {
            // says which is wrong
            target.labels(sample, from, n, bytes, labels);
        }
    }

    /// Whether the fused loops read labels, too, where the caller has them.
    private boolean readsLabels() {
        return worksInPlace()
                && task.kind() == Task.Kind.BINARY
                && target.isPlainBytes()
                && loops().takeLabels(target.plainBytes());
    }

    /// Whether pass 2 finds the labels among the probabilities.
    private boolean marks() {
        return readsLabels() && !leaves.overlap().isEmpty();
    }

    private SigmoidLoops loops() {
        return worksInPlace() ? inPlace : kinds.getFirst();
    }

    /// Where they find a sigmoid channel's logits.
    private MemorySegment logits(int c) {
        return worksInPlace() ? batch.prediction().data() : zMemory[c];
    }

    private long logitsAt(int c) {
        return worksInPlace() ? offset(c) * Float.BYTES : 0;
    }

    /// Where they keep its probabilities, and turn them into the gradient.
    private MemorySegment packed(int c) {
        if (!worksInPlace()) {
            return packedMemory[c];
        }
        // without a gradient nothing is written
        return batch.hasGradient() ? batch.gradient() : logits(c);
    }

    private long packedAt(int c) {
        return logitsAt(c);
    }

    @Override
    public void gradient(ScalarTree loss) {
        if (isFused()) {
            writeFused(loss);
            return;
        }
        for (int g = 0; g < p.length; g++) {
            startSlopes(loss, g);
            for (int l = 0; l < leaves.voxel().size(); l++) {
                if (!isPlainCrossEntropy(leaves.voxel().get(l))) {
                    voxels.addSlope(leaves.voxel().get(l), blocks[g], (float) loss.byVoxel(l), slope);
                }
            }
            addWholeSlopes(loss, g);
            if (softmax) {
                for (int c = 0; c < channels; c++) {
                    addOverlapSlope(loss, c);
                }
                lanes.softmaxChain(slope, p[0], padded);
                for (int c = 0; c < channels; c++) {
                    addByLogit(c, slope[c]);
                    writeKept(slope[c], c);
                }
            } else {
                OverlapLoss.Sums sums = loss.sums(sample, g);
                addMoreSlope(sums, g, slope[1]);
                lanes.sigmoidChain(
                        slope[0],
                        slope[1],
                        p[g][0],
                        p[g][1],
                        y[g][1],
                        (float) sums.py().gradient(),
                        (float) sums.p().gradient(),
                        (float) sums.pp().gradient(),
                        padded,
                        z[g]);
                addHinges(loss, g);
                addByLogit(g, z[g]);
                writeKept(z[g], g);
            }
        }
    }

    private void writeFused(ScalarTree loss) {
        if (!softmax) {
            for (int c = 0; c < channels; c++) {
                writeSigmoid(loss, c);
            }
            return;
        }
        for (int c = 0; c < channels; c++) {
            OverlapLoss.Sums sums = loss.sums(sample, c);
            byPy[c] = sums.py().gradient();
            byP[c] = sums.p().gradient();
            byPp[c] = sums.pp().gradient();
        }
        float weight = (float) plainCrossEntropies(loss);
        lanes.softmaxGradient(p[0], labels, padded, byPy, byP, byPp, weight, slope);
        for (int c = 0; c < channels; c++) {
            write(slope[c], c);
        }
    }

    private void writeSigmoid(ScalarTree loss, int c) {
        if (focals) {
            double background = 0;
            double foreground = 0;
            for (int l = 0; l < leaves.voxel().size(); l++) {
                if (leaves.voxel().get(l) instanceof Focal f) {
                    background += loss.byVoxel(l) * f.factor(0);
                    foreground += loss.byVoxel(l) * f.factor(1);
                }
            }
            loops().squareFocalGradient(
                            logits(c),
                            logitsAt(c),
                            packed(c),
                            packedAt(c),
                            marks(),
                            y[c][1],
                            padded,
                            (float) background,
                            (float) foreground,
                            slope[0]);
        }
        OverlapLoss.Sums sums = loss.sums(sample, c);
        loops().gradient(
                        packed(c),
                        packedAt(c),
                        marks(),
                        y[c][1],
                        padded,
                        (float) sums.py().gradient(),
                        (float) sums.p().gradient(),
                        (float) sums.pp().gradient(),
                        (float) plainCrossEntropies(loss),
                        focals,
                        slope[0]);
        if (!worksInPlace()) {
            write(packed[c], c);
        }
    }

    /// With what the plain cross-entropies add, minus their weight times the target, or with 0.
    private void startSlopes(ScalarTree loss, int group) {
        double weight = plainCrossEntropies(loss);
        for (int k = 0; k < outcomes; k++) {
            if (weight == 0) {
                Arrays.fill(slope[k], 0, padded, 0);
            } else {
                lanes.multiple(y[group][k], padded, (float) -weight, slope[k]);
            }
        }
    }

    private double plainCrossEntropies(ScalarTree loss) {
        double weight = 0;
        for (int l = 0; l < leaves.voxel().size(); l++) {
            weight += isPlainCrossEntropy(leaves.voxel().get(l)) ? loss.byVoxel(l) : 0;
        }
        return weight;
    }

    /// Its slope is the target, whatever the logarithm.
    private static boolean isPlainCrossEntropy(VoxelLoss loss) {
        return switch (loss) {
            case Bce bce ->
                bce.clip() == 0 && bce.posWeight() == 1 && bce.labels().isPlain();
            case Ce ce -> ce.labels().isPlain();
            default -> false;
        };
    }

    /// What most use, for which there are fused loops.
    private static boolean isSquareFocal(VoxelLoss loss) {
        return loss instanceof Focal focal
                && focal.gamma() == 2
                && focal.clip() == 0
                && focal.threshold() == 0
                && focal.labels().isPlain();
    }

    private void addWholeSlopes(ScalarTree loss, int group) {
        for (int l = 0; l < leaves.whole().size(); l++) {
            switch (leaves.whole().get(l).measure(task)) {
                case CROSS_ENTROPY -> {
                    float factor = loadWeights(loss, l, group);
                    for (int k = 0; k < outcomes; k++) {
                        lanes.weightedCrossEntropySlope(y[group][k], ranked, padded, factor, slope[k]);
                    }
                }
                case ABSOLUTE -> {
                    for (int c = 0; c < channels; c++) {
                        float factor = loadWeights(loss, l, c);
                        lanes.absoluteErrorSlope(p[0][c], y[0][c], ranked, padded, factor, slope[c]);
                    }
                }
                case PROBABILITY -> {
                    for (int c = softmax ? 0 : group; c < (softmax ? channels : group + 1); c++) {
                        float factor = loadWeights(loss, l, c);
                        float[] plane = foreground(p, c);
                        float[] to = slope[softmax ? c : 1];
                        for (int i = 0; i < padded; i++) {
                            to[i] += factor * ranked[i] * plane[i];
                        }
                    }
                }
                case LOGIT -> {
                    for (int c = softmax ? 0 : group; c < (softmax ? channels : group + 1); c++) {
                        float factor = loadWeights(loss, l, c);
                        for (int i = 0; i < padded; i++) {
                            byLogit[c][i] += factor * ranked[i];
                        }
                    }
                }
                case HINGE -> {}
            }
        }
    }

    private boolean isOfLogits(WholeLoss loss) {
        return loss.measure(task) == WholeLoss.Measure.LOGIT;
    }

    /// Adds the derivatives by the logit itself, and clears them for the next block.
    private void addByLogit(int channel, float[] gradient) {
        if (byLogit.length > 0) {
            for (int i = 0; i < padded; i++) {
                gradient[i] += byLogit[channel][i];
            }
            Arrays.fill(byLogit[channel], 0);
        }
    }

    private void addHinges(ScalarTree loss, int channel) {
        for (int l = 0; l < leaves.whole().size(); l++) {
            if (leaves.whole().get(l).measure(task) == WholeLoss.Measure.HINGE) {
                float factor = loadWeights(loss, l, channel);
                lanes.hingeSlope(y[channel][1], ranked, padded, factor, z[channel]);
            }
        }
    }

    /// Reads the block's weights.
    ///
    /// @return what all of them are multiplied by
    private float loadWeights(ScalarTree loss, int leaf, int list) {
        double share = planes.share(leaf, sample, list);
        if (share == 0) {
            // a plane that nobody has written may hold anything, NaN too
            Arrays.fill(ranked, 0, padded, 0);
            return 0;
        }
        System.arraycopy(planes.plane(leaf, sample, list), (int) from, ranked, 0, n);
        Arrays.fill(ranked, n, padded, 0);
        return (float) (loss.byWhole(leaf) * share);
    }

    private void addOverlapSlope(ScalarTree loss, int c) {
        if (!leaves.areOfSums()) {
            return;
        }
        OverlapLoss.Sums sums = loss.sums(sample, c);
        lanes.overlapSlope(
                p[0][c],
                y[0][c],
                padded,
                (float) sums.py().gradient(),
                (float) sums.p().gradient(),
                (float) sums.pp().gradient(),
                slope[c]);
        addMoreSlope(sums, c, slope[c]);
        Scalar[][] confusion = loss.confusion(sample);
        for (int k = 0; k < confusion.length; k++) {
            float factor = (float) confusion[k][c].gradient();
            for (int i = 0; i < padded; i++) {
                slope[c][i] += factor * y[0][k][i] * p[0][c][i];
            }
        }
    }

    private void addMoreSlope(OverlapLoss.Sums sums, int channel, float[] slope) {
        if (sums.missed().gradient() == 0
                && sums.invented().gradient() == 0
                && sums.absolute().gradient() == 0) {
            return;
        }
        float[] p = foreground(this.p, channel);
        float[] y = foreground(this.y, channel);
        float missed = (float) (2 * sums.missed().gradient());
        float invented = (float) (2 * sums.invented().gradient());
        float absolute = (float) sums.absolute().gradient();
        for (int i = 0; i < padded; i++) {
            slope[i] += p[i]
                    * (invented * p[i] * (1 - y[i]) - missed * (1 - p[i]) * y[i] + absolute * Math.signum(p[i] - y[i]));
        }
    }

    private float[] foreground(float[][][] planes, int channel) {
        return softmax ? planes[0][channel] : planes[channel][1];
    }

    private long offset(int channel) {
        return ((long) sample * channels + channel) * batch.voxels() + from;
    }

    private void read(MemorySegment memory, int channel, float[] values) {
        if (type() == Prediction.FloatType.FLOAT32) {
            MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT_UNALIGNED, offset(channel) * Float.BYTES, values, 0, n);
            return;
        }
        MemorySegment.copy(memory, ValueLayout.JAVA_SHORT_UNALIGNED, offset(channel) * Short.BYTES, halves, 0, n);
        if (type() == Prediction.FloatType.FLOAT16) {
            Halves.float16ToFloat(halves, n, values);
        } else {
            Halves.bfloat16ToFloat(halves, n, values);
        }
    }

    /// A gradient, which is exactly 0 where a voxel doesn't count, even if the loss is NaN.
    private void writeKept(float[] values, int channel) {
        if (!full) {
            for (int i = 0; i < n; i++) {
                values[i] = keep[i] == 0 ? 0 : values[i];
            }
        }
        write(values, channel);
    }

    private void write(float[] values, int channel) {
        MemorySegment gradient = batch.gradient();
        if (type() == Prediction.FloatType.FLOAT32) {
            MemorySegment.copy(values, 0, gradient, ValueLayout.JAVA_FLOAT_UNALIGNED, offset(channel) * Float.BYTES, n);
            return;
        }
        if (type() == Prediction.FloatType.FLOAT16) {
            Halves.floatToFloat16(values, n, halves);
        } else {
            Halves.floatToBfloat16(values, n, halves);
        }
        MemorySegment.copy(halves, 0, gradient, ValueLayout.JAVA_SHORT_UNALIGNED, offset(channel) * Short.BYTES, n);
    }

    private Prediction.FloatType type() {
        return batch.prediction().type();
    }
}
