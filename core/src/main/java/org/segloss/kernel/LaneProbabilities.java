package org.segloss.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Whether the numbers of a target are probabilities, on vector lanes.
public final class LaneProbabilities {
    private static final VectorSpecies<Float> F = Lanes.F;

    private LaneProbabilities() {}

    /// Adds a plane to `sum`.
    ///
    /// @return whether all of its numbers are from 0 to 1, and none is NaN
    public static boolean add(float[] y, int n, float[] sum) {
        VectorMask<Float> all = F.maskAll(true);
        for (int i = 0; i < n; i += F.length()) {
            FloatVector v = FloatVector.fromArray(F, y, i);
            all = all.and(v.compare(VectorOperators.GE, 0)).and(v.compare(VectorOperators.LE, 1));
            v.add(FloatVector.fromArray(F, sum, i)).intoArray(sum, i);
        }
        return all.allTrue();
    }

    /// {@return whether all numbers are as near to 0 as `most`}
    public static boolean areNearZero(float[] values, int n, float most) {
        VectorMask<Float> all = F.maskAll(true);
        for (int i = 0; i < n; i += F.length()) {
            all = all.and(FloatVector.fromArray(F, values, i).abs().compare(VectorOperators.LE, most));
        }
        return all.allTrue();
    }
}
