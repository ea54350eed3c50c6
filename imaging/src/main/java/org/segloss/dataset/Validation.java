package org.segloss.dataset;

import java.nio.file.Path;
import java.util.List;

/// Looks at every file of a data set and collects all that is wrong.
public final class Validation {
    private Validation() {}

    public static List<Problem> validate(Path folder) {
        throw new UnsupportedOperationException();
    }
}
