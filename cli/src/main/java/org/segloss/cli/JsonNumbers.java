package org.segloss.cli;

import java.util.Optional;

/// Numbers for JSON, which has no NaN and no infinity.
final class JsonNumbers {
    private JsonNumbers() {}

    /// {@return the number if it is one}; nothing becomes `null` in JSON
    static Optional<Double> finite(double value) {
        return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
    }
}
