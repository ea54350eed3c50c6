package org.segloss.format;

/// How the axes of an affine (4 x 4, row by row) lie to one another.
public final class Affine {
    private Affine() {}

    /// {@return the determinant of the upper left 3 x 3: the signed volume of a voxel}
    public static double determinant(double[] m) {
        return m[0] * (m[5] * m[10] - m[6] * m[9])
                - m[1] * (m[4] * m[10] - m[6] * m[8])
                + m[2] * (m[4] * m[9] - m[5] * m[8]);
    }

    /// {@return how far the three voxel axes are from lying in a plane: 1 at right angles, 0 in a plane}
    public static double independence(double[] m) {
        return Math.abs(determinant(m)) / (length(m, 0) * length(m, 1) * length(m, 2));
    }

    /// {@return the largest cosine between two of the three voxel axes: 0 where they are at right angles}
    public static double shear(double[] m) {
        double most = 0;
        for (int i = 0; i < 3; i++) {
            int j = (i + 1) % 3;
            double dot = m[i] * m[j] + m[4 + i] * m[4 + j] + m[8 + i] * m[8 + j];
            most = Math.max(most, Math.abs(dot) / (length(m, i) * length(m, j)));
        }
        return most;
    }

    public static double length(double[] m, int column) {
        return Math.sqrt(m[column] * m[column] + m[4 + column] * m[4 + column] + m[8 + column] * m[8 + column]);
    }
}
