package org.segloss.evaluate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.segloss.kernel.Halves;
import org.segloss.kernel.LaneKernels;
import org.segloss.kernel.LaneLabels;
import org.segloss.kernel.LaneProbabilities;
import org.segloss.loss.Task;
import org.segloss.loss.WholeLoss;

/// The voxels that a worker has before it, in planes of floats which stay in the nearest caches: what the fast programs
/// share.
///
/// A voxel that doesn't count, and the padding of the last block, gets logit 0, target 0 and probability 0, and so
/// vanishes from every sum and every gradient without a branch.
final class LaneBlock {
    final Task task;
    final Batch batch;
    final TargetReader target;
    final LaneKernels kernels = new LaneKernels();
    final int channels;
    final boolean softmax;

    // [group][outcome][voxel]; softmax has one group, sigmoid one for each channel
    final int groups;
    final int outcomes;
    final float[][][] p;
    final float[][][] logP;
    final float[][][] y;
    final float[][] z;
    final float[] keep = new float[Sweep.BLOCK];
    final int[] labels = new int[Sweep.BLOCK];

    private final byte[] bytes = new byte[Sweep.BLOCK];
    private final short[] halves = new short[Sweep.BLOCK];
    private final double[] doubles = new double[Sweep.BLOCK];
    private final float[] sums = new float[Sweep.BLOCK];

    int sample;
    long from;
    int n;
    int padded;
    long kept;

    /// Whether every voxel counts, and none is padding.
    boolean full;

    LaneBlock(Task task, Sweep.Leaves leaves, Batch batch, TargetReader target) {
        this.task = task;
        this.batch = batch;
        this.target = target;
        channels = task.channels();
        softmax = task.kind() == Task.Kind.MULTICLASS;
        groups = softmax ? 1 : channels;
        outcomes = softmax ? channels : 2;
        boolean logarithms = needsLogarithms(task, leaves);
        p = new float[groups][outcomes][Sweep.BLOCK];
        logP = new float[groups][outcomes][logarithms ? Sweep.BLOCK : 0];
        y = new float[groups][outcomes][Sweep.BLOCK];
        z = new float[channels][Sweep.BLOCK];
    }

    /// Whether some leaf takes logarithms of probabilities; a softmax makes them in passing.
    static boolean needsLogarithms(Task task, Sweep.Leaves leaves) {
        return task.kind() == Task.Kind.MULTICLASS
                || !leaves.voxel().isEmpty()
                || leaves.whole().stream().anyMatch(loss -> loss.measure(task) == WholeLoss.Measure.CROSS_ENTROPY);
    }

    /// Takes other voxels, of which nothing is read yet.
    void begin(int sample, long from, int n) {
        this.sample = sample;
        this.from = from;
        this.n = n;
        padded = kernels.padded(n);
        kept = n;
        full = n == padded && target.keepsAll();
    }

    Prediction.FloatType type() {
        return batch.prediction().type();
    }

    /// Whether the gradient's memory is free between the passes, and exact enough for probabilities: then it keeps them
    /// until pass 2, which spares that the exponential and the division.
    boolean hasRoomForProbabilities() {
        return !batch.isOnePass() && batch.hasGradient() && type() == Prediction.FloatType.FLOAT32;
    }

    // ---------------------------------------------------------------- targets

    /// Reads the target of all outcomes, and with it which voxels count.
    ///
    /// @param first whether nobody has looked at it before
    void loadTarget(boolean first) {
        if (full && hasLabelsOfTwo()) {
            target.bytes(sample, from, n, bytes);
            boolean valid = LaneLabels.binary(bytes, n, y[0][0], y[0][1]);
            if (!valid) {
                refuseLabels();
            }
            return;
        }
        if (target.isIndex()) {
            loadLabels();
            indicate();
        } else {
            for (int i = 0; i < padded && !full; i++) {
                labels[i] = i < n && target.kept(sample, from + i) ? 0 : -1;
            }
            keepLabelled();
            loadSoftTarget(first);
        }
    }

    /// Makes targets of the labels; a label of -1 meets no outcome.
    void indicate() {
        for (int k = 0; k < outcomes; k++) {
            kernels.indicator(labels, padded, k, y[0][k]);
        }
    }

    /// Whether labels are bytes that all count, of a binary task.
    boolean hasLabelsOfTwo() {
        return task.kind() == Task.Kind.BINARY && target.isPlainBytes();
    }

    /// Reads labels as integers, -1 for voxels that don't count.
    void loadLabels() {
        readLabels();
        Arrays.fill(labels, n, padded, -1);
        keepLabelled();
    }

    private void readLabels() {
        if (target.isPlainBytes()) {
            target.bytes(sample, from, n, bytes);
            Arrays.fill(bytes, n, padded, (byte) 0);
            LaneLabels.widen(bytes, padded, labels);
            if (LaneLabels.within(labels, padded, task.classes() - 1)) {
                return;
            }
        }
        target.labels(sample, from, n, bytes, labels);
    }

    /// Throws what says which label is wrong.
    void refuseLabels() {
        target.labels(sample, from, n, bytes, labels);
    }

    private void keepLabelled() {
        if (!full) {
            kept = 0;
            for (int i = 0; i < padded; i++) {
                keep[i] = labels[i] < 0 ? 0 : 1;
                kept += labels[i] < 0 ? 0 : 1;
            }
        }
    }

    private void loadSoftTarget(boolean first) {
        // 0 where the probabilities add up to 1, or nothing does
        for (int i = 0; i < padded; i++) {
            sums[i] = full ? -1 : -keep[i];
        }
        boolean valid = true;
        for (int c = 0; c < channels; c++) {
            float[] plane = foreground(y, c);
            target.probabilities(sample, c, from, n, doubles, plane);
            if (!full) {
                // whatever is there
                kernels.drop(plane, keep, padded, 0);
            }
            valid &= LaneProbabilities.add(plane, padded, sums);
            if (!softmax) {
                takeFromOne(plane, y[c][0]);
            }
        }
        if (first && target.isNormalized()) {
            valid &= LaneProbabilities.areNearZero(sums, padded, sureTolerance());
        }
        if (!valid) {
            checkProbabilities(first);
        }
    }

    private void takeFromOne(float[] plane, float[] rest) {
        for (int i = 0; i < padded; i++) {
            rest[i] = 1 - plane[i];
        }
        if (!full) {
            kernels.drop(rest, keep, padded, 0);
        }
    }

    /// {@return how far sums in float may be from 1 if those in double are to be within the tolerance}
    private float sureTolerance() {
        return (float) (TargetReader.SUM_TOLERANCE - channels * 0x1p-22);
    }

    /// Throws what says which of the voxels is the first that has no probabilities, if there is one.
    private void checkProbabilities(boolean first) {
        for (int i = 0; i < n; i++) {
            if (counts(i)) {
                double sum = 0;
                for (int c = 0; c < channels; c++) {
                    sum += target.probability(sample, c, from + i);
                }
                if (first && target.isNormalized()) {
                    target.checkSum(sum, sample, from + i);
                }
            }
        }
    }

    boolean counts(int i) {
        return i < n && (full || keep[i] != 0);
    }

    /// {@return of a channel the plane of its class}
    float[] foreground(float[][][] planes, int channel) {
        return softmax ? planes[0][channel] : planes[channel][1];
    }

    // ---------------------------------------------------------------- the caller's memory

    /// Where a channel's first number is, counted in numbers.
    long offset(int channel) {
        return ((long) sample * channels + channel) * batch.voxels() + from;
    }

    /// Reads a channel's logits.
    void readLogits(int channel) {
        read(batch.prediction().data(), channel, z[channel]);
        if (!full) {
            // not by multiplication: a masked logit may be infinite or NaN
            kernels.drop(z[channel], keep, padded, 0);
        }
    }

    void read(MemorySegment memory, int channel, float[] values) {
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

    /// Writes a channel's gradient, or what its memory keeps until then.
    void write(float[] values, int channel) {
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
}
