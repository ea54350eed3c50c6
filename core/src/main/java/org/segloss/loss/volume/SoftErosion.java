package org.segloss.loss.volume;

import org.segloss.grid.Grid;
import org.segloss.kernel.Workers;
import org.segloss.loss.VolumeLoss;

/// A soft erosion of numbers from 0 to 1, as [HausdorffErosion] has it, and the way back through it.
///
/// @param values rescaled
/// @param min    before that, of the voxels that count
/// @param max    before that
/// @param atMin  the first voxel that has it
/// @param atMax  the first voxel that has it
record SoftErosion(double[] values, double min, double max, int atMin, int atMax) {

    /// {@return what is left of `before`}
    static SoftErosion after(double[] before, VolumeLoss.Field field) {
        double[] values = means(before, field);
        int atMin = -1;
        int atMax = -1;
        for (int i = 0; i < values.length; i++) {
            values[i] = field.counts()[i] ? Math.max(0, values[i] - 0.5) : 0;
            if (field.counts()[i]) {
                atMin = atMin < 0 || values[i] < values[atMin] ? i : atMin;
                atMax = atMax < 0 || values[i] > values[atMax] ? i : atMax;
            }
        }
        double min = values[atMin];
        double max = values[atMax];
        for (int i = 0; i < values.length && max > min; i++) {
            values[i] = field.counts()[i] ? (values[i] - min) / (max - min) : 0;
        }
        return new SoftErosion(values, min, max, atMin, atMax);
    }

    /// {@return the derivatives by what was eroded}
    ///
    /// @param derivative those by the result; overwritten
    double[] before(double[] derivative, VolumeLoss.Field field) {
        if (max > min) {
            double byMin = 0;
            double byMax = 0;
            for (int i = 0; i < derivative.length; i++) {
                if (field.counts()[i]) {
                    derivative[i] /= max - min;
                    byMin += derivative[i] * (values[i] - 1);
                    byMax -= derivative[i] * values[i];
                }
            }
            derivative[atMin] += byMin;
            derivative[atMax] += byMax;
        }
        for (int i = 0; i < derivative.length; i++) {
            // a smallest value above 0 is 0 only after it was rescaled
            boolean flat = values[i] == 0 && min == 0;
            derivative[i] = field.counts()[i] && !flat ? derivative[i] : 0;
        }
        // neighbours are so mutually
        return means(derivative, field);
    }

    /// {@return the mean of each voxel and its neighbours}
    private static double[] means(double[] values, VolumeLoss.Field field) {
        Grid grid = field.grid();
        int line = grid.x();
        int slice = grid.y() * line;
        double weight = grid.z() == 1 ? 1.0 / 5 : 1.0 / 7;
        double[] means = new double[values.length];
        Workers.run(grid.z() * grid.y(), field.threads(), row -> {
            int from = row * line;
            int y = row % grid.y();
            int z = row / grid.y();
            add(values, from, means, from, line);
            add(values, from, means, from + 1, line - 1);
            add(values, from + 1, means, from, line - 1);
            add(values, from - line, means, from, y > 0 ? line : 0);
            add(values, from + line, means, from, y < grid.y() - 1 ? line : 0);
            add(values, from - slice, means, from, z > 0 ? line : 0);
            add(values, from + slice, means, from, z < grid.z() - 1 ? line : 0);
            for (int i = from; i < from + line; i++) {
                means[i] *= weight;
            }
        });
        return means;
    }

    private static void add(double[] values, int from, double[] sums, int to, int n) {
        for (int i = 0; i < n; i++) {
            sums[to + i] += values[from + i];
        }
    }
}
