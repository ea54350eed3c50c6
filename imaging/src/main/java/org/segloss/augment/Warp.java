package org.segloss.augment;

import org.segloss.grid.Spacing;

/// Where a patch's voxels lie in an image that is turned, scaled and bent.
///
/// ```
/// image(v) = centre + A (v - middle of the patch) + displacement(v)      A = S^-1 (scale R) S,  S = diag(spacing)
/// ```
///
/// It is turned in millimetres: on a grid of unequal edges a rotation of indices would shear the body.
final class Warp {
    private final PatchShape shape;
    private final double[] centre;
    private final double[][] matrix;
    private final float[][] displacement;

    /// @param centre       of the patch, in the image's voxels (z, y, x)
    /// @param matrix       3 x 3, from the patch's axes to the image's
    /// @param displacement for each axis what is added at each voxel; or nothing
    Warp(PatchShape shape, double[] centre, double[][] matrix, float[][] displacement) {
        this.shape = shape;
        this.centre = centre;
        this.matrix = matrix;
        this.displacement = displacement;
    }

    /// {@return the matrix that turns by angles about the axes z, y and x, then scales}
    ///
    /// @param angles in radians
    /// @param scale  above 1 shows more of the image, so that things look smaller
    /// @param across an axis that isn't scaled, or [PatchShape#NO_AXIS]
    static double[][] matrix(double[] angles, double scale, int across, Spacing spacing) {
        double[][] turn = times(times(about(0, angles[0]), about(1, angles[1])), about(2, angles[2]));
        double[] edge = {spacing.z(), spacing.y(), spacing.x()};
        double[][] matrix = new double[PatchShape.AXES][PatchShape.AXES];
        for (int row = 0; row < PatchShape.AXES; row++) {
            for (int column = 0; column < PatchShape.AXES; column++) {
                double factor = column == across ? 1 : scale;
                matrix[row][column] = factor * turn[row][column] * edge[column] / edge[row];
            }
        }
        return matrix;
    }

    private static double[][] about(int axis, double angle) {
        int a = (axis + 1) % PatchShape.AXES;
        int b = (axis + 2) % PatchShape.AXES;
        // StrictMath: the same bits on every platform
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        double[][] turn = new double[PatchShape.AXES][PatchShape.AXES];
        turn[axis][axis] = 1;
        turn[a][a] = cos;
        turn[b][b] = cos;
        turn[a][b] = -sin;
        turn[b][a] = sin;
        return turn;
    }

    private static double[][] times(double[][] a, double[][] b) {
        double[][] product = new double[PatchShape.AXES][PatchShape.AXES];
        for (int i = 0; i < PatchShape.AXES; i++) {
            for (int j = 0; j < PatchShape.AXES; j++) {
                for (int k = 0; k < PatchShape.AXES; k++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return product;
    }

    /// Told where in the image a voxel of the patch lies.
    interface Visitor {
        void visit(int voxel, double z, double y, double x);
    }

    void forEach(Visitor visitor) {
        int voxel = 0;
        for (int k = 0; k < shape.z(); k++) {
            for (int j = 0; j < shape.y(); j++) {
                for (int i = 0; i < shape.x(); i++) {
                    visitor.visit(voxel, at(0, voxel, k, j, i), at(1, voxel, k, j, i), at(2, voxel, k, j, i));
                    voxel++;
                }
            }
        }
    }

    private double at(int axis, int voxel, int k, int j, int i) {
        double[] row = matrix[axis];
        double straight = centre[axis]
                + row[0] * (k - (shape.z() - 1) / 2.0)
                + row[1] * (j - (shape.y() - 1) / 2.0)
                + row[2] * (i - (shape.x() - 1) / 2.0);
        return displacement.length == 0 ? straight : straight + displacement[axis][voxel];
    }
}
