package org.segloss.loss;

import java.util.Arrays;
import org.segloss.grid.Grid;
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
            Workers.run(depth, threads, z -> {
                for (int i = z * rows * columns; i < (z + 1) * rows * columns; i++) {
                    skeleton[i] += opened(i) * (1 - skeleton[i]);
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
            for (int i = z * rows * columns; i < (z + 1) * rows * columns; i++) {
                eroded[i] = level[least(i)];
            }
        });
    }

    /// {@return what opening takes away from a voxel of the level}
    private double opened(int i) {
        return Math.max(0, level[i] - eroded[largest(i)]);
    }

    /// {@return the derivatives by the numbers}
    ///
    /// @param bySkeleton derivatives by the skeleton; overwritten
    double[] gradient(double[] numbers, double[] bySkeleton) {
        double[] byLevel = new double[numbers.length];
        double[] byEroded = new double[numbers.length];
        for (int j = iterations; j >= 0; j--) {
            descend(numbers, j);
            Arrays.fill(byLevel, 0);
            for (int i = 0; i < numbers.length; i++) {
                double taken = opened(i);
                if (taken > 0) {
                    double by = bySkeleton[i] * (1 - skeleton[i]);
                    byLevel[i] += by;
                    byEroded[largest(i)] -= by;
                }
                bySkeleton[i] *= 1 - taken;
            }
            for (int i = 0; i < numbers.length; i++) {
                byLevel[least(i)] += byEroded[i];
            }
            double[] next = byEroded;
            byEroded = byLevel;
            byLevel = next;
        }
        return byEroded;
    }

    /// {@return the least of a voxel of the level and its neighbours along the axes; of equal ones the first}
    private int least(int i) {
        int x = i % columns;
        int y = i / columns % rows;
        int z = i / columns / rows;
        int at = z > 0 ? i - rows * columns : i;
        at = y > 0 && level[i - columns] < level[at] ? i - columns : at;
        at = x > 0 && level[i - 1] < level[at] ? i - 1 : at;
        at = level[i] < level[at] ? i : at;
        at = x < columns - 1 && level[i + 1] < level[at] ? i + 1 : at;
        at = y < rows - 1 && level[i + columns] < level[at] ? i + columns : at;
        return z < depth - 1 && level[i + rows * columns] < level[at] ? i + rows * columns : at;
    }

    /// {@return the largest of the erosion around a voxel; of equal ones the first}
    private int largest(int i) {
        int x = i % columns;
        int y = i / columns % rows;
        int z = i / columns / rows;
        int at = i;
        double most = Double.NEGATIVE_INFINITY;
        for (int dz = Math.max(z - 1, 0); dz <= Math.min(z + 1, depth - 1); dz++) {
            for (int dy = Math.max(y - 1, 0); dy <= Math.min(y + 1, rows - 1); dy++) {
                int row = (dz * rows + dy) * columns;
                for (int j = row + Math.max(x - 1, 0); j <= row + Math.min(x + 1, columns - 1); j++) {
                    if (eroded[j] > most) {
                        most = eroded[j];
                        at = j;
                    }
                }
            }
        }
        return at;
    }
}
