package org.segloss.augment;

/// What the numbers of a channel are like.
///
/// @param deviation the standard deviation, with n
record Intensities(double min, double max, double mean, double deviation) {
    static Intensities of(float[] values, int offset, PatchShape shape) {
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
        return new Intensities(min, max, mean, Math.sqrt(squares / shape.voxels()));
    }
}
