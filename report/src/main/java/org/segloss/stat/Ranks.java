package org.segloss.stat;

import java.util.Arrays;

/// Ranks from 1. Values that differ by no more than rounding are tied.
final class Ranks {
    /// Of the largest magnitude: what two differences of the same quantities may differ by.
    private static final double ROUNDING = 1e-10;

    private Ranks() {}

    /// {@return twice the mean rank that tied values share}, whole numbers; the smallest value has rank 1
    static int[] doubledMiddle(double[] values) {
        int n = values.length;
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double tolerance = tolerance(values);
        int[] inOrder = new int[n];
        for (int from = 0, to; from < n; from = to) {
            to = from + 1;
            while (to < n && sorted[to] - sorted[to - 1] <= tolerance) {
                to++;
            }
            // ranks from+1 to `to`
            Arrays.fill(inOrder, from, to, from + 1 + to);
        }
        int[] ranks = new int[n];
        for (int i = 0; i < n; i++) {
            // equal values are tied, so any of their places will do
            ranks[i] = inOrder[Arrays.binarySearch(sorted, values[i])];
        }
        return ranks;
    }

    /// {@return 1 for the best, and for tied values the smallest of their ranks}
    static int[] best(double[] values, boolean higherIsBetter) {
        double tolerance = tolerance(values);
        int[] ranks = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            double own = values[i];
            ranks[i] = 1;
            for (double other : values) {
                double ahead = higherIsBetter ? other - own : own - other;
                ranks[i] += ahead > tolerance ? 1 : 0;
            }
        }
        return ranks;
    }

    private static double tolerance(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest * ROUNDING;
    }
}
