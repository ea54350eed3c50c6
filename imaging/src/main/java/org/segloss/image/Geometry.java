package org.segloss.image;

/// Where voxels lie: their number along each axis, and the affine that takes a voxel index to millimetres.
///
/// @param x      columns
/// @param y      rows
/// @param z      slices, 1 for a plane image
/// @param affine 4 x 4, row by row: `(x, y, z, 1)` in voxels to RAS+ millimetres
public record Geometry(int x, int y, int z, double[] affine) {}
