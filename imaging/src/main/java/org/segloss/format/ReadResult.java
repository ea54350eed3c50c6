package org.segloss.format;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The outcome of reading an image: all that was found wrong with it, and what it holds.
///
/// @param name the file, or what its bytes are called
/// @param scan present if there is no error among the findings
public record ReadResult(String name, List<Finding> findings, Optional<Scan> scan) {

    /// {@return what was read}
    /// @throws IOException that names the source and every error in it
    public Scan orThrow() throws IOException {
        if (scan.isPresent()) {
            return scan.get();
        }
        throw failure(name, findings);
    }

    /// {@return an exception that names a source and every error that was found in it}
    public static IOException failure(String name, List<Finding> findings) {
        return new IOException(findings.stream()
                .filter(Finding::isError)
                .map(Finding::toString)
                .collect(Collectors.joining(" Also: ", name + ": ", "")));
    }
}
