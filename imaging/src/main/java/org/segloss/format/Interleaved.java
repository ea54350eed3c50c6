package org.segloss.format;

/// Numbers of a voxel's channels that stand side by side in a file, where an image has one channel behind the other.
public final class Interleaved {
    private Interleaved() {}

    /// {@return one channel behind the other}
    ///
    /// @param voxels the channels of a voxel side by side
    /// @param width  bytes of a number
    public static byte[] planes(byte[] voxels, int channels, int width) {
        byte[] planes = new byte[voxels.length];
        int count = voxels.length / width / channels;
        for (int channel = 0; channel < channels; channel++) {
            for (int voxel = 0; voxel < count; voxel++) {
                System.arraycopy(
                        voxels, (voxel * channels + channel) * width, planes, (channel * count + voxel) * width, width);
            }
        }
        return planes;
    }

    /// {@return the channels of a voxel side by side}: as [#planes] of numbers with their axes exchanged
    public static byte[] voxels(byte[] planes, int channels, int width) {
        return planes(planes, planes.length / width / channels, width);
    }
}
