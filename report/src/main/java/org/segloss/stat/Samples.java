package org.segloss.stat;

import org.segloss.loss.Check;

/// Checks of what a test is given.
final class Samples {
    private Samples() {}

    static void finite(String name, double[] values) {
        Check.that(values.length > 0, "there are no %s, at least one is needed", name);
        for (int i = 0; i < values.length; i++) {
            Check.that(Double.isFinite(values[i]), "%s have to be finite, but number %d is %s", name, i + 1, values[i]);
        }
    }
}
