package org.segloss.loss.volume;

import org.segloss.grid.Grid;
import org.segloss.kernel.Workers;

/// Separable filters of volumes; along an axis of one voxel they do nothing.
final class Filter {
    private Filter() {}

    /// {@return the volume filtered along each axis, with zeros beyond the edges}
    ///
    /// @param weights an odd number of them
    static double[] separable(double[] volume, Grid grid, double[] weights, int threads) {
        int row = grid.x();
        int slice = grid.x() * grid.y();
        double[] result = grid.x() > 1 ? along(volume, 1, row, weights, threads) : volume;
        result = grid.y() > 1 ? along(result, row, slice, weights, threads) : result;
        return grid.z() > 1 ? along(result, slice, volume.length, weights, threads) : result;
    }

    /// Along one axis, whose voxels are `step` apart; `length` is how far the axis reaches in the array.
    private static double[] along(double[] volume, int step, int length, double[] weights, int threads) {
        double[] result = new double[volume.length];
        int half = weights.length / 2;
        int lines = volume.length / length;
        Workers.run(lines, threads, line -> {
            for (int i = line * length; i < (line + 1) * length; i++) {
                double sum = 0;
                for (int k = -half; k <= half; k++) {
                    int j = i + k * step;
                    if (j >= line * length && j < (line + 1) * length) {
                        sum += weights[k + half] * volume[j];
                    }
                }
                result[i] = sum;
            }
        });
        return result;
    }

    /// {@return the integrals of a Gaussian over voxels, as far as four sigma}; they don't quite add up to 1
    static double[] gaussian(double sigma) {
        int half = (int) (Math.max(4 * sigma, 0.5) + 0.5);
        double[] weights = new double[2 * half + 1];
        for (int k = -half; k <= half; k++) {
            weights[k + half] = (erf((k + 0.5) / sigma / Math.sqrt(2)) - erf((k - 0.5) / sigma / Math.sqrt(2))) / 2;
        }
        return weights;
    }

    /// The error function, by a series whose terms are all positive, so that none of its digits cancel.
    static double erf(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 200 && Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return Math.abs(x) > 6 ? Math.signum(x) : 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
