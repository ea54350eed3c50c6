package org.segloss.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The outcome of reading an image file: all that was found wrong with it, and what it holds.
///
/// @param scan present if there is no error among the findings
public record ReadResult(Path file, List<Finding> findings, Optional<Scan> scan) {

    /// {@return what the file holds}
    /// @throws IOException that names the file and every error in it
    public Scan orThrow() throws IOException {
        if (scan.isPresent()) {
            return scan.get();
        }
        throw failure(file, findings);
    }

    static IOException failure(Path file, List<Finding> findings) {
        return new IOException(findings.stream()
                .filter(Finding::isError)
                .map(Finding::toString)
                .collect(Collectors.joining(" Also: ", file + ": ", "")));
    }
}
