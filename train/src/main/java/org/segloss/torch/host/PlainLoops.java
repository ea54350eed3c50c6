package org.segloss.torch.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.segloss.kernel.Halves;
import org.segloss.plan.Precision;

/// Loops along arrays, which the compiler turns into vector instructions by itself. Without fused multiply-adds, which
/// are a thousand times as slow where the processor has none.
final class PlainLoops implements NormLoops {
    private static final float LARGE = 0x1p126f;

    private final Precision precision;
    private final short[] halves;
    private final float[] x;
    private final float[] dz;

    PlainLoops(Precision precision, int block) {
        this.precision = precision;
        halves = new short[block];
        x = new float[block];
        dz = new float[block];
    }

    @Override
    public int place(int number) {
        return number;
    }

    @Override
    public void addMoments(MemorySegment features, long at, int n, float[] origin, float[] sum, float[] squares) {
        read(features, at, n, x);
        for (int i = 0; i < n; i++) {
            float difference = x[i] - origin[i];
            sum[i] += difference;
            squares[i] += difference * difference;
        }
    }

    @Override
    public void rectify(MemorySegment features, long at, int n, Rectifier rectifier, MemorySegment y) {
        float[] centre = rectifier.centre();
        float[] factor = rectifier.factor();
        float[] offset = rectifier.offset();
        float slope = rectifier.slope();
        read(features, at, n, x);
        for (int i = 0; i < n; i++) {
            float z = (x[i] - centre[i]) * factor[i] + offset[i];
            x[i] = Math.max(z, slope * z);
        }
        write(x, y, at, n);
    }

    @Override
    public void addProducts(
            MemorySegment features,
            MemorySegment dy,
            long at,
            int n,
            Rectifier rectifier,
            float[] sum,
            float[] products) {
        read(features, at, n, x);
        read(dy, at, n, dz);
        unrectify(n, rectifier);
        for (int i = 0; i < n; i++) {
            sum[i] += dz[i];
            products[i] += dz[i] * x[i];
        }
    }

    @Override
    public void combine(
            MemorySegment features,
            MemorySegment dy,
            long at,
            int n,
            Rectifier rectifier,
            float[] perDifference,
            float[] constant) {
        float[] factor = rectifier.factor();
        read(features, at, n, x);
        read(dy, at, n, dz);
        unrectify(n, rectifier);
        for (int i = 0; i < n; i++) {
            dz[i] = dz[i] * factor[i] + (x[i] * perDifference[i] + constant[i]);
        }
        write(dz, dy, at, n);
    }

    /// Leaves `x - centre` and `dz`.
    private void unrectify(int n, Rectifier rectifier) {
        float[] centre = rectifier.centre();
        float[] factor = rectifier.factor();
        float[] offset = rectifier.offset();
        float slope = rectifier.slope();
        for (int i = 0; i < n; i++) {
            x[i] -= centre[i];
            float z = x[i] * factor[i] + offset[i];
            // 1 or the slope; a condition would keep the compiler from using vectors
            dz[i] *= Math.max(slope, Math.min(1, LARGE * z));
        }
    }

    private void read(MemorySegment memory, long at, int n, float[] values) {
        if (precision == Precision.FLOAT32) {
            MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at * Float.BYTES, values, 0, n);
        } else {
            MemorySegment.copy(memory, ValueLayout.JAVA_SHORT, at * Short.BYTES, halves, 0, n);
            Halves.bfloat16ToFloat(halves, n, values);
        }
    }

    private void write(float[] values, MemorySegment memory, long at, int n) {
        if (precision == Precision.FLOAT32) {
            MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, at * Float.BYTES, n);
        } else {
            Halves.floatToBfloat16(values, n, halves);
            MemorySegment.copy(halves, 0, memory, ValueLayout.JAVA_SHORT, at * Short.BYTES, n);
        }
    }
}
