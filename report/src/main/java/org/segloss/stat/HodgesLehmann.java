package org.segloss.stat;

import java.util.Arrays;

/// The estimate that belongs to the signed-rank test: the median of the means of all pairs of differences, each
/// with itself among them. A few cases that went wrong move it less than the mean.
///
/// The means of sorted differences grow along rows and columns, rounded ones too, so those that are at most some number
/// are counted in a walk along the border between them and the others. The median is found by halving among all
/// doubles: no list of pairs is made, and it is the same number as that of the list, to the last bit.
///
/// @see <a href="https://doi.org/10.1214/aoms/1177704172">Hodges and Lehmann (1963), Estimates of location based on
///     rank tests</a>
public final class HodgesLehmann {
    private HodgesLehmann() {}

    /// @param differences finite, at least one
    public static double of(double[] differences) {
        Quantiles.finite("differences", differences);
        double[] sorted = differences.clone();
        Arrays.sort(sorted);
        long pairs = sorted.length * (sorted.length + 1L) / 2;
        double lower = at((pairs - 1) / 2, sorted);
        double upper = pairs % 2 == 1 ? lower : at(pairs / 2, sorted);
        // a zero that was found as -0.0 has no sign
        return (lower + upper) / 2 + 0.0;
    }

    /// {@return the mean that has so many others before it, in order}
    private static double at(long place, double[] sorted) {
        long low = key(sorted[0]);
        long high = key(sorted[sorted.length - 1]);
        while (low < high) {
            // the sum of both might be too large
            long middle = (low & high) + ((low ^ high) >> 1);
            if (atMost(number(middle), sorted) > place) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return number(low);
    }

    private static long atMost(double limit, double[] sorted) {
        long count = 0;
        int j = sorted.length - 1;
        for (int i = 0; i <= j; i++) {
            while (j >= i && (sorted[i] + sorted[j]) / 2 > limit) {
                j--;
            }
            count += j - i + 1;
        }
        return count;
    }

    /// A whole number that is the larger, the larger the double is.
    private static long key(double number) {
        return flipped(Double.doubleToLongBits(number));
    }

    private static double number(long key) {
        return Double.longBitsToDouble(flipped(key));
    }

    /// The bits of negative doubles grow downwards.
    private static long flipped(long bits) {
        return bits ^ (bits >> 63 & Long.MAX_VALUE);
    }
}
