package org.segloss.augment;

import org.segloss.random.CounterRandom;

/// Shows 0.7 to 1.4 of the image's length in the patch, smaller and larger ones than 1 equally likely. Slices that
/// are far apart stay as far apart.
record Scaling() implements SpatialTransform {

    @Override
    public String name() {
        return "scaling";
    }

    @Override
    public double probability() {
        return 0.2;
    }

    @Override
    public void apply(Placement placement, CounterRandom random) {
        double scale = random.nextDouble() < 0.5 ? random.nextDouble(0.7, 1) : random.nextDouble(1, 1.4);
        placement.compose(matrix(scale, placement.across()));
    }

    /// {@return the matrix that scales along each axis but one}
    ///
    /// @param scale  above 1 shows more of the image, so that things look smaller
    /// @param across an axis that isn't scaled, or [PatchShape#NO_AXIS]
    static double[][] matrix(double scale, int across) {
        double[][] matrix = new double[PatchShape.AXES][PatchShape.AXES];
        for (int axis = 0; axis < PatchShape.AXES; axis++) {
            matrix[axis][axis] = axis == across ? 1 : scale;
        }
        return matrix;
    }
}
