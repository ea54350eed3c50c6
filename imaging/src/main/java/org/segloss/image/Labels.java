package org.segloss.image;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;

/// A segmentation: one label for each voxel.
///
/// @param values `(z, y, x)`, x fastest, each an unsigned byte
public record Labels(Geometry geometry, byte[] values) {

    /// No label is larger.
    public static final int LARGEST = 255;

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

    /// {@return whether there is a voxel with another label than these}
    public boolean hasOther(Collection<Integer> labels) {
        for (byte value : values) {
            if (!labels.contains(value & 0xFF)) {
                return true;
            }
        }
        return false;
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
        return foreground(Set.of());
    }

    /// {@return 1 where there is any label, 0 on the background}; voxels with an ignored label keep it
    public Labels foreground(Collection<Integer> ignored) {
        byte[] becomes = new byte[LARGEST + 1];
        Arrays.fill(becomes, 1, becomes.length, (byte) 1);
        ignored.forEach(label -> becomes[label] = label.byteValue());
        return mapped(becomes);
    }

    /// {@return the same segmentation with other labels}
    ///
    /// @param to what becomes of each label from 0 to 255
    public Labels mapped(byte[] to) {
        byte[] mapped = new byte[values.length];
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = to[values[i] & 0xFF];
        }
        return new Labels(geometry, mapped);
    }
}
