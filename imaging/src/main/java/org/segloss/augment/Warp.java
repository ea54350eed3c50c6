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
    static final double[][] IDENTITY = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

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

    /// {@return a matrix in millimetres as one in voxels}
    ///
    /// @param matrix 3 x 3, from the patch's axes to the image's
    static double[][] inVoxels(double[][] matrix, Spacing spacing) {
        double[] edge = {spacing.z(), spacing.y(), spacing.x()};
        double[][] voxels = new double[PatchShape.AXES][PatchShape.AXES];
        for (int row = 0; row < PatchShape.AXES; row++) {
            for (int column = 0; column < PatchShape.AXES; column++) {
                voxels[row][column] = matrix[row][column] * edge[column] / edge[row];
            }
        }
        return voxels;
    }

    static double[][] times(double[][] a, double[][] b) {
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
