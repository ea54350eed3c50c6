package org.segloss.report;

import java.util.ArrayList;
import java.util.List;

/// An axis: numbers as percentages of a plot's width.
///
/// @param low  the number at the left end
/// @param high the number at the right end, larger
public record Scale(double low, double high, double step) {
    /// A plot's edge, so that a dot at an end isn't cut.
    private static final double INSET = 2;

    /// {@return the axis with round ends that holds all numbers}
    static Scale of(double... values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (Double.isFinite(value)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        if (low > high) {
            return new Scale(0, 1, 0.5);
        }
        if (low == high) {
            low -= 0.5 * Math.max(1e-3, Math.abs(low));
            high += 0.5 * Math.max(1e-3, Math.abs(high));
        }
        double step = step(high - low);
        return new Scale(Math.floor(low / step) * step, Math.ceil(high / step) * step, step);
    }

    /// 1, 2 or 5 times a power of ten, of which about four fit in.
    private static double step(double width) {
        double rough = width / 4;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        return power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10);
    }

    double at(double value) {
        return INSET + (100 - 2 * INSET) * (value - low) / (high - low);
    }

    List<Double> ticks() {
        var ticks = new ArrayList<Double>();
        long first = Math.round(low / step);
        long last = Math.round(high / step);
        for (long i = first; i <= last; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }
}
