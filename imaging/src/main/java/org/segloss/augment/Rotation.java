package org.segloss.augment;

import org.segloss.random.CounterRandom;

/// Turns by up to 30 degrees about each axis. Where slices are far apart, about the axis across them alone: by any
/// angle, of patches longer than half their width again by up to 15 degrees.
record Rotation() implements SpatialTransform {
    private static final double LONG = 1.5;

    @Override
    public String name() {
        return "rotation";
    }

    @Override
    public double probability() {
        return 0.2;
    }

    @Override
    public void apply(Placement placement, CounterRandom random) {
        int across = placement.across();
        double[] angles = new double[PatchShape.AXES];
        for (int axis = 0; axis < PatchShape.AXES; axis++) {
            if (across == PatchShape.NO_AXIS || across == axis) {
                double most = Math.toRadians(across == axis ? mostInPlane(placement.shape(), across) : 30);
                angles[axis] = random.nextDouble(-most, most);
            }
        }
        placement.compose(matrix(angles));
    }

    private static double mostInPlane(PatchShape shape, int across) {
        int a = shape.edge((across + 1) % PatchShape.AXES);
        int b = shape.edge((across + 2) % PatchShape.AXES);
        return Math.max(a, b) > LONG * Math.min(a, b) ? 15 : 180;
    }

    /// {@return the matrix that turns by angles about the axes z, y and x}
    ///
    /// @param angles in radians
    static double[][] matrix(double[] angles) {
        return Warp.times(Warp.times(about(0, angles[0]), about(1, angles[1])), about(2, angles[2]));
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
}
