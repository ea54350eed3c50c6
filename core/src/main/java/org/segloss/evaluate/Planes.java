package org.segloss.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.segloss.grid.Grid;
import org.segloss.grid.Shape;
import org.segloss.loss.RankedLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;
import org.segloss.loss.WholeLoss;

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
    private double[][][] shares = {};
    private List<List<RankGroup>> groups = List.of();
    private double[] weights = {};
    private Shape shape;

    // of the lists that are taken together
    private final List<VolumeLoss.Field> fields = new ArrayList<>();
    private final List<double[]> targets = new ArrayList<>();
    private final List<boolean[]> counts = new ArrayList<>();

    Planes(List<WholeLoss> losses, Task task, Batch batch, TargetReader target) {
        this.losses = losses;
        this.task = task;
        this.batch = batch;
        this.target = target;
    }

    /// Takes the shape of the batch; until there is another the memory stays.
    final void begin() {
        if (!batch.shape().equals(shape)) {
            shape = batch.shape();
            shares = new double[losses.size()][shape.batch()][task.channels()];
            groups = IntStream.range(0, losses.size()).mapToObj(this::grouped).toList();
            weights = new double[shape.batch() * task.channels()];
            targets.clear();
            counts.clear();
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
    /// @return the value of the leaf, but for what [absent classes cost][RankGroup#isPenalized]
    final double resolve(int leaf, long[] kept) {
        for (double[] sample : shares[leaf]) {
            Arrays.fill(sample, 0);
        }
        for (RankGroup group : groups(leaf)) {
            group.begin(kept);
        }
        switch (losses.get(leaf)) {
            case RankedLoss.Extension extension -> lovasz(leaf, extension);
            case RankedLoss.Worst worst -> worst(groups(leaf).getFirst(), worst);
            case VolumeLoss volume -> groups(leaf).forEach(group -> group.loss = volume(volume, group));
        }
        return switch (losses.get(leaf).measure(task)) {
            case CROSS_ENTROPY -> meanOfVoxels(groups(leaf));
            case ABSOLUTE, HINGE, PROBABILITY, LOGIT ->
                mean(groups(leaf), losses.get(leaf).over());
        };
    }

    /// {@return the lists of a leaf, by those that have one loss}
    final List<RankGroup> groups(int leaf) {
        return groups.get(leaf);
    }

    // ---------------------------------------------------------------- means over classes and samples

    /// The lists that have one loss: one or all channels of a sample or of all samples. For all batches of a shape.
    static final class RankGroup {
        final int leaf;
        final int index;
        final int sample;
        final int samples;
        final int[] lists;
        private final double weight;

        // of one batch
        private long kept;
        private double loss;
        private boolean penalized;
        private double share;

        /// @param index   among the leaf's
        /// @param samples how many, from `sample` on
        /// @param lists   which
        /// @param weight  in the mean over classes
        private RankGroup(int leaf, int index, int sample, int samples, int[] lists, double weight) {
            this.leaf = leaf;
            this.index = index;
            this.sample = sample;
            this.samples = samples;
            this.lists = lists;
            this.weight = weight;
        }

        private void begin(long[] kept) {
            this.kept = 0;
            for (int b = sample; b < sample + samples; b++) {
                this.kept += kept[b];
            }
            penalized = false;
        }

        /// {@return how many voxels of a channel count}
        long kept() {
            return kept;
        }

        void setLoss(double loss) {
            this.loss = loss;
        }

        /// {@return whether the class is absent and costs its mean probability}, which is no function of the leaf's
        /// numbers
        boolean isPenalized() {
            return penalized;
        }

        /// {@return the part in the leaf's mean over samples and classes}
        double share() {
            return share;
        }
    }

    private List<RankGroup> grouped(int leaf) {
        WholeLoss loss = losses.get(leaf);
        Reduction over = loss.over();
        // the worst are chosen among all
        boolean one = loss instanceof RankedLoss.Worst;
        int samples = over.batch() || one ? shape.batch() : 1;
        int[] lists = IntStream.range(0, lists(loss))
                .filter(list -> over.counts(list, task))
                .toArray();
        List<RankGroup> all = new ArrayList<>();
        for (int b = 0; b < shape.batch(); b += samples) {
            if (one || over.classes() == Reduction.Classes.TOGETHER) {
                all.add(new RankGroup(leaf, all.size(), b, samples, lists, 1));
                continue;
            }
            for (int list : lists) {
                all.add(new RankGroup(leaf, all.size(), b, samples, new int[] {list}, over.weight(list, task)));
            }
        }
        return all;
    }

    /// {@return the mean of groups over classes, then over samples with a voxel that counts}; notes the share that each
    /// list has in it
    private double mean(List<RankGroup> groups, Reduction over) {
        boolean penalizes = over.absent() == Reduction.Absent.PENALIZE;
        int sets = groups.size() * groups.getFirst().samples / shape().batch();
        int means = 0;
        for (int from = 0; from < groups.size(); from += sets) {
            means += groups.get(from).kept > 0 ? 1 : 0;
        }
        double mean = 0;
        for (int from = 0; from < groups.size(); from += sets) {
            if (groups.get(from).kept == 0) {
                continue;
            }
            int present = 0;
            for (int g = from; g < from + sets; g++) {
                if (groups.get(g).loss != ABSENT || penalizes) {
                    weights[present++] = groups.get(g).weight;
                }
            }
            double divisor = sum(weights, present);
            for (int g = from; g < from + sets; g++) {
                RankGroup group = groups.get(g);
                group.share = divisor == 0 ? 0 : group.weight / divisor / means;
                if (group.loss != ABSENT) {
                    share(group);
                    mean += group.share * group.loss;
                } else {
                    group.penalized = penalizes;
                }
            }
        }
        return mean;
    }

    /// As cross-entropies are averaged: a voxel counts as much as any other of the batch.
    private double meanOfVoxels(List<RankGroup> groups) {
        double all = 0;
        for (RankGroup group : groups) {
            all += group.kept;
        }
        double mean = 0;
        for (RankGroup group : groups) {
            group.share = all == 0 ? 0 : group.kept / all;
            share(group);
            mean += group.share * group.loss;
        }
        return mean;
    }

    private void share(RankGroup group) {
        for (int b = group.sample; b < group.sample + group.samples; b++) {
            for (int list : group.lists) {
                shares[group.leaf][b][list] = group.share;
            }
        }
    }

    /// {@return the sum of the first `n` numbers}, with what each addition rounds away added too
    static double sum(double[] numbers, int n) {
        double sum = 0;
        double lost = 0;
        double plain = 0;
        for (int i = 0; i < n; i++) {
            double number = numbers[i] - lost;
            double more = sum + number;
            lost = more - sum - number;
            sum = more;
            plain += numbers[i];
        }
        double result = sum - lost;
        // infinity less infinity
        return Double.isNaN(result) && Double.isInfinite(plain) ? plain : result;
    }

    /// The loss of a class that is absent, and ignored or penalized instead.
    static final double ABSENT = Double.NEGATIVE_INFINITY;

    // ---------------------------------------------------------------- ranked losses

    private void worst(RankGroup group, RankedLoss.Worst loss) {
        long n = group.kept * group.lists.length;
        // a user's loss may say more than there are, or nothing
        long fewest = Math.clamp(loss.fewest(n), 0, n);
        long most = Math.clamp(loss.most(n), fewest, n);
        long k = fewest == most ? most : Math.clamp(above(group, loss.leastError()), fewest, most);
        group.loss = topK(group, n, k);
    }

    /// Sets the Lovász loss of each group of one channel, or [#ABSENT]; NaN where an error is NaN.
    abstract void lovasz(int leaf, RankedLoss.Extension loss);

    /// {@return whether an error of 0 has no derivative}
    final boolean isHinge(RankedLoss.Extension loss) {
        return loss.measure(task) == WholeLoss.Measure.HINGE;
    }

    /// {@return whether a list without foreground has no loss}
    static boolean skipsAbsent(RankedLoss.Extension loss) {
        return loss.over().absent() != Reduction.Absent.SCORE;
    }

    /// {@return the mean of the `k` largest of `n` errors, 0 if `k` is}
    abstract double topK(RankGroup group, long n, long k);

    /// {@return how many errors are above `least`}
    abstract long above(RankGroup group, double least);

    /// The weights of the Lovász extension, one after the other in the order of the errors.
    static final class JaccardSteps {
        private long falseNegatives;
        private long union;

        /// @param foreground how many of the voxels are
        JaccardSteps(long foreground) {
            this(foreground, 0, 0);
        }

        /// After voxels of larger errors.
        JaccardSteps(long foreground, long foregroundBefore, long backgroundBefore) {
            falseNegatives = foreground - foregroundBefore;
            union = foreground + backgroundBefore;
        }

        /// {@return by how much one minus the Jaccard index grows when the next voxel is wrong too}
        double next(boolean foreground) {
            if (foreground) {
                falseNegatives--;
                return 1.0 / union;
            }
            union++;
            // with no foreground at all the first error costs everything
            return union == 1 ? 1 : (double) falseNegatives / ((double) (union - 1) * union);
        }
    }

    // ---------------------------------------------------------------- losses that know where voxels lie

    private double volume(VolumeLoss loss, RankGroup group) {
        fields.clear();
        long counted = 0;
        boolean absent = true;
        for (int b = group.sample; b < group.sample + group.samples; b++) {
            for (int c : group.lists) {
                VolumeLoss.Field field = field(loss, group.leaf, b, c);
                fields.add(field);
                counted += field.kept();
                absent = absent && isEmpty(field.target());
            }
        }
        double value;
        if (counted != group.kept * group.lists.length) {
            // where a logit is NaN
            fields.forEach(field -> Arrays.fill(field.values(), Double.NaN));
            value = Double.NaN;
        } else if (counted == 0) {
            value = 0;
        } else if (absent && loss.over().absent() != Reduction.Absent.SCORE) {
            fields.forEach(field -> Arrays.fill(field.values(), 0));
            value = ABSENT;
        } else {
            value = loss.at(fields);
        }
        int i = 0;
        for (int b = group.sample; b < group.sample + group.samples; b++) {
            for (int c : group.lists) {
                write(group.leaf, b, c, fields.get(i++).values());
            }
        }
        fields.clear();
        return value;
    }

    private static boolean isEmpty(double[] target) {
        for (double y : target) {
            if (y != 0) {
                return false;
            }
        }
        return true;
    }

    private VolumeLoss.Field field(VolumeLoss loss, int leaf, int sample, int list) {
        double[] values = read(leaf, sample, list);
        if (fields.size() == targets.size()) {
            targets.add(new double[values.length]);
            this.counts.add(new boolean[values.length]);
        }
        double[] y = targets.get(fields.size());
        boolean[] counts = this.counts.get(fields.size());
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
        Grid grid = target.spacing().grid(shape().z(), shape().y(), shape().x()).asPlane();
        return new VolumeLoss.Field(values, y, counts, kept, grid, batch.threads());
    }

    /// {@return the numbers of a list}, NaN for a voxel that doesn't count
    abstract double[] read(int leaf, int sample, int list);

    /// Replaces the numbers of a list.
    abstract void write(int leaf, int sample, int list, double[] values);
}
