package org.segloss.augment;

import org.segloss.random.CounterRandom;

/// Brighter or darker: times 0.75 to 1.25.
record Brightness() implements IntensityTransform {

    @Override
    public String name() {
        return "brightness";
    }

    @Override
    public double probability() {
        return 0.15;
    }

    @Override
    public void apply(float[] values, int offset, PatchShape shape, int across, CounterRandom random) {
        multiply(values, offset, shape, random.nextDouble(0.75, 1.25));
    }

    /// `v *= factor`.
    static void multiply(float[] values, int offset, PatchShape shape, double factor) {
        for (int i = offset; i < offset + shape.voxels(); i++) {
            values[i] *= (float) factor;
        }
    }
}
