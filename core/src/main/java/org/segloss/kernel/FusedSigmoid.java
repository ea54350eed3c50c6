package org.segloss.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import java.util.Objects;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [SigmoidLoops], for native memory; its copy, which is told so, for arrays. They follow the rules of
/// [LaneKernels].
final class FusedSigmoid implements SigmoidLoops {
    /// The classes of segments of numbers and of labels.
    record Kinds(Class<? extends MemorySegment> floats, Class<? extends MemorySegment> labels) {
        static final Kinds NATIVE = new Kinds(MemorySegment.NULL.getClass(), MemorySegment.NULL.getClass());
        static final Kinds ARRAYS = new Kinds(
                MemorySegment.ofArray(new float[0]).getClass(),
                MemorySegment.ofArray(new byte[0]).getClass());
    }

    // every loop casts its memory to these, which tells the compiler
    private static final Class<? extends MemorySegment> FLOATS = kinds().floats();
    private static final Class<? extends MemorySegment> LABELS = kinds().labels();

    private static final int GROUP = Lanes.GROUP;
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final VectorSpecies<Byte> B = Lanes.B;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    // where a label is packed with probabilities, and the smaller of these
    private static final int MARK = Float.floatToRawIntBits(2);
    private static final int SMALLER = MARK - 1;

    private final float[] logits = new float[Kernels.BLOCK];
    private final float[] exponential = new float[Kernels.BLOCK];
    private final float[] logarithm = new float[Kernels.BLOCK];
    private final float[] lanes = new float[7 * GROUP];

    private static Kinds kinds() {
        try {
            Kinds copied = MethodHandles.classData(MethodHandles.lookup(), "_", Kinds.class);
            return Objects.requireNonNullElse(copied, Kinds.NATIVE);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean take(MemorySegment floats) {
        return FLOATS.isInstance(floats);
    }

    @Override
    public boolean takeLabels(MemorySegment bytes) {
        return LABELS.isInstance(bytes);
    }

    @Override
    public void start(MemorySegment logitsMemory, long at, int n) {
        MemorySegment z = FLOATS.cast(logitsMemory);
        // not in the same loop as the sums: the chain of dependent operations would be longer than what a processor
        // sees at once
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromMemorySegment(F, z, at + 4L * i, ORDER).intoArray(logits, i);
        }
        LaneFunctions.expOfMinusAbs(logits, n, exponential);
    }

    @Override
    public boolean start(
            MemorySegment logitsMemory, long at, MemorySegment labelsMemory, long labelsAt, int n, float[] y) {
        MemorySegment z = FLOATS.cast(logitsMemory);
        MemorySegment labels = LABELS.cast(labelsMemory);
        ByteVector all = ByteVector.zero(B);
        for (int i = 0; i < n; i += B.length()) {
            ByteVector bytes = ByteVector.fromMemorySegment(B, labels, labelsAt + i, ORDER);
            all = all.or(bytes);
            for (int part = 0; part < Lanes.PARTS; part++) {
                int to = i + part * F.length();
                ((FloatVector) bytes.convertShape(VectorOperators.B2F, F, part)).intoArray(y, to);
                FloatVector.fromMemorySegment(F, z, at + 4L * to, ORDER).intoArray(logits, to);
            }
        }
        LaneFunctions.expOfMinusAbs(logits, n, exponential);
        return (all.reduceLanes(VectorOperators.OR) & ~1) == 0;
    }

    @Override
    public double sums(
            MemorySegment packedMemory,
            long at,
            float[] y,
            int n,
            boolean logarithms,
            boolean packs,
            boolean marks,
            double[] sums,
            int sumsAt) {
        MemorySegment packed = FLOATS.cast(packedMemory);
        for (int lane = 0; lane < GROUP; lane += F.length()) {
            FloatVector py = FloatVector.zero(F);
            FloatVector sp = FloatVector.zero(F);
            FloatVector sy = FloatVector.zero(F);
            FloatVector pp = FloatVector.zero(F);
            FloatVector yy = FloatVector.zero(F);
            // the product of all 1 + e, less 1
            FloatVector product = FloatVector.zero(F);
            FloatVector linear = FloatVector.zero(F);
            for (int i = lane; i < n; i += GROUP) {
                FloatVector v = FloatVector.fromArray(F, logits, i);
                FloatVector e = FloatVector.fromArray(F, exponential, i);
                FloatVector onePlus = e.add(1);
                FloatVector larger = FloatVector.broadcast(F, 1).div(onePlus);
                FloatVector smaller = e.mul(larger);
                VectorMask<Float> positive = v.compare(VectorOperators.GE, 0);
                FloatVector p = smaller.blend(larger, positive);
                FloatVector target = FloatVector.fromArray(F, y, i);
                if (packs) {
                    FloatVector both = smaller.blend(smaller.neg(), positive);
                    if (marks) {
                        // 2 is the one bit that no number up to 1/2 has
                        both = both.reinterpretAsInts()
                                .or(target.add(target).reinterpretAsInts())
                                .reinterpretAsFloats();
                    }
                    both.intoMemorySegment(packed, at + 4L * i, ORDER);
                }
                py = p.fma(target, py);
                sp = sp.add(p);
                sy = sy.add(target);
                pp = p.fma(p, pp);
                yy = target.fma(target, yy);
                if (logarithms) {
                    // the cross-entropy is log(1 + e) + max(z, 0) - y z
                    product = product.fma(onePlus, e);
                    linear = target.neg()
                            .fma(v, FloatVector.zero(F).blend(v, positive))
                            .add(linear);
                }
            }
            py.intoArray(lanes, lane);
            sp.intoArray(lanes, GROUP + lane);
            sy.intoArray(lanes, 2 * GROUP + lane);
            pp.intoArray(lanes, 3 * GROUP + lane);
            yy.intoArray(lanes, 4 * GROUP + lane);
            linear.intoArray(lanes, 5 * GROUP + lane);
            product.intoArray(lanes, 6 * GROUP + lane);
        }
        for (int k = 0; k < 5; k++) {
            sums[sumsAt + k] += Lanes.sumOfLanes(lanes, k);
        }
        return Lanes.sumOfLanes(lanes, 5) + logOfLanes(6);
    }

    @Override
    public void squareFocal(MemorySegment packedMemory, long at, float[] y, int n, double[] sums) {
        MemorySegment packed = FLOATS.cast(packedMemory);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector e = FloatVector.fromArray(F, exponential, i);
            e.div(e.add(2)).intoArray(logarithm, i);
        }
        LaneFunctions.twiceAtanh(logarithm, n, logarithm);
        for (int lane = 0; lane < GROUP; lane += F.length()) {
            FloatVector background = FloatVector.zero(F);
            FloatVector foreground = FloatVector.zero(F);
            for (int i = lane; i < n; i += GROUP) {
                FloatVector v = FloatVector.fromMemorySegment(F, packed, at + 4L * i, ORDER);
                FloatVector target = FloatVector.fromArray(F, y, i);
                VectorMask<Float> wrong = target.compare(VectorOperators.GT, 0)
                        .xor(v.reinterpretAsInts()
                                .compare(VectorOperators.LT, 0)
                                .cast(F));
                FloatVector smaller = v.reinterpretAsInts().and(SMALLER).reinterpretAsFloats();
                FloatVector rest = smaller.blend(FloatVector.broadcast(F, 1).sub(smaller), wrong);
                FloatVector minusLog = FloatVector.zero(F)
                        .blend(FloatVector.fromArray(F, logits, i).abs(), wrong)
                        .add(FloatVector.fromArray(F, logarithm, i));
                FloatVector loss = rest.mul(rest).mul(minusLog);
                foreground = loss.fma(target, foreground);
                background = FloatVector.broadcast(F, 1).sub(target).fma(loss, background);
            }
            background.intoArray(lanes, lane);
            foreground.intoArray(lanes, GROUP + lane);
        }
        sums[0] += Lanes.sumOfLanes(lanes, 0);
        sums[1] += Lanes.sumOfLanes(lanes, 1);
    }

    @Override
    public void squareFocalGradient(
            MemorySegment logitsMemory,
            long zAt,
            MemorySegment packedMemory,
            long at,
            boolean marked,
            float[] y,
            int n,
            float background,
            float foreground,
            float[] dz) {
        MemorySegment packed = FLOATS.cast(packedMemory);
        MemorySegment z = FLOATS.cast(logitsMemory);
        for (int i = 0; i < n; i += F.length()) {
            // -log(1 - smaller) = 2 atanh(smaller / (2 - smaller))
            FloatVector smaller = FloatVector.fromMemorySegment(F, packed, at + 4L * i, ORDER)
                    .reinterpretAsInts()
                    .and(SMALLER)
                    .reinterpretAsFloats();
            smaller.div(FloatVector.broadcast(F, 2).sub(smaller)).intoArray(logarithm, i);
        }
        LaneFunctions.twiceAtanh(logarithm, n, logarithm);
        FloatVector ofBackground = FloatVector.broadcast(F, background);
        FloatVector ofForeground = FloatVector.broadcast(F, -foreground);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromMemorySegment(F, packed, at + 4L * i, ORDER);
            FloatVector target =
                    marked ? v.reinterpretAsInts().and(MARK).reinterpretAsFloats() : FloatVector.fromArray(F, y, i);
            VectorMask<Float> positive = target.compare(VectorOperators.GT, 0);
            VectorMask<Float> wrong =
                    v.reinterpretAsInts().compare(VectorOperators.LT, 0).cast(F).xor(positive);
            FloatVector smaller = v.reinterpretAsInts().and(SMALLER).reinterpretAsFloats();
            FloatVector larger = FloatVector.broadcast(F, 1).sub(smaller);
            FloatVector r = smaller.blend(larger, wrong);
            FloatVector t = larger.blend(smaller, wrong);
            // where t is 0 its logarithm may be anything but infinite
            FloatVector size =
                    FloatVector.fromMemorySegment(F, z, zAt + 4L * i, ORDER).abs();
            size = size.blend(100, size.compare(VectorOperators.GT, 100));
            FloatVector minusLog = FloatVector.zero(F).blend(size, wrong).add(FloatVector.fromArray(F, logarithm, i));
            FloatVector derivative = t.add(t).fma(minusLog, r).mul(r).mul(r);
            derivative.mul(ofBackground.blend(ofForeground, positive)).intoArray(dz, i);
        }
    }

    @Override
    public void gradient(
            MemorySegment packedMemory,
            long at,
            boolean marked,
            float[] y,
            int n,
            float byPy,
            float byP,
            float byPp,
            float weight,
            boolean adds,
            float[] extra) {
        MemorySegment packed = FLOATS.cast(packedMemory);
        FloatVector constant = FloatVector.broadcast(F, byP);
        FloatVector linear = FloatVector.broadcast(F, 2 * byPp);
        FloatVector byTarget = FloatVector.broadcast(F, byPy);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromMemorySegment(F, packed, at + 4L * i, ORDER);
            FloatVector target = marked
                    ? v.reinterpretAsInts().and(MARK).reinterpretAsFloats().mul(0.5f)
                    : FloatVector.fromArray(F, y, i);
            VectorMask<Float> negative =
                    v.reinterpretAsInts().compare(VectorOperators.LT, 0).cast(F);
            FloatVector smaller = marked ? v.reinterpretAsInts().and(SMALLER).reinterpretAsFloats() : v.abs();
            FloatVector larger = FloatVector.broadcast(F, 1).sub(smaller);
            FloatVector p = smaller.blend(larger, negative);
            FloatVector q = larger.blend(smaller, negative);
            FloatVector derivative = p.fma(linear, target.fma(byTarget, constant));
            // (1 - y) p - y q to full relative precision where y is 0 or 1
            FloatVector minus = target.neg();
            FloatVector difference = minus.fma(q, minus.fma(p, p));
            FloatVector dz = smaller.mul(larger).fma(derivative, difference.mul(weight));
            if (adds) {
                dz = dz.add(FloatVector.fromArray(F, extra, i));
            }
            if (marked) {
                // the bits of a probability that is no number are taken for another one
                dz = dz.blend(v, v.compare(VectorOperators.NE, v));
            }
            dz.intoMemorySegment(packed, at + 4L * i, ORDER);
        }
    }

    /// The sum of `log(1 + x)` over the lanes, of which each is below 2^32: one logarithm for many factors, each as
    /// exact as it would be alone, because the 1 is never added.
    private double logOfLanes(int k) {
        double sum = 0;
        for (int half = 0; half < GROUP; half += GROUP / 2) {
            double product = 0;
            for (int i = k * GROUP + half; i < k * GROUP + half + GROUP / 2; i++) {
                product += lanes[i] + product * lanes[i];
            }
            sum += Math.log1p(product);
        }
        return sum;
    }
}
