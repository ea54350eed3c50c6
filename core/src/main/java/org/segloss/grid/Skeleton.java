package org.segloss.grid;

import java.util.Arrays;

/// The skeleton of a mask: lines of one voxel along the middle of what is inside.
///
/// Voxels are taken away from the border until none can be, six directions in turn (four where `z = 1`), so
/// that the middle is what stays. A voxel can be taken away if it is simple, that is, if nothing
/// comes apart, joins, opens or fills without it, and if it isn't the end of a line. So the skeleton has
/// the components, holes and cavities of the mask: 26-connected inside, 6-connected outside (8 and 4 in two
/// dimensions). What lies beyond the grid is outside.
///
/// A voxel is simple if among its 26 neighbours those inside are one 26-connected component, and among the
/// 18 nearest those outside that share a face with it are in one 6-connected component of what is outside.
/// In each turn the voxels at the border are found first, and then taken in the order of the grid, each one
/// only if it still is simple.
///
/// @see <a href="https://doi.org/10.1006/cgip.1994.1042">Lee, Kashyap, Chu (1994), Building skeleton models
///     via 3-D medial surface/axis thinning algorithms</a>
/// @see <a href="https://doi.org/10.1016/0167-8655(94)90046-9">Bertrand, Malandain (1994), A new
///     characterization of three-dimensional simple points</a>
public final class Skeleton {
    /// The voxel itself, the 14th of the 27 around it.
    private static final int CENTRE = 13;

    /// For each of the 27 those of them that touch it, and those that share a face with it, without the
    /// centre.
    private static final int[] TOUCH = new int[27];

    private static final int[] FACES = new int[27];

    /// Those that share a face with the centre, and those that share a face or an edge.
    private static final int SIX;

    private static final int EIGHTEEN;

    static {
        int eighteen = 0;
        for (int a = 0; a < 27; a++) {
            for (int b = 0; b < 27; b++) {
                int dz = Math.abs(a / 9 - b / 9);
                int dy = Math.abs(a / 3 % 3 - b / 3 % 3);
                int dx = Math.abs(a % 3 - b % 3);
                if (a != b && b != CENTRE) {
                    TOUCH[a] |= Math.max(dz, Math.max(dy, dx)) == 1 ? 1 << b : 0;
                    FACES[a] |= dz + dy + dx == 1 ? 1 << b : 0;
                }
                eighteen |= a == CENTRE && b != CENTRE && dz + dy + dx <= 2 ? 1 << b : 0;
            }
        }
        SIX = FACES[CENTRE];
        EIGHTEEN = eighteen;
    }

    /// One byte for each voxel of the box, with a margin of one to each side.
    private final byte[] inside;

    private final int line;
    private final int slice;

    private Skeleton(int z, int y, int x) {
        line = x + 2;
        slice = (y + 2) * line;
        inside = new byte[Math.multiplyExact(z + 2, slice)];
    }

    /// {@return 1 on the skeleton, 0 elsewhere}
    ///
    /// @param mask one byte for each voxel of the grid, not 0 inside
    public static byte[] of(byte[] mask, Grid grid) {
        if (mask.length != grid.voxels()) {
            throw new IllegalArgumentException("mask has %d voxels, grid (%d, %d, %d) has %d"
                    .formatted(mask.length, grid.z(), grid.y(), grid.x(), grid.voxels()));
        }
        Box box = Box.around(mask, grid);
        Skeleton skeleton = new Skeleton(box.sizeZ(), box.sizeY(), box.sizeX());
        byte[] out = new byte[mask.length];
        int[] from = new int[box.sizeZ() * box.sizeY() * box.sizeX()];
        int[] to = new int[from.length];
        int count = 0;
        for (int z = 0; z < box.sizeZ(); z++) {
            for (int y = 0; y < box.sizeY(); y++) {
                for (int x = 0; x < box.sizeX(); x++) {
                    int at = ((box.z() + z) * grid.y() + box.y() + y) * grid.x() + box.x() + x;
                    if (mask[at] != 0) {
                        from[count] = at;
                        to[count] = (z + 1) * skeleton.slice + (y + 1) * skeleton.line + x + 1;
                        skeleton.inside[to[count++]] = 1;
                    }
                }
            }
        }
        skeleton.thin(Arrays.copyOf(to, count), grid.z() > 1);
        for (int i = 0; i < count; i++) {
            out[from[i]] = skeleton.inside[to[i]];
        }
        return out;
    }

    private void thin(int[] voxels, boolean deep) {
        int[] steps = deep ? new int[] {-slice, slice, -line, line, -1, 1} : new int[] {-line, line, -1, 1};
        int[] border = new int[voxels.length];
        int left = voxels.length;
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int step : steps) {
                int found = 0;
                for (int i = 0; i < left; i++) {
                    if (inside[voxels[i] + step] == 0) {
                        int around = around(voxels[i]);
                        // a line ends in a voxel with one neighbour
                        if (Integer.bitCount(around) > 1 && isSimple(around)) {
                            border[found++] = voxels[i];
                        }
                    }
                }
                for (int i = 0; i < found; i++) {
                    // those before it may have left it alone, but the end of a line it was not: a tip of a thick
                    // object would leave a line to the middle
                    if (isSimple(around(border[i]))) {
                        inside[border[i]] = 0;
                        changed = true;
                    }
                }
                int kept = 0;
                for (int i = 0; i < left; i++) {
                    if (inside[voxels[i]] != 0) {
                        voxels[kept++] = voxels[i];
                    }
                }
                left = kept;
            }
        }
    }

    /// {@return which of the 27 are inside, but for the centre}
    private int around(int voxel) {
        int around = 0;
        for (int k = 0; k < 27; k++) {
            around |= inside[voxel + (k / 9 - 1) * slice + (k / 3 % 3 - 1) * line + k % 3 - 1] << k;
        }
        return around & ~(1 << CENTRE);
    }

    private static boolean isSimple(int around) {
        int outside = ~around & EIGHTEEN;
        int faces = ~around & SIX;
        return around != 0
                && faces != 0
                && component(around, Integer.lowestOneBit(around), TOUCH) == around
                && (faces & ~component(outside, Integer.lowestOneBit(faces), FACES)) == 0;
    }

    /// {@return the component of `all` that `part` is in}
    private static int component(int all, int part, int[] neighbours) {
        int component = part;
        int last = part;
        while (last != 0) {
            int next = 0;
            for (int rest = last; rest != 0; rest &= rest - 1) {
                next |= neighbours[Integer.numberOfTrailingZeros(rest)];
            }
            last = next & all & ~component;
            component |= last;
        }
        return component;
    }
}
