package org.segloss.image;

/// A segmentation: one label for each voxel.
///
/// @param values `(z, y, x)`, x fastest, each an unsigned byte
public record Labels(Geometry geometry, byte[] values) {}
