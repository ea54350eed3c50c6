package org.segloss.evaluate;

import java.lang.foreign.MemorySegment;
import java.util.Locale;
import org.segloss.grid.Shape;

/// A network's output in memory: a Java array, a buffer or a tensor, none of it copied.
///
/// @param data  dense numbers in the order of `shape`, native byte order
/// @param type  how one number is stored
/// @param shape `(batch, class, z, y, x)`
/// @param scale whether the numbers are logits or probabilities already
public record Prediction(MemorySegment data, FloatType type, Shape shape, Scale scale) {

    /// How one number is stored.
    public enum FloatType {
        /// IEEE binary16. Its gradients underflow below 6e-8, which a mean over a million voxels does: multiply the
        /// loss by a factor, and divide later.
        FLOAT16(2),
        /// The upper half of a float.
        BFLOAT16(2),
        FLOAT32(4),
        FLOAT64(8);

        private final int bytes;

        FloatType(int bytes) {
            this.bytes = bytes;
        }

        public int bytes() {
            return bytes;
        }
    }

    /// What the numbers mean.
    public enum Scale {
        /// Any real number; the task's activation makes a probability of it. Exact for sure voxels too.
        LOGITS,
        /// Numbers in [0, 1] that are used as they are; gradients are with respect to them.
        PROBABILITIES;

        /// {@return the name as on the command line}
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Prediction {
        long needed = Math.multiplyExact(shape.elements(), (long) type.bytes());
        if (data.byteSize() != needed) {
            throw new IllegalArgumentException("prediction of shape %s in %s needs %d bytes, but has %d"
                    .formatted(shape, type, needed, data.byteSize()));
        }
    }

    /// {@return logits of type float in native memory or in a heap array}
    public static Prediction logits(MemorySegment data, Shape shape) {
        return new Prediction(data, FloatType.FLOAT32, shape, Scale.LOGITS);
    }
}
