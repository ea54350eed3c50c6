package org.segloss.stat;

/// Argument checks, written so that NaN fails them.
final class Check {
    private Check() {}

    static void that(boolean condition, String message, Object... values) {
        if (!condition) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }

    static void finite(String name, double[] values) {
        that(values.length > 0, "there are no %s, at least one is needed", name);
        for (int i = 0; i < values.length; i++) {
            that(Double.isFinite(values[i]), "%s have to be finite, but number %d is %s", name, i + 1, values[i]);
        }
    }
}
