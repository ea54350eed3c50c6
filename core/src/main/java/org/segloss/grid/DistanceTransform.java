package org.segloss.grid;

import java.util.Arrays;
import org.segloss.kernel.Pool;
import org.segloss.kernel.Workers;

/// The exact Euclidean distance transform of a mask, in millimetres between voxel centres.
///
/// ```
/// D(v)² = min over w of another kind than v of  (dz (v.z - w.z))² + (dy (v.y - w.y))² + (dx (v.x - w.x))²
/// ```
///
/// There are two kinds of voxels, inside (a byte that isn't 0) and outside. What lies beyond the grid is
/// neither: the edge of the grid is no border. Where no voxel is of the other kind the distance is
/// infinite. Distances are within 3e-7 of the exact ones, relatively, and squares of whole numbers of
/// millimetres up to 2^24 are exact.
///
/// The minimum is taken axis by axis. Along y the voxels since the last one of the other kind are counted,
/// down and up; along x and then along z parabolas are compared ([Envelope]). The first two are done slice
/// by slice, while a slice is in the cache; lines along z in tiles of neighbouring columns. Only the box
/// around what is inside is worked on, unless outside distances are asked for too. Every line is computed
/// by one thread and on its own, so results are the same bits for any number of threads. Needs no memory of
/// the volume's size but the result.
///
/// The argument `mask` has one byte for each voxel of the grid, at most 2^31 - 1 as an array has. It isn't
/// changed.
///
/// @see <a href="https://doi.org/10.4086/toc.2012.v008a019">Felzenszwalb, Huttenlocher (2012), Distance
///     transforms of sampled functions, Theory of Computing 8</a>
/// @see <a href="https://doi.org/10.1007/0-306-47025-X_36">Meijster, Roerdink, Hesselink (2000), A general
///     algorithm for computing distance transforms in linear time</a>
public final class DistanceTransform {
    /// Columns in a tile: rows of two cache lines, for 512 slices an eighth of a second-level cache.
    private static final int TILE = 32;

    /// Voxels since one of the other kind, where there is none: more than any axis has, and stays so when
    /// added to.
    private static final int FAR = 1 << 30;

    /// The most rows of a slice: voxels along a column are counted exactly in a float.
    private static final int MAX_ROWS = 1 << 24;

    private final byte[] mask;
    private final Grid grid;
    private final Box box;
    private final boolean outsideToo;
    private final boolean squares;
    private final float[] out;

    private DistanceTransform(byte[] mask, Grid grid, Box box, boolean outsideToo, boolean squares) {
        this.mask = mask;
        this.grid = grid;
        this.box = box;
        this.outsideToo = outsideToo;
        this.squares = squares;
        this.out = new float[mask.length];
    }

    /// {@return for each voxel inside the distance to the nearest voxel outside, 0 outside}
    ///
    /// The convention of `scipy.ndimage.distance_transform_edt`, but for a mask without a voxel outside:
    /// infinite everywhere.
    ///
    /// @param threads at least 1
    public static float[] distance(byte[] mask, Grid grid, int threads) {
        Grid g = checked(mask, grid, threads);
        return new DistanceTransform(mask, g, Box.around(mask, g), false, false).run(threads);
    }

    /// {@return for each voxel inside the squared distance to the nearest voxel outside, in mm², 0 outside}
    ///
    /// @param threads at least 1
    public static float[] squared(byte[] mask, Grid grid, int threads) {
        Grid g = checked(mask, grid, threads);
        return new DistanceTransform(mask, g, Box.around(mask, g), false, true).run(threads);
    }

    /// {@return the distance to the nearest voxel of the other kind, negative inside and positive outside}
    ///
    /// Never 0: next to the border the distance is that between two voxels. Negative infinity everywhere in
    /// a mask without a voxel outside, positive infinity in one without a voxel inside.
    ///
    /// @param threads at least 1
    public static float[] signed(byte[] mask, Grid grid, int threads) {
        Grid g = checked(mask, grid, threads);
        return new DistanceTransform(mask, g, Box.whole(g), true, false).run(threads);
    }

    private static Grid checked(byte[] mask, Grid grid, int threads) {
        if (mask.length != grid.voxels()) {
            throw new IllegalArgumentException("mask has %d voxels, grid (%d, %d, %d) has %d"
                    .formatted(mask.length, grid.z(), grid.y(), grid.x(), grid.voxels()));
        }
        if (grid.z() > 1 && grid.y() > MAX_ROWS) {
            throw new IllegalArgumentException(
                    "a slice has to have at most %d rows, but has %d".formatted(MAX_ROWS, grid.y()));
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads have to be at least 1, but are " + threads);
        }
        // the rows of a plane image become slices, which are what threads share
        return grid.z() > 1 ? grid : new Grid(grid.y(), 1, grid.x(), grid.spacingY(), 1, grid.spacingX());
    }

    private float[] run(int threads) {
        Workers.run(box.sizeZ(), threads, new Pool<>(Slices::new), Slices::work);
        int tiles = (box.sizeX() + TILE - 1) / TILE;
        Workers.run(box.sizeY() * tiles, threads, new Pool<>(Tiles::new), Tiles::work);
        return out;
    }

    /// Where a voxel of the box is.
    private int at(int z, int y, int x) {
        return ((box.z() + z) * grid.y() + box.y() + y) * grid.x() + box.x() + x;
    }

    /// The passes along y and x. Loops without a branch and of one kind of number each, so that they run on
    /// vectors.
    private final class Slices {
        private final int all = outsideToo ? -1 : 0;
        private final int[] voxels = new int[box.sizeX()];
        private final int[] count = new int[box.sizeX()];

        /// All bits inside, none outside; of the row that was counted last.
        private final int[] kind = new int[box.sizeX()];

        private final Envelope alongX = new Envelope(box.sizeX(), grid.spacingX());

        void work(int z) {
            start(at(z, 0, 0));
            for (int y = 0; y < box.sizeY(); y++) {
                int row = at(z, y, 0);
                count(row);
                for (int x = 0; x < count.length; x++) {
                    out[row + x] = count[x];
                }
            }
            start(at(z, box.sizeY() - 1, 0));
            for (int y = box.sizeY() - 1; y >= 0; y--) {
                int row = at(z, y, 0);
                count(row);
                square(row);
                alongX.add(out, row, 1);
            }
        }

        private void start(int row) {
            Arrays.fill(count, FAR);
            for (int x = 0; x < kind.length; x++) {
                kind[x] = inside(mask[row + x]);
            }
        }

        /// One row on: one voxel more, or the first one where the kind is another.
        private void count(int row) {
            for (int x = 0; x < voxels.length; x++) {
                voxels[x] = mask[row + x];
            }
            for (int x = 0; x < count.length; x++) {
                int inside = inside(voxels[x]);
                count[x] = ((count[x] & ~(inside ^ kind[x])) + 1) & (inside | all);
                kind[x] = inside;
            }
        }

        private void square(int row) {
            double dy2 = grid.spacingY() * grid.spacingY();
            for (int x = 0; x < count.length; x++) {
                double n = Math.min(out[row + x], count[x]);
                // FAR overflows to infinity
                out[row + x] = (float) (dy2 * n * n + Math.max(0, n - 2 * MAX_ROWS) * 1e300);
            }
            if (outsideToo) {
                for (int x = 0; x < count.length; x++) {
                    out[row + x] *= 1 + 2 * kind[x];
                }
            }
        }

        private static int inside(int voxel) {
            return (voxel | -voxel) >> 31;
        }
    }

    /// The pass along z.
    private final class Tiles {
        private final int stride = Math.min(TILE, box.sizeX());
        private final float[] tile = new float[box.sizeZ() * stride];
        private final Envelope alongZ = new Envelope(box.sizeZ(), grid.spacingZ());

        void work(int piece) {
            int y = piece % box.sizeY();
            int x = piece / box.sizeY() * TILE;
            int width = Math.min(TILE, box.sizeX() - x);
            for (int z = 0; z < box.sizeZ(); z++) {
                System.arraycopy(out, at(z, y, x), tile, z * stride, width);
            }
            for (int column = 0; column < width; column++) {
                alongZ.add(tile, column, stride);
            }
            if (!squares) {
                for (int i = 0; i < tile.length; i++) {
                    tile[i] = Math.copySign((float) Math.sqrt(Math.abs(tile[i])), tile[i]);
                }
            }
            for (int z = 0; z < box.sizeZ(); z++) {
                System.arraycopy(tile, z * stride, out, at(z, y, x), width);
            }
        }
    }
}
