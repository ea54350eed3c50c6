package org.segloss.grid;

/// The connected components of a mask: voxels that touch, at a corner too, are in one (26 neighbours; 8 in
/// an image of `z = 1`).
public final class Components {
    private Components() {}

    /// {@return for each voxel inside the number of its component, 0 outside}; numbers go from 1, in the order
    /// of the components' first voxels
    ///
    /// @param mask one byte for each voxel of the grid, not 0 inside
    public static int[] of(byte[] mask, Grid grid) {
        if (mask.length != grid.voxels()) {
            throw new IllegalArgumentException("mask has %d voxels, grid (%d, %d, %d) has %d"
                    .formatted(mask.length, grid.z(), grid.y(), grid.x(), grid.voxels()));
        }
        int[] numbers = new int[mask.length];
        int inside = 0;
        for (byte voxel : mask) {
            inside += voxel != 0 ? 1 : 0;
        }
        // each voxel is found once
        int[] found = new int[inside];
        int count = 0;
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] != 0 && numbers[i] == 0) {
                numbers[i] = ++count;
                fill(mask, grid, i, numbers, found);
            }
        }
        return numbers;
    }

    /// Gives all of a component the number of its first voxel.
    private static void fill(byte[] mask, Grid grid, int first, int[] numbers, int[] found) {
        found[0] = first;
        for (int done = 0, end = 1; done < end; done++) {
            int x = found[done] % grid.x();
            int y = found[done] / grid.x() % grid.y();
            int z = found[done] / grid.x() / grid.y();
            for (int nz = Math.max(0, z - 1); nz <= Math.min(grid.z() - 1, z + 1); nz++) {
                for (int ny = Math.max(0, y - 1); ny <= Math.min(grid.y() - 1, y + 1); ny++) {
                    for (int nx = Math.max(0, x - 1); nx <= Math.min(grid.x() - 1, x + 1); nx++) {
                        int at = (nz * grid.y() + ny) * grid.x() + nx;
                        if (mask[at] != 0 && numbers[at] == 0) {
                            numbers[at] = numbers[first];
                            found[end++] = at;
                        }
                    }
                }
            }
        }
    }
}
