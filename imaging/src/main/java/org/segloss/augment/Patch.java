package org.segloss.augment;

/// Room for one patch in the arrays of a batch.
///
/// @param images `(channel, z, y, x)` from `image` on
/// @param labels `(z, y, x)` from `voxel` on
/// @param inside as the labels: 1 where the voxel is in its image, 0 where the patch reaches over the edge
public record Patch(
        PatchShape shape, int channels, float[] images, int image, byte[] labels, byte[] inside, int voxel) {

    /// {@return where a channel's numbers begin}
    int start(int channel) {
        return image + channel * shape.voxels();
    }
}
