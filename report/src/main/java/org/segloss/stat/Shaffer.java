package org.segloss.stat;

import java.util.BitSet;
import org.segloss.loss.Check;

/// Shaffer's step-down correction for tests of all pairs of losses.
///
/// ```
/// p sorted ascending:   adjusted_i = max over j <= i of min(1, t_j * p_j)
/// t_j  = the largest number in S(losses) that is at most m - j + 1,   m = losses (losses - 1) / 2
/// S(k) = union over j = 1 ... k of { j (j - 1) / 2 + x : x in S(k - j) },   S(0) = S(1) = {0}
/// ```
///
/// Where a equals b and b equals c, a equals c: if one pair of four losses differs no five others can be equal, but
/// three at most. `S(k)` are the numbers of pairs that can be equal at once, those of losses that fall into groups of
/// equal ones. So no adjusted p is larger than [Holm]'s, and the first is the same. Calling different what has an
/// adjusted p of at most 0.05 makes one or more mistakes with a probability of at most 5 %, however the tests depend on
/// each other.
///
/// @see <a href="https://doi.org/10.1080/01621459.1986.10478341">Shaffer (1986), Modified sequentially rejective
///     multiple test procedures</a>
public final class Shaffer {
    private Shaffer() {}

    /// {@return the adjusted p-values, in the order of the given ones}
    ///
    /// @param p of all pairs of the losses, in any order, each from 0 to 1
    public static double[] adjust(double[] p, int losses) {
        Check.that(
                p.length == losses * (losses - 1L) / 2,
                "%d losses have %d pairs, but there are %d p-values",
                losses,
                losses * (losses - 1L) / 2,
                p.length);
        BitSet equal = equalPairs(losses);
        return Holm.stepDown(p, equal::previousSetBit);
    }

    /// {@return the numbers of pairs of so many losses that can be equal at once}
    static BitSet equalPairs(int losses) {
        var of = new BitSet[losses + 1];
        for (int k = 0; k <= losses; k++) {
            of[k] = new BitSet();
            of[k].set(0);
            for (int group = 1; group <= k; group++) {
                int own = group * (group - 1) / 2;
                BitSet all = of[k];
                of[k - group].stream().forEach(others -> all.set(own + others));
            }
        }
        return of[losses];
    }
}
