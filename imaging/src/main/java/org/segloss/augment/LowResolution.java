package org.segloss.augment;

import org.segloss.random.CounterRandom;

/// What an image of larger voxels would show: 0.5 to 1 of the voxels along each axis.
record LowResolution() implements IntensityTransform {

    @Override
    public String name() {
        return "low resolution";
    }

    @Override
    public double probability() {
        return 0.125;
    }

    @Override
    public void apply(float[] values, int offset, PatchShape shape, int across, CounterRandom random) {
        coarsen(values, offset, shape, random.nextDouble(0.5, 1), across);
    }

    /// What an image of fewer, larger voxels would show: along each axis `round(factor n)` of the numbers are kept,
    /// and lines drawn between them.
    ///
    /// @param factor above 0, at most 1
    /// @param across the axis across slices that are all kept, or [PatchShape#NO_AXIS]
    static void coarsen(float[] values, int offset, PatchShape shape, double factor, int across) {
        Lines.replace(values, offset, shape, across, (line, out, n) -> {
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
}
