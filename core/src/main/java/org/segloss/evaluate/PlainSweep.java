package org.segloss.evaluate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.segloss.kernel.Halves;
import org.segloss.loss.Labels;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Scalar;
import org.segloss.loss.Task;
import org.segloss.loss.VoxelLoss;
import org.segloss.loss.WholeLoss;
import org.segloss.loss.voxel.Ce;

/// The plain twin: the definition, voxel by voxel, in double precision.
final class PlainSweep implements Sweep {
    private static final Ce CROSS_ENTROPY = new Ce();

    private final Task task;
    private final Leaves leaves;
    private final Batch batch;
    private final TargetReader target;
    private final PlainPlanes planes;

    private final int channels;
    private final boolean softmax;

    private int sample;
    private long from;
    private int n;
    private long voxels;
    private boolean probabilities;
    private Prediction.FloatType type;
    private final int[] labels = new int[BLOCK];
    private final byte[] bytes = new byte[BLOCK];

    // of one voxel (softmax) or of one channel of it (sigmoid): background, foreground
    private final double[] p;
    private final double[] logP;
    private final double[] y;
    private final double[] byP;
    private final double[] byLogP;
    private final double[] byLogit;
    private final double[] slope;
    private final double[] relabelled;

    PlainSweep(Task task, Leaves leaves, Batch batch, TargetReader target, PlainPlanes planes) {
        this.task = task;
        this.leaves = leaves;
        this.batch = batch;
        this.target = target;
        this.planes = planes;
        channels = task.channels();
        softmax = task.kind() == Task.Kind.MULTICLASS;
        int outcomes = softmax ? channels : 2;
        p = new double[outcomes];
        logP = new double[outcomes];
        y = new double[outcomes];
        byP = new double[outcomes];
        byLogP = new double[outcomes];
        byLogit = new double[outcomes];
        slope = new double[outcomes];
        relabelled = new double[outcomes];
    }

    @Override
    public void load(int sample, long from, int n, boolean sums) {
        this.sample = sample;
        this.from = from;
        this.n = n;
        voxels = batch.voxels();
        probabilities = batch.prediction().scale() == Prediction.Scale.PROBABILITIES;
        type = batch.prediction().type();
        if (target.isIndex()) {
            target.labels(sample, from, n, bytes, labels);
        } else {
            for (int i = 0; i < n; i++) {
                labels[i] = target.kept(sample, from + i) ? 0 : -1;
            }
        }
    }

    @Override
    public void gather(Sums sums) {
        for (int i = 0; i < n; i++) {
            if (labels[i] < 0) {
                planes.drop(sample, from + i);
                continue;
            }
            sums.kept++;
            if (softmax) {
                readSoftmax(i);
                gatherVoxel(sums, 0);
                putSoftmax(i);
                for (int c = 0; c < channels; c++) {
                    gatherOverlap(sums, c, p[c], y[c]);
                }
                gatherConfusion(sums);
            } else {
                for (int c = 0; c < channels; c++) {
                    readSigmoid(i, c);
                    gatherVoxel(sums, c);
                    putSigmoid(i, c);
                    gatherOverlap(sums, c, p[1], y[1]);
                }
            }
        }
    }

    private void gatherVoxel(Sums sums, int channel) {
        for (int l = 0; l < leaves.voxel().size(); l++) {
            sums.voxel[l] += at(leaves.voxel().get(l), channel);
        }
    }

    private double at(VoxelLoss loss, int channel) {
        Labels labels = loss.labels();
        for (int k = 0; k < y.length; k++) {
            double smooth = (1 - labels.smoothing()) * y[k] + labels.smoothing() / y.length;
            relabelled[k] = labels.weight(task, channel, k) * smooth;
        }
        return loss.at(p, logP, labels.isPlain() ? y : relabelled, slope);
    }

    private void putSoftmax(int i) {
        for (int l = 0; l < leaves.whole().size(); l++) {
            switch (leaves.whole().get(l).measure(task)) {
                case CROSS_ENTROPY -> planes.put(l, sample, 0, from + i, crossEntropy(), false);
                case PROBABILITY -> {
                    for (int c = 0; c < channels; c++) {
                        planes.put(l, sample, c, from + i, p[c], false);
                    }
                }
                case LOGIT -> {
                    for (int c = 0; c < channels; c++) {
                        planes.put(l, sample, c, from + i, number(i, c), false);
                    }
                }
                case ABSOLUTE -> {
                    for (int c = 0; c < channels; c++) {
                        boolean foreground = target.isHard(y[c], sample, c, from + i);
                        planes.put(l, sample, c, from + i, Math.abs(y[c] - p[c]), foreground);
                    }
                }
                case HINGE -> throw new IllegalStateException("a softmax has no hinge");
            }
        }
    }

    private void putSigmoid(int i, int c) {
        for (int l = 0; l < leaves.whole().size(); l++) {
            switch (leaves.whole().get(l).measure(task)) {
                case CROSS_ENTROPY -> planes.put(l, sample, c, from + i, crossEntropy(), false);
                case PROBABILITY -> planes.put(l, sample, c, from + i, p[1], false);
                case LOGIT -> planes.put(l, sample, c, from + i, number(i, c), false);
                case HINGE -> {
                    boolean foreground = target.isHard(y[1], sample, c, from + i);
                    double z = number(i, c);
                    // NaN stays NaN
                    planes.put(l, sample, c, from + i, Math.max(0, 1 - (foreground ? z : -z)), foreground);
                }
                case ABSOLUTE -> throw new IllegalStateException("a channel has no other class");
            }
        }
    }

    private double crossEntropy() {
        return CROSS_ENTROPY.at(p, logP, y, slope);
    }

    private void gatherOverlap(Sums sums, int channel, double p, double y) {
        int i = channel * Sums.EACH;
        sums.overlap[i] += p * y;
        sums.overlap[i + 1] += p;
        sums.overlap[i + 2] += y;
        sums.overlap[i + 3] += p * p;
        sums.overlap[i + 4] += y * y;
        if (sums.more.length > 0) {
            sums.more[channel * Sums.MORE] += (1 - p) * (1 - p) * y;
            sums.more[channel * Sums.MORE + 1] += p * p * (1 - y);
            sums.more[channel * Sums.MORE + 2] += Math.abs(p - y);
        }
    }

    private void gatherConfusion(Sums sums) {
        for (int i = 0; i < sums.confusion.length; i++) {
            sums.confusion[i] += y[i / channels] * p[i % channels];
        }
    }

    @Override
    public void gradient(ScalarTree loss) {
        for (int i = 0; i < n; i++) {
            if (labels[i] < 0) {
                for (int c = 0; c < channels; c++) {
                    write(i, c, 0);
                }
            } else if (softmax) {
                readSoftmax(i);
                slopes(loss, 0);
                for (int c = 0; c < channels; c++) {
                    byP[c] = overlapSlope(loss, c, p[c], y[c]) + confusionSlope(loss, c);
                }
                addWholeSoftmax(loss, i);
                chainSoftmax(i);
            } else {
                for (int c = 0; c < channels; c++) {
                    readSigmoid(i, c);
                    slopes(loss, c);
                    double byLogit = addWholeSigmoid(loss, i, c);
                    double byForeground = overlapSlope(loss, c, p[1], y[1]) + byP[1];
                    write(
                            i,
                            c,
                            probabilities
                                    ? over(byLogP[1], p[1]) - over(byLogP[0], p[0]) + byForeground
                                    : p[0] * (byLogP[1] + p[1] * byForeground) - p[1] * byLogP[0] + byLogit);
                }
            }
        }
    }

    /// The derivatives by the logarithms, summed over the voxel losses.
    private void slopes(ScalarTree loss, int channel) {
        Arrays.fill(byLogP, 0);
        for (int l = 0; l < leaves.voxel().size(); l++) {
            at(leaves.voxel().get(l), channel);
            for (int k = 0; k < slope.length; k++) {
                byLogP[k] += loss.byVoxel(l) * slope[k];
            }
        }
    }

    private void addWholeSoftmax(ScalarTree loss, int i) {
        Arrays.fill(byLogit, 0);
        for (int l = 0; l < leaves.whole().size(); l++) {
            WholeLoss.Measure measure = leaves.whole().get(l).measure(task);
            for (int c = 0; c < channels; c++) {
                int list = measure == WholeLoss.Measure.CROSS_ENTROPY ? 0 : c;
                double weight = loss.byWhole(l) * planes.weight(l, sample, list, from + i);
                switch (measure) {
                    case CROSS_ENTROPY -> byLogP[c] -= weight * y[c];
                    case ABSOLUTE -> byP[c] += y[c] > 0 ? -weight : weight;
                    case PROBABILITY -> byP[c] += weight;
                    case LOGIT -> byLogit[c] += weight;
                    case HINGE -> throw new IllegalStateException("a softmax has no hinge");
                }
            }
        }
    }

    /// {@return what is a derivative by the logit itself}; sets that by the probability of the foreground
    private double addWholeSigmoid(ScalarTree loss, int i, int c) {
        double byLogit = 0;
        byP[1] = 0;
        for (int l = 0; l < leaves.whole().size(); l++) {
            double weight = loss.byWhole(l) * planes.weight(l, sample, c, from + i);
            switch (leaves.whole().get(l).measure(task)) {
                case CROSS_ENTROPY -> {
                    byLogP[0] -= weight * y[0];
                    byLogP[1] -= weight * y[1];
                }
                case PROBABILITY -> byP[1] += weight;
                case LOGIT -> byLogit += weight;
                case HINGE -> byLogit += y[1] > 0 ? -weight : weight;
                case ABSOLUTE -> throw new IllegalStateException("a channel has no other class");
            }
        }
        return byLogit;
    }

    private double overlapSlope(ScalarTree loss, int c, double p, double y) {
        OverlapLoss.Sums sums = loss.sums(sample, c);
        return sums.py().gradient() * y
                + sums.p().gradient()
                + 2
                        * (p * sums.pp().gradient()
                                - (1 - p) * y * sums.missed().gradient()
                                + p * (1 - y) * sums.invented().gradient())
                + sums.absolute().gradient() * Math.signum(p - y);
    }

    private double confusionSlope(ScalarTree loss, int c) {
        double sum = 0;
        Scalar[][] confusion = loss.confusion(sample);
        for (int k = 0; k < confusion.length; k++) {
            sum += confusion[k][c].gradient() * y[k];
        }
        return sum;
    }

    private void chainSoftmax(int i) {
        double sum = 0;
        for (int c = 0; c < channels; c++) {
            sum += byLogP[c] + p[c] * byP[c];
        }
        for (int c = 0; c < channels; c++) {
            write(
                    i,
                    c,
                    probabilities
                            ? over(byLogP[c], p[c]) + byP[c]
                            : byLogP[c] + p[c] * byP[c] - p[c] * sum + byLogit[c]);
        }
    }

    /// A derivative by the logarithm as one by the probability; 0 stays 0 at a probability of 0.
    private static double over(double byLog, double p) {
        return byLog == 0 ? 0 : byLog / p;
    }

    private void readSoftmax(int i) {
        double max = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < channels; c++) {
            logP[c] = number(i, c);
            max = Math.max(max, logP[c]);
            y[c] = target.isIndex() ? (labels[i] == c ? 1 : 0) : target.probability(sample, c, from + i);
        }
        double sum = 0;
        if (probabilities) {
            for (int c = 0; c < channels; c++) {
                p[c] = checked(logP[c], i, c);
                logP[c] = Math.log(p[c]);
                sum += p[c];
            }
            // float probabilities of many classes add up to 1 within 1e-5; a forgotten softmax misses by more
            if (!(Math.abs(sum - 1) < 1e-3)) {
                throw new IllegalArgumentException(
                        "the probabilities at sample %d, voxel %d add up to %s instead of 1; for a network's raw output say that it is logits"
                                .formatted(sample, from + i, sum));
            }
            return;
        }
        for (int c = 0; c < channels; c++) {
            sum += Math.exp(logP[c] - max);
        }
        for (int c = 0; c < channels; c++) {
            logP[c] -= max + Math.log(sum);
            p[c] = Math.exp(logP[c]);
        }
    }

    private void readSigmoid(int i, int c) {
        double z = number(i, c);
        y[1] = target.isIndex() ? labels[i] : target.probability(sample, c, from + i);
        y[0] = 1 - y[1];
        if (probabilities) {
            p[1] = checked(z, i, c);
            p[0] = 1 - z;
            logP[1] = Math.log(z);
            logP[0] = Math.log1p(-z);
        } else {
            double log = Math.log1p(Math.exp(-Math.abs(z)));
            logP[1] = Math.min(z, 0) - log;
            logP[0] = Math.min(-z, 0) - log;
            p[1] = Math.exp(logP[1]);
            p[0] = Math.exp(logP[0]);
        }
    }

    private double checked(double p, int i, int c) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException(
                    "prediction has the value %s at sample %d, channel %d, voxel %d; probabilities are from 0 to 1; for a network's raw output say that it is logits"
                            .formatted(p, sample, c, from + i));
        }
        return p;
    }

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
        return ((long) sample * channels + c) * voxels + from + i;
    }
}
