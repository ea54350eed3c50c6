package org.segloss.prep;

import java.util.Arrays;

/// Brings numbers on a grid to one of other voxels, axis by axis.
///
/// Both grids fill the same box, so that voxel `i` of `m` lies at `(i + 1/2) n / m - 1/2` of `n`; over the edges the
/// outermost voxels go on. Where a grid becomes coarser the kernel is stretched over what a new voxel holds, or fine
/// detail would turn into false patterns.
final class Resampling {
    /// How numbers between voxels are found.
    enum Kernel {
        /// Takes the number of the nearest voxel.
        NEAREST(0.5),
        /// Takes the number on the straight line between two voxels.
        LINEAR(1),
        /// Takes the number on Keys's cubic convolution with a = -1/2, which runs through the voxels and reproduces
        /// parabolas.
        ///
        /// @see <a href="https://doi.org/10.1109/TASSP.1981.1163711">Keys (1981), Cubic convolution
        ///     interpolation for digital image processing</a>
        CUBIC(2);

        private final double support;

        Kernel(double support) {
            this.support = support;
        }

        double at(double x) {
            double d = Math.abs(x);
            return switch (this) {
                // half open: of two voxels equally near the later
                case NEAREST -> x > -0.5 && x <= 0.5 ? 1 : 0;
                case LINEAR -> Math.max(0, 1 - d);
                case CUBIC -> d <= 1 ? (1.5 * d - 2.5) * d * d + 1 : d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
            };
        }
    }

    private Resampling() {}

    /// {@return the numbers on a grid of another shape}
    ///
    /// @param values `(z, y, x)` from `from` on
    /// @param shape  of the grid that they lie on, as `to` (z, y, x)
    /// @param kernel of each axis
    static float[] apply(float[] values, int from, int[] shape, int[] to, Kernel[] kernel) {
        float[] numbers = Arrays.copyOfRange(values, from, from + shape[0] * shape[1] * shape[2]);
        int[] now = shape.clone();
        for (int axis = 0; axis < 3; axis++) {
            if (now[axis] != to[axis]) {
                int outer = axis == 0 ? 1 : axis == 1 ? now[0] : now[0] * now[1];
                int inner = axis == 0 ? now[1] * now[2] : axis == 1 ? now[2] : 1;
                numbers = along(numbers, outer, now[axis], inner, to[axis], kernel[axis]);
                now[axis] = to[axis];
            }
        }
        return numbers;
    }

    /// Resamples the middle axis, from `(outer, n, inner)` to `(outer, m, inner)`.
    private static float[] along(float[] values, int outer, int n, int inner, int m, Kernel kernel) {
        float[] out = new float[Math.multiplyExact(Math.multiplyExact(outer, m), inner)];
        for (int i = 0; i < m; i++) {
            Taps taps = Taps.of(i, n, m, kernel);
            for (int o = 0; o < outer; o++) {
                int to = (o * m + i) * inner;
                for (int k = 0; k < inner; k++) {
                    double sum = 0;
                    for (int t = 0; t < taps.weights.length; t++) {
                        sum += taps.weights[t] * values[(o * n + taps.voxels[t]) * inner + k];
                    }
                    out[to + k] = (float) sum;
                }
            }
        }
        return out;
    }

    /// The old voxels that a new one is made of, and their shares.
    private record Taps(int[] voxels, double[] weights) {

        static Taps of(int i, int n, int m, Kernel kernel) {
            double stretch = kernel == Kernel.NEAREST ? 1 : Math.max(1, (double) n / m);
            double at = (i + 0.5) * n / m - 0.5;
            int first = (int) Math.ceil(at - kernel.support * stretch);
            int last = (int) Math.floor(at + kernel.support * stretch);
            int[] voxels = new int[last - first + 1];
            double[] weights = new double[voxels.length];
            double sum = 0;
            for (int t = 0; t < voxels.length; t++) {
                voxels[t] = Math.clamp(first + t, 0, n - 1);
                weights[t] = kernel.at((first + t - at) / stretch);
                sum += weights[t];
            }
            for (int t = 0; t < weights.length; t++) {
                weights[t] /= sum;
            }
            return new Taps(voxels, weights);
        }
    }
}
