package org.segloss.torch.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.segloss.kernel.Halves;
import org.segloss.kernel.Lanes;

/// Loops over bfloat16 on vector lanes, two neighbours in each: an integer of 32 bits holds the first in its lower half
/// and the second in its upper one, where it is a float already. To the same bits as
/// [PlainLoops], but on the way back for positive `z` below 2^-126, or NaN.
///
/// The loops unpack a pair each for itself, since no vector is to cross a call: see [org.segloss.kernel.LaneKernels].
final class PairLoops implements NormLoops {
    private static final VectorSpecies<Float> F =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.width() * Float.SIZE));
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
            first.mul(first).add(FloatVector.fromArray(F, squares, i)).intoArray(squares, i);
            second.mul(second).add(FloatVector.fromArray(F, squares, half + i)).intoArray(squares, half + i);
        }
        for (int number = 2 * whole; number < n; number++) {
            int i = place(number);
            float difference = get(x, at + number) - origin[i];
            sum[i] += difference;
            squares[i] += difference * difference;
        }
    }

    @Override
    public void rectify(MemorySegment x, long at, int n, Rectifier rectifier, MemorySegment y) {
        float[] centre = rectifier.centre();
        float[] factor = rectifier.factor();
        float[] offset = rectifier.offset();
        float slope = rectifier.slope();
        int whole = F.loopBound(n / 2);
        for (int i = 0; i < whole; i += F.length()) {
            IntVector pair = IntVector.fromMemorySegment(I, x, byteOf(at, i), ByteOrder.LITTLE_ENDIAN);
            FloatVector first = pair.lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .sub(FloatVector.fromArray(F, centre, i))
                    .mul(FloatVector.fromArray(F, factor, i))
                    .add(FloatVector.fromArray(F, offset, i));
            FloatVector second = pair.and(UPPER)
                    .reinterpretAsFloats()
                    .sub(FloatVector.fromArray(F, centre, half + i))
                    .mul(FloatVector.fromArray(F, factor, half + i))
                    .add(FloatVector.fromArray(F, offset, half + i));
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
            float z = (get(x, at + number) - centre[i]) * factor[i] + offset[i];
            set(y, at + number, z > 0 ? z : slope * z);
        }
    }

    @Override
    public void addProducts(
            MemorySegment x, MemorySegment dy, long at, int n, Rectifier rectifier, float[] sum, float[] products) {
        float[] centre = rectifier.centre();
        float[] factor = rectifier.factor();
        float[] offset = rectifier.offset();
        float slope = rectifier.slope();
        int whole = F.loopBound(n / 2);
        for (int i = 0; i < whole; i += F.length()) {
            IntVector pair = IntVector.fromMemorySegment(I, x, byteOf(at, i), ByteOrder.LITTLE_ENDIAN);
            IntVector gradients = IntVector.fromMemorySegment(I, dy, byteOf(at, i), ByteOrder.LITTLE_ENDIAN);
            FloatVector first = pair.lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .sub(FloatVector.fromArray(F, centre, i));
            FloatVector second = pair.and(UPPER).reinterpretAsFloats().sub(FloatVector.fromArray(F, centre, half + i));
            FloatVector firstZ =
                    first.mul(FloatVector.fromArray(F, factor, i)).add(FloatVector.fromArray(F, offset, i));
            FloatVector secondZ = second.mul(FloatVector.fromArray(F, factor, half + i))
                    .add(FloatVector.fromArray(F, offset, half + i));
            FloatVector firstDz = gradients.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector secondDz = gradients.and(UPPER).reinterpretAsFloats();
            firstDz = firstDz.mul(slope).blend(firstDz, firstZ.compare(VectorOperators.GT, 0));
            secondDz = secondDz.mul(slope).blend(secondDz, secondZ.compare(VectorOperators.GT, 0));
            FloatVector.fromArray(F, sum, i).add(firstDz).intoArray(sum, i);
            FloatVector.fromArray(F, sum, half + i).add(secondDz).intoArray(sum, half + i);
            firstDz.mul(first).add(FloatVector.fromArray(F, products, i)).intoArray(products, i);
            secondDz.mul(second)
                    .add(FloatVector.fromArray(F, products, half + i))
                    .intoArray(products, half + i);
        }
        for (int number = 2 * whole; number < n; number++) {
            int i = place(number);
            float difference = get(x, at + number) - centre[i];
            float dz = dz(difference, factor[i], offset[i], slope, get(dy, at + number));
            sum[i] += dz;
            products[i] += dz * difference;
        }
    }

    @Override
    public void combine(
            MemorySegment x,
            MemorySegment dy,
            long at,
            int n,
            Rectifier rectifier,
            float[] perDifference,
            float[] constant) {
        float[] centre = rectifier.centre();
        float[] factor = rectifier.factor();
        float[] offset = rectifier.offset();
        float slope = rectifier.slope();
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
            FloatVector firstZ = first.mul(firstFactor).add(FloatVector.fromArray(F, offset, i));
            FloatVector secondZ = second.mul(secondFactor).add(FloatVector.fromArray(F, offset, half + i));
            FloatVector firstDz = gradients.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector secondDz = gradients.and(UPPER).reinterpretAsFloats();
            firstDz = firstDz.mul(slope).blend(firstDz, firstZ.compare(VectorOperators.GT, 0));
            secondDz = secondDz.mul(slope).blend(secondDz, secondZ.compare(VectorOperators.GT, 0));
            IntVector lower = firstDz.mul(firstFactor)
                    .add(first.mul(FloatVector.fromArray(F, perDifference, i))
                            .add(FloatVector.fromArray(F, constant, i)))
                    .reinterpretAsInts();
            IntVector upper = secondDz.mul(secondFactor)
                    .add(second.mul(FloatVector.fromArray(F, perDifference, half + i))
                            .add(FloatVector.fromArray(F, constant, half + i)))
                    .reinterpretAsInts();
            lower = lower.add(lower.lanewise(VectorOperators.LSHR, 16).and(1)).add(0x7fff);
            upper = upper.add(upper.lanewise(VectorOperators.LSHR, 16).and(1)).add(0x7fff);
            upper.and(UPPER)
                    .or(lower.lanewise(VectorOperators.LSHR, 16))
                    .intoMemorySegment(dy, byteOf(at, i), ByteOrder.LITTLE_ENDIAN);
        }
        for (int number = 2 * whole; number < n; number++) {
            int i = place(number);
            float difference = get(x, at + number) - centre[i];
            float dz = dz(difference, factor[i], offset[i], slope, get(dy, at + number));
            set(dy, at + number, dz * factor[i] + (difference * perDifference[i] + constant[i]));
        }
    }

    private static float dz(float difference, float factor, float offset, float slope, float dy) {
        return difference * factor + offset > 0 ? dy : slope * dy;
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
