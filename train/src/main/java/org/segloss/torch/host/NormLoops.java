package org.segloss.torch.host;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.segloss.kernel.VectorModule;
import org.segloss.plan.Precision;

/// The loops of [HostNorm] over the numbers of a block.
///
/// Whatever belongs to a number's channel lies in an array at the number's [#place] in its block, and so do sums.
interface NormLoops {
    /// {@return the loops for numbers of a kind}
    ///
    /// @param block numbers in a block, at most
    static NormLoops of(Precision precision, int block) {
        // the lanes take pairs of numbers for integers whose lower half is the first
        boolean lanes = VectorModule.isPresent() && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        return precision == Precision.BFLOAT16 && lanes ? new PairLoops(block) : new PlainLoops(precision, block);
    }

    /// `z = factor (x - centre) + offset`, and by what it is multiplied where it isn't positive.
    record Rectifier(float[] centre, float[] factor, float[] offset, float slope) {}

    int place(int number);

    /// Adds `x - origin` and its square.
    void addMoments(MemorySegment x, long at, int n, float[] origin, float[] sum, float[] squares);

    /// Writes `z` where it is positive, elsewhere `slope z`.
    void rectify(MemorySegment x, long at, int n, Rectifier rectifier, MemorySegment y);

    /// Adds `dz` and `dz (x - centre)`, `dz` being `dy` where `z` is positive, elsewhere `slope dy`.
    void addProducts(
            MemorySegment x, MemorySegment dy, long at, int n, Rectifier rectifier, float[] sum, float[] products);

    /// Writes `factor dz + (perDifference (x - centre) + constant)` in place of `dy`.
    void combine(
            MemorySegment x,
            MemorySegment dy,
            long at,
            int n,
            Rectifier rectifier,
            float[] perDifference,
            float[] constant);
}
