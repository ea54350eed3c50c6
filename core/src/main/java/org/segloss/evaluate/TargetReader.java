package org.segloss.evaluate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import org.segloss.grid.Spacing;
import org.segloss.loss.Task;

/// Reads targets and masks, and says in the user's words what can't be one.
final class TargetReader {
    static final double SUM_TOLERANCE = 1e-3;

    /// So many voxels in another order that all add up to 1 are no chance.
    private static final long CHANNELS_LAST_SAMPLE = 1000;

    private final Task task;
    private final Batch batch;
    private final int[] ignored;

    // of a block, for #read, which one thread calls
    private final int[] labels = new int[Sweep.BLOCK];
    private final byte[] bytes = new byte[Sweep.BLOCK];

    TargetReader(Task task, Batch batch) {
        this.task = task;
        this.batch = batch;
        ignored = task.ignoredLabels().stream().mapToInt(Integer::intValue).toArray();
    }

    Spacing spacing() {
        return target().spacing();
    }

    /// Reads the target of a class, 0 where a voxel doesn't count.
    void read(int sample, int channel, boolean[] counts, double[] y) {
        int block = Sweep.BLOCK;
        int foreground = task.kind() == Task.Kind.BINARY ? 1 : channel;
        for (int from = 0; from < y.length; from += block) {
            int n = Math.min(block, y.length - from);
            if (isIndex()) {
                labels(sample, from, n, bytes, labels);
            }
            for (int i = 0; i < n; i++) {
                double value = isIndex()
                        ? (labels[i] == foreground ? 1 : 0)
                        : counts[from + i] ? probability(sample, channel, from + i) : 0;
                y[from + i] = counts[from + i] ? value : 0;
            }
        }
    }

    boolean isIndex() {
        return target().type().isIndex();
    }

    /// Whether every voxel counts.
    boolean keepsAll() {
        return keepsAll(task, target());
    }

    /// Whether every voxel of a target counts.
    static boolean keepsAll(Task task, Target target) {
        return target.mask().isEmpty()
                && (!target.type().isIndex() || task.ignoredLabels().isEmpty());
    }

    /// Whether labels are bytes that all count: then they need no more than to be within the task's classes.
    boolean isPlainBytes() {
        return target().type() == Target.Type.UINT8 && keepsAll();
    }

    /// Reads labels as they are.
    void bytes(int sample, long from, int n, byte[] bytes) {
        MemorySegment.copy(target().data(), ValueLayout.JAVA_BYTE, sample * batch.voxels() + from, bytes, 0, n);
    }

    /// Reads labels as integers; -1 stands for a voxel that doesn't count.
    void labels(int sample, long from, int n, byte[] bytes, int[] labels) {
        long at = sample * batch.voxels() + from;
        MemorySegment data = target().data();
        switch (target().type()) {
            case UINT8 -> {
                bytes(sample, from, n, bytes);
                for (int i = 0; i < n; i++) {
                    labels[i] = bytes[i] & 0xff;
                }
            }
            case INT16 -> {
                for (int i = 0; i < n; i++) {
                    labels[i] = data.get(ValueLayout.JAVA_SHORT_UNALIGNED, (at + i) * 2);
                }
            }
            case INT32 -> MemorySegment.copy(data, ValueLayout.JAVA_INT_UNALIGNED, at * 4, labels, 0, n);
            case INT64 -> {
                for (int i = 0; i < n; i++) {
                    labels[i] = narrow(data.get(ValueLayout.JAVA_LONG_UNALIGNED, (at + i) * 8), sample, from + i);
                }
            }
            default -> throw new IllegalStateException("no labels: " + target().type());
        }
        int least = 0;
        if (!keepsAll()) {
            drop(sample, from, n, labels);
            least = -1;
        }
        // negative where one of them is: a loop without branches, which the compiler turns into vectors
        int most = task.classes() - 1;
        int bad = 0;
        for (int i = 0; i < n; i++) {
            bad |= (labels[i] - least) | (most - labels[i]);
        }
        if (bad < 0) {
            for (int i = 0; i < n; i++) {
                if (labels[i] >= task.classes() || labels[i] < least) {
                    throw outside(labels[i], sample, from + i);
                }
            }
        }
    }

    /// Sets the labels of voxels that don't count to -1; a label of -1 that does count is an error.
    private void drop(int sample, long from, int n, int[] labels) {
        for (int i = 0; i < n; i++) {
            if (!kept(sample, from + i) || isIgnored(labels[i])) {
                labels[i] = -1;
            } else if (labels[i] == -1) {
                throw outside(-1, sample, from + i);
            }
        }
    }

    private boolean isIgnored(int label) {
        for (int one : ignored) {
            if (label == one) {
                return true;
            }
        }
        return false;
    }

    /// {@return the labels}, if [they are bytes][#isPlainBytes]
    MemorySegment plainBytes() {
        return target().data();
    }

    /// Whether the mask keeps a voxel.
    boolean kept(int sample, long voxel) {
        return target().mask().isEmpty()
                || target().mask().get().get(ValueLayout.JAVA_BYTE, sample * batch.voxels() + voxel) != 0;
    }

    /// {@return the target's probability of a channel}
    double probability(int sample, int channel, long voxel) {
        long at = ((long) sample * task.channels() + channel) * batch.voxels() + voxel;
        double y = number(at);
        if (!(y >= 0 && y <= 1)) {
            throw new IllegalArgumentException(
                    "target has the value %s at sample %d, channel %d, voxel %d; a target of floats holds probabilities from 0 to 1"
                            .formatted(y, sample, channel, voxel));
        }
        return y;
    }

    /// Reads a channel's probabilities as floats, as far as they are some: a double that isn't is NaN, for it may be
    /// rounded to one.
    void probabilities(int sample, int channel, long from, int n, double[] doubles, float[] y) {
        long at = ((long) sample * task.channels() + channel) * batch.voxels() + from;
        if (target().type() == Target.Type.FLOAT32) {
            MemorySegment.copy(target().data(), ValueLayout.JAVA_FLOAT_UNALIGNED, at * 4, y, 0, n);
            return;
        }
        MemorySegment.copy(target().data(), ValueLayout.JAVA_DOUBLE_UNALIGNED, at * 8, doubles, 0, n);
        for (int i = 0; i < n; i++) {
            double value = doubles[i];
            y[i] = value >= 0 && value <= 1 ? (float) value : Float.NaN;
        }
    }

    private double number(long at) {
        return target().type() == Target.Type.FLOAT32
                ? target().data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, at * 4)
                : target().data().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at * 8);
    }

    /// Whether the probabilities of a voxel have to add up to 1.
    boolean isNormalized() {
        return task.kind() == Task.Kind.MULTICLASS && !isIndex() && target().normalized();
    }

    /// Refuses the probabilities of a voxel that don't add up to 1.
    void checkSum(double sum, int sample, long voxel) {
        // float probabilities of many classes add up to 1 within 1e-5
        if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
            throw unnormalized(sample, voxel);
        }
    }

    private IllegalArgumentException unnormalized(int sample, long voxel) {
        double[] y = new double[task.channels()];
        Arrays.setAll(y, c -> probability(sample, c, voxel));
        String sum =
                new BigDecimal(Arrays.stream(y).sum()).round(new MathContext(4)).toPlainString();
        return new IllegalArgumentException(
                "target has the probabilities %s at sample %d, voxel %d, which add up to %s instead of 1; %s; where this is meant, mark the target as unnormalized"
                        .formatted(Arrays.toString(y), sample, voxel, sum, advice(y)));
    }

    private String advice(double[] y) {
        if (isNormalizedChannelsLast()) {
            return "with the classes last in memory they would add up to 1: bring them to the order (batch, class, z, y, x)";
        }
        boolean hard = Arrays.stream(y).allMatch(p -> p == 0 || p == 1);
        double sum = Arrays.stream(y).sum();
        if (hard && sum == 0) {
            return "a voxel without a class is masked out, or belongs to a background class";
        }
        if (hard) {
            return "classes that overlap are those of a multilabel task";
        }
        return "a target holds probabilities of the prediction's shape (batch, class, z, y, x), not logits and not labels";
    }

    private boolean isNormalizedChannelsLast() {
        int classes = task.channels();
        long voxels = Math.min(
                CHANNELS_LAST_SAMPLE,
                target().data().byteSize() / target().type().bytes() / classes);
        for (long v = 0; v < voxels; v++) {
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += number(v * classes + c);
            }
            if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
                return false;
            }
        }
        return true;
    }

    /// {@return whether a target that has to be 0 or 1 is 1}
    boolean isHard(double y, int sample, int channel, long voxel) {
        if (y != 0 && y != 1) {
            throw new IllegalArgumentException(
                    "target has the value %s at sample %d, channel %d, voxel %d; lovasz ranks the voxels of a class, so a target has to be 0 or 1"
                            .formatted(y, sample, channel, voxel));
        }
        return y == 1;
    }

    private Target target() {
        return batch.target();
    }

    private int narrow(long label, int sample, long voxel) {
        if (label != (int) label) {
            throw outside(label, sample, voxel);
        }
        return (int) label;
    }

    private IllegalArgumentException outside(long label, int sample, long voxel) {
        return new IllegalArgumentException(
                "target has the label %d at sample %d, voxel %d, but a %s task has the labels 0 to %d; a label that is to be left out has to be declared as an ignored one, on the command line by --ignore"
                        .formatted(label, sample, voxel, task.kind(), task.classes() - 1));
    }
}
