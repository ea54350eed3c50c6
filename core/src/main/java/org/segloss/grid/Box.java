package org.segloss.grid;

import java.util.Arrays;

/// A part of a grid: its first voxel along each axis, and how many there are.
record Box(int z, int y, int x, int sizeZ, int sizeY, int sizeX) {

    static Box whole(Grid grid) {
        return new Box(0, 0, 0, grid.z(), grid.y(), grid.x());
    }

    /// {@return the smallest box with all voxels inside and, where the grid goes on, one more to each side;
    /// without a voxel inside one of size 0}
    static Box around(byte[] mask, Grid grid) {
        byte[] outside = new byte[grid.x()];
        int minZ = grid.z();
        int maxZ = -1;
        int minY = grid.y();
        int maxY = -1;
        int minX = grid.x();
        int maxX = -1;
        for (int z = 0, row = 0; z < grid.z(); z++) {
            for (int y = 0; y < grid.y(); y++, row += grid.x()) {
                // compares whole vectors: most rows of most masks are empty
                int first = Arrays.mismatch(mask, row, row + grid.x(), outside, 0, grid.x());
                if (first >= 0) {
                    int last = grid.x() - 1;
                    while (last > maxX && mask[row + last] == 0) {
                        last--;
                    }
                    minZ = Math.min(minZ, z);
                    maxZ = z;
                    minY = Math.min(minY, y);
                    maxY = Math.max(maxY, y);
                    minX = Math.min(minX, first);
                    maxX = Math.max(maxX, last);
                }
            }
        }
        if (maxZ < 0) {
            return new Box(0, 0, 0, 0, 0, 0);
        }
        int z = Math.max(minZ - 1, 0);
        int y = Math.max(minY - 1, 0);
        int x = Math.max(minX - 1, 0);
        return new Box(
                z,
                y,
                x,
                Math.min(maxZ + 2, grid.z()) - z,
                Math.min(maxY + 2, grid.y()) - y,
                Math.min(maxX + 2, grid.x()) - x);
    }

    /// {@return the smallest box that holds both}; a box of size 0 adds nothing
    Box and(Box other) {
        if (sizeX == 0 || other.sizeX == 0) {
            return sizeX == 0 ? other : this;
        }
        int minZ = Math.min(z, other.z);
        int minY = Math.min(y, other.y);
        int minX = Math.min(x, other.x);
        return new Box(
                minZ,
                minY,
                minX,
                Math.max(z + sizeZ, other.z + other.sizeZ) - minZ,
                Math.max(y + sizeY, other.y + other.sizeY) - minY,
                Math.max(x + sizeX, other.x + other.sizeX) - minX);
    }
}
