package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Which cases train, which validate and which test, by id.
public record Split(List<String> train, List<String> validation, List<String> test) {

    /// Reads a JSON file with arrays `train`, `test` and, if there is one, `val`.
    public static Split read(Path file, Dataset dataset) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Draws `test` cases for testing; all others train.
    public static Split draw(Dataset dataset, int test, long seed) {
        throw new UnsupportedOperationException();
    }
}
