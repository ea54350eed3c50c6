package org.segloss.augment;

import java.util.Arrays;
import org.segloss.random.CounterRandom;

/// Changes of one channel's numbers, in place, from `offset` on.
final class Intensity {
    private Intensity() {}

    /// `v += normal(0, deviation)`.
    static void noise(float[] values, int offset, PatchShape shape, double deviation, CounterRandom random) {
        for (int i = offset; i < offset + shape.voxels(); i++) {
            values[i] += (float) (deviation * random.nextGaussian());
        }
    }

    /// `v *= factor`.
    static void brightness(float[] values, int offset, PatchShape shape, double factor) {
        for (int i = offset; i < offset + shape.voxels(); i++) {
            values[i] *= (float) factor;
        }
    }

    /// `v = clip(mean + factor (v - mean), min, max)`: the range stays.
    static void contrast(float[] values, int offset, PatchShape shape, double factor) {
        Facts facts = Facts.of(values, offset, shape);
        for (int i = offset; i < offset + shape.voxels(); i++) {
            values[i] = (float) Math.clamp(facts.mean + factor * (values[i] - facts.mean), facts.min, facts.max);
        }
    }

    /// `u = (v - min) / (max - min)`, `v = min + (max - min) u^exponent`, brought back to the mean and standard
    /// deviation of before.
    ///
    /// @param inverted whether bright and dark change places for it
    static void gamma(float[] values, int offset, PatchShape shape, double exponent, boolean inverted) {
        Facts before = Facts.of(values, offset, shape);
        double range = before.max - before.min;
        if (!(range > 0)) {
            return;
        }
        for (int i = offset; i < offset + shape.voxels(); i++) {
            double u = (values[i] - before.min) / range;
            double v = inverted ? 1 - power(1 - u, exponent) : power(u, exponent);
            values[i] = (float) v;
        }
        Facts after = Facts.of(values, offset, shape);
        double scale = after.deviation > 0 ? before.deviation / after.deviation : 0;
        for (int i = offset; i < offset + shape.voxels(); i++) {
            values[i] = (float) (before.mean + scale * (values[i] - after.mean));
        }
    }

    private static double power(double u, double exponent) {
        // StrictMath: the same bits on every platform
        return u <= 0 ? 0 : StrictMath.pow(u, exponent);
    }

    private record Facts(double min, double max, double mean, double deviation) {
        static Facts of(float[] values, int offset, PatchShape shape) {
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (int i = offset; i < offset + shape.voxels(); i++) {
                min = Math.min(min, values[i]);
                max = Math.max(max, values[i]);
                sum += values[i];
            }
            double mean = sum / shape.voxels();
            double squares = 0;
            for (int i = offset; i < offset + shape.voxels(); i++) {
                squares += (values[i] - mean) * (values[i] - mean);
            }
            return new Facts(min, max, mean, Math.sqrt(squares / shape.voxels()));
        }
    }

    /// Convolves with a Gaussian along each axis; the outermost numbers go on over the edge.
    ///
    /// @param deviation in voxels
    /// @param across    the axis across slices that stay apart, or [PatchShape#NO_AXIS]
    static void blur(float[] values, int offset, PatchShape shape, double deviation, int across) {
        int radius = (int) Math.ceil(3 * deviation);
        double[] kernel = new double[2 * radius + 1];
        for (int i = 0; i < kernel.length; i++) {
            double distance = (i - radius) / deviation;
            kernel[i] = StrictMath.exp(-distance * distance / 2);
        }
        double sum = Arrays.stream(kernel).sum();
        along(values, offset, shape, across, (line, out, n) -> {
            for (int i = 0; i < n; i++) {
                double value = 0;
                for (int tap = 0; tap < kernel.length; tap++) {
                    value += kernel[tap] * line[Math.clamp(i + tap - radius, 0, n - 1)];
                }
                out[i] = (float) (value / sum);
            }
        });
    }

    /// What an image of fewer, larger voxels would show: along each axis `round(factor n)` of the numbers are kept, and
    /// lines drawn between them.
    ///
    /// @param factor above 0, at most 1
    /// @param across the axis across slices that are all kept, or [PatchShape#NO_AXIS]
    static void lowResolution(float[] values, int offset, PatchShape shape, double factor, int across) {
        along(values, offset, shape, across, (line, out, n) -> {
            int kept = (int) Math.max(1, Math.round(factor * n));
            for (int i = 0; i < n; i++) {
                double at = Math.clamp((i + 0.5) * kept / n - 0.5, 0, kept - 1);
                int below = (int) at;
                int above = Math.min(below + 1, kept - 1);
                double weight = at - below;
                out[i] = (float) ((1 - weight) * line[source(below, n, kept)] + weight * line[source(above, n, kept)]);
            }
        });
    }

    private static int source(int index, int n, int kept) {
        return (int) ((index + 0.5) * n / kept);
    }

    /// From one line of numbers to another.
    private interface Filter {
        void apply(float[] line, float[] out, int n);
    }

    private static void along(float[] values, int offset, PatchShape shape, int across, Filter filter) {
        for (int axis = 0; axis < PatchShape.AXES; axis++) {
            int n = shape.edge(axis);
            if (axis == across || n == 1) {
                continue;
            }
            int stride = shape.stride(axis);
            float[] line = new float[n];
            float[] out = new float[n];
            shape.forEachLine(axis, start -> {
                for (int i = 0; i < n; i++) {
                    line[i] = values[offset + start + i * stride];
                }
                filter.apply(line, out, n);
                for (int i = 0; i < n; i++) {
                    values[offset + start + i * stride] = out[i];
                }
            });
        }
    }
}
