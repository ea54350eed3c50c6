package org.segloss.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The inner loops of the fast evaluator, on blocks of floats that stay in the first-level cache.
///
/// Each loop runs over `n` numbers, a multiple of [#GROUP]: callers pad a block with voxels that don't count, so no
/// loop has a scalar tail. Elementwise operations are exact multiply-adds, exponentials and logarithms are
/// polynomials of such operations, and sums run over 16 lanes whatever the machine has. The results are therefore the
/// same bits on every CPU.
public final class Lanes {
    /// Numbers in a block; four arrays of this size fill half of a small first-level cache.
    public static final int BLOCK = 1024;

    /// Sums have this many lanes; no machine has wider ones for floats.
    public static final int GROUP = 16;

    // static final, or the compiler cannot fold the species away and every operation is boxed
    private static final VectorSpecies<Float> F = species(Integer.getInteger("segloss.vectorBits", 0));
    private static final VectorSpecies<Integer> I = F.withLanes(int.class);

    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693145752f; // 15 significant bits: its multiples up to 2^8 are exact
    private static final float LN2_LOW = 1.42860677e-6f;

    private Lanes() {}

    private static VectorSpecies<Float> species(int bits) {
        return switch (bits) {
            case 128 -> FloatVector.SPECIES_128;
            case 256 -> FloatVector.SPECIES_256;
            case 512 -> FloatVector.SPECIES_512;
            case 0 ->
                FloatVector.SPECIES_PREFERRED.length() > GROUP
                        ? FloatVector.SPECIES_512
                        : FloatVector.SPECIES_PREFERRED;
            default ->
                throw new IllegalArgumentException("segloss.vectorBits has to be 128, 256 or 512, but is " + bits);
        };
    }

    /// {@return `n` rounded up to whole groups}
    public static int padded(int n) {
        return (n + GROUP - 1) / GROUP * GROUP;
    }

    // ---------------------------------------------------------------- activations

    /// `p = 1 / (1 + exp(-z))` and `q = 1 - p`, both to full relative precision.
    public static void sigmoid(float[] z, int n, float[] q, float[] p) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, z, i);
            FloatVector e = exp(v.abs().neg());
            FloatVector larger = FloatVector.broadcast(F, 1).div(e.add(1));
            FloatVector smaller = e.mul(larger);
            VectorMask<Float> positive = v.compare(VectorOperators.GE, 0);
            smaller.blend(larger, positive).intoArray(p, i);
            larger.blend(smaller, positive).intoArray(q, i);
        }
    }

    /// As [#sigmoid], with the logarithms of both.
    public static void logSigmoid(float[] z, int n, float[] q, float[] p, float[] logQ, float[] logP) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, z, i);
            FloatVector e = exp(v.abs().neg());
            FloatVector larger = FloatVector.broadcast(F, 1).div(e.add(1));
            FloatVector smaller = e.mul(larger);
            VectorMask<Float> positive = v.compare(VectorOperators.GE, 0);
            smaller.blend(larger, positive).intoArray(p, i);
            larger.blend(smaller, positive).intoArray(q, i);
            FloatVector log = atanhSeries(e.div(e.add(2)));
            v.min(0).sub(log).intoArray(logP, i);
            v.neg().min(0).sub(log).intoArray(logQ, i);
        }
    }

    /// The softmax over the planes of `z`, with its logarithms.
    public static void logSoftmax(float[][] z, int n, float[][] p, float[][] logP) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector max = FloatVector.fromArray(F, z[0], i);
            for (int c = 1; c < z.length; c++) {
                max = max.max(FloatVector.fromArray(F, z[c], i));
            }
            FloatVector sum = FloatVector.zero(F);
            for (int c = 0; c < z.length; c++) {
                FloatVector shifted = FloatVector.fromArray(F, z[c], i).sub(max);
                FloatVector e = exp(shifted);
                shifted.intoArray(logP[c], i);
                e.intoArray(p[c], i);
                sum = sum.add(e);
            }
            FloatVector scale = FloatVector.broadcast(F, 1).div(sum);
            FloatVector logSum = log(sum);
            for (int c = 0; c < z.length; c++) {
                FloatVector.fromArray(F, p[c], i).mul(scale).intoArray(p[c], i);
                FloatVector.fromArray(F, logP[c], i).sub(logSum).intoArray(logP[c], i);
            }
        }
    }

    // ---------------------------------------------------------------- sums

    /// Adds `sum(p y), sum(p), sum(y), sum(p p), sum(y y)` to five numbers of `sums`.
    public static void overlap(float[] p, float[] y, int n, double[] sums, int at) {
        for (int lane = 0; lane < GROUP; lane += F.length()) {
            FloatVector py = FloatVector.zero(F);
            FloatVector sp = py;
            FloatVector sy = py;
            FloatVector pp = py;
            FloatVector yy = py;
            for (int i = lane; i < n; i += GROUP) {
                FloatVector a = FloatVector.fromArray(F, p, i);
                FloatVector b = FloatVector.fromArray(F, y, i);
                py = a.fma(b, py);
                sp = sp.add(a);
                sy = sy.add(b);
                pp = a.fma(a, pp);
                yy = b.fma(b, yy);
            }
            addLanes(py, sums, at);
            addLanes(sp, sums, at + 1);
            addLanes(sy, sums, at + 2);
            addLanes(pp, sums, at + 3);
            addLanes(yy, sums, at + 4);
        }
    }

    /// {@return the sum of `-y clamp(logP, low, high)`}
    public static double crossEntropy(float[] y, float[] logP, int n, float low, float high) {
        double[] sum = {0};
        for (int lane = 0; lane < GROUP; lane += F.length()) {
            FloatVector acc = FloatVector.zero(F);
            for (int i = lane; i < n; i += GROUP) {
                FloatVector log = FloatVector.fromArray(F, logP, i).max(low).min(high);
                acc = log.fma(FloatVector.fromArray(F, y, i), acc);
            }
            addLanes(acc, sum, 0);
        }
        return -sum[0];
    }

    /// {@return the sum of `-y (1 - p)^gamma log p`, with `logP` clamped and `rest` = 1 - p}
    public static double focal(float[] y, float[] rest, float[] logP, int n, float gamma, float low, float high) {
        double[] sum = {0};
        for (int lane = 0; lane < GROUP; lane += F.length()) {
            FloatVector acc = FloatVector.zero(F);
            for (int i = lane; i < n; i += GROUP) {
                FloatVector log = FloatVector.fromArray(F, logP, i).max(low).min(high);
                FloatVector power = power(rest(rest, logP, i, low, high), gamma);
                acc = power.mul(log).fma(FloatVector.fromArray(F, y, i), acc);
            }
            addLanes(acc, sum, 0);
        }
        return -sum[0];
    }

    // ---------------------------------------------------------------- slopes, by log p

    /// `slope -= weight y` where `logP` is within its clamp.
    public static void crossEntropySlope(
            float[] y, float[] logP, int n, float low, float high, float weight, float[] slope) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector log = FloatVector.fromArray(F, logP, i);
            FloatVector s = FloatVector.fromArray(F, slope, i);
            FloatVector next = FloatVector.fromArray(F, y, i).fma(FloatVector.broadcast(F, -weight), s);
            s.blend(next, inside(log, low, high)).intoArray(slope, i);
        }
    }

    /// `slope -= weight y ((1 - p)^gamma - gamma (1 - p)^(gamma - 1) p log p)` where `logP` is within its clamp.
    public static void focalSlope(
            float[] y,
            float[] rest,
            float[] p,
            float[] logP,
            int n,
            float gamma,
            float low,
            float high,
            float weight,
            float[] slope) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector log = FloatVector.fromArray(F, logP, i);
            FloatVector q = rest(rest, logP, i, low, high);
            FloatVector factor = power(q, gamma);
            if (gamma != 0) {
                FloatVector bend =
                        power(q, gamma - 1).mul(FloatVector.fromArray(F, p, i)).mul(log);
                factor = bend.mul(-gamma).add(factor);
            }
            FloatVector s = FloatVector.fromArray(F, slope, i);
            FloatVector next = factor.mul(FloatVector.fromArray(F, y, i)).fma(FloatVector.broadcast(F, -weight), s);
            s.blend(next, inside(log, low, high)).intoArray(slope, i);
        }
    }

    /// `slope += p (byPy y + byP + 2 byPp p)`: what an overlap loss adds.
    public static void overlapSlope(float[] p, float[] y, int n, float byPy, float byP, float byPp, float[] slope) {
        FloatVector constant = FloatVector.broadcast(F, byP);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector a = FloatVector.fromArray(F, p, i);
            FloatVector byA = FloatVector.fromArray(F, y, i).fma(FloatVector.broadcast(F, byPy), constant);
            byA = a.fma(FloatVector.broadcast(F, 2 * byPp), byA);
            a.fma(byA, FloatVector.fromArray(F, slope, i)).intoArray(slope, i);
        }
    }

    // ---------------------------------------------------------------- chain rule to the logits

    /// `dz = q slopeP - p slopeQ`
    public static void sigmoidChain(float[] slopeQ, float[] slopeP, float[] q, float[] p, int n, float[] dz) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector a = FloatVector.fromArray(F, q, i).mul(FloatVector.fromArray(F, slopeP, i));
            FloatVector b = FloatVector.fromArray(F, p, i).mul(FloatVector.fromArray(F, slopeQ, i));
            a.sub(b).intoArray(dz, i);
        }
    }

    /// `dz_c = slope_c - p_c sum(slope)`, in place of the slopes.
    public static void softmaxChain(float[][] slope, float[][] p, int n) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector sum = FloatVector.zero(F);
            for (float[] plane : slope) {
                sum = sum.add(FloatVector.fromArray(F, plane, i));
            }
            for (int c = 0; c < slope.length; c++) {
                FloatVector s = FloatVector.fromArray(F, slope[c], i);
                FloatVector.fromArray(F, p[c], i).neg().fma(sum, s).intoArray(slope[c], i);
            }
        }
    }

    /// `a *= b`
    public static void multiply(float[] a, float[] b, int n) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, a, i).mul(FloatVector.fromArray(F, b, i)).intoArray(a, i);
        }
    }

    // ---------------------------------------------------------------- functions

    /// `exp(x)` for `x` at most 0, within 2 ulp; below -87.3 the smallest normal float.
    static FloatVector exp(FloatVector x) {
        // NaN passes through: max keeps it
        FloatVector v = x.max(-87.33f);
        // adding and subtracting 1.5 * 2^23 rounds to the nearest integer
        FloatVector n = v.mul(LOG2_E).add(0x1.8p23f).sub(0x1.8p23f);
        FloatVector r = n.fma(FloatVector.broadcast(F, -LN2_HIGH), v);
        r = n.fma(FloatVector.broadcast(F, -LN2_LOW), r);
        // Taylor to the 7th power: at |r| = ln(2)/2 the next term is 5e-9
        FloatVector e = FloatVector.broadcast(F, 1f / 5040);
        e = e.fma(r, FloatVector.broadcast(F, 1f / 720));
        e = e.fma(r, FloatVector.broadcast(F, 1f / 120));
        e = e.fma(r, FloatVector.broadcast(F, 1f / 24));
        e = e.fma(r, FloatVector.broadcast(F, 1f / 6));
        e = e.fma(r, FloatVector.broadcast(F, 0.5f));
        e = e.fma(r, FloatVector.broadcast(F, 1));
        e = e.fma(r, FloatVector.broadcast(F, 1));
        IntVector exponent = (IntVector) n.convertShape(VectorOperators.F2I, I, 0);
        FloatVector power = exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        return e.mul(power);
    }

    /// `log(x)` for normal `x` above 0, within 3 ulp of the larger of 1 and the result.
    static FloatVector log(FloatVector x) {
        // x = m 2^k with m from sqrt(1/2) to sqrt(2), and log m = 2 atanh((m - 1) / (m + 1))
        IntVector bits = x.reinterpretAsInts().sub(0x3f3504f3);
        IntVector k = bits.lanewise(VectorOperators.ASHR, 23);
        FloatVector m =
                x.reinterpretAsInts().sub(k.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
        FloatVector exponent = (FloatVector) k.convertShape(VectorOperators.I2F, F, 0);
        FloatVector log = atanhSeries(m.sub(1).div(m.add(1)));
        log = exponent.fma(FloatVector.broadcast(F, LN2_LOW), log);
        return exponent.fma(FloatVector.broadcast(F, LN2_HIGH), log);
    }

    /// `2 atanh(s)` for `s` from -1/3 to 1/3; with `s = e / (2 + e)` this is `log(1 + e)`, exact for the smallest `e`.
    private static FloatVector atanhSeries(FloatVector s) {
        FloatVector s2 = s.mul(s);
        // at s = 1/3 the first term left out is 4e-9 of the sum
        FloatVector sum = FloatVector.broadcast(F, 2f / 15);
        sum = sum.fma(s2, FloatVector.broadcast(F, 2f / 13));
        sum = sum.fma(s2, FloatVector.broadcast(F, 2f / 11));
        sum = sum.fma(s2, FloatVector.broadcast(F, 2f / 9));
        sum = sum.fma(s2, FloatVector.broadcast(F, 2f / 7));
        sum = sum.fma(s2, FloatVector.broadcast(F, 2f / 5));
        sum = sum.fma(s2, FloatVector.broadcast(F, 2f / 3));
        return sum.mul(s2).fma(s, s.add(s));
    }

    private static FloatVector power(FloatVector x, float exponent) {
        if (exponent == 0) {
            return FloatVector.broadcast(F, 1);
        }
        if (exponent == 1) {
            return x;
        }
        if (exponent == 2) {
            return x.mul(x);
        }
        FloatVector log = log(x.max(Float.MIN_NORMAL)).mul(exponent);
        // for an exponent below 0 the result may be large: exp is for negative arguments
        FloatVector e = exp(log.abs().neg());
        return e.blend(FloatVector.broadcast(F, 1).div(e), log.compare(VectorOperators.GT, 0));
    }

    private static FloatVector rest(float[] rest, float[] logP, int i, float low, float high) {
        FloatVector q = FloatVector.fromArray(F, rest, i);
        if (low == Float.NEGATIVE_INFINITY) {
            return q;
        }
        // clipping p to [c, 1 - c] clips 1 - p to the same interval
        float clip = (float) Math.exp(low);
        return q.max(clip).min(1 - clip);
    }

    private static VectorMask<Float> inside(FloatVector log, float low, float high) {
        return log.compare(VectorOperators.GE, low).and(log.compare(VectorOperators.LE, high));
    }

    /// In the order of the lanes, so that the width of a vector makes no difference.
    private static void addLanes(FloatVector v, double[] sums, int at) {
        double sum = sums[at];
        for (int i = 0; i < F.length(); i++) {
            sum += v.lane(i);
        }
        sums[at] = sum;
    }
}
