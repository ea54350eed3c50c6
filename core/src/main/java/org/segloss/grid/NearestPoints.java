package org.segloss.grid;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.segloss.kernel.Pool;
import org.segloss.kernel.Workers;

/// The exact distances from some points of a grid to the nearest of others, in millimetres.
///
/// First the voxels to the nearest point along y are counted, everywhere. A point that asks then looks around itself in
/// its plane of z and x, as far as what it has found: that costs as many looks as the circle has voxels, little where
/// surfaces are near one another. Few that are far from all may look on, as long as that costs less than the dense
/// transform that the others are left to: the nearest along x and then along z, by [Parabolas].
///
/// What is kept of a way is how many voxels it is long along each axis. So a distance is rounded as the square root of
/// the sum of three squares and not otherwise, and a tolerance that equals a distance is met whatever the spacing.
///
/// Points are the two lowest bits of a byte. Every point is looked after by one thread, and alone: the same bits for
/// any number of threads.
final class NearestPoints {
    /// Columns in a tile: two cache lines of the plane that is read.
    private static final int TILE = 32;

    /// How long every point may look around.
    private static final int LOOKS = 256;

    /// For how many looks of all points together for a voxel the dense transform isn't begun.
    private static final int LOOKS_A_VOXEL = 2;

    /// Voxels to a point where a column has none; stays so when added to.
    private static final int FAR = 1 << 29;

    private static final int NONE = -1;
    private static final double UNKNOWN = -1;

    private final byte[] points;
    private final Grid grid;
    private final int threads;
    private final int tiles;

    /// For each bit and each tile of each row how many points come before it, and at the end how many there are.
    private final int[][] starts;

    /// Voxels to the nearest point along y, or, with [#bits], along y and x in the slice.
    private final int[] offsets;

    private final int bits;

    /// `(spacing d)²` along each axis
    private final double[] squareZ;

    private final double[] squareX;

    /// @param grid of at most as many voxels as an array holds
    NearestPoints(byte[] points, Grid grid, int threads) {
        this.points = points;
        // the rows of a plane image become slices, which are what threads share
        this.grid = grid.z() > 1 ? grid : new Grid(grid.y(), 1, grid.x(), grid.spacingY(), 1, grid.spacingX());
        this.threads = threads;
        this.tiles = (grid.x() + TILE - 1) / TILE;
        this.offsets = new int[points.length];
        this.bits = Integer.SIZE - Integer.numberOfLeadingZeros(grid.x());
        this.squareZ = squares(this.grid.z(), this.grid.spacingZ());
        this.squareX = squares(this.grid.x(), this.grid.spacingX());
        this.starts = starts();
    }

    private static double[] squares(int length, double spacing) {
        double[] squares = new double[length];
        Arrays.setAll(squares, d -> square(d, spacing));
        return squares;
    }

    private static double square(int voxels, double spacing) {
        return voxels * spacing * (voxels * spacing);
    }

    private int[][] starts() {
        int[][] counts = new int[2][grid.z() * grid.y() * tiles + 1];
        Workers.run(grid.z(), threads, z -> {
            for (int row = z * grid.y(); row < (z + 1) * grid.y(); row++) {
                for (int tile = 0; tile < tiles; tile++) {
                    int both = 0;
                    int end = row * grid.x() + Math.min((tile + 1) * TILE, grid.x());
                    for (int i = row * grid.x() + tile * TILE; i < end; i++) {
                        both += points[i] & 1 | (points[i] & 2) << 15;
                    }
                    counts[0][row * tiles + tile + 1] = both & 0xFFFF;
                    counts[1][row * tiles + tile + 1] = both >> 16;
                }
            }
        });
        for (int[] count : counts) {
            Arrays.parallelPrefix(count, Integer::sum);
        }
        return counts;
    }

    /// {@return how many points have the bit}
    int count(int bit) {
        return starts[bit - 1][starts[bit - 1].length - 1];
    }

    /// Does something with a point: its number among those with the bit, and where it is.
    interface Visitor {
        void visit(int number, int index);
    }

    /// Visits all points with a bit, slices in parallel.
    void forEach(int bit, Visitor visitor) {
        Workers.run(grid.z(), threads, z -> forEach(z, bit, visitor));
    }

    private void forEach(int z, int bit, Visitor visitor) {
        int[] start = starts[bit - 1];
        for (int row = z * grid.y(); row < (z + 1) * grid.y(); row++) {
            for (int tile = 0; tile < tiles; tile++) {
                int number = start[row * tiles + tile];
                int end = start[row * tiles + tile + 1];
                for (int i = row * grid.x() + tile * TILE; number < end; i++) {
                    if ((points[i] & bit) != 0) {
                        visitor.visit(number++, i);
                    }
                }
            }
        }
    }

    /// {@return for each point with the bit `from`, in the order of the array, the distance to the nearest point with
    /// the bit `to`}, of which there has to be one
    double[] distances(int from, int to) {
        double[] distances = new double[count(from)];
        Workers.run(grid.z(), threads, new Pool<>(() -> new int[grid.x()]), (count, z) -> countAlongY(count, z, to));
        Arrays.fill(distances, UNKNOWN);
        int unknown = lookAround(from, LOOKS, distances);
        if (unknown > 0) {
            unknown = lookAround(from, (long) LOOKS_A_VOXEL * points.length / unknown, distances);
        }
        if (unknown > 0) {
            Workers.run(grid.z(), threads, new Pool<>(AlongX::new), AlongX::work);
            Workers.run(
                    grid.y() * tiles,
                    threads,
                    new Pool<>(AlongZ::new),
                    (columns, piece) -> columns.work(piece % grid.y(), piece / grid.y(), from, distances));
        }
        return distances;
    }

    private void countAlongY(int[] count, int z, int bit) {
        Arrays.fill(count, FAR);
        for (int y = 0; y < grid.y(); y++) {
            int row = (z * grid.y() + y) * grid.x();
            countRow(count, row, bit);
            System.arraycopy(count, 0, offsets, row, count.length);
        }
        Arrays.fill(count, FAR);
        for (int y = grid.y() - 1; y >= 0; y--) {
            int row = (z * grid.y() + y) * grid.x();
            countRow(count, row, bit);
            for (int x = 0; x < count.length; x++) {
                offsets[row + x] = Math.min(offsets[row + x], count[x]);
            }
        }
    }

    private void countRow(int[] count, int row, int bit) {
        for (int x = 0; x < count.length; x++) {
            // without a branch, so that it runs on vectors
            int absent = ((points[row + x] & bit) - 1) >> 31;
            count[x] = (count[x] + 1) & absent;
        }
    }

    /// {@return how many points don't know their distance after so many looks each}
    private int lookAround(int bit, long limit, double[] distances) {
        var unknown = new AtomicInteger();
        forEach(bit, (number, index) -> {
            if (distances[number] == UNKNOWN) {
                distances[number] = distance(index, limit);
                if (distances[number] == UNKNOWN) {
                    unknown.incrementAndGet();
                }
            }
        });
        return unknown.get();
    }

    private double distance(int index, long limit) {
        int slice = grid.y() * grid.x();
        int z = index / slice;
        int x = index % grid.x();
        double best = Double.POSITIVE_INFINITY;
        long looks = 0;
        for (int dz = 0; dz < grid.z() && squareZ[dz] < best; dz++) {
            for (int side = dz == 0 ? 1 : -1; side <= 1; side += 2) {
                if (z + side * dz < 0 || z + side * dz >= grid.z()) {
                    continue;
                }
                int at = index + side * dz * slice;
                for (int dx = 0; dx < grid.x() && squareZ[dz] + squareX[dx] < best; dx++) {
                    if (x - dx >= 0) {
                        best = Math.min(best, look(at - dx, dz, dx));
                    }
                    if (x + dx < grid.x()) {
                        best = Math.min(best, look(at + dx, dz, dx));
                    }
                    looks++;
                }
            }
            if (looks > limit) {
                return UNKNOWN;
            }
        }
        return Math.sqrt(best);
    }

    private double look(int at, int dz, int dx) {
        int dy = offsets[at];
        return dy >= FAR ? Double.POSITIVE_INFINITY : squareZ[dz] + square(dy, grid.spacingY()) + squareX[dx];
    }

    private final class AlongX {
        private final Parabolas parabolas = new Parabolas(grid.x(), grid.spacingX());
        private final int[] rows = new int[grid.x()];

        void work(int z) {
            for (int row = z * grid.y(); row < (z + 1) * grid.y(); row++) {
                nearest(row * grid.x());
            }
        }

        private void nearest(int row) {
            for (int x = 0; x < rows.length; x++) {
                int n = offsets[row + x];
                parabolas.height[x] = n >= FAR ? Double.POSITIVE_INFINITY : square(n, grid.spacingY());
            }
            if (!parabolas.find()) {
                Arrays.fill(offsets, row, row + rows.length, NONE);
                return;
            }
            System.arraycopy(offsets, row, rows, 0, rows.length);
            for (int x = 0; x < rows.length; x++) {
                int nearest = parabolas.nearest[x];
                offsets[row + x] = rows[nearest] << bits | Math.abs(x - nearest);
            }
        }
    }

    private final class AlongZ {
        private final int[] tile = new int[grid.z() * TILE];
        private final int[] nearest = new int[grid.z() * TILE];
        private final boolean[] asked = new boolean[TILE];
        private final Parabolas parabolas = new Parabolas(grid.z(), grid.spacingZ());

        void work(int y, int number, int bit, double[] distances) {
            int first = number * TILE;
            int width = Math.min(TILE, grid.x() - first);
            Arrays.fill(asked, false);
            forEachUnknown(y, number, bit, distances, (_, index) -> asked[index % grid.x() - first] = true);
            for (int z = 0; z < grid.z(); z++) {
                System.arraycopy(offsets, (z * grid.y() + y) * grid.x() + first, tile, z * TILE, width);
            }
            for (int x = 0; x < width; x++) {
                if (asked[x]) {
                    column(x);
                }
            }
            forEachUnknown(y, number, bit, distances, (point, index) -> {
                int z = index / (grid.y() * grid.x());
                int x = index % grid.x() - first;
                int there = nearest[z * TILE + x];
                distances[point] = Math.sqrt(inSlice(tile[there * TILE + x], squareZ[Math.abs(z - there)]));
            });
        }

        private void forEachUnknown(int y, int number, int bit, double[] distances, Visitor visitor) {
            int[] start = starts[bit - 1];
            for (int z = 0; z < grid.z(); z++) {
                int row = z * grid.y() + y;
                int point = start[row * tiles + number];
                int end = start[row * tiles + number + 1];
                for (int i = row * grid.x() + number * TILE; point < end; i++) {
                    if ((points[i] & bit) != 0) {
                        if (distances[point] == UNKNOWN) {
                            visitor.visit(point, i);
                        }
                        point++;
                    }
                }
            }
        }

        private void column(int x) {
            for (int z = 0; z < grid.z(); z++) {
                int offset = tile[z * TILE + x];
                parabolas.height[z] = offset == NONE ? Double.POSITIVE_INFINITY : inSlice(offset, 0);
            }
            parabolas.find();
            for (int z = 0; z < grid.z(); z++) {
                nearest[z * TILE + x] = parabolas.nearest[z];
            }
        }

        private double inSlice(int offset, double alongZ) {
            return alongZ + square(offset >>> bits, grid.spacingY()) + squareX[offset & (1 << bits) - 1];
        }
    }
}
