package org.segloss.augment;

import org.segloss.random.CounterRandom;

/// The power of 0.7 to 1.5 of what an intensity is of the range, smaller and larger ones than 1 equally likely.
///
/// @param inverted whether bright and dark change places for it
record Gamma(boolean inverted) implements IntensityTransform {

    @Override
    public String name() {
        return inverted ? "inverted gamma" : "gamma";
    }

    @Override
    public double probability() {
        return inverted ? 0.1 : 0.3;
    }

    @Override
    public void apply(float[] values, int offset, PatchShape shape, int across, CounterRandom random) {
        double exponent = random.nextDouble() < 0.5 ? random.nextDouble(0.7, 1) : random.nextDouble(1, 1.5);
        raise(values, offset, shape, exponent, inverted);
    }

    /// `u = (v - min) / (max - min)`, `v = min + (max - min) u^exponent`, brought back to the mean and standard
    /// deviation of before.
    ///
    /// @param inverted whether bright and dark change places for it
    static void raise(float[] values, int offset, PatchShape shape, double exponent, boolean inverted) {
        Intensities before = Intensities.of(values, offset, shape);
        double range = before.max() - before.min();
        if (!(range > 0)) {
            return;
        }
        for (int i = offset; i < offset + shape.voxels(); i++) {
            double u = (values[i] - before.min()) / range;
            double v = inverted ? 1 - power(1 - u, exponent) : power(u, exponent);
            values[i] = (float) v;
        }
        Intensities after = Intensities.of(values, offset, shape);
        double scale = after.deviation() > 0 ? before.deviation() / after.deviation() : 0;
        for (int i = offset; i < offset + shape.voxels(); i++) {
            values[i] = (float) (before.mean() + scale * (values[i] - after.mean()));
        }
    }

    private static double power(double u, double exponent) {
        // StrictMath: the same bits on every platform
        return u <= 0 ? 0 : StrictMath.pow(u, exponent);
    }
}
