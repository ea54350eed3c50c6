package org.segloss.augment;

import org.segloss.random.CounterRandom;

/// Normal noise with a standard deviation of up to 0.1.
record Noise() implements IntensityTransform {

    @Override
    public String name() {
        return "noise";
    }

    @Override
    public double probability() {
        return 0.1;
    }

    @Override
    public void apply(float[] values, int offset, PatchShape shape, int across, CounterRandom random) {
        add(values, offset, shape, random.nextDouble(0, 0.1), random);
    }

    /// `v += normal(0, deviation)`.
    static void add(float[] values, int offset, PatchShape shape, double deviation, CounterRandom random) {
        for (int i = offset; i < offset + shape.voxels(); i++) {
            values[i] += (float) (deviation * random.nextGaussian());
        }
    }
}
