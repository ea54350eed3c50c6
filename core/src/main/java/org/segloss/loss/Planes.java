package org.segloss.loss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segloss.grid.Grid;
import org.segloss.grid.Shape;

/// What the losses that look at the whole volume have to know of every voxel, and then their derivatives by it.
///
/// Pass 1 writes numbers, a plane for each sample and list; [#resolve] turns each into the derivative of its leaf by
/// that number; pass 2 reads them. A leaf has a list for each channel whose voxels have a number of their own: the
/// cross-entropy of a softmax voxel is one for all channels.
abstract sealed class Planes permits PlainPlanes, LanePlanes {
    final List<WholeLoss> losses;
    final Task task;
    final Batch batch;
    private final TargetReader target;
    private final List<List<Penalty>> penalties;
    private double[][][] shares = {};
    private Shape shape;

    Planes(List<WholeLoss> losses, Task task, Batch batch, TargetReader target) {
        this.losses = losses;
        this.task = task;
        this.batch = batch;
        this.target = target;
        penalties = Stream.<List<Penalty>>generate(ArrayList::new)
                .limit(losses.size())
                .toList();
    }

    /// Takes the shape of the batch; until there is another the memory stays.
    final void begin() {
        if (!batch.shape().equals(shape)) {
            shape = batch.shape();
            shares = new double[losses.size()][shape.batch()][task.channels()];
            reshape();
        }
    }

    /// Makes room for the numbers of a batch.
    abstract void reshape();

    final Shape shape() {
        return shape;
    }

    final int lists(WholeLoss loss) {
        return isOneForAll(loss) ? 1 : task.channels();
    }

    private boolean isOneForAll(WholeLoss loss) {
        return loss.measure(task) == WholeLoss.Measure.CROSS_ENTROPY && task.kind() == Task.Kind.MULTICLASS;
    }

    /// {@return the derivative of a leaf by the loss of one list}: its share in the mean over samples and classes
    final double share(int leaf, int sample, int list) {
        return shares[leaf][sample][list];
    }

    /// Turns a leaf's numbers into derivatives.
    ///
    /// @param kept for each sample, the voxels that count
    /// @return the value of the leaf
    final double resolve(int leaf, long[] kept) {
        penalties.get(leaf).clear();
        for (double[] sample : shares[leaf]) {
            Arrays.fill(sample, 0);
        }
        return switch (losses.get(leaf)) {
            case Lovasz lovasz -> mean(leaf, lovasz, kept, groups -> lovasz(lovasz, groups));
            case TopK topK -> topK(leaf, topK, kept);
            case Ohem ohem -> ohem(leaf, ohem, kept);
            case VolumeLoss volume -> mean(leaf, volume, kept, groups -> volume(volume, groups));
        };
    }

    /// {@return what a leaf costs beside the value of [#resolve]}
    final List<Penalty> penalties(int leaf) {
        return penalties.get(leaf);
    }

    // ---------------------------------------------------------------- means over classes and samples

    /// The lists that have one loss: one or all channels of a sample or of all samples.
    ///
    /// @param samples  how many, from `sample` on
    /// @param channels which
    /// @param kept     how many voxels of a channel count
    record Voxels(int leaf, int sample, int samples, List<Integer> channels, long kept) {}

    /// The mean probability of a class that is absent, which is no function of this leaf's numbers.
    ///
    /// @param share its part in the leaf's mean over samples and classes
    record Penalty(Voxels voxels, double share) {}

    private interface Values {
        double[] of(Voxels[] groups);
    }

    /// {@return the mean of a loss over classes, then over samples}; notes the share that each list has in it
    private double mean(int leaf, WholeLoss loss, long[] kept, Values values) {
        Averaging over = loss.over();
        int together = over.batch() ? shape().batch() : 1;
        List<Integer> channels = isOneForAll(loss)
                ? List.of(0)
                : IntStream.range(0, task.channels())
                        .filter(c -> over.counts(c, task))
                        .boxed()
                        .toList();
        List<List<Integer>> sets = over.classes() == Averaging.Classes.TOGETHER
                ? List.of(channels)
                : channels.stream().map(List::of).toList();
        List<Voxels> groups = new ArrayList<>();
        for (int b = 0; b < shape().batch(); b += together) {
            for (List<Integer> set : sets) {
                groups.add(new Voxels(
                        leaf,
                        b,
                        together,
                        set,
                        Arrays.stream(kept, b, b + together).sum()));
            }
        }
        double[] losses = values.of(groups.toArray(Voxels[]::new));
        if (loss.measure(task) == WholeLoss.Measure.CROSS_ENTROPY) {
            return meanOfVoxels(groups, losses);
        }
        double mean = 0;
        int means = shape().batch() / together;
        boolean penalizes = over.absent() == Averaging.Absent.PENALIZE;
        for (int m = 0; m < means; m++) {
            List<Integer> present = IntStream.range(m * sets.size(), (m + 1) * sets.size())
                    .filter(g -> losses[g] != ABSENT || penalizes)
                    .boxed()
                    .toList();
            double divisor = present.stream()
                    .mapToDouble(g -> weight(loss, groups.get(g)))
                    .sum();
            for (int g : present) {
                double share = divisor == 0 ? 0 : weight(loss, groups.get(g)) / divisor / means;
                if (losses[g] == ABSENT) {
                    penalties.get(leaf).add(new Penalty(groups.get(g), share));
                } else {
                    share(groups.get(g), share);
                    mean += share * losses[g];
                }
            }
        }
        return mean;
    }

    /// As cross-entropies are averaged: a voxel counts as much as any other of the batch.
    private double meanOfVoxels(List<Voxels> groups, double[] losses) {
        double all = groups.stream().mapToLong(Voxels::kept).sum();
        double mean = 0;
        for (int g = 0; g < losses.length; g++) {
            double share = all == 0 ? 0 : groups.get(g).kept() / all;
            share(groups.get(g), share);
            mean += share * losses[g];
        }
        return mean;
    }

    private double weight(WholeLoss loss, Voxels group) {
        return group.channels().size() > 1
                ? 1
                : loss.over().weight(group.channels().getFirst(), task);
    }

    private void share(Voxels group, double share) {
        for (int b = group.sample(); b < group.sample() + group.samples(); b++) {
            for (int c : group.channels()) {
                shares[group.leaf()][b][c] = share;
            }
        }
    }

    /// The loss of a class that is absent, and ignored or penalized instead.
    static final double ABSENT = Double.NEGATIVE_INFINITY;

    // ---------------------------------------------------------------- ranked losses

    private double[] lovasz(Lovasz loss, Voxels[] groups) {
        boolean hinge = loss.measure(task) == WholeLoss.Measure.HINGE;
        return lovasz(groups, hinge, loss.over().absent() != Averaging.Absent.SCORE);
    }

    private double topK(int leaf, TopK topK, long[] kept) {
        long n = all(leaf, kept);
        return topK(leaf, n, topK.count(n));
    }

    private double ohem(int leaf, Ohem ohem, long[] kept) {
        long n = all(leaf, kept);
        return topK(leaf, n, Math.clamp(above(leaf, ohem.least()), Math.min(n, (long) ohem.minKept()), n));
    }

    private long all(int leaf, long[] kept) {
        for (double[] sample : shares[leaf]) {
            Arrays.fill(sample, 1);
        }
        return Arrays.stream(kept).sum() * lists(losses.get(leaf));
    }

    /// {@return the Lovász loss of each group of one channel}, or [#ABSENT]; NaN where an error is NaN
    ///
    /// @param hinge       whether an error of 0 has no slope
    /// @param skipsAbsent whether a list without foreground has no loss
    abstract double[] lovasz(Voxels[] groups, boolean hinge, boolean skipsAbsent);

    /// {@return the mean of the `k` largest of `n` errors, 0 if there are none}
    abstract double topK(int leaf, long n, long k);

    /// {@return how many errors are above `least`}
    abstract long above(int leaf, double least);

    /// The weights of the Lovász extension, one after the other in the order of the errors.
    static final class JaccardSteps {
        private long missed;
        private long union;

        /// @param foreground how many of the voxels are
        JaccardSteps(long foreground) {
            this(foreground, 0, 0);
        }

        /// After voxels of larger errors.
        JaccardSteps(long foreground, long foregroundBefore, long backgroundBefore) {
            missed = foreground - foregroundBefore;
            union = foreground + backgroundBefore;
        }

        /// {@return by how much one minus the Jaccard index grows when the next voxel is wrong too}
        double next(boolean foreground) {
            if (foreground) {
                missed--;
                return 1.0 / union;
            }
            union++;
            // with no foreground at all the first error costs everything
            return union == 1 ? 1 : (double) missed / ((double) (union - 1) * union);
        }
    }

    // ---------------------------------------------------------------- losses that know where voxels lie

    private double[] volume(VolumeLoss loss, Voxels[] groups) {
        return Arrays.stream(groups).mapToDouble(group -> volume(loss, group)).toArray();
    }

    private double volume(VolumeLoss loss, Voxels group) {
        List<VolumeLoss.Field> fields = new ArrayList<>();
        long counted = 0;
        boolean absent = true;
        for (int b = group.sample(); b < group.sample() + group.samples(); b++) {
            for (int c : group.channels()) {
                VolumeLoss.Field field = field(loss, group.leaf(), b, c);
                fields.add(field);
                counted += field.kept();
                absent &= Arrays.stream(field.target()).allMatch(y -> y == 0);
            }
        }
        double value;
        if (counted != group.kept() * group.channels().size()) {
            // where a logit is NaN
            fields.forEach(field -> Arrays.fill(field.values(), Double.NaN));
            value = Double.NaN;
        } else if (counted == 0) {
            value = 0;
        } else if (absent && loss.over().absent() != Averaging.Absent.SCORE) {
            fields.forEach(field -> Arrays.fill(field.values(), 0));
            value = ABSENT;
        } else {
            value = loss.at(fields);
        }
        int i = 0;
        for (int b = group.sample(); b < group.sample() + group.samples(); b++) {
            for (int c : group.channels()) {
                write(group.leaf(), b, c, fields.get(i++).values());
            }
        }
        return value;
    }

    private VolumeLoss.Field field(VolumeLoss loss, int leaf, int sample, int list) {
        double[] values = read(leaf, sample, list);
        double[] y = new double[values.length];
        boolean[] counts = new boolean[values.length];
        long kept = 0;
        for (int i = 0; i < values.length; i++) {
            counts[i] = !Double.isNaN(values[i]);
            kept += counts[i] ? 1 : 0;
            values[i] = counts[i] ? values[i] : 0;
        }
        boolean background = isOneForAll(loss);
        target.read(sample, list, counts, y);
        if (background) {
            for (int i = 0; i < y.length; i++) {
                y[i] = counts[i] ? 1 - y[i] : 0;
            }
        }
        Grid grid = target.spacing().grid(shape().z(), shape().y(), shape().x());
        return new VolumeLoss.Field(values, y, counts, kept, grid, batch.threads());
    }

    /// {@return the numbers of a list}, NaN for a voxel that doesn't count
    abstract double[] read(int leaf, int sample, int list);

    /// Replaces the numbers of a list.
    abstract void write(int leaf, int sample, int list, double[] values);
}
