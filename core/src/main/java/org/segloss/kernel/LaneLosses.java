package org.segloss.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Loops for voxel losses that have some, on vector lanes. Their twins are the losses' own definitions, voxel by voxel,
/// which any other loss is evaluated by here too.
public final class LaneLosses {
    private static final VectorSpecies<Float> F = Lanes.F;

    private static final int GROUP = Lanes.GROUP;

    private final LaneFunctions functions = new LaneFunctions();
    private final float[] logarithm = new float[Kernels.BLOCK];
    private final float[] power = new float[Kernels.BLOCK];
    private final float[] lowerPower = new float[Kernels.BLOCK];
    private final float[] lanes = new float[GROUP];

    public LaneLosses() {}

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
        return -Lanes.sumOfLanes(lanes, 0);
    }

    /// {@return the sum of `-y clamp(logP, low, high)`}
    public double crossEntropy(float[] y, float[] logP, int n, float low, float high) {
        LaneFunctions.clamp(logP, n, low, high, logarithm);
        return crossEntropy(y, logarithm, n);
    }

    /// `1 - p^q`, exact for `p` near 1 as far as its logarithm is
    public void oneMinusPower(float[] logP, int n, float q, float[] out) {
        float[] scaled = logarithm;
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, logP, i).mul(q).intoArray(scaled, i);
        }
        LaneFunctions.expOfMinusAbs(scaled, n, out);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector x = FloatVector.fromArray(F, scaled, i);
            FloatVector rest = FloatVector.fromArray(F, out, i).neg().add(1);
            // -x - x²/2 - x³/6, where one minus the exponential has lost its digits
            FloatVector series = x.mul(-1 / 6f).sub(0.5f).mul(x).sub(1).mul(x);
            rest.blend(series, x.compare(VectorOperators.GT, -0.01f)).intoArray(out, i);
        }
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
        functions.restToPower(rest, n, gamma, low, power);
        LaneFunctions.clamp(logP, n, low, high, logarithm);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, power, i)
                    .mul(FloatVector.fromArray(F, logarithm, i))
                    .intoArray(power, i);
        }
        return crossEntropy(y, power, n);
    }

    /// `gradient = factor y`
    public void multiple(float[] y, int n, float factor, float[] gradient) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.fromArray(F, y, i).mul(factor).intoArray(gradient, i);
        }
    }

    /// `gradient -= weight y` where `logP` is within its clamp.
    public void addCrossEntropyGradient(
            float[] y, float[] logP, int n, float low, float high, float weight, float[] gradient) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector log = FloatVector.fromArray(F, logP, i);
            FloatVector s = FloatVector.fromArray(F, gradient, i);
            FloatVector next = FloatVector.fromArray(F, y, i).fma(FloatVector.broadcast(F, -weight), s);
            VectorMask<Float> inside = log.compare(VectorOperators.GE, low).and(log.compare(VectorOperators.LE, high));
            s.blend(next, inside).intoArray(gradient, i);
        }
    }

    /// `gradient -= weight y ((1 - p)^gamma - gamma (1 - p)^(gamma - 1) p log p)` where `logP` is within its clamp.
    ///
    /// @param rest `1 - p`
    public void addFocalGradient(
            float[] y,
            float[] rest,
            float[] p,
            float[] logP,
            int n,
            float gamma,
            float low,
            float high,
            float weight,
            float[] gradient) {
        if (gamma == 2 && low == Float.NEGATIVE_INFINITY) {
            addSquareFocalGradient(y, rest, p, logP, n, weight, gradient);
            return;
        }
        if (gamma == 0) {
            Arrays.fill(lowerPower, 0, n, 0);
        } else {
            functions.restToPower(rest, n, gamma - 1, low, lowerPower);
        }
        functions.restToPower(rest, n, gamma, low, power);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector log = FloatVector.fromArray(F, logP, i);
            FloatVector a = FloatVector.fromArray(F, p, i);
            // 0 log 0 is 0
            FloatVector bend = FloatVector.fromArray(F, lowerPower, i)
                    .mul(a)
                    .mul(log.blend(0, a.compare(VectorOperators.EQ, 0)))
                    .mul(-gamma);
            FloatVector factor = FloatVector.fromArray(F, power, i).add(bend);
            FloatVector s = FloatVector.fromArray(F, gradient, i);
            FloatVector target = FloatVector.fromArray(F, y, i);
            FloatVector next = factor.mul(target).fma(FloatVector.broadcast(F, -weight), s);
            VectorMask<Float> inside = log.compare(VectorOperators.GE, low)
                    .and(log.compare(VectorOperators.LE, high))
                    .and(target.compare(VectorOperators.NE, 0));
            s.blend(next, inside).intoArray(gradient, i);
        }
    }

    private static void addSquareFocalGradient(
            float[] y, float[] rest, float[] p, float[] logP, int n, float weight, float[] gradient) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector r = FloatVector.fromArray(F, rest, i);
            FloatVector target = FloatVector.fromArray(F, y, i);
            FloatVector s = FloatVector.fromArray(F, gradient, i);
            // (1 - p)^2 - 2 (1 - p) p log p
            FloatVector a = FloatVector.fromArray(F, p, i);
            FloatVector log = FloatVector.fromArray(F, logP, i);
            FloatVector bend =
                    a.mul(log.blend(0, a.compare(VectorOperators.EQ, 0))).mul(-2);
            FloatVector next = r.mul(r.add(bend)).mul(target).fma(FloatVector.broadcast(F, -weight), s);
            s.blend(next, target.compare(VectorOperators.NE, 0)).intoArray(gradient, i);
        }
    }
}
