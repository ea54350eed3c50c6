package org.segloss.fit;

/// What a step sees.
///
/// @param images `(batch, channel, z, y, x)`
/// @param labels `(batch, z, y, x)`
/// @param inside `(batch, z, y, x)`, 0 where a patch reaches over its image
/// @param padded whether a voxel of `inside` is 0
record Batch(float[] images, byte[] labels, byte[] inside, boolean padded) {}
