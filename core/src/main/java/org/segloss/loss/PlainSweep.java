package org.segloss.loss;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import org.segloss.kernel.Halves;

/// The plain twin: the definition, voxel by voxel, in double precision.
final class PlainSweep implements Sweep {
    private final Task task;
    private final Leaves leaves;
    private final Prediction prediction;
    private final TargetReader target;
    private final Optional<MemorySegment> gradient;
    private final PlainRanks ranks;

    private final int channels;
    private final long voxels;
    private final boolean softmax;
    private final boolean probabilities;

    private int sample;
    private long from;
    private int n;
    private final int[] labels = new int[BLOCK];
    private final byte[] bytes = new byte[BLOCK];

    // of one voxel (softmax) or of one channel of it (sigmoid): background, foreground
    private final double[] p;
    private final double[] logP;
    private final double[] y;
    private final double[] byP;
    private final double[] byLogP;
    private final double[] slope;

    PlainSweep(
            Task task,
            Leaves leaves,
            Prediction prediction,
            TargetReader target,
            Optional<MemorySegment> gradient,
            PlainRanks ranks) {
        this.task = task;
        this.leaves = leaves;
        this.prediction = prediction;
        this.target = target;
        this.gradient = gradient;
        this.ranks = ranks;
        channels = task.channels();
        voxels = prediction.shape().voxels();
        softmax = task.kind() == Task.Kind.MULTICLASS;
        probabilities = prediction.scale() == Prediction.Scale.PROBABILITIES;
        int outcomes = softmax ? channels : 2;
        p = new double[outcomes];
        logP = new double[outcomes];
        y = new double[outcomes];
        byP = new double[outcomes];
        byLogP = new double[outcomes];
        slope = new double[outcomes];
    }

    @Override
    public void load(int sample, long from, int n, boolean sums) {
        this.sample = sample;
        this.from = from;
        this.n = n;
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
                ranks.drop(sample, from + i);
                continue;
            }
            sums.kept++;
            if (softmax) {
                readSoftmax(i);
                gatherVoxel(sums);
                rankSoftmax(i);
                for (int c = 0; c < channels; c++) {
                    gatherOverlap(sums, c, p[c], y[c]);
                }
            } else {
                for (int c = 0; c < channels; c++) {
                    readSigmoid(i, c);
                    gatherVoxel(sums);
                    rankSigmoid(i, c);
                    gatherOverlap(sums, c, p[1], y[1]);
                }
            }
        }
    }

    private void gatherVoxel(Sums sums) {
        for (int l = 0; l < leaves.voxel().size(); l++) {
            sums.voxel[l] += leaves.voxel().get(l).at(p, logP, y, slope);
        }
    }

    private void rankSoftmax(int i) {
        for (int l = 0; l < leaves.ranked().size(); l++) {
            switch (leaves.ranked().get(l).measure(task)) {
                case CROSS_ENTROPY -> ranks.error(l, sample, 0, from + i, crossEntropy(), false);
                case ABSOLUTE -> {
                    for (int c = 0; c < channels; c++) {
                        boolean foreground = target.isHard(y[c], sample, c, from + i);
                        ranks.error(l, sample, c, from + i, Math.abs(y[c] - p[c]), foreground);
                    }
                }
                case HINGE -> throw new IllegalStateException("a softmax has no hinge");
            }
        }
    }

    private void rankSigmoid(int i, int c) {
        for (int l = 0; l < leaves.ranked().size(); l++) {
            switch (leaves.ranked().get(l).measure(task)) {
                case CROSS_ENTROPY -> ranks.error(l, sample, c, from + i, crossEntropy(), false);
                case HINGE -> {
                    boolean foreground = target.isHard(y[1], sample, c, from + i);
                    double z = number(i, c);
                    // NaN stays NaN
                    ranks.error(l, sample, c, from + i, Math.max(0, 1 - (foreground ? z : -z)), foreground);
                }
                case ABSOLUTE -> throw new IllegalStateException("a channel has no other class");
            }
        }
    }

    private double crossEntropy() {
        return CrossEntropy.at(0, logP, y, slope);
    }

    private static void gatherOverlap(Sums sums, int channel, double p, double y) {
        int i = channel * Sums.EACH;
        sums.overlap[i] += p * y;
        sums.overlap[i + 1] += p;
        sums.overlap[i + 2] += y;
        sums.overlap[i + 3] += p * p;
        sums.overlap[i + 4] += y * y;
    }

    @Override
    public void gradient(Weights weights) {
        for (int i = 0; i < n; i++) {
            if (labels[i] < 0) {
                for (int c = 0; c < channels; c++) {
                    write(i, c, 0);
                }
            } else if (softmax) {
                readSoftmax(i);
                slopes(weights);
                for (int c = 0; c < channels; c++) {
                    byP[c] = overlapSlope(weights, c, p[c], y[c]);
                }
                addRankedSoftmax(weights, i);
                chainSoftmax(i);
            } else {
                for (int c = 0; c < channels; c++) {
                    readSigmoid(i, c);
                    slopes(weights);
                    double byLogit = addRankedSigmoid(weights, i, c);
                    double byForeground = overlapSlope(weights, c, p[1], y[1]);
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
    private void slopes(Weights weights) {
        Arrays.fill(byLogP, 0);
        for (int l = 0; l < leaves.voxel().size(); l++) {
            leaves.voxel().get(l).at(p, logP, y, slope);
            for (int k = 0; k < slope.length; k++) {
                byLogP[k] += weights.voxel()[l] * slope[k];
            }
        }
    }

    private void addRankedSoftmax(Weights weights, int i) {
        for (int l = 0; l < leaves.ranked().size(); l++) {
            boolean ofVoxel = leaves.ranked().get(l).measure(task) == RankedLoss.Measure.CROSS_ENTROPY;
            for (int c = 0; c < channels; c++) {
                double weight = weights.ranked()[l] * ranks.weight(l, sample, ofVoxel ? 0 : c, from + i);
                if (ofVoxel) {
                    byLogP[c] -= weight * y[c];
                } else {
                    byP[c] += y[c] > 0 ? -weight : weight;
                }
            }
        }
    }

    /// {@return what is a derivative by the logit itself}
    private double addRankedSigmoid(Weights weights, int i, int c) {
        double byLogit = 0;
        for (int l = 0; l < leaves.ranked().size(); l++) {
            double weight = weights.ranked()[l] * ranks.weight(l, sample, c, from + i);
            if (leaves.ranked().get(l).measure(task) == RankedLoss.Measure.CROSS_ENTROPY) {
                byLogP[0] -= weight * y[0];
                byLogP[1] -= weight * y[1];
            } else {
                byLogit += y[1] > 0 ? -weight : weight;
            }
        }
        return byLogit;
    }

    private double overlapSlope(Weights weights, int c, double p, double y) {
        return weights.byPy()[sample][c] * y + weights.byP()[sample][c] + 2 * p * weights.byPp()[sample][c];
    }

    private void chainSoftmax(int i) {
        double sum = 0;
        for (int c = 0; c < channels; c++) {
            sum += byLogP[c] + p[c] * byP[c];
        }
        for (int c = 0; c < channels; c++) {
            write(i, c, probabilities ? over(byLogP[c], p[c]) + byP[c] : byLogP[c] + p[c] * byP[c] - p[c] * sum);
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
        MemorySegment data = prediction.data();
        return switch (prediction.type()) {
            case FLOAT16 -> Float.float16ToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at * 2));
            case BFLOAT16 -> Halves.bfloat16ToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at * 2));
            case FLOAT32 -> data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at * 4);
            case FLOAT64 -> data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at * 8);
        };
    }

    private void write(int i, int c, double value) {
        long at = offset(i, c);
        MemorySegment data = gradient.orElseThrow();
        float narrow = (float) value;
        switch (prediction.type()) {
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
