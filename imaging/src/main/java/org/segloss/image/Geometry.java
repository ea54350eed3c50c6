package org.segloss.image;

import java.util.Arrays;
import java.util.Locale;

/// Where voxels lie: their number along each axis, and the affine that takes a voxel index to millimetres.
///
/// @param x      columns
/// @param y      rows
/// @param z      slices, 1 for a plane image
/// @param affine 4 x 4, row by row: `(x, y, z, 1)` in voxels to RAS+ millimetres
public record Geometry(int x, int y, int z, double[] affine) {
    /// How much of a voxel rounded affines may differ by.
    private static final double SMALL = 0.02;

    public Geometry {
        if (!(x > 0 && y > 0 && z > 0)) {
            throw new IllegalArgumentException("a grid of %d x %d x %d voxels has no voxel".formatted(x, y, z));
        }
        if (affine.length != 16) {
            throw new IllegalArgumentException(
                    "an affine has 4 x 4 numbers, but %d were given".formatted(affine.length));
        }
        affine = affine.clone();
    }

    /// {@return a grid of voxels of one cubic millimetre, the first at the origin}
    public static Geometry identity(int x, int y, int z) {
        return scaled(x, y, z, 1, 1, 1);
    }

    /// {@return a grid along the axes, the first voxel at the origin}
    ///
    /// @param dx millimetres from column to column
    /// @param dy millimetres from row to row
    /// @param dz millimetres from slice to slice
    public static Geometry scaled(int x, int y, int z, double dx, double dy, double dz) {
        return new Geometry(x, y, z, new double[] {dx, 0, 0, 0, 0, dy, 0, 0, 0, 0, dz, 0, 0, 0, 0, 1});
    }

    /// {@return a copy of the affine}
    @Override
    public double[] affine() {
        return affine.clone();
    }

    /// {@return the number of voxels}
    public long voxels() {
        return Math.multiplyExact((long) x * y, (long) z);
    }

    /// {@return the millimetres from voxel to voxel along x, y and z: the lengths of the affine's columns}
    public double[] spacing() {
        double[] spacing = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            double a = affine[axis];
            double b = affine[4 + axis];
            double c = affine[8 + axis];
            spacing[axis] = Math.sqrt(a * a + b * b + c * c);
        }
        return spacing;
    }

    /// {@return where x, y and z lead to, for example `RAS`}: right or left, anterior or posterior, superior or
    /// inferior, whichever is nearest
    public String orientation() {
        CanonicalAxes axes = CanonicalAxes.of(affine);
        var letters = new StringBuilder();
        for (int axis = 0; axis < 3; axis++) {
            letters.append((axes.backward()[axis] ? "LPI" : "RAS").charAt(axes.rows()[axis]));
        }
        return letters.toString();
    }

    /// {@return whether there is one slice along an axis}
    public boolean isPlane() {
        return x == 1 || y == 1 || z == 1;
    }

    /// {@return the same voxels in the same order with one slice along z, if there is one along y or x}: a plane is
    /// one, along whichever axis it is stored
    public Geometry asPlane() {
        if (z > 1 && y == 1) {
            return new Geometry(x, z, 1, columns(0, 2, 1));
        }
        return z > 1 && x == 1 ? new Geometry(y, z, 1, columns(1, 2, 0)) : this;
    }

    /// {@return the affine with its first three columns in another order}
    private double[] columns(int... order) {
        double[] moved = affine.clone();
        for (int axis = 0; axis < 3; axis++) {
            for (int row = 0; row < 3; row++) {
                moved[4 * row + axis] = affine[4 * row + order[axis]];
            }
        }
        return moved;
    }

    /// {@return whether both grids have as many voxels along each axis}
    public boolean sameShape(Geometry other) {
        return x == other.x && y == other.y && z == other.z;
    }

    /// {@return whether the voxels of both grids are the same}: as many along each axis, and none farther from its
    /// place in the other grid than a fiftieth of a voxel, along each axis
    ///
    /// Programs round affines, each in its own way: what comes of that is small to a voxel, while grids that really
    /// differ are half a voxel apart and more.
    public boolean sameGrid(Geometry other) {
        if (!sameShape(other)) {
            return false;
        }
        // places differ most at a corner, for the difference of two affines is one
        for (int corner = 0; corner < 8; corner++) {
            int[] voxel = {(corner & 1) * (x - 1), (corner >> 1 & 1) * (y - 1), (corner >> 2) * (z - 1)};
            double[] here = place(voxel);
            double[] there = other.place(voxel);
            double[] apart = {there[0] - here[0], there[1] - here[1], there[2] - here[2]};
            if (!(apart[0] == 0 && apart[1] == 0 && apart[2] == 0) && !isNear(apart)) {
                return false;
            }
        }
        return true;
    }

    private double[] place(int[] voxel) {
        double[] place = new double[3];
        for (int row = 0; row < 3; row++) {
            place[row] = affine[4 * row] * voxel[0]
                    + affine[4 * row + 1] * voxel[1]
                    + affine[4 * row + 2] * voxel[2]
                    + affine[4 * row + 3];
        }
        return place;
    }

    /// {@return whether so many millimetres are a small part of a voxel along each of its axes}, by Cramer's rule
    private boolean isNear(double[] apart) {
        double volume = determinant(column(0), column(1), column(2));
        return Math.abs(determinant(apart, column(1), column(2)) / volume) <= SMALL
                && Math.abs(determinant(column(0), apart, column(2)) / volume) <= SMALL
                && Math.abs(determinant(column(0), column(1), apart) / volume) <= SMALL;
    }

    private double[] column(int axis) {
        return new double[] {affine[axis], affine[4 + axis], affine[8 + axis]};
    }

    private static double determinant(double[] a, double[] b, double[] c) {
        return a[0] * (b[1] * c[2] - b[2] * c[1])
                - b[0] * (a[1] * c[2] - a[2] * c[1])
                + c[0] * (a[1] * b[2] - a[2] * b[1]);
    }

    /// {@return the shape for people, for example `35 x 51 x 35`}
    public String shapeText() {
        return "%d x %d x %d".formatted(x, y, z);
    }

    /// {@return the spacing for people, for example `1 x 1 x 1.25 mm`}
    public String spacingText() {
        double[] s = spacing();
        return "%s x %s x %s mm".formatted(number(s[0]), number(s[1]), number(s[2]));
    }

    /// {@return the affine's upper three rows for people}
    public String affineText() {
        var rows = new StringBuilder();
        for (int row = 0; row < 3; row++) {
            rows.append(row == 0 ? "[" : "; ");
            for (int column = 0; column < 4; column++) {
                rows.append(column == 0 ? "" : " ").append(number(affine[4 * row + column]));
            }
        }
        return rows.append("]").toString();
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value);
        text = text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
        return text.equals("-0") ? "0" : text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Geometry g && sameShape(g) && Arrays.equals(affine, g.affine);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * x + y) + z) + Arrays.hashCode(affine);
    }

    @Override
    public String toString() {
        return shapeText() + " voxels, affine " + affineText();
    }
}
