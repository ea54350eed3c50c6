package org.segloss.augment;

import org.segloss.random.CounterRandom;

/// A smooth random displacement: independent normal numbers on a coarse lattice, joined by uniform cubic B-splines.
record ElasticField() implements SpatialTransform {
    /// Voxels from one point of the lattice to the next.
    private static final int KNOT = 12;

    private static final int TAPS = 4;

    @Override
    public String name() {
        return "elastic";
    }

    @Override
    public double probability() {
        return 0.1;
    }

    @Override
    public void apply(Placement placement, CounterRandom random) {
        PatchShape shape = placement.shape();
        double deviation = random.nextDouble(0, 3);
        float[][] displacement = new float[PatchShape.AXES][];
        for (int axis = 0; axis < PatchShape.AXES; axis++) {
            displacement[axis] =
                    axis == placement.across() ? new float[shape.voxels()] : draw(shape, deviation, random);
        }
        placement.displace(displacement);
    }

    /// {@return the displacement of each voxel along one axis}
    ///
    /// @param deviation of the lattice's numbers, in voxels; the spline smooths them to about half of it
    static float[] draw(PatchShape shape, double deviation, CounterRandom random) {
        int[] knots = {knots(shape.z()), knots(shape.y()), knots(shape.x())};
        float[] values = new float[knots[0] * knots[1] * knots[2]];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        // the fastest axis last: most of the work is then on lines that lie side by side
        values = expand(values, 1, knots[0], knots[1] * knots[2], shape.z());
        values = expand(values, shape.z(), knots[1], knots[2], shape.y());
        return expand(values, shape.z() * shape.y(), knots[2], 1, shape.x());
    }

    private static int knots(int edge) {
        // one before the first voxel, two after the last one's knot
        return (edge - 1) / KNOT + TAPS;
    }

    /// Joins the knots along the middle axis, from `(outer, knots, inner)` to `(outer, edge, inner)`.
    private static float[] expand(float[] from, int outer, int knots, int inner, int edge) {
        float[] to = new float[outer * edge * inner];
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < edge; i++) {
                double[] weights = weights((double) (i % KNOT) / KNOT);
                int at = (o * edge + i) * inner;
                int first = (o * knots + i / KNOT) * inner;
                for (int n = 0; n < inner; n++) {
                    double sum = 0;
                    for (int tap = 0; tap < TAPS; tap++) {
                        sum += weights[tap] * from[first + tap * inner + n];
                    }
                    to[at + n] = (float) sum;
                }
            }
        }
        return to;
    }

    /// {@return the cubic B-spline's weights of the four knots around a place}
    ///
    /// @param u how far it is from the second knot to the third, from 0 to 1
    static double[] weights(double u) {
        double v = 1 - u;
        return new double[] {
            v * v * v / 6, (3 * u * u * u - 6 * u * u + 4) / 6, (3 * v * v * v - 6 * v * v + 4) / 6, u * u * u / 6
        };
    }
}
