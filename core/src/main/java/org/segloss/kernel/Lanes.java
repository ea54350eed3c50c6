package org.segloss.kernel;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The inner loops of the fast evaluator, on blocks of floats that stay in the first-level cache.
///
/// Each loop runs over `n` numbers, a multiple of [#GROUP]: callers pad a block with voxels that don't count, so no
/// loop has a scalar tail. No vector crosses a call, not even a private one: whether the compiler inlines it depends on
/// what it has compiled before, and where it does not, every vector becomes an object on the heap. So the
/// exponential and the logarithm are loops too, from one array of the first-level cache into another.
///
/// Elementwise operations are fused multiply-adds, exponentials and logarithms are
/// polynomials of such operations, and sums run over 32 lanes whatever the machine has. The results are therefore the
/// same bits on every CPU.
public final class Lanes {
    /// Numbers in a block; four arrays of this size fill half of a small first-level cache.
    public static final int BLOCK = 1024;

    /// Sums have this many lanes: two of the widest vectors that there are for floats, for two chains of additions.
    public static final int GROUP = 32;

    // static final, or the compiler cannot fold the species away and every operation is boxed
    static final VectorSpecies<Float> F = species(Integer.getInteger("segloss.vectorBits", 0));
    private static final VectorSpecies<Integer> I = F.withLanes(int.class);

    // as many bytes as floats, but at least the 64 bits of the smallest vector
    static final VectorSpecies<Byte> B = F.length() == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;
    static final int PARTS = B.length() / F.length();

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

    private final float[] exponential = new float[BLOCK];
    private final float[] logarithm = new float[BLOCK];
    private final float[] power = new float[BLOCK];
    private final float[] lowerPower = new float[BLOCK];
    private final float[] exponents = new float[BLOCK];
    private final float[] lanes = new float[6 * GROUP];

    public Lanes() {}

    private static VectorSpecies<Float> species(int bits) {
        return switch (bits) {
            case 128 -> FloatVector.SPECIES_128;
            case 256 -> FloatVector.SPECIES_256;
            case 512 -> FloatVector.SPECIES_512;
            case 0 ->
                FloatVector.SPECIES_PREFERRED.length() > FloatVector.SPECIES_512.length()
                        ? FloatVector.SPECIES_512
                        : FloatVector.SPECIES_PREFERRED;
            default ->
                throw new IllegalArgumentException("segloss.vectorBits has to be 128, 256 or 512, but is " + bits);
        };
    }

    /// {@return floats in a vector}
    public static int width() {
        return F.length();
    }

    /// {@return `n` rounded up to whole groups}
    public static int padded(int n) {
        return (n + GROUP - 1) / GROUP * GROUP;
    }

    // ---------------------------------------------------------------- activations

    /// `p = 1 / (1 + exp(-z))` and `q = 1 - p`, both to full relative precision.
    ///
    /// @param packed gets both in one number, for [#unpack]: the smaller of them, and in the sign which it is
    public void sigmoid(float[] z, int n, float[] q, float[] p, float[] packed) {
        expOfMinusAbs(z, n, exponential);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector e = FloatVector.fromArray(F, exponential, i);
            FloatVector onePlus = e.add(1);
            FloatVector twoPlus = e.add(2);
            // one division for both, because it costs more than all the rest of this loop
            FloatVector both = FloatVector.broadcast(F, 1).div(onePlus.mul(twoPlus));
            FloatVector larger = twoPlus.mul(both);
            FloatVector smaller = e.mul(larger);
            VectorMask<Float> positive = FloatVector.fromArray(F, z, i).compare(VectorOperators.GE, 0);
            smaller.blend(larger, positive).intoArray(p, i);
            larger.blend(smaller, positive).intoArray(q, i);
            smaller.blend(smaller.neg(), positive).intoArray(packed, i);
            e.mul(onePlus).mul(both).intoArray(logarithm, i);
        }
    }

    /// Probabilities from what [#sigmoid] has packed, to half an ulp of the larger of the two.
    public void unpack(float[] packed, int n, float[] q, float[] p) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, packed, i);
            // of -0 as well
            VectorMask<Float> negative =
                    v.reinterpretAsInts().compare(VectorOperators.LT, 0).cast(F);
            FloatVector smaller = v.abs();
            FloatVector larger = FloatVector.broadcast(F, 1).sub(smaller);
            smaller.blend(larger, negative).intoArray(p, i);
            larger.blend(smaller, negative).intoArray(q, i);
        }
    }

    /// As [#sigmoid], with the logarithms of both.
    public void logSigmoid(float[] z, int n, float[] q, float[] p, float[] packed, float[] logQ, float[] logP) {
        // log(1 + e) = 2 atanh(e / (2 + e)), exact for the smallest e; the quotient is in `logarithm`
        sigmoid(z, n, q, p, packed);
        twiceAtanh(logarithm, n, logarithm);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, z, i);
            FloatVector log = FloatVector.fromArray(F, logarithm, i);
            v.blend(0, v.compare(VectorOperators.GT, 0)).sub(log).intoArray(logP, i);
            v.neg().blend(0, v.compare(VectorOperators.LT, 0)).sub(log).intoArray(logQ, i);
        }
    }

    /// The softmax over the planes of `z`, with its logarithms. All are NaN where a logit is NaN or plus
    /// infinity, or all of them are minus infinity.
    public void logSoftmax(float[][] z, int n, float[][] p, float[][] logP) {
        float[] max = power;
        largest(z, n, max);
        float[] sum = exponential;
        Arrays.fill(sum, 0, n, 0);
        for (int c = 0; c < z.length; c++) {
            addExponentials(z[c], max, n, logP[c], p[c], sum);
        }
        log(sum, n, logarithm);
        float[] scale = sum;
        for (int i = 0; i < n; i += F.length()) {
            FloatVector all = FloatVector.fromArray(F, sum, i);
            // the logarithm knows no NaN
            FloatVector.fromArray(F, logarithm, i).add(all.sub(all)).intoArray(logarithm, i);
            FloatVector.broadcast(F, 1).div(all).intoArray(scale, i);
        }
        for (int c = 0; c < z.length; c++) {
            for (int i = 0; i < n; i += F.length()) {
                FloatVector.fromArray(F, p[c], i)
                        .mul(FloatVector.fromArray(F, scale, i))
                        .intoArray(p[c], i);
                FloatVector.fromArray(F, logP[c], i)
                        .sub(FloatVector.fromArray(F, logarithm, i))
                        .intoArray(logP[c], i);
            }
        }
    }

    private static void largest(float[][] z, int n, float[] max) {
        System.arraycopy(z[0], 0, max, 0, n);
        for (int c = 1; c < z.length; c++) {
            for (int i = 0; i < n; i += F.length()) {
                FloatVector v = FloatVector.fromArray(F, z[c], i);
                FloatVector most = FloatVector.fromArray(F, max, i);
                most.blend(v, v.compare(VectorOperators.GT, most)).intoArray(max, i);
            }
        }
    }

    /// `p = exp(z - max)`, and `sum += p`
    ///
    /// @param shifted gets `z - max`; may be the array of `p`
    private static void addExponentials(float[] z, float[] max, int n, float[] shifted, float[] p, float[] sum) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, z, i).sub(FloatVector.fromArray(F, max, i)).intoArray(shifted, i);
        }
        expOfMinusAbs(shifted, n, p);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, p, i).add(FloatVector.fromArray(F, sum, i)).intoArray(sum, i);
        }
    }

    // ---------------------------------------------------------------- sums

    /// Adds `sum(p y), sum(p), sum(y), sum(p p), sum(y y)` to five numbers of `sums`.
    public void overlap(float[] p, float[] y, int n, double[] sums, int at) {
        for (int lane = 0; lane < GROUP; lane += 2 * F.length()) {
            FloatVector py = FloatVector.zero(F);
            FloatVector sp = FloatVector.zero(F);
            FloatVector sy = FloatVector.zero(F);
            FloatVector pp = FloatVector.zero(F);
            FloatVector yy = FloatVector.zero(F);
            FloatVector oddPy = FloatVector.zero(F);
            FloatVector oddSp = FloatVector.zero(F);
            FloatVector oddSy = FloatVector.zero(F);
            FloatVector oddPp = FloatVector.zero(F);
            FloatVector oddYy = FloatVector.zero(F);
            for (int i = lane; i < n; i += GROUP) {
                FloatVector a = FloatVector.fromArray(F, p, i);
                FloatVector b = FloatVector.fromArray(F, y, i);
                py = a.fma(b, py);
                sp = sp.add(a);
                sy = sy.add(b);
                pp = a.fma(a, pp);
                yy = b.fma(b, yy);
                FloatVector c = FloatVector.fromArray(F, p, i + F.length());
                FloatVector d = FloatVector.fromArray(F, y, i + F.length());
                oddPy = c.fma(d, oddPy);
                oddSp = oddSp.add(c);
                oddSy = oddSy.add(d);
                oddPp = c.fma(c, oddPp);
                oddYy = d.fma(d, oddYy);
            }
            int odd = lane + F.length();
            py.intoArray(lanes, lane);
            oddPy.intoArray(lanes, odd);
            sp.intoArray(lanes, GROUP + lane);
            oddSp.intoArray(lanes, GROUP + odd);
            sy.intoArray(lanes, 2 * GROUP + lane);
            oddSy.intoArray(lanes, 2 * GROUP + odd);
            pp.intoArray(lanes, 3 * GROUP + lane);
            oddPp.intoArray(lanes, 3 * GROUP + odd);
            yy.intoArray(lanes, 4 * GROUP + lane);
            oddYy.intoArray(lanes, 4 * GROUP + odd);
        }
        for (int k = 0; k < 5; k++) {
            sums[at + k] += sumOfLanes(k);
        }
    }

    /// {@return the sum of `-y logP`}
    public double crossEntropy(float[] y, float[] logP, int n) {
        for (int lane = 0; lane < GROUP; lane += 2 * F.length()) {
            FloatVector even = FloatVector.zero(F);
            FloatVector odd = FloatVector.zero(F);
            for (int i = lane; i < n; i += GROUP) {
                FloatVector a = FloatVector.fromArray(F, y, i);
                FloatVector b = FloatVector.fromArray(F, y, i + F.length());
                FloatVector logA = FloatVector.fromArray(F, logP, i);
                FloatVector logB = FloatVector.fromArray(F, logP, i + F.length());
                // 0 log 0 is 0
                even = logA.blend(0, a.compare(VectorOperators.EQ, 0)).fma(a, even);
                odd = logB.blend(0, b.compare(VectorOperators.EQ, 0)).fma(b, odd);
            }
            even.intoArray(lanes, lane);
            odd.intoArray(lanes, lane + F.length());
        }
        return -sumOfLanes(0);
    }

    /// `1 - p^q`, exact for `p` near 1 as far as its logarithm is
    public void oneMinusPower(float[] logP, int n, float q, float[] out) {
        float[] scaled = logarithm;
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, logP, i).mul(q).intoArray(scaled, i);
        }
        expOfMinusAbs(scaled, n, out);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector x = FloatVector.fromArray(F, scaled, i);
            FloatVector rest = FloatVector.fromArray(F, out, i).neg().add(1);
            // -x - x²/2 - x³/6, where one minus the exponential has lost its digits
            FloatVector series = x.mul(-1 / 6f).sub(0.5f).mul(x).sub(1).mul(x);
            rest.blend(series, x.compare(VectorOperators.GT, -0.01f)).intoArray(out, i);
        }
    }

    /// {@return the sum of `y p`}
    public double dot(float[] y, float[] p, int n) {
        for (int lane = 0; lane < GROUP; lane += F.length()) {
            FloatVector sum = FloatVector.zero(F);
            for (int i = lane; i < n; i += GROUP) {
                sum = FloatVector.fromArray(F, y, i).fma(FloatVector.fromArray(F, p, i), sum);
            }
            sum.intoArray(lanes, lane);
        }
        return sumOfLanes(0);
    }

    /// Adds the sums of `(1 - p)² y`, `p² (1 - y)` and `|p - y|` to three numbers from `at` on. Padding has p = y = 0.
    public void moreOverlap(float[] p, float[] y, int n, double[] sums, int at) {
        for (int lane = 0; lane < GROUP; lane += F.length()) {
            FloatVector missed = FloatVector.zero(F);
            FloatVector invented = FloatVector.zero(F);
            FloatVector absolute = FloatVector.zero(F);
            for (int i = lane; i < n; i += GROUP) {
                FloatVector a = FloatVector.fromArray(F, p, i);
                FloatVector b = FloatVector.fromArray(F, y, i);
                FloatVector rest = a.neg().add(1);
                missed = rest.mul(rest).fma(b, missed);
                invented = a.mul(a).fma(b.neg().add(1), invented);
                absolute = absolute.add(a.sub(b).abs());
            }
            missed.intoArray(lanes, lane);
            invented.intoArray(lanes, GROUP + lane);
            absolute.intoArray(lanes, 2 * GROUP + lane);
        }
        sums[at] += sumOfLanes(0);
        sums[at + 1] += sumOfLanes(1);
        sums[at + 2] += sumOfLanes(2);
    }

    /// {@return the sum of `-y clamp(logP, low, high)`}
    public double crossEntropy(float[] y, float[] logP, int n, float low, float high) {
        clamp(logP, n, low, high, logarithm);
        return crossEntropy(y, logarithm, n);
    }

    /// {@return the sum of `-y (1 - p)^gamma log p`}
    ///
    /// @param rest `1 - p`
    public double focal(float[] y, float[] rest, float[] logP, int n, float gamma, float low, float high) {
        if (gamma == 2 && low == Float.NEGATIVE_INFINITY) {
            // what most use, without the detour over arrays
            for (int i = 0; i < n; i += F.length()) {
                FloatVector r = FloatVector.fromArray(F, rest, i);
                r.mul(r).mul(FloatVector.fromArray(F, logP, i)).intoArray(power, i);
            }
            return crossEntropy(y, power, n);
        }
        restToPower(rest, n, gamma, low, power);
        clamp(logP, n, low, high, logarithm);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, power, i)
                    .mul(FloatVector.fromArray(F, logarithm, i))
                    .intoArray(power, i);
        }
        return crossEntropy(y, power, n);
    }

    // ---------------------------------------------------------------- errors to be ranked, the sign says foreground

    /// `|y - p|`, negative where `y` is 1
    public void absoluteErrors(float[] p, float[] y, int n, float[] errors) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector target = FloatVector.fromArray(F, y, i);
            FloatVector error = target.sub(FloatVector.fromArray(F, p, i)).abs();
            error.blend(error.neg(), target.compare(VectorOperators.GT, 0)).intoArray(errors, i);
        }
    }

    /// `max(0, 1 - z (2y - 1))`, negative where `y` is 1
    public void hingeErrors(float[] z, float[] y, int n, float[] errors) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, z, i);
            VectorMask<Float> foreground = FloatVector.fromArray(F, y, i).compare(VectorOperators.GT, 0);
            FloatVector error = v.blend(v.neg(), foreground).add(1);
            error = error.blend(0, error.compare(VectorOperators.LE, 0));
            error.blend(error.neg(), foreground).intoArray(errors, i);
        }
    }

    /// `-sum_k y_k logP_k`, and 0 log 0 is 0
    public void crossEntropies(float[][] y, float[][] logP, int n, float[] errors) {
        for (int k = 0; k < y.length; k++) {
            for (int i = 0; i < n; i += F.length()) {
                FloatVector target = FloatVector.fromArray(F, y[k], i);
                FloatVector log = FloatVector.fromArray(F, logP[k], i);
                FloatVector sum = k == 0 ? FloatVector.zero(F) : FloatVector.fromArray(F, errors, i);
                log.blend(0, target.compare(VectorOperators.EQ, 0))
                        .fma(target.neg(), sum)
                        .intoArray(errors, i);
            }
        }
    }

    private double sumOfLanes(int k) {
        return sumOfLanes(lanes, k);
    }

    /// {@return the sum of the `k`-th group}, in the order of the lanes, so that the width of a vector makes no
    /// difference
    static double sumOfLanes(float[] lanes, int k) {
        // four chains of additions, which a processor does at the same time
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        for (int i = k * GROUP; i < (k + 1) * GROUP; i += 4) {
            a += lanes[i];
            b += lanes[i + 1];
            c += lanes[i + 2];
            d += lanes[i + 3];
        }
        return (a + b) + (c + d);
    }

    // ---------------------------------------------------------------- slopes, by log p

    /// `slope = factor y`
    public void multiple(float[] y, int n, float factor, float[] slope) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, y, i).mul(factor).intoArray(slope, i);
        }
    }

    /// `slope -= weight y` where `logP` is within its clamp.
    public void crossEntropySlope(float[] y, float[] logP, int n, float low, float high, float weight, float[] slope) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector log = FloatVector.fromArray(F, logP, i);
            FloatVector s = FloatVector.fromArray(F, slope, i);
            FloatVector next = FloatVector.fromArray(F, y, i).fma(FloatVector.broadcast(F, -weight), s);
            VectorMask<Float> inside = log.compare(VectorOperators.GE, low).and(log.compare(VectorOperators.LE, high));
            s.blend(next, inside).intoArray(slope, i);
        }
    }

    /// `slope -= weight y ((1 - p)^gamma - gamma (1 - p)^(gamma - 1) p log p)` where `logP` is within its clamp.
    ///
    /// @param rest `1 - p`
    public void focalSlope(
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
        if (gamma == 2 && low == Float.NEGATIVE_INFINITY) {
            squareFocalSlope(y, rest, p, logP, n, weight, slope);
            return;
        }
        if (gamma == 0) {
            Arrays.fill(lowerPower, 0, n, 0);
        } else {
            restToPower(rest, n, gamma - 1, low, lowerPower);
        }
        restToPower(rest, n, gamma, low, power);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector log = FloatVector.fromArray(F, logP, i);
            FloatVector a = FloatVector.fromArray(F, p, i);
            // 0 log 0 is 0
            FloatVector bend = FloatVector.fromArray(F, lowerPower, i)
                    .mul(a)
                    .mul(log.blend(0, a.compare(VectorOperators.EQ, 0)))
                    .mul(-gamma);
            FloatVector factor = FloatVector.fromArray(F, power, i).add(bend);
            FloatVector s = FloatVector.fromArray(F, slope, i);
            FloatVector target = FloatVector.fromArray(F, y, i);
            FloatVector next = factor.mul(target).fma(FloatVector.broadcast(F, -weight), s);
            VectorMask<Float> inside = log.compare(VectorOperators.GE, low)
                    .and(log.compare(VectorOperators.LE, high))
                    .and(target.compare(VectorOperators.NE, 0));
            s.blend(next, inside).intoArray(slope, i);
        }
    }

    private static void squareFocalSlope(
            float[] y, float[] rest, float[] p, float[] logP, int n, float weight, float[] slope) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector r = FloatVector.fromArray(F, rest, i);
            FloatVector target = FloatVector.fromArray(F, y, i);
            FloatVector s = FloatVector.fromArray(F, slope, i);
            // (1 - p)^2 - 2 (1 - p) p log p
            FloatVector a = FloatVector.fromArray(F, p, i);
            FloatVector log = FloatVector.fromArray(F, logP, i);
            FloatVector bend =
                    a.mul(log.blend(0, a.compare(VectorOperators.EQ, 0))).mul(-2);
            FloatVector next = r.mul(r.add(bend)).mul(target).fma(FloatVector.broadcast(F, -weight), s);
            s.blend(next, target.compare(VectorOperators.NE, 0)).intoArray(slope, i);
        }
    }

    /// `slope += p (byPy y + byP + 2 byPp p)`: what an overlap loss adds.
    public void overlapSlope(float[] p, float[] y, int n, float byPy, float byP, float byPp, float[] slope) {
        FloatVector constant = FloatVector.broadcast(F, byP);
        FloatVector linear = FloatVector.broadcast(F, 2 * byPp);
        FloatVector target = FloatVector.broadcast(F, byPy);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector a = FloatVector.fromArray(F, p, i);
            FloatVector byA = a.fma(linear, FloatVector.fromArray(F, y, i).fma(target, constant));
            a.fma(byA, FloatVector.fromArray(F, slope, i)).intoArray(slope, i);
        }
    }

    /// `slope -= factor weights y`: the cross-entropy of voxels that have weights.
    public void weightedCrossEntropySlope(float[] y, float[] weights, int n, float factor, float[] slope) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, weights, i)
                    .mul(-factor)
                    .fma(FloatVector.fromArray(F, y, i), FloatVector.fromArray(F, slope, i))
                    .intoArray(slope, i);
        }
    }

    /// `slope += factor weights (1 - 2y) p`: the derivative of `|y - p|` by `log p`.
    public void absoluteErrorSlope(float[] p, float[] y, float[] weights, int n, float factor, float[] slope) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector weight = FloatVector.fromArray(F, weights, i).mul(factor);
            VectorMask<Float> foreground = FloatVector.fromArray(F, y, i).compare(VectorOperators.GT, 0);
            weight.blend(weight.neg(), foreground)
                    .fma(FloatVector.fromArray(F, p, i), FloatVector.fromArray(F, slope, i))
                    .intoArray(slope, i);
        }
    }

    /// `dz -= factor weights (2y - 1)`: the derivative of the hinge by the logit.
    public void hingeSlope(float[] y, float[] weights, int n, float factor, float[] dz) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector weight = FloatVector.fromArray(F, weights, i).mul(factor);
            VectorMask<Float> foreground = FloatVector.fromArray(F, y, i).compare(VectorOperators.GT, 0);
            weight.blend(weight.neg(), foreground)
                    .add(FloatVector.fromArray(F, dz, i))
                    .intoArray(dz, i);
        }
    }

    // ---------------------------------------------------------------- both passes of a softmax, fused

    /// All that cross-entropy and overlap losses need of a softmax: adds [the sums of an overlap][#overlap] of each
    /// class to `sums`.
    ///
    /// @param p gets the probabilities
    /// @return the cross-entropy, the sum of `-y_c log p_c`. NaN where a logit is infinite, even if the target
    /// agrees with it
    public double softmaxSums(float[][] z, int[] labels, int n, float[][] p, double[] sums) {
        float[] max = power;
        largest(z, n, max);
        float[] sum = exponential;
        Arrays.fill(sum, 0, n, 0);
        for (int c = 0; c < z.length; c++) {
            addExponentials(z[c], max, n, p[c], p[c], sum);
        }
        log(sum, n, logarithm);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.broadcast(F, 1).div(FloatVector.fromArray(F, sum, i)).intoArray(sum, i);
        }
        double crossEntropy = 0;
        for (int c = 0; c < z.length; c++) {
            crossEntropy += classSums(c, z[c], max, labels, n, sum, p[c], sums);
        }
        return crossEntropy;
    }

    /// One class: `p *= scale`, its overlap, and its part of the cross-entropy, `y (logarithm - (z - max))`: the
    /// difference first, for it is exact where logits are large and near each other.
    private double classSums(
            int c, float[] z, float[] max, int[] labels, int n, float[] scale, float[] p, double[] sums) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector one = FloatVector.broadcast(F, 1);
        for (int lane = 0; lane < GROUP; lane += F.length()) {
            FloatVector py = FloatVector.zero(F);
            FloatVector sp = FloatVector.zero(F);
            FloatVector sy = FloatVector.zero(F);
            FloatVector pp = FloatVector.zero(F);
            FloatVector yy = FloatVector.zero(F);
            FloatVector ce = FloatVector.zero(F);
            for (int i = lane; i < n; i += GROUP) {
                FloatVector a = FloatVector.fromArray(F, p, i).mul(FloatVector.fromArray(F, scale, i));
                VectorMask<Integer> here = IntVector.fromArray(I, labels, i).compare(VectorOperators.EQ, c);
                FloatVector b = zero.blend(one, here.cast(F));
                a.intoArray(p, i);
                py = a.fma(b, py);
                sp = sp.add(a);
                sy = sy.add(b);
                pp = a.fma(a, pp);
                yy = b.fma(b, yy);
                FloatVector shifted = FloatVector.fromArray(F, z, i).sub(FloatVector.fromArray(F, max, i));
                ce = FloatVector.fromArray(F, logarithm, i).sub(shifted).fma(b, ce);
            }
            py.intoArray(lanes, lane);
            sp.intoArray(lanes, GROUP + lane);
            sy.intoArray(lanes, 2 * GROUP + lane);
            pp.intoArray(lanes, 3 * GROUP + lane);
            yy.intoArray(lanes, 4 * GROUP + lane);
            ce.intoArray(lanes, 5 * GROUP + lane);
        }
        for (int k = 0; k < 5; k++) {
            sums[c * 5 + k] += sumOfLanes(k);
        }
        return sumOfLanes(5);
    }

    /// `dz_c = s_c - p_c sum(s)` with `s_c = p_c (byPy_c y_c + byP_c + 2 byPp_c p_c) - weight y_c`: what overlap losses
    /// and the cross-entropy add.
    public void softmaxGradient(
            float[][] p, int[] labels, int n, double[] byPy, double[] byP, double[] byPp, float weight, float[][] dz) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector one = FloatVector.broadcast(F, 1);
        float[] sum = power;
        Arrays.fill(sum, 0, n, 0);
        for (int c = 0; c < p.length; c++) {
            FloatVector constant = FloatVector.broadcast(F, (float) byP[c]);
            FloatVector linear = FloatVector.broadcast(F, 2 * (float) byPp[c]);
            FloatVector byTarget = FloatVector.broadcast(F, (float) byPy[c]);
            FloatVector minus = FloatVector.broadcast(F, -weight);
            for (int i = 0; i < n; i += F.length()) {
                FloatVector a = FloatVector.fromArray(F, p[c], i);
                VectorMask<Integer> here = IntVector.fromArray(I, labels, i).compare(VectorOperators.EQ, c);
                FloatVector b = zero.blend(one, here.cast(F));
                FloatVector byA = a.fma(linear, b.fma(byTarget, constant));
                FloatVector slope = a.fma(byA, b.mul(minus));
                slope.intoArray(dz[c], i);
                slope.add(FloatVector.fromArray(F, sum, i)).intoArray(sum, i);
            }
        }
        for (int c = 0; c < p.length; c++) {
            for (int i = 0; i < n; i += F.length()) {
                FloatVector.fromArray(F, p[c], i)
                        .neg()
                        .fma(FloatVector.fromArray(F, sum, i), FloatVector.fromArray(F, dz[c], i))
                        .intoArray(dz[c], i);
            }
        }
    }

    // ---------------------------------------------------------------- chain rule to the logits

    /// `dz = q (slopeP + p (byPy y + byP + 2 byPp p)) - p slopeQ`, where the inner term is what overlap losses add.
    public void sigmoidChain(
            float[] slopeQ,
            float[] slopeP,
            float[] q,
            float[] p,
            float[] y,
            float byPy,
            float byP,
            float byPp,
            int n,
            float[] dz) {
        FloatVector constant = FloatVector.broadcast(F, byP);
        FloatVector linear = FloatVector.broadcast(F, 2 * byPp);
        FloatVector target = FloatVector.broadcast(F, byPy);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector a = FloatVector.fromArray(F, p, i);
            FloatVector byA = a.fma(linear, FloatVector.fromArray(F, y, i).fma(target, constant));
            FloatVector slope = a.fma(byA, FloatVector.fromArray(F, slopeP, i));
            FloatVector b = a.mul(FloatVector.fromArray(F, slopeQ, i));
            FloatVector.fromArray(F, q, i).mul(slope).sub(b).intoArray(dz, i);
        }
    }

    /// `dz_c = slope_c - p_c sum(slope)`, in place of the slopes.
    public void softmaxChain(float[][] slope, float[][] p, int n) {
        float[] sum = power;
        System.arraycopy(slope[0], 0, sum, 0, n);
        for (int c = 1; c < slope.length; c++) {
            for (int i = 0; i < n; i += F.length()) {
                FloatVector.fromArray(F, sum, i)
                        .add(FloatVector.fromArray(F, slope[c], i))
                        .intoArray(sum, i);
            }
        }
        for (int c = 0; c < slope.length; c++) {
            for (int i = 0; i < n; i += F.length()) {
                FloatVector.fromArray(F, p[c], i)
                        .neg()
                        .fma(FloatVector.fromArray(F, sum, i), FloatVector.fromArray(F, slope[c], i))
                        .intoArray(slope[c], i);
            }
        }
    }

    // ---------------------------------------------------------------- targets

    /// Unsigned bytes as integers.
    public void widen(byte[] bytes, int n, int[] labels) {
        for (int i = 0; i < n; i += B.length()) {
            ByteVector v = ByteVector.fromArray(B, bytes, i);
            for (int part = 0; part < PARTS; part++) {
                v.convertShape(VectorOperators.ZERO_EXTEND_B2I, I, part)
                        .reinterpretAsInts()
                        .intoArray(labels, i + part * F.length());
            }
        }
    }

    /// Labels 0 and 1 as the probabilities of both.
    ///
    /// @return whether there is no other label
    public boolean binary(byte[] bytes, int n, float[] background, float[] foreground) {
        ByteVector all = ByteVector.zero(B);
        for (int i = 0; i < n; i += B.length()) {
            ByteVector v = ByteVector.fromArray(B, bytes, i);
            all = all.or(v);
            for (int part = 0; part < PARTS; part++) {
                int at = i + part * F.length();
                FloatVector y = (FloatVector) v.convertShape(VectorOperators.B2F, F, part);
                y.intoArray(foreground, at);
                FloatVector.broadcast(F, 1).sub(y).intoArray(background, at);
            }
        }
        return (all.reduceLanes(VectorOperators.OR) & ~1) == 0;
    }

    /// {@return whether all labels are from 0 to `most`}
    public boolean within(int[] labels, int n, int most) {
        IntVector all = IntVector.zero(I);
        IntVector limit = IntVector.broadcast(I, most);
        for (int i = 0; i < n; i += F.length()) {
            IntVector v = IntVector.fromArray(I, labels, i);
            all = all.or(v).or(limit.sub(v));
        }
        return all.reduceLanes(VectorOperators.OR) >= 0;
    }

    /// 1 where the label is `k`, otherwise 0.
    public void indicator(int[] labels, int n, int k, float[] out) {
        FloatVector one = FloatVector.broadcast(F, 1);
        FloatVector zero = FloatVector.zero(F);
        for (int i = 0; i < n; i += F.length()) {
            VectorMask<Integer> equal = IntVector.fromArray(I, labels, i).compare(VectorOperators.EQ, k);
            zero.blend(one, equal.cast(F)).intoArray(out, i);
        }
    }

    /// `a *= b`
    public void multiply(float[] a, float[] b, int n) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, a, i).mul(FloatVector.fromArray(F, b, i)).intoArray(a, i);
        }
    }

    // ---------------------------------------------------------------- functions; `out` may be the argument's array

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
    private void restToPower(float[] rest, int n, float exponent, float low, float[] out) {
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
    private static void clamp(float[] x, int n, float low, float high, float[] out) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, x, i);
            v.blend(low, v.compare(VectorOperators.LT, low))
                    .blend(high, v.compare(VectorOperators.GT, high))
                    .intoArray(out, i);
        }
    }
}
