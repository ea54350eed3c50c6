package org.segloss.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [Halves] on vector lanes, where the compiler finds none by itself: it takes the bits of a float in
/// memory for an integer in memory, and then sees two kinds of array.
final class LaneHalves {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final VectorSpecies<Integer> I = F.withLanes(int.class);
    // as many as floats
    private static final VectorSpecies<Short> S =
            VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

    private LaneHalves() {}

    static void bfloat16ToFloat(short[] bits, int n, float[] values) {
        int whole = F.loopBound(n);
        for (int i = 0; i < whole; i += F.length()) {
            IntVector wide =
                    (IntVector) ShortVector.fromArray(S, bits, i).convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
            wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(values, i);
        }
        for (int i = whole; i < n; i++) {
            values[i] = Halves.bfloat16ToFloat(bits[i]);
        }
    }

    static void floatToBfloat16(float[] values, int n, short[] bits) {
        int whole = F.loopBound(n);
        for (int i = 0; i < whole; i += F.length()) {
            FloatVector value = FloatVector.fromArray(F, values, i);
            IntVector exact = value.reinterpretAsInts();
            IntVector odd = exact.lanewise(VectorOperators.LSHR, 16).and(1);
            VectorMask<Integer> nan = value.test(VectorOperators.IS_NAN).cast(I);
            IntVector rounded = exact.add(0x7fff).add(odd).blend(exact.or(0x40_0000), nan);
            ((ShortVector) rounded.lanewise(VectorOperators.LSHR, 16).convertShape(VectorOperators.I2S, S, 0))
                    .intoArray(bits, i);
        }
        for (int i = whole; i < n; i++) {
            bits[i] = Halves.floatToBfloat16(values[i]);
        }
    }
}
