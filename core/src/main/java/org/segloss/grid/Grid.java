package org.segloss.grid;

/// A grid of voxels of one size, `(z, y, x)`, x fastest. An image in two dimensions has `z = 1`.
///
/// @param z        slices, at least 1
/// @param y        rows, at least 1
/// @param x        columns, at least 1
/// @param spacingZ millimetres from slice to slice, from 1e-9 to 1e9, so that squares fit into a float
/// @param spacingY millimetres from row to row, as much
/// @param spacingX millimetres from column to column, as much
public record Grid(int z, int y, int x, double spacingZ, double spacingY, double spacingX) {
    public Grid {
        if (!(z > 0 && y > 0 && x > 0)) {
            throw new IllegalArgumentException(
                    "grid (z, y, x) has to be positive, but is (%d, %d, %d)".formatted(z, y, x));
        }
        for (double spacing : new double[] {spacingZ, spacingY, spacingX}) {
            if (!(spacing >= 1e-9 && spacing <= 1e9)) {
                throw new IllegalArgumentException(
                        "spacing (z, y, x) has to be from 1e-9 to 1e9 mm, but is (%s, %s, %s)"
                                .formatted(spacingZ, spacingY, spacingX));
            }
        }
    }

    /// {@return the same voxels in the same order with `z = 1`, if there is one slice along y or x}: a plane is one,
    /// along whichever axis it is stored
    public Grid asPlane() {
        if (z > 1 && y == 1) {
            return new Grid(1, z, x, spacingY, spacingZ, spacingX);
        }
        return z > 1 && x == 1 ? new Grid(1, z, y, spacingX, spacingZ, spacingY) : this;
    }

    /// {@return the number of voxels}
    public long voxels() {
        return Math.multiplyExact((long) z * y, (long) x);
    }
}
