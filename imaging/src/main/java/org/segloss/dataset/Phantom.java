package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;

/// A generated data set: a small curved organ beside a distractor of nearly the same intensity.
///
/// @param seed  same seed, same bytes
/// @param train training cases
/// @param test  test cases
public record Phantom(long seed, int train, int test) {

    /// Writes MSD folders and `split.json`.
    public void write(Path folder) throws IOException {
        throw new UnsupportedOperationException();
    }
}
