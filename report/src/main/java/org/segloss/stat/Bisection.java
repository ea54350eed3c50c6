package org.segloss.stat;

import java.util.function.DoubleUnaryOperator;

/// The place where a growing function has a value, found by halving until no number is left in between.
final class Bisection {
    private Bisection() {}

    /// @param low  a place where the function is below `value`
    /// @param high a place where it isn't
    static double solve(DoubleUnaryOperator function, double value, double low, double high) {
        double a = low;
        double b = high;
        for (double middle = (a + b) / 2; middle > a && middle < b; middle = (a + b) / 2) {
            if (function.applyAsDouble(middle) < value) {
                a = middle;
            } else {
                b = middle;
            }
        }
        return b;
    }
}
