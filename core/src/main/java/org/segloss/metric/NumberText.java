package org.segloss.metric;

/// Numbers as people write them.
final class NumberText {
    private NumberText() {}

    /// {@return `1` for 1.0, and all digits of what is no whole number}
    static String of(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /// {@return a parameter that has to be above 0}
    ///
    /// @throws IllegalArgumentException if it isn't, or is no finite number
    static double positive(double value, String name, String unit) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "%s needs a number above 0 of %s, as in %s@1, but has %s".formatted(name, unit, name, of(value)));
        }
        return value;
    }
}
