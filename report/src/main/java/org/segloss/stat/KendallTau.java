package org.segloss.stat;

import org.segloss.loss.Check;

/// Kendall's tau-b: how well two rankings of the same things agree, from -1 (reversed) to 1 (the same).
///
/// ```
/// tau_b = (C - D) / sqrt((P - Ta) * (P - Tb))
/// ```
///
/// over all `P` pairs of things: `C` are ordered alike, `D` oppositely, `Ta` and `Tb` tied in the one and in the
/// other ranking. NaN if a ranking ties everything.
public final class KendallTau {
    private KendallTau() {}

    /// @param a ranks
    /// @param b ranks of the same things in the same order
    public static double b(int[] a, int[] b) {
        Check.that(a.length == b.length, "a ranking of %d can't be compared with one of %d", a.length, b.length);
        long difference = 0;
        long untiedA = 0;
        long untiedB = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                int inA = Integer.signum(Integer.compare(a[i], a[j]));
                int inB = Integer.signum(Integer.compare(b[i], b[j]));
                difference += inA * inB;
                untiedA += inA * inA;
                untiedB += inB * inB;
            }
        }
        return difference / Math.sqrt((double) untiedA * untiedB);
    }
}
