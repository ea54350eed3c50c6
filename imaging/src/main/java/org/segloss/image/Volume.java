package org.segloss.image;

import java.util.Arrays;

/// An image: one or more channels of numbers on one grid.
///
/// @param channels at least 1
/// @param values   `(channel, z, y, x)`, x fastest
public record Volume(Geometry geometry, int channels, float[] values) {

    public Volume {
        if (channels < 1 || values.length != channels * geometry.voxels()) {
            throw new IllegalArgumentException("%d channels of %s voxels need %d numbers, but %d were given"
                    .formatted(channels, geometry.shapeText(), channels * geometry.voxels(), values.length));
        }
    }

    /// {@return the same image as a plane of z, if it has one slice along another axis}
    public Volume asPlane() {
        return new Volume(geometry.asPlane(), channels, values);
    }

    /// {@return the same in all of so many channels}: a gray image among coloured ones
    ///
    /// @throws IllegalStateException if it isn't gray
    public Volume repeated(int channels) {
        if (this.channels != 1) {
            throw new IllegalStateException("an image with %d channels is not gray".formatted(this.channels));
        }
        float[] repeated = Arrays.copyOf(values, Math.multiplyExact(channels, values.length));
        for (int channel = 1; channel < channels; channel++) {
            System.arraycopy(values, 0, repeated, channel * values.length, values.length);
        }
        return new Volume(geometry, channels, repeated);
    }
}
