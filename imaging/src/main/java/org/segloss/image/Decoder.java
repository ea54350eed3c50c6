package org.segloss.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Turns a file's bytes into a Java array of the type's width, in native byte order, and back.
public final class Decoder {
    private Decoder() {}

    public static MemorySegment decode(byte[] raw, ElementType type, ByteOrder order) {
        int n = raw.length / type.bytes();
        MemorySegment values = room(type, n);
        ValueLayout layout = layout(type);
        MemorySegment.copy(MemorySegment.ofArray(raw), layout.withOrder(order), 0, values, layout, 0, n);
        return values;
    }

    /// Half precision is widened, which is exact.
    public static MemorySegment decodeHalf(byte[] raw, ByteOrder order) {
        ByteBuffer buffer = ByteBuffer.wrap(raw).order(order);
        float[] values = new float[raw.length / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.float16ToFloat(buffer.getShort());
        }
        return MemorySegment.ofArray(values);
    }

    public static byte[] littleEndian(NumericArray values) {
        byte[] raw = new byte[Math.toIntExact(values.data().byteSize())];
        ValueLayout layout = layout(values.type());
        MemorySegment target = MemorySegment.ofArray(raw);
        MemorySegment.copy(
                values.data(), layout, 0, target, layout.withOrder(ByteOrder.LITTLE_ENDIAN), 0, values.size());
        return raw;
    }

    public static MemorySegment room(ElementType type, int n) {
        return switch (type) {
            case BOOL, INT8, UINT8 -> MemorySegment.ofArray(new byte[n]);
            case INT16, UINT16 -> MemorySegment.ofArray(new short[n]);
            case INT32, UINT32 -> MemorySegment.ofArray(new int[n]);
            case INT64, UINT64 -> MemorySegment.ofArray(new long[n]);
            case FLOAT32 -> MemorySegment.ofArray(new float[n]);
            case FLOAT64 -> MemorySegment.ofArray(new double[n]);
        };
    }

    /// The width alone counts: copying looks at no number.
    private static ValueLayout layout(ElementType type) {
        return switch (type.bytes()) {
            case 1 -> ValueLayout.JAVA_BYTE;
            case 2 -> ValueLayout.JAVA_SHORT_UNALIGNED;
            case 4 -> ValueLayout.JAVA_INT_UNALIGNED;
            default -> ValueLayout.JAVA_LONG_UNALIGNED;
        };
    }
}
