package org.segloss.loss.volume;

import java.util.stream.IntStream;
import org.segloss.grid.Grid;
import org.segloss.kernel.Workers;

/// A Gaussian window on a volume: weighted means of the voxels in it, at every place where it lies wholly
/// inside.
///
/// The weights are a product of one factor for each axis, so the axes are done one after the other. An
/// image with `z = 1` has two.
final class GaussianWindow {
    /// Numbers that are made in one go: they stay in the first-level cache while all weights pass over
    /// them.
    private static final int TILE = 2048;

    private final double[] weights;
    private final int[] sizes;
    private final int threads;

    /// @param width voxels along an axis, odd
    /// @param sigma in voxels
    /// @param grid  as long as the window along each of its axes, or longer
    GaussianWindow(int width, double sigma, Grid grid, int threads) {
        double[] bell = IntStream.range(0, width)
                .mapToDouble(i -> Math.exp(-Math.pow((i - width / 2) / sigma, 2) / 2))
                .toArray();
        double sum = IntStream.range(0, width).mapToDouble(i -> bell[i]).sum();
        weights = IntStream.range(0, width).mapToDouble(i -> bell[i] / sum).toArray();
        sizes = new int[] {grid.z(), grid.y(), grid.x()};
        this.threads = threads;
    }

    /// {@return the mean at each place}, in the order of the voxels in the window's middle
    double[] means(double[] values) {
        double[] means = values;
        for (int axis = 2; axis >= first(); axis--) {
            means = along(axis, means, false);
        }
        return means;
    }

    /// {@return for each voxel the sum over the places of its weight there, times the place's number}: with
    /// derivatives by the means those by the voxels
    double[] adjoint(double[] places) {
        double[] voxels = places;
        for (int axis = first(); axis <= 2; axis++) {
            voxels = along(axis, voxels, true);
        }
        return voxels;
    }

    private int first() {
        return sizes[0] == 1 ? 1 : 0;
    }

    /// Axes after this one are already means, or still are.
    private double[] along(int axis, double[] in, boolean adjoint) {
        int inner = 1;
        for (int a = axis + 1; a <= 2; a++) {
            inner *= places(a);
        }
        int voxels = sizes[axis] * inner;
        int places = places(axis) * inner;
        int blocks = in.length / (adjoint ? places : voxels);
        int length = adjoint ? voxels : places;
        double[] out = new double[blocks * length];
        int tiles = (length + TILE - 1) / TILE;
        int step = inner;
        Workers.run(blocks * tiles, threads, piece -> {
            int block = piece / tiles;
            int from = piece % tiles * TILE;
            int to = Math.min(from + TILE, length);
            for (int k = 0; k < weights.length; k++) {
                int shift = k * step;
                if (adjoint) {
                    int first = Math.max(from, shift);
                    add(
                            in,
                            block * places + first - shift,
                            out,
                            block * length + first,
                            k,
                            Math.min(to, shift + places) - first);
                } else {
                    add(in, block * voxels + from + shift, out, block * length + from, k, to - from);
                }
            }
        });
        return out;
    }

    private int places(int axis) {
        return axis < first() ? 1 : sizes[axis] - weights.length + 1;
    }

    private void add(double[] in, int from, double[] out, int to, int k, int n) {
        double weight = weights[k];
        for (int i = 0; i < n; i++) {
            out[to + i] += weight * in[from + i];
        }
    }
}
