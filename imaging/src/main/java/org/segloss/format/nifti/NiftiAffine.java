package org.segloss.format.nifti;

import org.segloss.format.Affine;

/// Affines (4 x 4, row by row) from and to the forms that a NIfTI header has for them.
final class NiftiAffine {
    /// NiBabel allows for the rounding of three floats, too.
    private static final double ROUNDING = 3 * Math.ulp(1.0f);

    private NiftiAffine() {}

    /// A rotation as a unit quaternion `(a, b, c, d)` with `a >= 0`, voxel edges, and the direction of the
    /// third axis.
    record Pose(double b, double c, double d, double[] spacing, int qfac) {}

    /// {@return the qform's affine; NaN where `b, c, d` are no part of a unit quaternion}
    static double[] ofQuaternion(double b, double c, double d, double[] spacing, double[] offset) {
        double rest = 1 - (b * b + c * c + d * d);
        double a = rest >= 0 ? Math.sqrt(rest) : rest > -ROUNDING ? 0 : Double.NaN;
        // divided by the squared norm, which is 1 but for the rounding
        double s = 2 / (a * a + b * b + c * c + d * d);
        double[][] rotation = {
            {1 - s * (c * c + d * d), s * (b * c - a * d), s * (b * d + a * c)},
            {s * (b * c + a * d), 1 - s * (b * b + d * d), s * (c * d - a * b)},
            {s * (b * d - a * c), s * (c * d + a * b), 1 - s * (b * b + c * c)}
        };
        double[] affine = new double[16];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                affine[4 * row + column] = rotation[row][column] * spacing[column];
            }
            affine[4 * row + 3] = offset[row];
        }
        affine[15] = 1;
        return affine;
    }

    /// {@return the affine of a header with neither form, as NiBabel makes it: x to the left, the centre at the
    /// origin}
    static double[] ofSpacing(double[] spacing, int[] shape) {
        double[] affine = new double[16];
        for (int axis = 0; axis < 3; axis++) {
            double step = axis == 0 ? -spacing[axis] : spacing[axis];
            affine[5 * axis] = step;
            affine[4 * axis + 3] = -(shape[axis] - 1) / 2.0 * step;
        }
        affine[15] = 1;
        return affine;
    }

    /// {@return the qform of an affine without shear}
    static Pose pose(double[] m) {
        double[] spacing = {Affine.length(m, 0), Affine.length(m, 1), Affine.length(m, 2)};
        int qfac = Affine.determinant(m) < 0 ? -1 : 1;
        double[][] r = new double[3][3];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                r[row][column] = m[4 * row + column] / spacing[column];
            }
            r[row][2] *= qfac;
        }
        return toQuaternion(r, spacing, qfac);
    }

    /// Shepperd's method: divide by the largest of the four, which is at least 1/2.
    private static Pose toQuaternion(double[][] r, double[] spacing, int qfac) {
        double[] fourSquares = {
            1 + r[0][0] + r[1][1] + r[2][2],
            1 + r[0][0] - r[1][1] - r[2][2],
            1 - r[0][0] + r[1][1] - r[2][2],
            1 - r[0][0] - r[1][1] + r[2][2]
        };
        int largest = 0;
        for (int i = 1; i < 4; i++) {
            largest = fourSquares[i] > fourSquares[largest] ? i : largest;
        }
        double w = Math.sqrt(fourSquares[largest]) / 2;
        double f = 1 / (4 * w);
        double[] q =
                switch (largest) {
                    case 0 ->
                        new double[] {w, f * (r[2][1] - r[1][2]), f * (r[0][2] - r[2][0]), f * (r[1][0] - r[0][1])};
                    case 1 ->
                        new double[] {f * (r[2][1] - r[1][2]), w, f * (r[0][1] + r[1][0]), f * (r[0][2] + r[2][0])};
                    case 2 ->
                        new double[] {f * (r[0][2] - r[2][0]), f * (r[0][1] + r[1][0]), w, f * (r[1][2] + r[2][1])};
                    default ->
                        new double[] {f * (r[1][0] - r[0][1]), f * (r[0][2] + r[2][0]), f * (r[1][2] + r[2][1]), w};
                };
        double sign = q[0] < 0 ? -1 : 1;
        return new Pose(sign * q[1], sign * q[2], sign * q[3], spacing, qfac);
    }
}
