package org.segloss.experiment;

import java.util.Locale;
import org.segloss.metric.Overlap;
import org.segloss.metric.Score;

/// What a prediction is scored by.
public enum Metric {
    DICE,
    IOU,
    PRECISION,
    RECALL;

    Score of(Overlap overlap) {
        return switch (this) {
            case DICE -> overlap.dice();
            case IOU -> overlap.iou();
            case PRECISION -> overlap.precision();
            case RECALL -> overlap.recall();
        };
    }

    /// {@return the name in files and on the command line, for example `dice`}
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Metric parse(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
