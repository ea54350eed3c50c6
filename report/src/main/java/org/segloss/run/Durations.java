package org.segloss.run;

import java.time.Duration;

/// Durations for people.
public final class Durations {
    private Durations() {}

    /// {@return for example `310 ms`, `42 s`, `8 min` or `1 h 5 min`}
    public static String text(Duration duration) {
        if (duration.isPositive() && duration.toMillis() < 1000) {
            return "%d ms".formatted(duration.toMillis());
        }
        long seconds = duration.plusMillis(500).toSeconds();
        if (seconds < 60) {
            return "%d s".formatted(seconds);
        }
        long minutes = (seconds + 30) / 60;
        return minutes < 60 ? "%d min".formatted(minutes) : "%d h %d min".formatted(minutes / 60, minutes % 60);
    }
}
