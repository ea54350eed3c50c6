package org.segloss.dataset;

import java.util.Arrays;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.random.CounterRandom;

/// One case of the phantom. All lengths are millimetres from the centre of the volume.
///
/// The organ is the set of points whose distance to a bent line, divided by a width that falls towards its
/// ends, is below a radius. That radius is found last, as the quantile that gives the volume which was drawn:
/// so size and form vary on their own. Every body is sampled at 2 x 2 x 2 points of a voxel, which gives the
/// partial volumes.
final class PhantomCase {
    private static final double SLICE = 1.25;
    private static final int SUB = 2;
    private static final int LINE_POINTS = 25;

    private static final double AIR = 60;
    private static final double TISSUE = 400;
    private static final double CONTRAST = 240;
    /// A contrast-to-noise ratio of 4.
    private static final double NOISE = CONTRAST / 4;

    private final CounterRandom random;
    private final Geometry geometry;
    private final double[] half;
    private final double[][] line = new double[LINE_POINTS][];
    private final double[] width = new double[LINE_POINTS];

    private PhantomCase(CounterRandom random) {
        this.random = random;
        geometry = Geometry.scaled(37 + random.nextInt(7), 37 + random.nextInt(7), 30 + random.nextInt(5), 1, 1, SLICE);
        half = new double[] {geometry.x() / 2.0, geometry.y() / 2.0, geometry.z() * SLICE / 2};
    }

    static Case generate(long seed, int index, String id) {
        return new PhantomCase(CounterRandom.of(seed, "phantom", index)).build(id);
    }

    private Case build(String id) {
        bendLine();
        double fraction = random.nextDouble(0.025, 0.048);
        float[] scaled = sample(this::distanceToOrgan);
        double radius = quantile(scaled, fraction);
        float[] organ = occupancy(scaled, radius);
        double volume = fraction * 8 * half[0] * half[1] * half[2];
        Ball first = place(0.85 * volume, radius, new Ball[0]);
        Ball second = place(0.75 * volume, radius, new Ball[] {first});
        float[] distractor = occupancy(sample(p -> Math.min(first.distance(p), second.distance(p))), 1);
        double[] body = {half[0] * 1.12, half[1] * 1.12, half[2] * 1.12};
        float[] tissue = occupancy(sample(p -> new Ball(new double[3], body).distance(p)), 1);
        return new Case(id, image(organ, distractor, tissue), label(organ));
    }

    /// A parabola with a slight twist, turned and shifted.
    private void bendLine() {
        double[][] turn =
                rotation(random.nextDouble(-0.5, 0.5), random.nextDouble(-0.5, 0.5), random.nextDouble(-0.6, 0.6));
        double[] centre = {random.nextDouble(-5, 0), random.nextDouble(-3, 3), random.nextDouble(-3, 3)};
        double length = random.nextDouble(11, 14);
        double bend = random.nextDouble(5, 9);
        double twist = random.nextDouble(-2, 2);
        double taper = random.nextDouble(-0.2, 0.2);
        for (int i = 0; i < LINE_POINTS; i++) {
            double t = 2.0 * i / (LINE_POINTS - 1) - 1;
            double[] p = {bend * (t * t - 1.0 / 3), length * t, twist * t * t * t};
            line[i] = new double[3];
            for (int axis = 0; axis < 3; axis++) {
                line[i][axis] = centre[axis] + turn[axis][0] * p[0] + turn[axis][1] * p[1] + turn[axis][2] * p[2];
            }
            width[i] = 1 + taper * t - 0.3 * t * t;
        }
    }

    private static double[][] rotation(double a, double b, double c) {
        double ca = StrictMath.cos(a);
        double sa = StrictMath.sin(a);
        double cb = StrictMath.cos(b);
        double sb = StrictMath.sin(b);
        double cc = StrictMath.cos(c);
        double sc = StrictMath.sin(c);
        return new double[][] {
            {cb * cc, -cb * sc, sb},
            {ca * sc + sa * sb * cc, ca * cc - sa * sb * sc, -sa * cb},
            {sa * sc - ca * sb * cc, sa * cc + ca * sb * sc, ca * cb}
        };
    }

    /// The distance in units of the local width, to be compared with the radius.
    private double distanceToOrgan(double[] p) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < LINE_POINTS; i++) {
            double dx = p[0] - line[i][0];
            double dy = p[1] - line[i][1];
            double dz = p[2] - line[i][2];
            least = Math.min(least, (dx * dx + dy * dy + dz * dz) / (width[i] * width[i]));
        }
        return Math.sqrt(least);
    }

    /// An ellipsoid along the axes.
    private record Ball(double[] centre, double[] axes) {

        /// {@return 1 on the surface, less inside}
        double distance(double[] p) {
            double sum = 0;
            for (int axis = 0; axis < 3; axis++) {
                double d = (p[axis] - centre[axis]) / axes[axis];
                sum += d * d;
            }
            return Math.sqrt(sum);
        }

        double largest() {
            return Math.max(axes[0], Math.max(axes[1], axes[2]));
        }
    }

    /// Draws places until one is free; of 200 that are not, takes the one that is most.
    private Ball place(double volume, double organRadius, Ball[] others) {
        double size = StrictMath.cbrt(volume * 3 / (4 * Math.PI));
        double long1 = random.nextDouble(0.9, 1.15);
        double long2 = random.nextDouble(0.9, 1.15);
        double[] axes = {size * long1, size * long2, size / (long1 * long2)};
        Ball best = new Ball(new double[3], axes);
        double most = Double.NEGATIVE_INFINITY;
        for (int attempt = 0; attempt < 200 && most < 2; attempt++) {
            double[] centre = new double[3];
            for (int axis = 0; axis < 3; axis++) {
                double reach = half[axis] - axes[axis] - 1;
                centre[axis] = random.nextDouble(-reach, reach);
            }
            var ball = new Ball(centre, axes);
            double room = clearance(ball, organRadius, others);
            if (room > most) {
                most = room;
                best = ball;
            }
        }
        return best;
    }

    private double clearance(Ball ball, double organRadius, Ball[] others) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < LINE_POINTS; i++) {
            double gap = distance(ball.centre(), line[i]) - organRadius * width[i] - ball.largest();
            least = Math.min(least, gap);
        }
        for (Ball other : others) {
            least = Math.min(least, distance(ball.centre(), other.centre()) - other.largest() - ball.largest());
        }
        return least;
    }

    private static double distance(double[] a, double[] b) {
        double dx = a[0] - b[0];
        double dy = a[1] - b[1];
        double dz = a[2] - b[2];
        return Math.sqrt(dx * dx + dy * dy + dz * dz);
    }

    private interface Field {
        double at(double[] point);
    }

    /// {@return a field at all points, the eight of a voxel together}
    private float[] sample(Field field) {
        float[] samples = new float[Math.toIntExact(geometry.voxels() * SUB * SUB * SUB)];
        double[] p = new double[3];
        int i = 0;
        for (int z = 0; z < geometry.z(); z++) {
            for (int y = 0; y < geometry.y(); y++) {
                for (int x = 0; x < geometry.x(); x++) {
                    for (int sub = 0; sub < SUB * SUB * SUB; sub++) {
                        p[0] = x + (sub % SUB + 0.5) / SUB - half[0];
                        p[1] = y + (sub / SUB % SUB + 0.5) / SUB - half[1];
                        p[2] = (z + (sub / SUB / SUB + 0.5) / SUB) * SLICE - half[2];
                        samples[i++] = (float) field.at(p);
                    }
                }
            }
        }
        return samples;
    }

    private static double quantile(float[] values, double fraction) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) (fraction * sorted.length)];
    }

    /// {@return the part of each voxel where a field is below `limit`}
    private static float[] occupancy(float[] samples, double limit) {
        int each = SUB * SUB * SUB;
        float[] parts = new float[samples.length / each];
        for (int i = 0; i < samples.length; i++) {
            parts[i / each] += samples[i] < limit ? 1f / each : 0;
        }
        return parts;
    }

    private Labels label(float[] organ) {
        byte[] labels = new byte[organ.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) (organ[i] >= 0.5f ? 1 : 0);
        }
        return new Labels(geometry, labels);
    }

    private Volume image(float[] organ, float[] distractor, float[] tissue) {
        double organContrast = CONTRAST + random.nextDouble(-12, 12);
        double distractorContrast = organContrast + random.nextDouble(-16, 16);
        double gain = random.nextDouble(0.8, 1.25);
        Waves texture = new Waves(random, 6, 0.2, 0.5);
        Waves bias = new Waves(random, 3, 0.04, 0.09);
        float[] values = new float[organ.length];
        for (int i = 0; i < values.length; i++) {
            int x = i % geometry.x();
            int y = i / geometry.x() % geometry.y();
            int z = i / geometry.x() / geometry.y();
            double inTissue = TISSUE + 16 * texture.at(x, y, z * SLICE);
            double clean = AIR
                    + tissue[i] * (inTissue - AIR)
                    + organ[i] * organContrast
                    + Math.min(distractor[i], 1 - organ[i]) * distractorContrast;
            double seen = gain * (clean * (1 + 0.09 * bias.at(x, y, z * SLICE)) + NOISE * random.nextGaussian());
            values[i] = Math.round(seen);
        }
        return new Volume(geometry, 1, values);
    }

    /// A sum of plane waves in random directions, each between -1 and 1.
    private static final class Waves {
        private final double[][] waves;

        /// @param low  the least radians per millimetre
        /// @param high the most
        Waves(CounterRandom random, int count, double low, double high) {
            waves = new double[count][];
            for (int i = 0; i < count; i++) {
                double[] w = {
                    random.nextGaussian(),
                    random.nextGaussian(),
                    random.nextGaussian(),
                    random.nextDouble(0, 2 * Math.PI)
                };
                double length = Math.sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2]);
                double frequency = random.nextDouble(low, high);
                for (int axis = 0; axis < 3; axis++) {
                    w[axis] *= frequency / length;
                }
                waves[i] = w;
            }
        }

        double at(double x, double y, double z) {
            double sum = 0;
            for (double[] w : waves) {
                sum += StrictMath.sin(w[0] * x + w[1] * y + w[2] * z + w[3]);
            }
            return sum;
        }
    }
}
