package org.segloss.docs;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.LongStream;

/// An axis with at most five ticks at multiples of a round step. Neither its ends nor its ticks depend on the last
/// digits of the values, which differ between processors.
///
/// @param from the first tick, in steps
/// @param to   the last tick, in steps
record Axis(long from, long to, BigDecimal step) {
    private static final int INTERVALS = 4;

    /// A share of a step that a value may be beyond an end.
    private static final double SLACK = 1e-6;

    /// Less is rounding: a curve of such numbers is drawn at 0.
    private static final double NOTHING = 1e-12;

    /// {@return an axis for these values}; if they are all the same, one that begins or ends at 0
    static Axis of(List<Double> values) {
        double min = values.stream().mapToDouble(v -> v).min().orElseThrow();
        double max = values.stream().mapToDouble(v -> v).max().orElseThrow();
        double size = Math.max(Math.abs(min), Math.abs(max));
        if (size < NOTHING) {
            return new Axis(0, 1, BigDecimal.ONE);
        }
        if (max - min < 1e-9 * size) {
            min = Math.min(min, 0);
            max = Math.max(max, 0);
        }
        // far too small to begin with, so that it doesn't matter how the logarithm is rounded
        int exponent = (int) Math.floor(Math.log10(max - min)) - 2;
        while (true) {
            for (int digit : new int[] {1, 2, 5}) {
                BigDecimal step = BigDecimal.valueOf(digit).scaleByPowerOfTen(exponent);
                long from = (long) Math.floor(min / step.doubleValue() + SLACK);
                long to = (long) Math.ceil(max / step.doubleValue() - SLACK);
                if (to - from <= INTERVALS) {
                    return new Axis(from, to, step);
                }
            }
            exponent++;
        }
    }

    List<BigDecimal> ticks() {
        return LongStream.rangeClosed(from, to)
                .mapToObj(i -> step.multiply(BigDecimal.valueOf(i)))
                .toList();
    }

    /// {@return where a value lies between the ends, from 0 to 1}
    double share(double value) {
        return (value / step.doubleValue() - from) / (to - from);
    }

    /// {@return a tick's number, short}
    static String text(BigDecimal tick) {
        if (tick.signum() == 0) {
            return "0";
        }
        BigDecimal number = tick.stripTrailingZeros();
        int exponent = number.precision() - number.scale() - 1;
        String text = exponent < -3 || exponent > 4
                ? number.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent
                : number.toPlainString();
        return text.replace('-', '\u2212');
    }
}
