package org.segloss.loss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The plain twin: errors in double, sorted by a comparison.
final class PlainPlanes extends Planes {
    /// `[leaf][sample][list][voxel]`; NaN for a voxel that doesn't count
    private double[][][][] numbers = {};

    private boolean[][][][] foreground = {};

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

    private record Place(double error, boolean foreground, double[] plane, int voxel) {}

    @Override
    double[] lovasz(Voxels[] lists, boolean hinge, boolean skipsAbsent) {
        double[] losses = new double[lists.length];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = lovasz(lists[i], hinge, skipsAbsent);
        }
        return losses;
    }

    private double lovasz(Voxels list, boolean hinge, boolean skipsAbsent) {
        List<Place> order = new ArrayList<>();
        for (int b = list.sample(); b < list.sample() + list.samples(); b++) {
            add(list.leaf(), b, list.channels().getFirst(), order);
        }
        if (order.size() != list.kept()) {
            order.forEach(place -> place.plane[place.voxel] = Double.NaN);
            return Double.NaN;
        }
        long count = order.stream().filter(Place::foreground).count();
        if (count == 0 && skipsAbsent) {
            order.forEach(place -> place.plane[place.voxel] = 0);
            return ABSENT;
        }
        order.sort(Comparator.comparingDouble(Place::error).reversed());
        JaccardSteps jaccard = new JaccardSteps(count);
        double loss = 0;
        for (Place place : order) {
            double weight = jaccard.next(place.foreground);
            loss += weight == 0 ? 0 : weight * place.error;
            place.plane[place.voxel] = hinge && place.error == 0 ? 0 : weight;
        }
        return loss;
    }

    @Override
    double topK(int leaf, long n, long k) {
        List<Place> order = new ArrayList<>();
        for (int b = 0; b < shape().batch(); b++) {
            for (int list = 0; list < lists(losses.get(leaf)); list++) {
                add(leaf, b, list, order);
            }
        }
        if (order.size() != n) {
            order.forEach(place -> place.plane[place.voxel] = Double.NaN);
            return Double.NaN;
        }
        order.sort(Comparator.comparingDouble(Place::error).reversed());
        double sum = 0;
        for (int i = 0; i < order.size(); i++) {
            Place place = order.get(i);
            sum += i < k ? place.error : 0;
            place.plane[place.voxel] = i < k ? 1.0 / k : 0;
        }
        return n == 0 ? 0 : sum / k;
    }

    @Override
    long above(int leaf, double least) {
        return Arrays.stream(numbers[leaf])
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream)
                .filter(error -> error > least)
                .count();
    }

    @Override
    double[] read(int leaf, int sample, int list) {
        return numbers[leaf][sample][list];
    }

    @Override
    void write(int leaf, int sample, int list, double[] values) {
        numbers[leaf][sample][list] = values;
    }

    private void add(int leaf, int sample, int list, List<Place> order) {
        double[] plane = numbers[leaf][sample][list];
        boolean[] isForeground = foreground[leaf][sample][list];
        for (int i = 0; i < plane.length; i++) {
            if (!Double.isNaN(plane[i])) {
                order.add(new Place(plane[i], isForeground[i], plane, i));
            }
        }
    }
}
