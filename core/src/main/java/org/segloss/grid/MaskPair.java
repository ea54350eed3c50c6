package org.segloss.grid;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.segloss.kernel.Workers;

/// Two masks of one grid, cut to the smallest box around both, with background around it, and the distances between
/// their surfaces.
///
/// What lies beyond the grid is background. A grid of `z = 1` is a plane image: nothing lies above and below.
public final class MaskPair {
    private static final int FIRST = 1;
    private static final int SECOND = 2;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Grid grid;

    /// The two masks as bits.
    private final byte[] voxels;

    private final int firstBits;
    private final int secondBits;
    private final int threads;

    private MaskPair(Grid grid, byte[] voxels, int firstBits, int secondBits, int threads) {
        this.grid = grid;
        this.voxels = voxels;
        this.firstBits = firstBits;
        this.secondBits = secondBits;
        this.threads = threads;
    }

    /// @param first   one byte for each voxel of the grid, not 0 inside
    /// @param second  likewise
    /// @param threads at least 1
    /// @return nothing if both masks are empty
    /// @throws IllegalArgumentException if the masks have another number of voxels than the grid
    public static Optional<MaskPair> of(byte[] first, byte[] second, Grid grid, int threads) {
        if (first.length != grid.voxels() || second.length != grid.voxels()) {
            throw new IllegalArgumentException("masks have %d and %d voxels, grid (%d, %d, %d) has %d"
                    .formatted(first.length, second.length, grid.z(), grid.y(), grid.x(), grid.voxels()));
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads have to be at least 1, but are " + threads);
        }
        Box box = Box.around(first, grid).and(Box.around(second, grid));
        if (box.sizeX() == 0) {
            return Optional.empty();
        }
        int margin = grid.z() > 1 ? 1 : 0;
        var cut = new Grid(
                box.sizeZ() + 2 * margin,
                box.sizeY() + 2,
                box.sizeX() + 2,
                grid.spacingZ(),
                grid.spacingY(),
                grid.spacingX());
        if (cut.voxels() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "the box around the masks has %d voxels, more than an array holds".formatted(cut.voxels()));
        }
        byte[] voxels = new byte[(int) cut.voxels()];
        int[] firstBits = new int[box.sizeZ()];
        int[] secondBits = new int[box.sizeZ()];
        Workers.run(box.sizeZ(), threads, z -> {
            for (int y = 0; y < box.sizeY(); y++) {
                int from = ((box.z() + z) * grid.y() + box.y() + y) * grid.x() + box.x();
                firstBits[z] |= bits(first, from, from + box.sizeX());
                secondBits[z] |= bits(second, from, from + box.sizeX());
                int to = ((z + margin) * cut.y() + y + 1) * cut.x() + 1;
                for (int x = 0; x < box.sizeX(); x++) {
                    int inFirst = first[from + x] != 0 ? FIRST : 0;
                    int inSecond = second[from + x] != 0 ? SECOND : 0;
                    voxels[to + x] = (byte) (inFirst | inSecond);
                }
            }
        });
        return Optional.of(new MaskPair(cut, voxels, or(firstBits), or(secondBits), threads));
    }

    /// {@return the bits that any of the values has}
    private static int bits(byte[] values, int from, int to) {
        // eight bytes at once: a loop over bytes takes longer than all else here
        long eight = 0;
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            eight |= (long) LONGS.get(values, i);
        }
        for (; i < to; i++) {
            eight |= values[i] & 0xFF;
        }
        int four = (int) (eight | eight >>> 32);
        int two = four | four >>> 16;
        return (two | two >>> 8) & 0xFF;
    }

    private static int or(int[] bits) {
        return Arrays.stream(bits).reduce(0, (a, b) -> a | b);
    }

    /// {@return the bits, of eight, that any value of the first mask has}: a single one if it has but one value besides
    /// 0 that is a power of two
    public int firstBits() {
        return firstBits;
    }

    /// {@return likewise of the second mask}
    public int secondBits() {
        return secondBits;
    }

    /// {@return the grid of the box}
    public Grid grid() {
        return grid;
    }

    /// {@return the first mask in the box, 1 inside}
    public byte[] first() {
        return mask(FIRST);
    }

    /// {@return the second mask in the box, 1 inside}
    public byte[] second() {
        return mask(SECOND);
    }

    /// {@return how many voxels are in neither mask of the box, in the first alone, in the second alone, and in both}
    public long[] counts() {
        long[][] counts = new long[grid.z()][4];
        int slice = grid.y() * grid.x();
        Workers.run(grid.z(), threads, z -> {
            // counts of a slice fit into an int, and sums of ints run on vectors
            int first = 0;
            int second = 0;
            int both = 0;
            for (int i = z * slice; i < (z + 1) * slice; i++) {
                first += voxels[i] & 1;
                second += voxels[i] >> 1;
                both += voxels[i] & voxels[i] >> 1;
            }
            counts[z][0] = (long) slice - first - second + both;
            counts[z][FIRST] = first - both;
            counts[z][SECOND] = second - both;
            counts[z][FIRST | SECOND] = both;
        });
        long[] sum = new long[4];
        for (long[] count : counts) {
            Arrays.setAll(sum, i -> sum[i] + count[i]);
        }
        return sum;
    }

    private byte[] mask(int bit) {
        byte[] mask = new byte[voxels.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) ((voxels[i] & bit) / bit);
        }
        return mask;
    }

    /// Distances from the points of each surface to the nearest of the other, in millimetres, in the order of the
    /// voxels.
    ///
    /// @param fromFirst   from the first surface to the second
    /// @param fromSecond  from the second surface to the first
    /// @param firstAreas  how much of its surface each point of the first stands for
    /// @param secondAreas likewise of the second
    public record Distances(double[] fromFirst, double[] fromSecond, double[] firstAreas, double[] secondAreas) {}

    /// {@return distances between surface voxels}, those inside with a neighbour outside, over a face (an edge
    /// in a plane image); each stands for 1
    ///
    /// @throws IllegalArgumentException if a mask is empty
    public Distances voxelDistances() {
        byte[] points = new byte[voxels.length];
        int line = grid.x();
        int slice = grid.z() > 1 ? grid.y() * line : 0;
        rows(1, (from, to) -> {
            for (int i = from; i < to; i++) {
                int around = voxels[i - 1] & voxels[i + 1] & voxels[i - line] & voxels[i + line];
                points[i] = (byte) (voxels[i] & ~(around & voxels[i - slice] & voxels[i + slice]));
            }
        });
        NearestPoints nearest = nearest(points);
        return new Distances(
                nearest.distances(FIRST, SECOND),
                nearest.distances(SECOND, FIRST),
                ones(nearest.count(FIRST)),
                ones(nearest.count(SECOND)));
    }

    /// {@return distances between surface elements}, the corners of voxels that have voxels of both kinds around them;
    /// each stands for the area of [SurfelAreas] in mm², in a plane image for a length in mm
    ///
    /// @throws IllegalArgumentException if a mask is empty
    public Distances surfelDistances() {
        byte[] points = new byte[voxels.length];
        int line = grid.x();
        int slice = grid.z() > 1 ? grid.y() * line : 0;
        rows(0, (from, to) -> {
            for (int i = from; i < to; i++) {
                int j = i - slice;
                int any = voxels[i] | voxels[i - 1] | voxels[i - line] | voxels[i - line - 1];
                int all = voxels[i] & voxels[i - 1] & voxels[i - line] & voxels[i - line - 1];
                any |= voxels[j] | voxels[j - 1] | voxels[j - line] | voxels[j - line - 1];
                all &= voxels[j] & voxels[j - 1] & voxels[j - line] & voxels[j - line - 1];
                points[i] = (byte) (any & ~all);
            }
        });
        NearestPoints nearest = nearest(points);
        // a plane image as a prism of one millimetre
        double[] table = SurfelAreas.of(grid.z() > 1 ? grid.spacingZ() : 1, grid.spacingY(), grid.spacingX());
        return new Distances(
                nearest.distances(FIRST, SECOND),
                nearest.distances(SECOND, FIRST),
                areas(nearest, FIRST, table),
                areas(nearest, SECOND, table));
    }

    private interface Row {
        void work(int from, int to);
    }

    /// Does the rows of the box without its first slice, row and column of background, and without the last
    /// `margin` of each, where that is 1.
    private void rows(int margin, Row work) {
        int deep = grid.z() > 1 ? 1 : 0;
        Workers.run(grid.z() - deep * (1 + margin), threads, z -> {
            int slice = (z + deep) * grid.y() * grid.x();
            for (int y = 1; y < grid.y() - margin; y++) {
                work.work(slice + y * grid.x() + 1, slice + (y + 1) * grid.x() - margin);
            }
        });
    }

    private NearestPoints nearest(byte[] points) {
        var nearest = new NearestPoints(points, grid, threads);
        if (nearest.count(FIRST) == 0 || nearest.count(SECOND) == 0) {
            throw new IllegalArgumentException("a mask is empty, and has no surface to be away from");
        }
        return nearest;
    }

    private static double[] ones(int length) {
        double[] ones = new double[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    private double[] areas(NearestPoints points, int bit, double[] table) {
        double[] areas = new double[points.count(bit)];
        int line = grid.x();
        int slice = grid.z() > 1 ? grid.y() * line : 0;
        points.forEach(bit, (number, index) -> {
            int code = 0;
            for (int corner = 0; corner < 8; corner++) {
                int at = index - (1 - corner / 4) * slice - (1 - corner / 2 % 2) * line - (1 - corner % 2);
                code |= (voxels[at] & bit) / bit << corner;
            }
            areas[number] = table[code];
        });
        return areas;
    }
}
