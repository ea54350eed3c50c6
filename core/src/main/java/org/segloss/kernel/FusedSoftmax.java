package org.segloss.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Both passes of a softmax, fused, for the losses that most trainings use: cross-entropy and overlap losses of labels
/// that all count. Their twin is the sequence of [Kernels] that they replace.
public final class FusedSoftmax {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final VectorSpecies<Integer> I = Lanes.I;

    private static final int GROUP = Lanes.GROUP;

    private final LaneFunctions functions = new LaneFunctions();
    private final float[] largest = new float[Kernels.BLOCK];
    private final float[] sum = new float[Kernels.BLOCK];
    private final float[] logarithm = new float[Kernels.BLOCK];
    private final float[] lanes = new float[6 * GROUP];

    public FusedSoftmax() {}

    /// All that cross-entropy and overlap losses need of a softmax: adds [the sums of an overlap][Kernels#overlapSums]
    /// of each class to `sums`.
    ///
    /// @param p gets the probabilities
    /// @return the cross-entropy, the sum of `-y_c log p_c`. NaN where a logit is infinite, even if the target
    /// agrees with it
    public double sums(float[][] z, int[] labels, int n, float[][] p, double[] sums) {
        LaneKernels.largest(z, n, largest);
        Arrays.fill(sum, 0, n, 0);
        for (int c = 0; c < z.length; c++) {
            LaneKernels.addExponentials(z[c], largest, n, p[c], p[c], sum);
        }
        functions.log(sum, n, logarithm);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector.broadcast(F, 1).div(FloatVector.fromArray(F, sum, i)).intoArray(sum, i);
        }
        double crossEntropy = 0;
        for (int c = 0; c < z.length; c++) {
            crossEntropy += classSums(c, z[c], labels, n, p[c], sums);
        }
        return crossEntropy;
    }

    /// One class: `p` divided by the sum of all exponentials, its overlap, and its part of the cross-entropy, `y
    /// (logarithm - (z - max))`: the difference first, for it is exact where logits are large and near each other.
    private double classSums(int c, float[] z, int[] labels, int n, float[] p, double[] sums) {
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
                FloatVector a = FloatVector.fromArray(F, p, i).mul(FloatVector.fromArray(F, sum, i));
                VectorMask<Integer> here = IntVector.fromArray(I, labels, i).compare(VectorOperators.EQ, c);
                FloatVector b = zero.blend(one, here.cast(F));
                a.intoArray(p, i);
                py = a.fma(b, py);
                sp = sp.add(a);
                sy = sy.add(b);
                pp = a.fma(a, pp);
                yy = b.fma(b, yy);
                FloatVector shifted = FloatVector.fromArray(F, z, i).sub(FloatVector.fromArray(F, largest, i));
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
            sums[c * 5 + k] += Lanes.sumOfLanes(lanes, k);
        }
        return Lanes.sumOfLanes(lanes, 5);
    }

    /// `dz_c = s_c - p_c sum(s)` with `s_c = p_c (py_c y_c + p'_c + 2 pp_c p_c) - weight y_c`: what overlap losses
    /// and the cross-entropy add.
    public void gradient(float[][] p, int[] labels, int n, SumGradients[] by, float weight, float[][] dz) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector one = FloatVector.broadcast(F, 1);
        Arrays.fill(sum, 0, n, 0);
        for (int c = 0; c < p.length; c++) {
            FloatVector constant = FloatVector.broadcast(F, (float) by[c].p);
            FloatVector linear = FloatVector.broadcast(F, 2 * (float) by[c].pp);
            FloatVector byTarget = FloatVector.broadcast(F, (float) by[c].py);
            FloatVector minus = FloatVector.broadcast(F, -weight);
            for (int i = 0; i < n; i += F.length()) {
                FloatVector a = FloatVector.fromArray(F, p[c], i);
                VectorMask<Integer> here = IntVector.fromArray(I, labels, i).compare(VectorOperators.EQ, c);
                FloatVector b = zero.blend(one, here.cast(F));
                FloatVector byA = a.fma(linear, b.fma(byTarget, constant));
                FloatVector derivative = a.fma(byA, b.mul(minus));
                derivative.intoArray(dz[c], i);
                derivative.add(FloatVector.fromArray(F, sum, i)).intoArray(sum, i);
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
}
