package org.segloss.loss.volume;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.segloss.grid.Grid;
import org.segloss.kernel.Pool;
import org.segloss.kernel.Workers;
import org.segloss.loss.VolumeLoss;

/// The soft skeleton of numbers from 0 to 1: what opening takes away, at every depth of erosion.
///
/// ```
/// I_0 = the numbers,   I_{j+1} = the least of a voxel and its neighbours along the axes
/// D_j = max(0, I_j - the largest of I_{j+1} in the 3x3x3 neighbourhood)
/// S   = 1 - product over j = 0 ... iterations of (1 - D_j)
/// ```
///
/// Beyond the edge there is nothing, neither to erode nor to dilate, and so it is where a voxel doesn't count. All
/// depths are computed again when the gradient goes back through them, instead of being kept: six arrays of the
/// volume's size are enough for any number of iterations.
final class SoftSkeleton {
    private final int depth;
    private final int rows;
    private final int columns;
    private final int iterations;
    private final int threads;
    private final int[] unknown;
    private final double[] skeleton;
    private double[] level;
    private double[] eroded;
    private final Pool<Slice> slices;

    SoftSkeleton(VolumeLoss.Field field, int iterations) {
        Grid grid = field.grid();
        unknown = IntStream.range(0, field.counts().length)
                .filter(i -> !field.counts()[i])
                .toArray();
        threads = field.threads();
        depth = grid.z();
        rows = grid.y();
        columns = grid.x();
        this.iterations = iterations;
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
        fill(level, Double.POSITIVE_INFINITY);
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
            fill(skeleton, 0);
            double[] next = eroded;
            eroded = level;
            level = next;
            fill(level, Double.POSITIVE_INFINITY);
            erode();
        }
    }

    /// Voxels that don't count are beyond an edge: never the least, nor the largest.
    private void fill(double[] numbers, double value) {
        for (int i : unknown) {
            numbers[i] = value;
        }
    }

    // the loops along a row are without branches, so that the compiler turns them into vectors

    private void erode() {
        Workers.run(depth, threads, z -> {
            int below = z > 0 ? -rows * columns : 0;
            int above = z < depth - 1 ? rows * columns : 0;
            for (int y = 0; y < rows; y++) {
                int before = y > 0 ? -columns : 0;
                int after = y < rows - 1 ? columns : 0;
                int row = (z * rows + y) * columns;
                least(level, row, row + below, row + above, eroded);
                least(eroded, row, row + before, row + after);
                for (int i = row + 1; i < row + columns - 1; i++) {
                    eroded[i] = Math.min(eroded[i], Math.min(level[i - 1], level[i + 1]));
                }
                int end = row + columns - 1;
                eroded[row] = Math.min(eroded[row], level[Math.min(row + 1, end)]);
                eroded[end] = Math.min(eroded[end], level[Math.max(end - 1, row)]);
            }
        });
        fill(eroded, Double.NEGATIVE_INFINITY);
    }

    /// The least of three rows of a level.
    private void least(double[] from, int a, int b, int c, double[] to) {
        for (int i = 0; i < columns; i++) {
            to[a + i] = Math.min(from[a + i], Math.min(from[b + i], from[c + i]));
        }
    }

    /// The least of a row and of two of the level.
    private void least(double[] row, int a, int b, int c) {
        for (int i = 0; i < columns; i++) {
            row[a + i] = Math.min(row[a + i], Math.min(level[b + i], level[c + i]));
        }
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
                for (int y = 0; y < rows; y++) {
                    dilateRow(y * columns, (near * rows + y) * columns);
                }
                for (int y = 0; y < rows; y++) {
                    int before = y > 0 ? -columns : 0;
                    int after = y < rows - 1 ? columns : 0;
                    for (int i = y * columns; i < (y + 1) * columns; i++) {
                        largest[i] = Math.max(
                                largest[i], Math.max(alongX[i], Math.max(alongX[i + before], alongX[i + after])));
                    }
                }
            }
        }

        private void dilateRow(int to, int from) {
            for (int i = 1; i < columns - 1; i++) {
                alongX[to + i] = Math.max(eroded[from + i], Math.max(eroded[from + i - 1], eroded[from + i + 1]));
            }
            int last = columns - 1;
            alongX[to] = Math.max(eroded[from], eroded[from + Math.min(1, last)]);
            alongX[to + last] = Math.max(eroded[from + last], eroded[from + Math.max(last - 1, 0)]);
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
            fill(level, Double.NEGATIVE_INFINITY);
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
