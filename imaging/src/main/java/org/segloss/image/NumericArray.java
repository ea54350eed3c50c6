package org.segloss.image;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// Numbers of one type in a grid of any number of axes.
///
/// @param shape the length of each axis, slowest first; empty for a single number
/// @param type  how one number is stored
/// @param data  the numbers, the last axis fastest (C order), native byte order; what is read from a file lies
///              in a Java array of the type's width
public record NumericArray(List<Integer> shape, ElementType type, MemorySegment data) {

    public NumericArray {
        shape = List.copyOf(shape);
        long size = 1;
        for (int length : shape) {
            if (length < 0) {
                throw new IllegalArgumentException("an axis cannot have the length " + length);
            }
            size = Math.multiplyExact(size, (long) length);
        }
        if (data.byteSize() != size * type.bytes()) {
            throw new IllegalArgumentException("an array of shape %s in %s needs %d bytes, but has %d"
                    .formatted(shape, type, size * type.bytes(), data.byteSize()));
        }
    }

    /// {@return an array over `values`, not copied}
    public static NumericArray of(float[] values, List<Integer> shape) {
        return new NumericArray(shape, ElementType.FLOAT32, MemorySegment.ofArray(values));
    }

    /// {@return an array over `values`, not copied}
    public static NumericArray of(double[] values, List<Integer> shape) {
        return new NumericArray(shape, ElementType.FLOAT64, MemorySegment.ofArray(values));
    }

    /// {@return an array of unsigned bytes over `values`, not copied}
    public static NumericArray of(byte[] values, List<Integer> shape) {
        return new NumericArray(shape, ElementType.UINT8, MemorySegment.ofArray(values));
    }

    /// {@return how many numbers there are}
    public long size() {
        return data.byteSize() / type.bytes();
    }

    /// {@return the number at a position in C order; 64-bit integers beyond 2^53 are rounded}
    public double get(long index) {
        return switch (type) {
            case BOOL, INT8 -> data.get(JAVA_BYTE, index);
            case UINT8 -> data.get(JAVA_BYTE, index) & 0xFF;
            case INT16 -> data.getAtIndex(JAVA_SHORT_UNALIGNED, index);
            case UINT16 -> data.getAtIndex(JAVA_SHORT_UNALIGNED, index) & 0xFFFF;
            case INT32 -> data.getAtIndex(JAVA_INT_UNALIGNED, index);
            case UINT32 -> data.getAtIndex(JAVA_INT_UNALIGNED, index) & 0xFFFF_FFFFL;
            case INT64 -> data.getAtIndex(JAVA_LONG_UNALIGNED, index);
            case UINT64 -> unsigned(data.getAtIndex(JAVA_LONG_UNALIGNED, index));
            case FLOAT32 -> data.getAtIndex(JAVA_FLOAT_UNALIGNED, index);
            case FLOAT64 -> data.getAtIndex(JAVA_DOUBLE_UNALIGNED, index);
        };
    }

    private static double unsigned(long bits) {
        // halve with the lost bit kept, so that the rounding is right
        return bits >= 0 ? bits : 2.0 * ((bits >>> 1) | (bits & 1));
    }

    /// {@return all numbers as floats, rounded to the nearest; a copy}
    public float[] toFloats() {
        float[] floats = new float[Math.toIntExact(size())];
        // the types that most images have, in bulk
        switch (type) {
            case FLOAT32 -> MemorySegment.copy(data, JAVA_FLOAT_UNALIGNED, 0, floats, 0, floats.length);
            case UINT8 -> {
                byte[] bytes = toBytes();
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = bytes[i] & 0xFF;
                }
            }
            default -> {
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = (float) get(i);
                }
            }
        }
        return floats;
    }

    /// {@return all numbers cut to an int; a copy}
    public int[] toInts() {
        int[] ints = new int[Math.toIntExact(size())];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = (int) get(i);
        }
        return ints;
    }

    /// {@return all numbers cut to a byte; a copy}
    public byte[] toBytes() {
        byte[] bytes = new byte[Math.toIntExact(size())];
        if (type.bytes() == 1) {
            MemorySegment.copy(data, JAVA_BYTE, 0, bytes, 0, bytes.length);
            return bytes;
        }
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) get(i);
        }
        return bytes;
    }

    /// {@return all numbers as doubles; a copy}
    public double[] toDoubles() {
        double[] doubles = new double[Math.toIntExact(size())];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = get(i);
        }
        return doubles;
    }

    /// {@return all numbers as they are stored in files here: little endian; a copy}
    public byte[] littleEndian() {
        return Decoder.littleEndian(this);
    }
}
