package org.segloss.loss.volume;

import java.util.Arrays;
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
        if (field.kept() == derivative.length) {
            return means(derivative, field);
        }
        double[] known = known(field);
        for (int i = 0; i < derivative.length; i++) {
            derivative[i] *= field.counts()[i] ? 1 / known[i] : 0;
        }
        return sums(derivative, field);
    }

    /// {@return the mean of each voxel and its neighbours}, 0 beyond the edge, of those that count
    private static double[] means(double[] values, VolumeLoss.Field field) {
        double[] means = sums(values, field);
        if (field.kept() == values.length) {
            double weight = 1.0 / size(field.grid());
            for (int i = 0; i < means.length; i++) {
                means[i] *= weight;
            }
            return means;
        }
        double[] known = known(field);
        for (int i = 0; i < means.length; i++) {
            means[i] = field.counts()[i] ? means[i] / known[i] : 0;
        }
        return means;
    }

    /// {@return how many a voxel and its neighbours are}
    private static int size(Grid grid) {
        return grid.z() == 1 ? 5 : 7;
    }

    /// {@return of a voxel and its neighbours, those beyond the edge included, how many aren't unknown}
    private static double[] known(VolumeLoss.Field field) {
        double[] known = new double[field.counts().length];
        Arrays.setAll(known, i -> field.counts()[i] ? 0 : 1);
        known = sums(known, field);
        for (int i = 0; i < known.length; i++) {
            known[i] = size(field.grid()) - known[i];
        }
        return known;
    }

    /// {@return the sum of each voxel and its neighbours}
    private static double[] sums(double[] values, VolumeLoss.Field field) {
        Grid grid = field.grid();
        int line = grid.x();
        int slice = grid.y() * line;
        double[] sums = new double[values.length];
        Workers.run(grid.z() * grid.y(), field.threads(), row -> {
            int from = row * line;
            int y = row % grid.y();
            int z = row / grid.y();
            add(values, from, sums, from, line);
            add(values, from, sums, from + 1, line - 1);
            add(values, from + 1, sums, from, line - 1);
            add(values, from - line, sums, from, y > 0 ? line : 0);
            add(values, from + line, sums, from, y < grid.y() - 1 ? line : 0);
            add(values, from - slice, sums, from, z > 0 ? line : 0);
            add(values, from + slice, sums, from, z < grid.z() - 1 ? line : 0);
        });
        return sums;
    }

    private static void add(double[] values, int from, double[] sums, int to, int n) {
        for (int i = 0; i < n; i++) {
            sums[to + i] += values[from + i];
        }
    }
}
