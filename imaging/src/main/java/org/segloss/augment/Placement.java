package org.segloss.augment;

import org.segloss.grid.Spacing;
import org.segloss.image.Window;

/// Where the voxels of a patch are to lie, as transforms change it one after the other.
final class Placement {
    private final PatchShape shape;
    private final int across;

    /// It takes the patch's axes to the image's, in millimetres.
    private double[][] matrix = Warp.IDENTITY;

    private float[][] displacement = {};

    /// @param across the axis across which slices are too far apart to be mixed, or [PatchShape#NO_AXIS]
    Placement(PatchShape shape, int across) {
        this.shape = shape;
        this.across = across;
    }

    PatchShape shape() {
        return shape;
    }

    int across() {
        return across;
    }

    /// Turns or stretches the patch about its middle, before what was there turns and stretches it.
    ///
    /// @param linear 3 x 3, in millimetres
    void compose(double[][] linear) {
        matrix = Warp.times(matrix, linear);
    }

    /// Moves each voxel, further than what was there moves it.
    ///
    /// @param voxels for each axis by how many voxels of the image each voxel of the patch
    void displace(float[][] voxels) {
        displacement = displacement.length == 0 ? voxels : sum(displacement, voxels);
    }

    private static float[][] sum(float[][] a, float[][] b) {
        float[][] sum = new float[a.length][];
        for (int axis = 0; axis < a.length; axis++) {
            sum[axis] = a[axis].clone();
            for (int voxel = 0; voxel < sum[axis].length; voxel++) {
                sum[axis][voxel] += b[axis][voxel];
            }
        }
        return sum;
    }

    /// {@return the places in an image}
    Warp in(Window window, Spacing spacing) {
        double[] centre = {
            window.z() + (shape.z() - 1) / 2.0, window.y() + (shape.y() - 1) / 2.0, window.x() + (shape.x() - 1) / 2.0
        };
        return new Warp(shape, centre, Warp.inVoxels(matrix, spacing), displacement);
    }
}
