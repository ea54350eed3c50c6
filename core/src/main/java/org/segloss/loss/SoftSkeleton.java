package org.segloss.loss;

import java.util.Arrays;
import org.segloss.grid.Grid;
import org.segloss.kernel.Pool;
import org.segloss.kernel.Workers;

/// The soft skeleton of numbers from 0 to 1: what opening takes away, at every depth of erosion.
///
/// ```
/// I_0 = the numbers,   I_{j+1} = the least of a voxel and its neighbours along the axes
/// D_j = max(0, I_j - the largest of I_{j+1} in the 3x3x3 neighbourhood)
/// S   = 1 - product over j = 0 ... iterations of (1 - D_j)
/// ```
///
/// Beyond the edge there is nothing, neither to erode nor to dilate. All depths are computed again when the gradient
/// goes back through them, instead of being kept: six arrays of the volume's size are enough for any number of
/// iterations.
final class SoftSkeleton {
    private final int depth;
    private final int rows;
    private final int columns;
    private final int iterations;
    private final int threads;
    private final double[] skeleton;
    private double[] level;
    private double[] eroded;
    private final Pool<Slice> slices;

    SoftSkeleton(Grid grid, int iterations, int threads) {
        depth = grid.z();
        rows = grid.y();
        columns = grid.x();
        this.iterations = iterations;
        this.threads = threads;
        int n = Math.toIntExact(grid.voxels());
        skeleton = new double[n];
        level = new double[n];
        eroded = new double[n];
        slices = new Pool<>(() -> new Slice(rows * columns));
    }

    /// {@return the skeleton}, in an array that the next call overwrites
    double[] of(double[] numbers) {
        descend(numbers, iterations + 1);
        return skeleton;
    }

    /// Leaves the skeleton of the first `levels` depths, and the level after them with its erosion.
    private void descend(double[] numbers, int levels) {
        Arrays.fill(skeleton, 0);
        System.arraycopy(numbers, 0, level, 0, level.length);
        erode();
        for (int j = 0; j < levels; j++) {
            Workers.run(depth, threads, slices, (slice, z) -> {
                slice.dilate(z);
                int from = z * rows * columns;
                for (int i = 0; i < rows * columns; i++) {
                    double taken = Math.max(0, level[from + i] - slice.largest[i]);
                    skeleton[from + i] += taken * (1 - skeleton[from + i]);
                }
            });
            double[] next = eroded;
            eroded = level;
            level = next;
            erode();
        }
    }

    private void erode() {
        Workers.run(depth, threads, z -> {
            int below = z > 0 ? -rows * columns : 0;
            int above = z < depth - 1 ? rows * columns : 0;
            for (int y = 0; y < rows; y++) {
                int before = y > 0 ? -columns : 0;
                int after = y < rows - 1 ? columns : 0;
                int row = (z * rows + y) * columns;
                for (int x = 0; x < columns; x++) {
                    int i = row + x;
                    double least = least(level[i], level[i + below], level[i + above]);
                    least = least(least, level[i + before], level[i + after]);
                    eroded[i] = least(least, level[x > 0 ? i - 1 : i], level[x < columns - 1 ? i + 1 : i]);
                }
            }
        });
    }

    private static double least(double a, double b, double c) {
        double ab = a < b ? a : b;
        return ab < c ? ab : c;
    }

    /// The largest of the erosion around each voxel of a slice.
    private final class Slice {
        private final double[] largest;
        private final double[] alongX;

        Slice(int size) {
            largest = new double[size];
            alongX = new double[size];
        }

        void dilate(int z) {
            Arrays.fill(largest, Double.NEGATIVE_INFINITY);
            for (int near = Math.max(z - 1, 0); near <= Math.min(z + 1, depth - 1); near++) {
                int from = near * rows * columns;
                for (int i = 0; i < alongX.length; i++) {
                    int x = i % columns;
                    double left = eroded[x > 0 ? from + i - 1 : from + i];
                    double right = eroded[x < columns - 1 ? from + i + 1 : from + i];
                    alongX[i] = -least(-eroded[from + i], -left, -right);
                }
                for (int y = 0; y < rows; y++) {
                    int before = y > 0 ? -columns : 0;
                    int after = y < rows - 1 ? columns : 0;
                    for (int i = y * columns; i < (y + 1) * columns; i++) {
                        double most = -least(-alongX[i], -alongX[i + before], -alongX[i + after]);
                        largest[i] = most > largest[i] ? most : largest[i];
                    }
                }
            }
        }
    }

    /// {@return the derivatives by the numbers}
    ///
    /// @param bySkeleton derivatives by the skeleton; overwritten
    double[] gradient(double[] numbers, double[] bySkeleton) {
        double[] byLevel = new double[numbers.length];
        double[] byEroded = new double[numbers.length];
        Slice slice = slices.borrow();
        for (int j = iterations; j >= 0; j--) {
            descend(numbers, j);
            Arrays.fill(byLevel, 0);
            for (int z = 0; z < depth; z++) {
                slice.dilate(z);
                int from = z * rows * columns;
                for (int i = from; i < from + rows * columns; i++) {
                    double taken = level[i] - slice.largest[i - from];
                    if (taken > 0) {
                        double by = bySkeleton[i] * (1 - skeleton[i]);
                        byLevel[i] += by;
                        byEroded[largest(i, slice.largest[i - from])] -= by;
                        bySkeleton[i] *= 1 - taken;
                    }
                }
            }
            for (int i = 0; i < numbers.length; i++) {
                if (byEroded[i] != 0) {
                    byLevel[least(i)] += byEroded[i];
                }
            }
            double[] next = byEroded;
            byEroded = byLevel;
            byLevel = next;
        }
        return byEroded;
    }

    /// {@return where the level around a voxel, along the axes, is as small as its erosion there; the first such place}
    private int least(int i) {
        int x = i % columns;
        int y = i / columns % rows;
        int z = i / columns / rows;
        double least = eroded[i];
        if (z > 0 && level[i - rows * columns] == least) {
            return i - rows * columns;
        }
        if (y > 0 && level[i - columns] == least) {
            return i - columns;
        }
        if (x > 0 && level[i - 1] == least) {
            return i - 1;
        }
        if (level[i] == least) {
            return i;
        }
        if (x < columns - 1 && level[i + 1] == least) {
            return i + 1;
        }
        return y < rows - 1 && level[i + columns] == least ? i + columns : i + rows * columns;
    }

    /// {@return where the erosion around a voxel has its largest number; the first such place}
    private int largest(int i, double most) {
        int x = i % columns;
        int y = i / columns % rows;
        int z = i / columns / rows;
        for (int dz = Math.max(z - 1, 0); dz <= Math.min(z + 1, depth - 1); dz++) {
            for (int dy = Math.max(y - 1, 0); dy <= Math.min(y + 1, rows - 1); dy++) {
                int row = (dz * rows + dy) * columns;
                for (int j = row + Math.max(x - 1, 0); j <= row + Math.min(x + 1, columns - 1); j++) {
                    if (eroded[j] == most) {
                        return j;
                    }
                }
            }
        }
        throw new IllegalStateException("no such place");
    }
}
