package org.segloss.dicom.labels;

import org.segloss.image.Geometry;

/// Places in millimetres as voxels of a grid.
final class GridMap {
    /// Decimals are rounded: a voxel may be so far from its place, in voxels.
    private static final double NEAR = 0.25;

    private final Geometry grid;
    /// From RAS to voxels, 3 x 4.
    private final double[] inverse = new double[12];

    GridMap(Geometry grid) {
        this.grid = grid;
        double[] a = grid.affine();
        double det = a[0] * (a[5] * a[10] - a[6] * a[9])
                - a[1] * (a[4] * a[10] - a[6] * a[8])
                + a[2] * (a[4] * a[9] - a[5] * a[8]);
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                int r1 = (column + 1) % 3;
                int r2 = (column + 2) % 3;
                int c1 = (row + 1) % 3;
                int c2 = (row + 2) % 3;
                inverse[4 * row + column] = (a[4 * r1 + c1] * a[4 * r2 + c2] - a[4 * r1 + c2] * a[4 * r2 + c1]) / det;
            }
            inverse[4 * row + 3] =
                    -(inverse[4 * row] * a[3] + inverse[4 * row + 1] * a[7] + inverse[4 * row + 2] * a[11]);
        }
    }

    Geometry grid() {
        return grid;
    }

    /// {@return a place in the patient, which DICOM counts to the left, to the back and up, in voxels}
    double[] voxel(double left, double back, double up) {
        double[] voxel = direction(left, back, up);
        for (int i = 0; i < 3; i++) {
            voxel[i] += inverse[4 * i + 3];
        }
        return voxel;
    }

    private double[] direction(double left, double back, double up) {
        double[] voxels = new double[3];
        for (int i = 0; i < 3; i++) {
            voxels[i] = -inverse[4 * i] * left - inverse[4 * i + 1] * back + inverse[4 * i + 2] * up;
        }
        return voxels;
    }

    /// Where the pixels of a frame are in the grid: that of a column and a row is the voxel
    /// `origin + column * right + row * down`.
    ///
    /// @param off how many voxels the farthest of them is off the grid
    record Frame(int[] origin, int[] right, int[] down, double off) {
        boolean isOnGrid() {
            return off <= NEAR && isAxis(right) && isAxis(down);
        }

        /// {@return the voxel of a pixel; -1 where that lies outside}
        int voxel(Geometry grid, int column, int row) {
            int x = origin[0] + column * right[0] + row * down[0];
            int y = origin[1] + column * right[1] + row * down[1];
            int z = origin[2] + column * right[2] + row * down[2];
            return x < 0 || y < 0 || z < 0 || x >= grid.x() || y >= grid.y() || z >= grid.z()
                    ? -1
                    : (z * grid.y() + y) * grid.x() + x;
        }
    }

    /// {@return where the pixels of a frame are}
    ///
    /// @param orientation directions of a row and of a column
    /// @param spacing     mm from row to row, and from column to column
    Frame frame(double[] position, double[] orientation, double[] spacing, int columns, int rows) {
        double[] origin = voxel(position[0], position[1], position[2]);
        double[] right =
                direction(orientation[0] * spacing[1], orientation[1] * spacing[1], orientation[2] * spacing[1]);
        double[] down =
                direction(orientation[3] * spacing[0], orientation[4] * spacing[0], orientation[5] * spacing[0]);
        double off = 0;
        int[][] rounded = new int[3][3];
        for (int axis = 0; axis < 3; axis++) {
            rounded[0][axis] = (int) Math.rint(origin[axis]);
            rounded[1][axis] = (int) Math.rint(right[axis]);
            rounded[2][axis] = (int) Math.rint(down[axis]);
            off = Math.max(
                    off,
                    Math.abs(origin[axis] - rounded[0][axis])
                            + (columns - 1) * Math.abs(right[axis] - rounded[1][axis])
                            + (rows - 1) * Math.abs(down[axis] - rounded[2][axis]));
        }
        return new Frame(rounded[0], rounded[1], rounded[2], off);
    }

    private static boolean isAxis(int[] direction) {
        return Math.abs(direction[0]) + Math.abs(direction[1]) + Math.abs(direction[2]) == 1;
    }
}
