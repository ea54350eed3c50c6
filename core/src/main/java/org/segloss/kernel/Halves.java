package org.segloss.kernel;

/// Numbers of 16 bits: IEEE binary16 (float16) and the upper half of a float (bfloat16). Each fits into a float
/// exactly; the way back rounds to the nearest, of two equally near to the even one.
///
/// The loops over blocks of float16 have no branches, and the compiler turns them into vector instructions by itself.
public final class Halves {
    // vectors of halves are half as wide, and the narrowest have 64 bits
    private static final boolean LANES = VectorModule.isPresent() && Lanes.width() >= 4;

    private Halves() {}

    public static void float16ToFloat(short[] bits, int n, float[] values) {
        for (int i = 0; i < n; i++) {
            values[i] = Float.float16ToFloat(bits[i]);
        }
    }

    public static void floatToFloat16(float[] values, int n, short[] bits) {
        for (int i = 0; i < n; i++) {
            bits[i] = Float.floatToFloat16(values[i]);
        }
    }

    public static void bfloat16ToFloat(short[] bits, int n, float[] values) {
        if (LANES) {
            LaneHalves.bfloat16ToFloat(bits, n, values);
            return;
        }
        for (int i = 0; i < n; i++) {
            values[i] = bfloat16ToFloat(bits[i]);
        }
    }

    public static void floatToBfloat16(float[] values, int n, short[] bits) {
        if (LANES) {
            LaneHalves.floatToBfloat16(values, n, bits);
            return;
        }
        for (int i = 0; i < n; i++) {
            bits[i] = floatToBfloat16(values[i]);
        }
    }

    public static float bfloat16ToFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    public static short floatToBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int rounded = (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16;
        // rounding could carry a NaN over into an infinity: its highest bit of payload stands for all
        return (short) (value != value ? bits >>> 16 | 0x40 : rounded);
    }
}
