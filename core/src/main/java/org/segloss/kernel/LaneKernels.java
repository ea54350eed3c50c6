package org.segloss.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The fast twin, on blocks of floats that stay in the first-level cache.
///
/// No loop has a scalar tail, and no vector crosses a call, not even a private one: whether the compiler inlines it
/// depends on what it has compiled before, and where it does not, every vector becomes an object on the heap. So the
/// exponential and the logarithm are loops too, from one array into another.
///
/// Elementwise operations are fused multiply-adds, exponentials and logarithms are polynomials of such operations, and
/// sums run over 32 lanes whatever the machine has. The results are therefore the same bits on every CPU.
public final class LaneKernels implements Kernels<float[]> {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final VectorSpecies<Integer> I = Lanes.I;

    private static final int GROUP = Lanes.GROUP;

    private final LaneFunctions functions = new LaneFunctions();
    private final float[] exponential = new float[Kernels.BLOCK];
    private final float[] logarithm = new float[Kernels.BLOCK];
    private final float[] largest = new float[Kernels.BLOCK];
    private final float[] lanes = new float[5 * GROUP];

    public LaneKernels() {}

    @Override
    public int padded(int n) {
        return Lanes.padded(n);
    }

    // ---------------------------------------------------------------- activations

    @Override
    public void sigmoid(float[] z, int n, float[] q, float[] p) {
        LaneFunctions.expOfMinusAbs(z, n, exponential);
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
            e.mul(onePlus).mul(both).intoArray(logarithm, i);
        }
    }

    /// Puts both probabilities of a sigmoid into one number, for [#unpack]: the smaller of them, and in the sign which
    /// it is.
    public void pack(float[] q, float[] p, int n, float[] packed) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector a = FloatVector.fromArray(F, p, i);
            FloatVector b = FloatVector.fromArray(F, q, i);
            a.blend(b.neg(), a.compare(VectorOperators.GE, b)).intoArray(packed, i);
        }
    }

    /// Probabilities from what [#pack] has packed, to half an ulp of the larger of the two.
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

    @Override
    public void logSigmoid(float[] z, int n, float[] q, float[] p, float[] logQ, float[] logP) {
        // log(1 + e) = 2 atanh(e / (2 + e)), exact for the smallest e; the quotient is in `logarithm`
        sigmoid(z, n, q, p);
        LaneFunctions.twiceAtanh(logarithm, n, logarithm);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, z, i);
            FloatVector log = FloatVector.fromArray(F, logarithm, i);
            v.blend(0, v.compare(VectorOperators.GT, 0)).sub(log).intoArray(logP, i);
            v.neg().blend(0, v.compare(VectorOperators.LT, 0)).sub(log).intoArray(logQ, i);
        }
    }

    @Override
    public void logSoftmax(float[][] z, int n, float[][] p, float[][] logP) {
        largest(z, n, largest);
        float[] sum = exponential;
        Arrays.fill(sum, 0, n, 0);
        for (int c = 0; c < z.length; c++) {
            addExponentials(z[c], largest, n, logP[c], p[c], sum);
        }
        functions.log(sum, n, logarithm);
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

    static void largest(float[][] z, int n, float[] max) {
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
    static void addExponentials(float[] z, float[] max, int n, float[] shifted, float[] p, float[] sum) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, z, i).sub(FloatVector.fromArray(F, max, i)).intoArray(shifted, i);
        }
        LaneFunctions.expOfMinusAbs(shifted, n, p);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, p, i).add(FloatVector.fromArray(F, sum, i)).intoArray(sum, i);
        }
    }

    // ---------------------------------------------------------------- sums

    @Override
    public void overlapSums(float[] p, float[] y, int n, double[] sums, int at) {
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
            sums[at + k] += Lanes.sumOfLanes(lanes, k);
        }
    }

    @Override
    public void extraSums(float[] p, float[] y, int n, double[] sums, int at) {
        for (int lane = 0; lane < GROUP; lane += F.length()) {
            FloatVector falseNegatives = FloatVector.zero(F);
            FloatVector falsePositives = FloatVector.zero(F);
            FloatVector absolute = FloatVector.zero(F);
            for (int i = lane; i < n; i += GROUP) {
                FloatVector a = FloatVector.fromArray(F, p, i);
                FloatVector b = FloatVector.fromArray(F, y, i);
                FloatVector rest = a.neg().add(1);
                falseNegatives = rest.mul(rest).fma(b, falseNegatives);
                falsePositives = a.mul(a).fma(b.neg().add(1), falsePositives);
                absolute = absolute.add(a.sub(b).abs());
            }
            falseNegatives.intoArray(lanes, lane);
            falsePositives.intoArray(lanes, GROUP + lane);
            absolute.intoArray(lanes, 2 * GROUP + lane);
        }
        sums[at] += Lanes.sumOfLanes(lanes, 0);
        sums[at + 1] += Lanes.sumOfLanes(lanes, 1);
        sums[at + 2] += Lanes.sumOfLanes(lanes, 2);
    }

    @Override
    public double dot(float[] a, float[] b, int n, double sum) {
        for (int lane = 0; lane < GROUP; lane += F.length()) {
            FloatVector products = FloatVector.zero(F);
            for (int i = lane; i < n; i += GROUP) {
                products = FloatVector.fromArray(F, a, i).fma(FloatVector.fromArray(F, b, i), products);
            }
            products.intoArray(lanes, lane);
        }
        return sum + Lanes.sumOfLanes(lanes, 0);
    }

    // ---------------------------------------------------------------- errors to be ranked

    @Override
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

    @Override
    public void absoluteErrors(float[] p, float[] y, int n, float[] errors) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector target = FloatVector.fromArray(F, y, i);
            FloatVector error = target.sub(FloatVector.fromArray(F, p, i)).abs();
            error.blend(error.neg(), target.compare(VectorOperators.GT, 0)).intoArray(errors, i);
        }
    }

    @Override
    public void hingeErrors(float[] z, float[] y, int n, float[] errors) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, z, i);
            VectorMask<Float> foreground = FloatVector.fromArray(F, y, i).compare(VectorOperators.GT, 0);
            FloatVector error = v.blend(v.neg(), foreground).add(1);
            error = error.blend(0, error.compare(VectorOperators.LE, 0));
            error.blend(error.neg(), foreground).intoArray(errors, i);
        }
    }

    // ---------------------------------------------------------------- gradients

    @Override
    public void addMultiple(float[] x, int n, double factor, float[] gradient) {
        float narrow = (float) factor;
        for (int i = 0; i < n; i++) {
            gradient[i] += narrow * x[i];
        }
    }

    @Override
    public void addProduct(float[] x, float[] times, int n, double factor, float[] gradient) {
        float narrow = (float) factor;
        for (int i = 0; i < n; i++) {
            gradient[i] += narrow * x[i] * times[i];
        }
    }

    @Override
    public void addCrossEntropyGradient(float[] y, float[] weights, int n, double factor, float[] gradient) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, weights, i)
                    .mul((float) -factor)
                    .fma(FloatVector.fromArray(F, y, i), FloatVector.fromArray(F, gradient, i))
                    .intoArray(gradient, i);
        }
    }

    @Override
    public void addAbsoluteErrorGradient(
            float[] times, float[] y, float[] weights, int n, double factor, float[] gradient) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector weight = FloatVector.fromArray(F, weights, i).mul((float) factor);
            VectorMask<Float> foreground = FloatVector.fromArray(F, y, i).compare(VectorOperators.GT, 0);
            weight.blend(weight.neg(), foreground)
                    .fma(FloatVector.fromArray(F, times, i), FloatVector.fromArray(F, gradient, i))
                    .intoArray(gradient, i);
        }
    }

    @Override
    public void addHingeGradient(float[] y, float[] weights, int n, double factor, float[] gradient) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector weight = FloatVector.fromArray(F, weights, i).mul((float) factor);
            VectorMask<Float> foreground = FloatVector.fromArray(F, y, i).compare(VectorOperators.GT, 0);
            weight.blend(weight.neg(), foreground)
                    .add(FloatVector.fromArray(F, gradient, i))
                    .intoArray(gradient, i);
        }
    }

    @Override
    public void addOverlapGradient(float[] times, float[] p, float[] y, int n, SumGradients by, float[] gradient) {
        FloatVector constant = FloatVector.broadcast(F, (float) by.p);
        FloatVector linear = FloatVector.broadcast(F, 2 * (float) by.pp);
        FloatVector target = FloatVector.broadcast(F, (float) by.py);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector a = FloatVector.fromArray(F, p, i);
            FloatVector byP = a.fma(linear, FloatVector.fromArray(F, y, i).fma(target, constant));
            FloatVector.fromArray(F, times, i)
                    .fma(byP, FloatVector.fromArray(F, gradient, i))
                    .intoArray(gradient, i);
        }
        if (by.hasExtra()) {
            addExtraGradient(times, p, y, n, by, gradient);
        }
    }

    private static void addExtraGradient(
            float[] times, float[] p, float[] y, int n, SumGradients by, float[] gradient) {
        float falseNegatives = (float) (2 * by.falseNegatives);
        float falsePositives = (float) (2 * by.falsePositives);
        float absolute = (float) by.absolute;
        for (int i = 0; i < n; i++) {
            gradient[i] += times[i]
                    * (falsePositives * p[i] * (1 - y[i])
                            - falseNegatives * (1 - p[i]) * y[i]
                            + absolute * Math.signum(p[i] - y[i]));
        }
    }

    // ---------------------------------------------------------------- chain rule

    @Override
    public void sigmoidChain(float[] byLogQ, float[] byLogP, float[] q, float[] p, int n, float[] dz) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector b = FloatVector.fromArray(F, p, i).mul(FloatVector.fromArray(F, byLogQ, i));
            FloatVector.fromArray(F, q, i)
                    .mul(FloatVector.fromArray(F, byLogP, i))
                    .sub(b)
                    .intoArray(dz, i);
        }
    }

    @Override
    public void softmaxChain(float[][] byLogP, float[][] p, int n) {
        float[] sum = largest;
        System.arraycopy(byLogP[0], 0, sum, 0, n);
        for (int c = 1; c < byLogP.length; c++) {
            for (int i = 0; i < n; i += F.length()) {
                FloatVector.fromArray(F, sum, i)
                        .add(FloatVector.fromArray(F, byLogP[c], i))
                        .intoArray(sum, i);
            }
        }
        for (int c = 0; c < byLogP.length; c++) {
            for (int i = 0; i < n; i += F.length()) {
                FloatVector.fromArray(F, p[c], i)
                        .neg()
                        .fma(FloatVector.fromArray(F, sum, i), FloatVector.fromArray(F, byLogP[c], i))
                        .intoArray(byLogP[c], i);
            }
        }
    }

    // ---------------------------------------------------------------- targets, and voxels that don't count

    @Override
    public void drop(float[] plane, float[] keep, int n, double value) {
        float narrow = (float) value;
        for (int i = 0; i < n; i += F.length()) {
            VectorMask<Float> dropped = FloatVector.fromArray(F, keep, i).compare(VectorOperators.EQ, 0);
            FloatVector.fromArray(F, plane, i).blend(narrow, dropped).intoArray(plane, i);
        }
    }

    @Override
    public void indicator(int[] labels, int n, int k, float[] out) {
        FloatVector one = FloatVector.broadcast(F, 1);
        FloatVector zero = FloatVector.zero(F);
        for (int i = 0; i < n; i += F.length()) {
            VectorMask<Integer> equal = IntVector.fromArray(I, labels, i).compare(VectorOperators.EQ, k);
            zero.blend(one, equal.cast(F)).intoArray(out, i);
        }
    }
}
