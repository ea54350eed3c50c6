package org.segloss.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Labels in bytes as integers or as probabilities, and whether they are those of the task, on vector lanes.
public final class LaneLabels {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final VectorSpecies<Integer> I = Lanes.I;
    private static final VectorSpecies<Byte> B = Lanes.B;

    private LaneLabels() {}

    /// Unsigned bytes as integers.
    public static void widen(byte[] bytes, int n, int[] labels) {
        for (int i = 0; i < n; i += B.length()) {
            ByteVector v = ByteVector.fromArray(B, bytes, i);
            for (int part = 0; part < Lanes.PARTS; part++) {
                v.convertShape(VectorOperators.ZERO_EXTEND_B2I, I, part)
                        .reinterpretAsInts()
                        .intoArray(labels, i + part * F.length());
            }
        }
    }

    /// Labels 0 and 1 as the probabilities of both.
    ///
    /// @return whether there is no other label
    public static boolean binary(byte[] bytes, int n, float[] background, float[] foreground) {
        ByteVector all = ByteVector.zero(B);
        for (int i = 0; i < n; i += B.length()) {
            ByteVector v = ByteVector.fromArray(B, bytes, i);
            all = all.or(v);
            for (int part = 0; part < Lanes.PARTS; part++) {
                int at = i + part * F.length();
                FloatVector y = (FloatVector) v.convertShape(VectorOperators.B2F, F, part);
                y.intoArray(foreground, at);
                FloatVector.broadcast(F, 1).sub(y).intoArray(background, at);
            }
        }
        return (all.reduceLanes(VectorOperators.OR) & ~1) == 0;
    }

    /// {@return whether all labels are from 0 to `most`}
    public static boolean within(int[] labels, int n, int most) {
        IntVector all = IntVector.zero(I);
        IntVector limit = IntVector.broadcast(I, most);
        for (int i = 0; i < n; i += F.length()) {
            IntVector v = IntVector.fromArray(I, labels, i);
            all = all.or(v).or(limit.sub(v));
        }
        return all.reduceLanes(VectorOperators.OR) >= 0;
    }
}
