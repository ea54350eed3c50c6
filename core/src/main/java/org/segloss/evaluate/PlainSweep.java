package org.segloss.evaluate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.segloss.kernel.Halves;
import org.segloss.kernel.PlainKernels;
import org.segloss.kernel.SumGradients;
import org.segloss.loss.Scalar;
import org.segloss.loss.TargetOptions;
import org.segloss.loss.Task;
import org.segloss.loss.VoxelLoss;
import org.segloss.loss.WholeLoss;

/// The plain twin: the definition, in double precision, for every type of input.
final class PlainSweep implements Sweep {
    private final PlainKernels kernels = new PlainKernels();
    private final Task task;
    private final Leaves leaves;
    private final Batch batch;
    private final TargetReader target;
    private final PlainPlanes planes;

    private final int channels;
    private final boolean softmax;
    private final int outcomes;

    private int sample;
    private long from;
    private int n;
    private long kept;
    private boolean full;
    private boolean probabilities;
    private Prediction.FloatType type;
    private final int[] labels = new int[BLOCK];
    private final byte[] bytes = new byte[BLOCK];

    // planes of the block, [group][outcome][voxel]; softmax has one group, sigmoid one for each channel
    private final double[][][] p;
    private final double[][][] logP;
    private final double[][][] y;
    private final double[][] z;
    private final double[] keep = new double[BLOCK];
    private final double[] ranked = new double[BLOCK];

    // the gradient by logarithms, by probabilities, by logits
    private final double[][] byLogP;

    // by probabilities that are 0, as far as the logarithm's derivative says nothing of them
    private final double[][] byZero;
    private final double[][] byP;
    private final double[][] byLogit;
    private final double[] scratch = new double[BLOCK];
    private final double[] ones = new double[BLOCK];
    private final SumGradients bySums = new SumGradients();

    // of one voxel
    private final double[] pHere;
    private final double[] logHere;
    private final double[] yHere;
    private final double[] derivatives;

    PlainSweep(Task task, Leaves leaves, Batch batch, TargetReader target, PlainPlanes planes) {
        this.task = task;
        this.leaves = leaves;
        this.batch = batch;
        this.target = target;
        this.planes = planes;
        channels = task.channels();
        softmax = task.kind() == Task.Kind.MULTICLASS;
        outcomes = softmax ? channels : 2;
        int groups = softmax ? 1 : channels;
        p = new double[groups][outcomes][BLOCK];
        logP = new double[groups][outcomes][BLOCK];
        y = new double[groups][outcomes][BLOCK];
        z = new double[channels][BLOCK];
        byLogP = new double[outcomes][BLOCK];
        byZero = new double[outcomes][BLOCK];
        byP = new double[outcomes][BLOCK];
        byLogit = new double[channels][BLOCK];
        Arrays.fill(ones, 1);
        pHere = new double[outcomes];
        logHere = new double[outcomes];
        yHere = new double[outcomes];
        derivatives = new double[outcomes];
    }

    @Override
    public void load(int sample, long from, int n, boolean sums) {
        this.sample = sample;
        this.from = from;
        this.n = n;
        probabilities = batch.prediction().scale() == Prediction.Scale.PROBABILITIES;
        type = batch.prediction().type();
        if (target.isIndex()) {
            target.labels(sample, from, n, bytes, labels);
        } else {
            for (int i = 0; i < n; i++) {
                labels[i] = target.kept(sample, from + i) ? 0 : -1;
            }
        }
        kept = 0;
        for (int i = 0; i < n; i++) {
            keep[i] = labels[i] < 0 ? 0 : 1;
            kept += labels[i] < 0 ? 0 : 1;
        }
        full = kept == n;
        boolean normalized = sums && target.isNormalized();
        // voxel by voxel, so that the first that can't be is the one that is told
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < channels; c++) {
                z[c][i] = keep[i] == 0 ? 0 : number(i, c);
                loadTarget(i, c);
                if (probabilities && keep[i] != 0) {
                    check(z[c][i], i, c);
                }
            }
            if (probabilities && softmax && keep[i] != 0) {
                checkSum(i);
            }
            if (normalized && keep[i] != 0) {
                double sum = 0;
                for (int c = 0; c < channels; c++) {
                    sum += y[0][c][i];
                }
                target.checkSum(sum, sample, from + i);
            }
        }
        activate();
    }

    private void loadTarget(int i, int c) {
        double[] plane = foreground(y, c);
        if (keep[i] == 0) {
            plane[i] = 0;
        } else if (target.isIndex()) {
            plane[i] = labels[i] == (softmax ? c : 1) ? 1 : 0;
        } else {
            plane[i] = target.probability(sample, c, from + i);
        }
        if (!softmax) {
            y[c][0][i] = keep[i] == 0 ? 0 : 1 - plane[i];
        }
    }

    private void check(double p, int i, int c) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException(
                    "prediction has the value %s at sample %d, channel %d, voxel %d; probabilities are from 0 to 1; for a network's raw output say that it is logits"
                            .formatted(p, sample, c, from + i));
        }
    }

    private void checkSum(int i) {
        double sum = 0;
        for (int c = 0; c < channels; c++) {
            sum += z[c][i];
        }
        // float probabilities of many classes add up to 1 within 1e-5; a forgotten softmax misses by more
        if (!(Math.abs(sum - 1) < 1e-3)) {
            throw new IllegalArgumentException(
                    "the probabilities at sample %d, voxel %d add up to %s instead of 1; for a network's raw output say that it is logits"
                            .formatted(sample, from + i, sum));
        }
    }

    private void activate() {
        if (softmax && !probabilities) {
            kernels.logSoftmax(z, n, p[0], logP[0]);
        }
        for (int c = 0; c < channels; c++) {
            if (probabilities) {
                takeProbabilities(c);
            } else if (!softmax) {
                kernels.logSigmoid(z[c], n, p[c][0], p[c][1], logP[c][0], logP[c][1]);
            }
        }
        if (!full) {
            for (double[][] group : p) {
                for (double[] plane : group) {
                    kernels.drop(plane, keep, n, 0);
                }
            }
        }
    }

    private void takeProbabilities(int c) {
        double[] ofClass = foreground(p, c);
        double[] log = foreground(logP, c);
        for (int i = 0; i < n; i++) {
            ofClass[i] = z[c][i];
            log[i] = Math.log(z[c][i]);
        }
        if (!softmax) {
            for (int i = 0; i < n; i++) {
                p[c][0][i] = 1 - z[c][i];
                logP[c][0][i] = Math.log1p(-z[c][i]);
            }
        }
    }

    private double[] foreground(double[][][] planes, int channel) {
        return softmax ? planes[0][channel] : planes[channel][1];
    }

    // ---------------------------------------------------------------- pass 1

    @Override
    public void gather(Sums sums) {
        sums.kept += kept;
        gatherVoxels(sums);
        for (int c = 0; c < channels; c++) {
            kernels.overlapSums(foreground(p, c), foreground(y, c), n, sums.overlap, c * Sums.EACH);
            if (sums.extra.length > 0) {
                kernels.extraSums(foreground(p, c), foreground(y, c), n, sums.extra, c * Sums.EXTRA);
            }
        }
        for (int i = 0; i < sums.confusion.length; i++) {
            sums.confusion[i] = kernels.dot(y[0][i / channels], p[0][i % channels], n, sums.confusion[i]);
        }
        for (int l = 0; l < leaves.whole().size(); l++) {
            rank(l);
        }
    }

    private void gatherVoxels(Sums sums) {
        for (int i = 0; i < n && !leaves.voxel().isEmpty(); i++) {
            for (int g = 0; g < p.length && keep[i] != 0; g++) {
                take(i, g);
                for (int l = 0; l < leaves.voxel().size(); l++) {
                    sums.voxel[l] += at(leaves.voxel().get(l), i, g);
                }
            }
        }
    }

    private void take(int i, int group) {
        for (int k = 0; k < outcomes; k++) {
            pHere[k] = p[group][k][i];
            logHere[k] = logP[group][k][i];
        }
    }

    /// The loss of a voxel that has been [taken][#take], with its derivatives by the logarithms.
    private double at(VoxelLoss loss, int i, int group) {
        TargetOptions options = loss.labels();
        double ofVoxel = 0;
        for (int k = 0; k < outcomes; k++) {
            ofVoxel += options.weight(task, group, k) * y[group][k][i];
        }
        boolean byVoxel = options.weightBy() == TargetOptions.WeightBy.VOXEL;
        for (int k = 0; k < outcomes; k++) {
            double smooth = (1 - options.smoothing()) * y[group][k][i] + options.smoothing() / outcomes;
            double weight = byVoxel ? ofVoxel : options.weight(task, group, k);
            yHere[k] = options.isPlain() ? y[group][k][i] : weight * smooth;
        }
        return loss.at(pHere, logHere, yHere, derivatives);
    }

    private void rank(int leaf) {
        WholeLoss loss = leaves.whole().get(leaf);
        WholeLoss.Measure measure = loss.measure(task);
        for (int list = 0; list < planes.lists(loss); list++) {
            switch (measure) {
                case CROSS_ENTROPY -> kernels.crossEntropies(y[list], logP[list], n, ranked);
                case PROBABILITY -> System.arraycopy(foreground(p, list), 0, ranked, 0, n);
                case LOGIT -> System.arraycopy(z[list], 0, ranked, 0, n);
                case ABSOLUTE -> {
                    requireHard(list);
                    kernels.absoluteErrors(p[0][list], y[0][list], n, ranked);
                }
                case HINGE -> {
                    requireHard(list);
                    kernels.hingeErrors(z[list], y[list][1], n, ranked);
                }
            }
            kernels.drop(ranked, keep, n, Double.NaN);
            boolean signed = measure == WholeLoss.Measure.ABSOLUTE || measure == WholeLoss.Measure.HINGE;
            planes.put(leaf, sample, list, from, n, ranked, signed);
        }
    }

    private void requireHard(int channel) {
        double[] plane = foreground(y, channel);
        for (int i = 0; i < n; i++) {
            if (keep[i] != 0) {
                target.isHard(plane[i], sample, channel, from + i);
            }
        }
    }

    // ---------------------------------------------------------------- pass 2

    @Override
    public void gradient(ScalarTree loss) {
        for (double[] plane : byLogit) {
            Arrays.fill(plane, 0, n, 0);
        }
        for (int g = 0; g < p.length; g++) {
            byVoxels(loss, g);
            if (softmax) {
                for (int c = 0; c < channels; c++) {
                    bySums(loss, c, byP[c]);
                }
                for (int c = 0; c < channels; c++) {
                    addWhole(loss, c, byP[c]);
                }
                chainSoftmax();
            } else {
                Arrays.fill(scratch, 0, n, 0);
                addWhole(loss, g, scratch);
                bySums(loss, g, byP[1]);
                kernels.addMultiple(scratch, n, 1, byP[1]);
                chainSigmoid(g);
            }
        }
    }

    /// The derivatives by the logarithms, summed over the voxel losses.
    private void byVoxels(ScalarTree loss, int group) {
        for (double[] plane : byLogP) {
            Arrays.fill(plane, 0, n, 0);
        }
        for (double[] plane : byZero) {
            Arrays.fill(plane, 0, n, 0);
        }
        for (int i = 0; i < n && !leaves.voxel().isEmpty(); i++) {
            if (keep[i] == 0) {
                continue;
            }
            take(i, group);
            for (int l = 0; l < leaves.voxel().size(); l++) {
                at(leaves.voxel().get(l), i, group);
                for (int k = 0; k < outcomes; k++) {
                    byLogP[k][i] += product(loss.byVoxel(l), derivatives[k]);
                    if (probabilities && pHere[k] == 0 && yHere[k] != 0 && derivatives[k] == 0) {
                        byZero[k][i] +=
                                product(loss.byVoxel(l), leaves.voxel().get(l).byProbabilityOfZero(yHere[k]));
                    }
                }
            }
        }
    }

    /// The derivatives by the probability of a channel's class, as far as it is summed.
    private void bySums(ScalarTree loss, int c, double[] byP) {
        Arrays.fill(byP, 0, n, 0);
        loss.readGradients(sample, c, bySums);
        kernels.addOverlapGradient(ones, foreground(p, c), foreground(y, c), n, bySums, byP);
        Scalar[][] confusion = loss.confusion(sample);
        if (confusion.length > 0) {
            Arrays.fill(scratch, 0, n, 0);
            for (int k = 0; k < confusion.length; k++) {
                kernels.addMultiple(y[0][k], n, confusion[k][c].gradient(), scratch);
            }
            kernels.addMultiple(scratch, n, 1, byP);
        }
    }

    /// Adds what a channel has of the losses that look at the whole volume.
    private void addWhole(ScalarTree loss, int c, double[] byP) {
        for (int l = 0; l < leaves.whole().size(); l++) {
            WholeLoss.Measure measure = leaves.whole().get(l).measure(task);
            boolean ofVoxel = measure == WholeLoss.Measure.CROSS_ENTROPY && softmax;
            planes.weights(l, sample, ofVoxel ? 0 : c, from, n, ranked);
            kernels.drop(ranked, keep, n, 0);
            double factor = loss.byWhole(l);
            switch (measure) {
                case CROSS_ENTROPY -> {
                    for (int k = softmax ? c : 0; k < (softmax ? c + 1 : 2); k++) {
                        kernels.addCrossEntropyGradient(y[softmax ? 0 : c][k], ranked, n, factor, byLogP[k]);
                    }
                }
                case ABSOLUTE -> kernels.addAbsoluteErrorGradient(ones, foreground(y, c), ranked, n, factor, byP);
                case PROBABILITY -> kernels.addMultiple(ranked, n, factor, byP);
                case LOGIT -> kernels.addMultiple(ranked, n, factor, byLogit[c]);
                case HINGE -> kernels.addHingeGradient(foreground(y, c), ranked, n, factor, byLogit[c]);
            }
        }
    }

    private void chainSoftmax() {
        for (int c = 0; c < channels; c++) {
            if (probabilities) {
                over(byLogP[c], p[0][c], byZero[c], byLogP[c]);
                kernels.addMultiple(byP[c], n, 1, byLogP[c]);
            } else {
                kernels.addProduct(byP[c], p[0][c], n, 1, byLogP[c]);
            }
        }
        if (!probabilities) {
            kernels.softmaxChain(byLogP, p[0], n);
        }
        for (int c = 0; c < channels; c++) {
            if (!probabilities) {
                kernels.addMultiple(byLogit[c], n, 1, byLogP[c]);
            }
            write(byLogP[c], c);
        }
    }

    private void chainSigmoid(int c) {
        double[] dz = z[c];
        if (probabilities) {
            over(byLogP[1], p[c][1], byZero[1], dz);
            over(byLogP[0], p[c][0], byZero[0], scratch);
            kernels.addMultiple(scratch, n, -1, dz);
            kernels.addMultiple(byP[1], n, 1, dz);
        } else {
            kernels.addProduct(byP[1], p[c][1], n, 1, byLogP[1]);
            kernels.sigmoidChain(byLogP[0], byLogP[1], p[c][0], p[c][1], n, dz);
            kernels.addMultiple(byLogit[c], n, 1, dz);
        }
        write(dz, c);
    }

    /// Derivatives by the logarithm as ones by the probability.
    private void over(double[] byLog, double[] p, double[] byZero, double[] out) {
        for (int i = 0; i < n; i++) {
            out[i] = (byLog[i] == 0 ? 0 : byLog[i] / p[i]) + byZero[i];
        }
    }

    /// 0 where a factor is: in a quotient of losses an infinite one weighs infinitely much.
    private static double product(double weight, double derivative) {
        return weight == 0 || derivative == 0 ? 0 : weight * derivative;
    }

    // ---------------------------------------------------------------- the caller's memory

    private double number(int i, int c) {
        long at = offset(i, c);
        MemorySegment data = batch.prediction().data();
        return switch (type) {
            case FLOAT16 -> Float.float16ToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at * 2));
            case BFLOAT16 -> Halves.bfloat16ToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at * 2));
            case FLOAT32 -> data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at * 4);
            case FLOAT64 -> data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at * 8);
        };
    }

    /// Writes a channel's gradient, which is exactly 0 where a voxel doesn't count, even if the loss is NaN.
    private void write(double[] gradient, int c) {
        kernels.drop(gradient, keep, n, 0);
        for (int i = 0; i < n; i++) {
            write(i, c, gradient[i]);
        }
    }

    private void write(int i, int c, double value) {
        long at = offset(i, c);
        MemorySegment data = batch.gradient();
        float narrow = (float) value;
        switch (type) {
            case FLOAT16 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at * 2, Float.floatToFloat16(narrow));
            case BFLOAT16 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at * 2, Halves.floatToBfloat16(narrow));
            case FLOAT32 -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at * 4, narrow);
            case FLOAT64 -> data.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at * 8, value);
        }
    }

    private long offset(int i, int c) {
        return ((long) sample * channels + c) * batch.voxels() + from + i;
    }
}
