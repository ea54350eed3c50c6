package org.segloss.evaluate;

import java.util.List;
import org.segloss.loss.RankedLoss;
import org.segloss.loss.Task;
import org.segloss.loss.WholeLoss;

/// The plain twin: errors in double, sorted by a comparison.
final class PlainPlanes extends Planes {
    /// `[leaf][sample][list][voxel]`; NaN for a voxel that doesn't count
    private double[][][][] numbers = {};

    private boolean[][][][] foreground = {};

    // the voxels that are ranked, their errors, as much again to sort them, and how many they are
    private int[] order = {};
    private double[] errors = {};
    private int[] spareOrder = {};
    private double[] spareErrors = {};
    private int n;

    PlainPlanes(List<WholeLoss> losses, Task task, Batch batch, TargetReader target) {
        super(losses, task, batch, target);
    }

    @Override
    void reshape() {
        numbers = new double[losses.size()][shape().batch()][][];
        foreground = new boolean[losses.size()][shape().batch()][][];
        for (int l = 0; l < losses.size(); l++) {
            for (int b = 0; b < shape().batch(); b++) {
                numbers[l][b] = new double[lists(losses.get(l))][(int) shape().voxels()];
                foreground[l][b] = new boolean[lists(losses.get(l))][(int) shape().voxels()];
            }
        }
    }

    /// Takes the numbers of a block, NaN for voxels that don't count.
    ///
    /// @param signed whether their signs say which voxels are foreground
    void put(int leaf, int sample, int list, long from, int n, double[] block, boolean signed) {
        for (int i = 0; i < n; i++) {
            int voxel = (int) from + i;
            numbers[leaf][sample][list][voxel] = signed ? Math.abs(block[i]) : block[i];
            foreground[leaf][sample][list][voxel] = signed && Double.doubleToRawLongBits(block[i]) < 0;
        }
    }

    /// Gives the weights of a block, that of the list included.
    void weights(int leaf, int sample, int list, long from, int n, double[] block) {
        double share = share(leaf, sample, list);
        for (int i = 0; i < n; i++) {
            block[i] = numbers[leaf][sample][list][(int) from + i] * share;
        }
    }

    @Override
    void lovasz(int leaf, RankedLoss.Extension loss) {
        for (RankGroup list : groups(leaf)) {
            list.setLoss(lovasz(list, isHinge(loss), skipsAbsent(loss)));
        }
    }

    private double lovasz(RankGroup list, boolean hinge, boolean skipsAbsent) {
        collect(list);
        if (n != list.kept()) {
            weighAll(list, Double.NaN);
            return Double.NaN;
        }
        long count = 0;
        for (int i = 0; i < n; i++) {
            count += isForeground(list, order[i]) ? 1 : 0;
        }
        if (count == 0 && skipsAbsent) {
            weighAll(list, 0);
            return ABSENT;
        }
        sort();
        JaccardSteps jaccard = new JaccardSteps(count);
        double loss = 0;
        for (int i = 0; i < n; i++) {
            double error = errors[i];
            double weight = jaccard.next(isForeground(list, order[i]));
            loss += weight == 0 ? 0 : weight * error;
            weigh(list, order[i], hinge && error == 0 ? 0 : weight);
        }
        return loss;
    }

    @Override
    double topK(RankGroup group, long voxels, long k) {
        collect(group);
        if (n != voxels) {
            weighAll(group, Double.NaN);
            return Double.NaN;
        }
        sort();
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += i < k ? errors[i] : 0;
            weigh(group, order[i], i < k ? 1.0 / k : 0);
        }
        return k == 0 ? 0 : sum / k;
    }

    @Override
    long above(RankGroup group, double least) {
        collect(group);
        long count = 0;
        for (int i = 0; i < n; i++) {
            count += errors[i] > least ? 1 : 0;
        }
        return count;
    }

    @Override
    double[] read(int leaf, int sample, int list) {
        return numbers[leaf][sample][list];
    }

    @Override
    void write(int leaf, int sample, int list, double[] values) {
        numbers[leaf][sample][list] = values;
    }

    // ---------------------------------------------------------------- a group's voxels, one list after the other

    /// Takes the voxels of a group that count, in their own order.
    private void collect(RankGroup group) {
        int all = Math.multiplyExact(group.samples * group.lists.length, (int) shape().voxels());
        if (order.length < all) {
            order = new int[all];
            errors = new double[all];
            spareOrder = new int[all];
            spareErrors = new double[all];
        }
        n = 0;
        int first = 0;
        for (int b = group.sample; b < group.sample + group.samples; b++) {
            for (int list : group.lists) {
                double[] plane = numbers[group.leaf][b][list];
                for (int i = 0; i < plane.length; i++) {
                    if (!Double.isNaN(plane[i])) {
                        errors[n] = plane[i];
                        order[n++] = first + i;
                    }
                }
                first += plane.length;
            }
        }
    }

    /// Puts the largest errors first, equal ones in the order of the voxels: a merge sort.
    private void sort() {
        for (long width = 1; width < n; width *= 2) {
            for (long from = 0; from < n; from += 2 * width) {
                merge((int) from, (int) Math.min(from + width, n), (int) Math.min(from + 2 * width, n));
            }
            int[] merged = spareOrder;
            spareOrder = order;
            order = merged;
            double[] mergedErrors = spareErrors;
            spareErrors = errors;
            errors = mergedErrors;
        }
    }

    private void merge(int from, int middle, int end) {
        int a = from;
        int b = middle;
        for (int to = from; to < end; to++) {
            boolean first = b == end || (a < middle && Double.compare(errors[a], errors[b]) >= 0);
            int next = first ? a++ : b++;
            spareOrder[to] = order[next];
            spareErrors[to] = errors[next];
        }
    }

    private void weighAll(RankGroup group, double weight) {
        for (int i = 0; i < n; i++) {
            weigh(group, order[i], weight);
        }
    }

    /// @param i counted through the group's lists
    private void weigh(RankGroup group, int i, double weight) {
        int list = i / (int) shape().voxels();
        numbers[group.leaf][sample(group, list)][list(group, list)][i % (int) shape().voxels()] = weight;
    }

    private boolean isForeground(RankGroup group, int i) {
        int list = i / (int) shape().voxels();
        return foreground[group.leaf][sample(group, list)][list(group, list)][i % (int) shape().voxels()];
    }

    private static int sample(RankGroup group, int i) {
        return group.sample + i / group.lists.length;
    }

    private static int list(RankGroup group, int i) {
        return group.lists[i % group.lists.length];
    }
}
