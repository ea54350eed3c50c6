package org.segloss.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The exponential, the logarithm and powers on vector lanes, from one array of the first-level cache into another,
/// which may be the same.
final class LaneFunctions {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final VectorSpecies<Integer> I = Lanes.I;

    private static final float ROUNDING = 0x1.8p23f + 127;
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693145752f; // 15 significant bits: its multiples up to 2^8 are exact
    private static final float LN2_LOW = 1.42860677e-6f;

    // exp(r) = 1 + r + r^2 g(r), and g by its Chebyshev series on |r| < ln(2)/2: within 1.1e-8 of the whole
    private static final float EXP_3 = 0.16666576f;
    private static final float EXP_4 = 0.041666467f;
    private static final float EXP_5 = 0.008363182f;
    private static final float EXP_6 = 0.0013933652f;

    // 2 atanh(s) = 2 s + s^3 h(s^2), and h by its Chebyshev series on |s| < 1/3: within 1.6e-8 of the whole
    private static final float ATANH_3 = 0.6666664f;
    private static final float ATANH_5 = 0.40007672f;
    private static final float ATANH_7 = 0.28233957f;
    private static final float ATANH_9 = 0.26867548f;

    private final float[] exponents = new float[Kernels.BLOCK];
    private final float[] logarithm = new float[Kernels.BLOCK];

    /// `exp(-|x|)`, within 2 ulp; below -87.33, where floats lose precision, 0.
    static void expOfMinusAbs(float[] x, int n, float[] out) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, x, i).abs();
            // adding 1.5 * 2^23 rounds to the nearest integer, which is then in the lowest bits; with 127 more it is
            // the biased exponent
            FloatVector rounded = v.fma(FloatVector.broadcast(F, -LOG2_E), FloatVector.broadcast(F, ROUNDING));
            FloatVector k = rounded.sub(ROUNDING);
            // r is what is left of |x|, with its own sign
            FloatVector r = k.fma(FloatVector.broadcast(F, LN2_HIGH), v);
            r = k.fma(FloatVector.broadcast(F, LN2_LOW), r);
            FloatVector e = FloatVector.broadcast(F, EXP_6);
            e = e.fma(r, FloatVector.broadcast(F, -EXP_5));
            e = e.fma(r, FloatVector.broadcast(F, EXP_4));
            e = e.fma(r, FloatVector.broadcast(F, -EXP_3));
            e = e.fma(r, FloatVector.broadcast(F, 0.5f));
            e = e.fma(r, FloatVector.broadcast(F, -1));
            e = e.fma(r, FloatVector.broadcast(F, 1));
            FloatVector scale = rounded.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 23)
                    .reinterpretAsFloats();
            // NaN passes through
            e.mul(scale).blend(0, v.compare(VectorOperators.GT, 87.33f)).intoArray(out, i);
        }
    }

    /// `2 atanh(s) = log((1 + s) / (1 - s))` for `s` from 0 to 1/3, exact for the smallest.
    static void twiceAtanh(float[] s, int n, float[] out) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, s, i);
            FloatVector v2 = v.mul(v);
            FloatVector tail = FloatVector.broadcast(F, ATANH_9);
            tail = tail.fma(v2, FloatVector.broadcast(F, ATANH_7));
            tail = tail.fma(v2, FloatVector.broadcast(F, ATANH_5));
            tail = tail.fma(v2, FloatVector.broadcast(F, ATANH_3));
            tail.mul(v2).fma(v, v.add(v)).intoArray(out, i);
        }
    }

    /// `log(x)` for normal `x` above 0, within 3 ulp of the larger of 1 and the result.
    void log(float[] x, int n, float[] out) {
        float[] k = exponents;
        // x = m 2^k with m from sqrt(1/2) to sqrt(2), and log m = 2 atanh((m - 1) / (m + 1))
        for (int i = 0; i < n; i += F.length()) {
            IntVector bits = FloatVector.fromArray(F, x, i).reinterpretAsInts();
            IntVector exponent = bits.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
            FloatVector m =
                    bits.sub(exponent.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
            ((FloatVector) exponent.convertShape(VectorOperators.I2F, F, 0)).intoArray(k, i);
            m.sub(1).div(m.add(1)).intoArray(out, i);
        }
        for (int i = 0; i < n; i += F.length()) {
            FloatVector exponent = FloatVector.fromArray(F, k, i);
            FloatVector s = FloatVector.fromArray(F, out, i);
            FloatVector s2 = s.mul(s);
            FloatVector tail = FloatVector.broadcast(F, ATANH_9);
            tail = tail.fma(s2, FloatVector.broadcast(F, ATANH_7));
            tail = tail.fma(s2, FloatVector.broadcast(F, ATANH_5));
            tail = tail.fma(s2, FloatVector.broadcast(F, ATANH_3));
            FloatVector log = tail.mul(s2).fma(s, s.add(s));
            FloatVector low = exponent.fma(FloatVector.broadcast(F, LN2_LOW), log);
            exponent.fma(FloatVector.broadcast(F, LN2_HIGH), low).intoArray(out, i);
        }
    }

    /// `x^exponent` for `x` from 0 to 1; an `x` below 1e-37 counts as 1e-37.
    private void raise(float[] x, int n, float exponent, float[] out) {
        if (exponent == 0) {
            Arrays.fill(out, 0, n, 1);
        } else if (exponent == 1) {
            System.arraycopy(x, 0, out, 0, n);
        } else if (exponent == 2) {
            for (int i = 0; i < n; i += F.length()) {
                FloatVector v = FloatVector.fromArray(F, x, i);
                v.mul(v).intoArray(out, i);
            }
        } else {
            raiseByLogarithm(x, n, exponent, out);
        }
    }

    private void raiseByLogarithm(float[] x, int n, float exponent, float[] out) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, x, i);
            v.blend(1e-37f, v.compare(VectorOperators.LT, 1e-37f)).intoArray(logarithm, i);
        }
        log(logarithm, n, logarithm);
        // exp takes what is at most 0; a negative exponent gives the reciprocal
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, logarithm, i).mul(exponent).intoArray(logarithm, i);
        }
        expOfMinusAbs(logarithm, n, out);
        if (exponent < 0) {
            for (int i = 0; i < n; i += F.length()) {
                FloatVector.broadcast(F, 1)
                        .div(FloatVector.fromArray(F, out, i))
                        .intoArray(out, i);
            }
        }
    }

    /// `rest^exponent`. Clipping p to [c, 1 - c] clips `rest = 1 - p` to the same interval; `low` is log c.
    void restToPower(float[] rest, int n, float exponent, float low, float[] out) {
        if (low == Float.NEGATIVE_INFINITY) {
            raise(rest, n, exponent, out);
        } else {
            float clip = (float) Math.exp(low);
            clamp(rest, n, clip, 1 - clip, out);
            raise(out, n, exponent, out);
        }
    }

    /// `min(max(x, low), high)` by comparisons: Java's own, which know -0 and NaN, take several times as long. NaN
    /// stays NaN.
    static void clamp(float[] x, int n, float low, float high, float[] out) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, x, i);
            v.blend(low, v.compare(VectorOperators.LT, low))
                    .blend(high, v.compare(VectorOperators.GT, high))
                    .intoArray(out, i);
        }
    }
}
