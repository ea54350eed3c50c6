package org.segloss.image;

/// An image: one or more channels of numbers on one grid.
///
/// @param values `(channel, z, y, x)`, x fastest
public record Volume(Geometry geometry, int channels, float[] values) {}
