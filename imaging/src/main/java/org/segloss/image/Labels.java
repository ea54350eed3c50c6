package org.segloss.image;

/// A segmentation: one label for each voxel.
///
/// @param values `(z, y, x)`, x fastest, each an unsigned byte
public record Labels(Geometry geometry, byte[] values) {

    public Labels {
        if (values.length != geometry.voxels()) {
            throw new IllegalArgumentException("%s voxels need %d labels, but %d were given"
                    .formatted(geometry.shapeText(), geometry.voxels(), values.length));
        }
    }

    /// {@return the same segmentation as a plane of z, if it has one slice along another axis}
    public Labels asPlane() {
        return new Labels(geometry.asPlane(), values);
    }

    /// {@return the number of voxels with each label, from 0 to 255}
    public long[] histogram() {
        long[] counts = new long[256];
        for (byte value : values) {
            counts[value & 0xFF]++;
        }
        return counts;
    }

    /// {@return 1 where there is any label, 0 on the background}
    public Labels foreground() {
        byte[] any = new byte[values.length];
        for (int i = 0; i < any.length; i++) {
            any[i] = (byte) (values[i] == 0 ? 0 : 1);
        }
        return new Labels(geometry, any);
    }
}
