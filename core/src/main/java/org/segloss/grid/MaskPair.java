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
///
/// Some voxels may be unknown. They are in neither mask, and make no border to those beside them: a surface voxel has a
/// neighbour that is known to be outside, a surface element lies among voxels that are all known, and where lines or
/// objects are looked for an unknown voxel belongs with the nearest known one.
public final class MaskPair {
    private static final int FIRST = 1;
    private static final int SECOND = 2;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Grid grid;

    /// The two masks as bits.
    private final byte[] voxels;

    /// Where voxels are unknown both bits, elsewhere the two masks; the same array where none is unknown.
    private final byte[] possible;

    private final int firstBits;
    private final int secondBits;
    private final int threads;

    private MaskPair(Grid grid, byte[] voxels, byte[] possible, int firstBits, int secondBits, int threads) {
        this.grid = grid;
        this.voxels = voxels;
        this.possible = possible;
        this.firstBits = firstBits;
        this.secondBits = secondBits;
        this.threads = threads;
    }

    /// As [#of(byte[], byte[], Optional, Grid, int)], where every voxel is known.
    public static Optional<MaskPair> of(byte[] first, byte[] second, Grid grid, int threads) {
        return of(first, second, Optional.empty(), grid, threads);
    }

    /// @param first   one byte for each voxel of the grid, not 0 inside, 0 where it is unknown
    /// @param second  likewise
    /// @param known   whether each voxel is known; nothing where all are
    /// @param threads at least 1
    /// @return nothing if both masks are empty
    /// @throws IllegalArgumentException if the masks have another number of voxels than the grid
    public static Optional<MaskPair> of(
            byte[] first, byte[] second, Optional<boolean[]> known, Grid grid, int threads) {
        if (first.length != grid.voxels() || second.length != grid.voxels()) {
            throw new IllegalArgumentException("masks have %d and %d voxels, grid (%d, %d, %d) has %d"
                    .formatted(first.length, second.length, grid.z(), grid.y(), grid.x(), grid.voxels()));
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads have to be at least 1, but are " + threads);
        }
        Box masks = Box.around(first, grid).and(Box.around(second, grid));
        if (masks.sizeX() == 0) {
            return Optional.empty();
        }
        Optional<byte[]> unknown = known.map(MaskPair::unknown);
        // with the unknown ones what is known nearest to any voxel of the box lies in it
        Box box = unknown.map(u -> masks.and(Box.around(u, grid))).orElse(masks);
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
        byte[] possible = voxels;
        if (unknown.isPresent()) {
            possible = voxels.clone();
            for (int z = 0; z < box.sizeZ(); z++) {
                for (int y = 0; y < box.sizeY(); y++) {
                    int from = ((box.z() + z) * grid.y() + box.y() + y) * grid.x() + box.x();
                    int to = ((z + margin) * cut.y() + y + 1) * cut.x() + 1;
                    for (int x = 0; x < box.sizeX(); x++) {
                        possible[to + x] |= (byte) (unknown.get()[from + x] * (FIRST | SECOND));
                    }
                }
            }
        }
        return Optional.of(new MaskPair(cut, voxels, possible, or(firstBits), or(secondBits), threads));
    }

    private static byte[] unknown(boolean[] known) {
        byte[] unknown = new byte[known.length];
        for (int i = 0; i < known.length; i++) {
            unknown[i] = (byte) (known[i] ? 0 : 1);
        }
        return unknown;
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
        return mask(voxels, FIRST);
    }

    /// {@return the second mask in the box, 1 inside}
    public byte[] second() {
        return mask(voxels, SECOND);
    }

    /// {@return whether every voxel of the box is known}
    public boolean isKnown() {
        return possible == voxels;
    }

    /// {@return whether a voxel of the box is known}
    public boolean isKnown(int voxel) {
        return voxels[voxel] == possible[voxel];
    }

    /// {@return 1 where the first mask is inside or unknown}
    public byte[] firstOrUnknown() {
        return mask(possible, FIRST);
    }

    /// {@return 1 where the second mask is inside or unknown}
    public byte[] secondOrUnknown() {
        return mask(possible, SECOND);
    }

    /// {@return the first mask, in which an unknown voxel belongs with the nearest known one}: [PartialMask#completed]
    public byte[] firstCompleted() {
        return completed(first());
    }

    /// {@return likewise the second mask}
    public byte[] secondCompleted() {
        return completed(second());
    }

    private byte[] completed(byte[] mask) {
        if (isKnown()) {
            return mask;
        }
        // what lies around the grid is outside, but nothing to belong with: the grid's edge is no border there
        boolean[] known = new boolean[mask.length];
        rows(1, (from, to) -> {
            for (int i = from; i < to; i++) {
                known[i] = isKnown(i);
            }
        });
        byte[] completed = new PartialMask(mask, known, grid, threads).completed();
        byte[] inGrid = new byte[mask.length];
        rows(1, (from, to) -> System.arraycopy(completed, from, inGrid, from, to - from));
        return inGrid;
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

    private static byte[] mask(byte[] voxels, int bit) {
        byte[] mask = new byte[voxels.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) ((voxels[i] & bit) / bit);
        }
        return mask;
    }

    /// Distances from the points of each surface to the nearest of the other, in millimetres, in the order of the
    /// voxels. Where unknown voxels leave a mask no surface there are no points of it, and to it distances are
    /// infinite.
    ///
    /// @param fromFirst   from the first surface to the second
    /// @param fromSecond  from the second surface to the first
    /// @param firstAreas  how much of its surface each point of the first stands for
    /// @param secondAreas likewise of the second
    public record Distances(double[] fromFirst, double[] fromSecond, double[] firstAreas, double[] secondAreas) {}

    /// {@return distances between surface voxels}, those inside with a neighbour that is known to be outside, over a
    /// face (an edge in a plane image); each stands for 1
    ///
    /// @throws IllegalArgumentException if a mask is empty
    public Distances voxelDistances() {
        byte[] points = new byte[voxels.length];
        int line = grid.x();
        int slice = grid.z() > 1 ? grid.y() * line : 0;
        rows(1, (from, to) -> {
            for (int i = from; i < to; i++) {
                int around = possible[i - 1] & possible[i + 1] & possible[i - line] & possible[i + line];
                points[i] = (byte) (voxels[i] & ~(around & possible[i - slice] & possible[i + slice]));
            }
        });
        NearestPoints nearest = nearest(points);
        return new Distances(
                distances(nearest, FIRST, SECOND),
                distances(nearest, SECOND, FIRST),
                ones(nearest.count(FIRST)),
                ones(nearest.count(SECOND)));
    }

    /// {@return distances between surface elements}, the corners of voxels that have voxels of both kinds around them,
    /// all of them known; each stands for the area of [SurfelAreas] in mm², in a plane image for a length in mm
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
        if (!isKnown()) {
            rows(0, (from, to) -> {
                for (int i = from; i < to; i++) {
                    points[i] = isKnownAround(i, line, slice) ? points[i] : 0;
                }
            });
        }
        NearestPoints nearest = nearest(points);
        // a plane image as a prism of one millimetre
        double[] table = SurfelAreas.of(grid.z() > 1 ? grid.spacingZ() : 1, grid.spacingY(), grid.spacingX());
        return new Distances(
                distances(nearest, FIRST, SECOND),
                distances(nearest, SECOND, FIRST),
                areas(nearest, FIRST, table),
                areas(nearest, SECOND, table));
    }

    /// {@return whether all voxels that a corner lies among are known}
    private boolean isKnownAround(int corner, int line, int slice) {
        boolean known = true;
        for (int at : new int[] {corner, corner - slice}) {
            known &= isKnown(at) && isKnown(at - 1) && isKnown(at - line) && isKnown(at - line - 1);
        }
        return known;
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
        if (firstBits == 0 || secondBits == 0) {
            throw new IllegalArgumentException("a mask is empty, and has no surface to be away from");
        }
        return new NearestPoints(points, grid, threads);
    }

    private static double[] distances(NearestPoints nearest, int from, int to) {
        if (nearest.count(to) == 0) {
            double[] distances = new double[nearest.count(from)];
            Arrays.fill(distances, Double.POSITIVE_INFINITY);
            return distances;
        }
        return nearest.distances(from, to);
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
