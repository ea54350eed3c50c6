package org.segloss.dataset;

import java.io.IOException;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

/// A case in memory.
public record Case(String id, Volume image, Labels label) {

    /// Reads both files and checks that they belong together.
    public static Case read(Dataset dataset, Dataset.Entry entry) throws IOException {
        throw new UnsupportedOperationException();
    }
}
