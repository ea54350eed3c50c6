package org.segloss.augment;

import java.util.Arrays;
import org.segloss.random.CounterRandom;

/// What a coarser lens would show: a Gaussian of 0.5 to 1 voxel.
record Blur() implements IntensityTransform {

    @Override
    public String name() {
        return "blur";
    }

    @Override
    public double probability() {
        return 0.1;
    }

    @Override
    public void apply(float[] values, int offset, PatchShape shape, int across, CounterRandom random) {
        convolve(values, offset, shape, random.nextDouble(0.5, 1), across);
    }

    /// Convolves with a Gaussian along each axis; the outermost numbers go on over the edge.
    ///
    /// @param deviation in voxels
    /// @param across    the axis across slices that stay apart, or [PatchShape#NO_AXIS]
    static void convolve(float[] values, int offset, PatchShape shape, double deviation, int across) {
        int radius = (int) Math.ceil(3 * deviation);
        double[] kernel = new double[2 * radius + 1];
        for (int i = 0; i < kernel.length; i++) {
            double distance = (i - radius) / deviation;
            kernel[i] = StrictMath.exp(-distance * distance / 2);
        }
        double sum = Arrays.stream(kernel).sum();
        Lines.replace(values, offset, shape, across, (line, out, n) -> {
            for (int i = 0; i < n; i++) {
                double value = 0;
                for (int tap = 0; tap < kernel.length; tap++) {
                    value += kernel[tap] * line[Math.clamp(i + tap - radius, 0, n - 1)];
                }
                out[i] = (float) (value / sum);
            }
        });
    }
}
