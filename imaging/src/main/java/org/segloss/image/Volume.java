package org.segloss.image;

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
}
