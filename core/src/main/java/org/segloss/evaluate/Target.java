package org.segloss.evaluate;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.segloss.grid.Spacing;

/// The reference segmentation: an index map of shape `(batch, z, y, x)`, or probabilities of the prediction's shape.
///
/// @param data dense numbers, x fastest, native byte order
/// @param type how one number is stored, and with it which of the two forms this is
/// @param mask bytes of shape `(batch, z, y, x)`; voxels with 0 leave every sum and every divisor, and their gradient
///             is exactly 0
/// @param spacing the size of a voxel, for losses that measure distances
/// @param normalized whether the probabilities of a voxel have to add up to 1 within 1e-3 in a multiclass task, where
///                   the voxel counts; an index map and the sigmoids of other tasks aren't asked
public record Target(MemorySegment data, Type type, Optional<MemorySegment> mask, Spacing spacing, boolean normalized) {

    /// How one number is stored.
    public enum Type {
        /// Labels as unsigned bytes.
        UINT8(1),
        INT16(2),
        INT32(4),
        INT64(8),
        /// Probabilities of the prediction's shape.
        FLOAT32(4),
        FLOAT64(8);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        public int bytes() {
            return bytes;
        }

        public boolean isIndex() {
            return ordinal() <= INT64.ordinal();
        }
    }

    /// {@return labels as unsigned bytes, one for each voxel}
    public static Target labels(MemorySegment data) {
        return new Target(data, Type.UINT8, Optional.empty(), Spacing.ONE, true);
    }

    /// {@return labels of the given type, one for each voxel}
    public static Target labels(MemorySegment data, Type type) {
        return new Target(data, type, Optional.empty(), Spacing.ONE, true);
    }

    /// {@return probabilities of type float, of the prediction's shape}
    public static Target probabilities(MemorySegment data) {
        return probabilities(data, Type.FLOAT32);
    }

    /// {@return probabilities of the given type, of the prediction's shape}
    public static Target probabilities(MemorySegment data, Type type) {
        return new Target(data, type, Optional.empty(), Spacing.ONE, true);
    }

    /// {@return the same target, of which only the voxels with a mask other than 0 count}
    public Target masked(MemorySegment mask) {
        return new Target(data, type, Optional.of(mask), spacing, normalized);
    }

    /// {@return the same target, with voxels of that size}; without it distances are in voxels
    public Target spaced(Spacing spacing) {
        return new Target(data, type, mask, spacing, normalized);
    }

    /// {@return the same target, whose probabilities of a voxel may add up to anything}: a voxel that belongs to
    /// several classes, or to none, of a multiclass task
    public Target unnormalized() {
        return new Target(data, type, mask, spacing, false);
    }
}
