package org.segloss.augment;

import org.segloss.random.CounterRandom;

/// More or less contrast: distances from the mean times 0.75 to 1.25.
record Contrast() implements IntensityTransform {

    @Override
    public String name() {
        return "contrast";
    }

    @Override
    public double probability() {
        return 0.15;
    }

    @Override
    public void apply(float[] values, int offset, PatchShape shape, int across, CounterRandom random) {
        stretch(values, offset, shape, random.nextDouble(0.75, 1.25));
    }

    /// `v = clip(mean + factor (v - mean), min, max)`: the range stays.
    static void stretch(float[] values, int offset, PatchShape shape, double factor) {
        Intensities before = Intensities.of(values, offset, shape);
        for (int i = offset; i < offset + shape.voxels(); i++) {
            values[i] = (float)
                    Math.clamp(before.mean() + factor * (values[i] - before.mean()), before.min(), before.max());
        }
    }
}
