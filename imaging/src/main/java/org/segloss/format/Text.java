package org.segloss.format;

/// Numbers for people.
public final class Text {
    private Text() {}

    /// {@return a whole number without a fraction, any other as Java prints it}
    public static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
