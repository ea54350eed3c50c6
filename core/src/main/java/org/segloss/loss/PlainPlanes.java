package org.segloss.loss;

import java.util.List;

/// The plain twin: errors in double, sorted by a comparison.
final class PlainPlanes extends Planes {
    /// `[leaf][sample][list][voxel]`; NaN for a voxel that doesn't count
    private double[][][][] numbers = {};

    private boolean[][][][] foreground = {};

    // of the voxels that are ranked, and how many they are; places of voxels in the order of their errors
    private double[] errors = {};
    private int[] order = {};
    private int[] spare = {};
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

    void put(int leaf, int sample, int list, long voxel, double number, boolean isForeground) {
        numbers[leaf][sample][list][(int) voxel] = number;
        foreground[leaf][sample][list][(int) voxel] = isForeground;
    }

    void drop(int sample, long voxel) {
        for (double[][][] leaf : numbers) {
            for (double[] list : leaf[sample]) {
                list[(int) voxel] = Double.NaN;
            }
        }
    }

    double weight(int leaf, int sample, int list, long voxel) {
        return numbers[leaf][sample][list][(int) voxel] * share(leaf, sample, list);
    }

    @Override
    void lovasz(int leaf, Lovasz loss) {
        for (Voxels list : groups(leaf)) {
            list.setLoss(lovasz(list, isHinge(loss), skipsAbsent(loss)));
        }
    }

    private double lovasz(Voxels list, boolean hinge, boolean skipsAbsent) {
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
            double error = errors[order[i]];
            double weight = jaccard.next(isForeground(list, order[i]));
            loss += weight == 0 ? 0 : weight * error;
            weigh(list, order[i], hinge && error == 0 ? 0 : weight);
        }
        return loss;
    }

    @Override
    double topK(Voxels group, long voxels, long k) {
        collect(group);
        if (n != voxels) {
            weighAll(group, Double.NaN);
            return Double.NaN;
        }
        sort();
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += i < k ? errors[order[i]] : 0;
            weigh(group, order[i], i < k ? 1.0 / k : 0);
        }
        return n == 0 ? 0 : sum / k;
    }

    @Override
    long above(Voxels group, double least) {
        collect(group);
        long count = 0;
        for (int i = 0; i < n; i++) {
            count += errors[order[i]] > least ? 1 : 0;
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
    private void collect(Voxels group) {
        int all = Math.multiplyExact(group.samples * group.lists.length, (int) shape().voxels());
        if (errors.length < all) {
            errors = new double[all];
            order = new int[all];
            spare = new int[all];
        }
        n = 0;
        for (int i = 0; i < all; i++) {
            errors[i] = plane(group, i)[at(i)];
            if (!Double.isNaN(errors[i])) {
                order[n++] = i;
            }
        }
    }

    /// Puts the largest errors first, equal ones in the order of the voxels: a merge sort.
    private void sort() {
        for (long width = 1; width < n; width *= 2) {
            for (long from = 0; from < n; from += 2 * width) {
                merge((int) from, (int) Math.min(from + width, n), (int) Math.min(from + 2 * width, n));
            }
            int[] merged = spare;
            spare = order;
            order = merged;
        }
    }

    private void merge(int from, int middle, int end) {
        int a = from;
        int b = middle;
        for (int to = from; to < end; to++) {
            boolean first = b == end || (a < middle && Double.compare(errors[order[a]], errors[order[b]]) >= 0);
            spare[to] = order[first ? a++ : b++];
        }
    }

    private void weighAll(Voxels group, double weight) {
        for (int i = 0; i < n; i++) {
            weigh(group, order[i], weight);
        }
    }

    private void weigh(Voxels group, int i, double weight) {
        plane(group, i)[at(i)] = weight;
    }

    private double[] plane(Voxels group, int i) {
        return numbers[group.leaf][sample(group, i)][list(group, i)];
    }

    private boolean isForeground(Voxels group, int i) {
        return foreground[group.leaf][sample(group, i)][list(group, i)][at(i)];
    }

    private int sample(Voxels group, int i) {
        return group.sample + i / (int) shape().voxels() / group.lists.length;
    }

    private int list(Voxels group, int i) {
        return group.lists[i / (int) shape().voxels() % group.lists.length];
    }

    private int at(int i) {
        return i % (int) shape().voxels();
    }
}
