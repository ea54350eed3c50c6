package org.segloss.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.segloss.kernel.Halves;

/// Loops over bfloat16 on vector lanes, two neighbours in each: an integer of 32 bits holds the first in its lower half
/// and the second in its upper one, where it is a float already. To the same bits as [PlainLoops].
final class PairLoops implements NormLoops {
    static final boolean AVAILABLE =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                    && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = F.withLanes(int.class);
    private static final int UPPER = 0xffff_0000;

    // the places of the first of each pair, then those of the second
    private final int half;

    PairLoops(int block) {
        half = (block + 1) / 2;
    }

    @Override
    public int place(int number) {
        return number / 2 + number % 2 * half;
    }

    @Override
    public void addMoments(MemorySegment x, long at, int n, float[] origin, float[] sum, float[] squares) {
        int whole = F.loopBound(n / 2);
        for (int i = 0; i < whole; i += F.length()) {
            IntVector pair = IntVector.fromMemorySegment(I, x, byteOf(at, i), ByteOrder.LITTLE_ENDIAN);
            FloatVector first = pair.lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .sub(FloatVector.fromArray(F, origin, i));
            FloatVector second = pair.and(UPPER).reinterpretAsFloats().sub(FloatVector.fromArray(F, origin, half + i));
            FloatVector.fromArray(F, sum, i).add(first).intoArray(sum, i);
            FloatVector.fromArray(F, sum, half + i).add(second).intoArray(sum, half + i);
            first.fma(first, FloatVector.fromArray(F, squares, i)).intoArray(squares, i);
            second.fma(second, FloatVector.fromArray(F, squares, half + i)).intoArray(squares, half + i);
        }
        for (int number = 2 * whole; number < n; number++) {
            int i = place(number);
            float difference = get(x, at + number) - origin[i];
            sum[i] += difference;
            squares[i] = Math.fma(difference, difference, squares[i]);
        }
    }

    @Override
    public void rectify(
            MemorySegment x,
            long at,
            int n,
            float[] centre,
            float[] factor,
            float[] offset,
            float slope,
            MemorySegment y) {
        int whole = F.loopBound(n / 2);
        for (int i = 0; i < whole; i += F.length()) {
            IntVector pair = IntVector.fromMemorySegment(I, x, byteOf(at, i), ByteOrder.LITTLE_ENDIAN);
            FloatVector first = pair.lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .sub(FloatVector.fromArray(F, centre, i))
                    .fma(FloatVector.fromArray(F, factor, i), FloatVector.fromArray(F, offset, i));
            FloatVector second = pair.and(UPPER)
                    .reinterpretAsFloats()
                    .sub(FloatVector.fromArray(F, centre, half + i))
                    .fma(FloatVector.fromArray(F, factor, half + i), FloatVector.fromArray(F, offset, half + i));
            IntVector lower = first.mul(slope)
                    .blend(first, first.compare(VectorOperators.GT, 0))
                    .reinterpretAsInts();
            IntVector upper = second.mul(slope)
                    .blend(second, second.compare(VectorOperators.GT, 0))
                    .reinterpretAsInts();
            lower = lower.add(lower.lanewise(VectorOperators.LSHR, 16).and(1)).add(0x7fff);
            upper = upper.add(upper.lanewise(VectorOperators.LSHR, 16).and(1)).add(0x7fff);
            upper.and(UPPER)
                    .or(lower.lanewise(VectorOperators.LSHR, 16))
                    .intoMemorySegment(y, byteOf(at, i), ByteOrder.LITTLE_ENDIAN);
        }
        for (int number = 2 * whole; number < n; number++) {
            int i = place(number);
            float z = Math.fma(get(x, at + number) - centre[i], factor[i], offset[i]);
            set(y, at + number, z > 0 ? z : slope * z);
        }
    }

    @Override
    public void addProducts(
            MemorySegment x,
            MemorySegment dy,
            long at,
            int n,
            float[] centre,
            float[] factor,
            float[] offset,
            float slope,
            float[] sum,
            float[] products) {
        int whole = F.loopBound(n / 2);
        for (int i = 0; i < whole; i += F.length()) {
            IntVector pair = IntVector.fromMemorySegment(I, x, byteOf(at, i), ByteOrder.LITTLE_ENDIAN);
            IntVector gradients = IntVector.fromMemorySegment(I, dy, byteOf(at, i), ByteOrder.LITTLE_ENDIAN);
            FloatVector first = pair.lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .sub(FloatVector.fromArray(F, centre, i));
            FloatVector second = pair.and(UPPER).reinterpretAsFloats().sub(FloatVector.fromArray(F, centre, half + i));
            FloatVector firstZ = first.fma(FloatVector.fromArray(F, factor, i), FloatVector.fromArray(F, offset, i));
            FloatVector secondZ =
                    second.fma(FloatVector.fromArray(F, factor, half + i), FloatVector.fromArray(F, offset, half + i));
            FloatVector firstDz = gradients.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector secondDz = gradients.and(UPPER).reinterpretAsFloats();
            firstDz = firstDz.mul(slope).blend(firstDz, firstZ.compare(VectorOperators.GT, 0));
            secondDz = secondDz.mul(slope).blend(secondDz, secondZ.compare(VectorOperators.GT, 0));
            FloatVector.fromArray(F, sum, i).add(firstDz).intoArray(sum, i);
            FloatVector.fromArray(F, sum, half + i).add(secondDz).intoArray(sum, half + i);
            firstDz.fma(first, FloatVector.fromArray(F, products, i)).intoArray(products, i);
            secondDz.fma(second, FloatVector.fromArray(F, products, half + i)).intoArray(products, half + i);
        }
        for (int number = 2 * whole; number < n; number++) {
            int i = place(number);
            float difference = get(x, at + number) - centre[i];
            float dz = dz(difference, factor[i], offset[i], slope, get(dy, at + number));
            sum[i] += dz;
            products[i] = Math.fma(dz, difference, products[i]);
        }
    }

    @Override
    public void combine(
            MemorySegment x,
            MemorySegment dy,
            long at,
            int n,
            float[] centre,
            float[] factor,
            float[] offset,
            float slope,
            float[] perDifference,
            float[] constant,
            MemorySegment dx) {
        int whole = F.loopBound(n / 2);
        for (int i = 0; i < whole; i += F.length()) {
            IntVector pair = IntVector.fromMemorySegment(I, x, byteOf(at, i), ByteOrder.LITTLE_ENDIAN);
            IntVector gradients = IntVector.fromMemorySegment(I, dy, byteOf(at, i), ByteOrder.LITTLE_ENDIAN);
            FloatVector first = pair.lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .sub(FloatVector.fromArray(F, centre, i));
            FloatVector second = pair.and(UPPER).reinterpretAsFloats().sub(FloatVector.fromArray(F, centre, half + i));
            FloatVector firstFactor = FloatVector.fromArray(F, factor, i);
            FloatVector secondFactor = FloatVector.fromArray(F, factor, half + i);
            FloatVector firstZ = first.fma(firstFactor, FloatVector.fromArray(F, offset, i));
            FloatVector secondZ = second.fma(secondFactor, FloatVector.fromArray(F, offset, half + i));
            FloatVector firstDz = gradients.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector secondDz = gradients.and(UPPER).reinterpretAsFloats();
            firstDz = firstDz.mul(slope).blend(firstDz, firstZ.compare(VectorOperators.GT, 0));
            secondDz = secondDz.mul(slope).blend(secondDz, secondZ.compare(VectorOperators.GT, 0));
            IntVector lower = firstDz.fma(
                            firstFactor,
                            first.fma(
                                    FloatVector.fromArray(F, perDifference, i), FloatVector.fromArray(F, constant, i)))
                    .reinterpretAsInts();
            IntVector upper = secondDz.fma(
                            secondFactor,
                            second.fma(
                                    FloatVector.fromArray(F, perDifference, half + i),
                                    FloatVector.fromArray(F, constant, half + i)))
                    .reinterpretAsInts();
            lower = lower.add(lower.lanewise(VectorOperators.LSHR, 16).and(1)).add(0x7fff);
            upper = upper.add(upper.lanewise(VectorOperators.LSHR, 16).and(1)).add(0x7fff);
            upper.and(UPPER)
                    .or(lower.lanewise(VectorOperators.LSHR, 16))
                    .intoMemorySegment(dx, byteOf(at, i), ByteOrder.LITTLE_ENDIAN);
        }
        for (int number = 2 * whole; number < n; number++) {
            int i = place(number);
            float difference = get(x, at + number) - centre[i];
            float dz = dz(difference, factor[i], offset[i], slope, get(dy, at + number));
            set(dx, at + number, Math.fma(dz, factor[i], Math.fma(difference, perDifference[i], constant[i])));
        }
    }

    private static float dz(float difference, float factor, float offset, float slope, float dy) {
        return Math.fma(difference, factor, offset) > 0 ? dy : slope * dy;
    }

    private static long byteOf(long at, int pair) {
        return (at + 2L * pair) * Short.BYTES;
    }

    private static float get(MemorySegment memory, long at) {
        return Halves.bfloat16ToFloat(memory.get(ValueLayout.JAVA_SHORT, at * Short.BYTES));
    }

    private static void set(MemorySegment memory, long at, float value) {
        memory.set(ValueLayout.JAVA_SHORT, at * Short.BYTES, Halves.floatToBfloat16(value));
    }
}
