package org.segloss.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.segloss.grid.Grid;

/// Surface distances by comparing all pairs, to be believed.
final class SlowSurface {
    private SlowSurface() {}

    /// From each surface voxel of `from` to the nearest of `to`.
    static double[] distances(byte[] from, byte[] to, Grid stored) {
        Grid grid = stored.asPlane();
        List<int[]> there = surface(to, grid);
        return surface(from, grid).stream()
                .mapToDouble(a -> there.stream()
                        .mapToDouble(b -> distance(a, b, grid))
                        .min()
                        .orElseThrow())
                .toArray();
    }

    private static double distance(int[] a, int[] b, Grid grid) {
        double z = (a[0] - b[0]) * grid.spacingZ();
        double y = (a[1] - b[1]) * grid.spacingY();
        double x = (a[2] - b[2]) * grid.spacingX();
        return Math.sqrt(z * z + y * y + x * x);
    }

    private static List<int[]> surface(byte[] mask, Grid grid) {
        var surface = new ArrayList<int[]>();
        for (int z = 0; z < grid.z(); z++) {
            for (int y = 0; y < grid.y(); y++) {
                for (int x = 0; x < grid.x(); x++) {
                    boolean inner = inside(mask, grid, z, y - 1, x)
                            && inside(mask, grid, z, y + 1, x)
                            && inside(mask, grid, z, y, x - 1)
                            && inside(mask, grid, z, y, x + 1);
                    if (grid.z() > 1) {
                        inner &= inside(mask, grid, z - 1, y, x) && inside(mask, grid, z + 1, y, x);
                    }
                    if (inside(mask, grid, z, y, x) && !inner) {
                        surface.add(new int[] {z, y, x});
                    }
                }
            }
        }
        return surface;
    }

    private static boolean inside(byte[] mask, Grid grid, int z, int y, int x) {
        return z >= 0
                && z < grid.z()
                && y >= 0
                && y < grid.y()
                && x >= 0
                && x < grid.x()
                && mask[(z * grid.y() + y) * grid.x() + x] != 0;
    }

    static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    static double share(double[] values, double tolerance) {
        return (double) Arrays.stream(values).filter(v -> v <= tolerance).count() / values.length;
    }

    /// As `numpy.percentile`, linear.
    static double quantile(double[] values, double q) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double rank = q * (sorted.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (rank - below);
    }
}
