package org.segloss.grid;

/// The size of a voxel.
///
/// @param z millimetres from slice to slice
/// @param y millimetres from row to row
/// @param x millimetres from column to column
public record Spacing(double z, double y, double x) {

    /// Distances in voxels.
    public static final Spacing ONE = new Spacing(1, 1, 1);

    /// Checks what [Grid] checks.
    public Spacing {
        new Grid(1, 1, 1, z, y, x);
    }

    /// {@return a grid of so many slices, rows and columns}
    public Grid grid(int slices, int rows, int columns) {
        return new Grid(slices, rows, columns, z, y, x);
    }
}
