package org.segloss.dataset;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.segloss.format.Scan;
import org.segloss.layout.Problem;

/// What was found in the files of an image, or of a segmentation.
///
/// @param scan what they hold together; nothing where one of them can't be read, or they are on different
///             grids
record Inspected(List<Problem> problems, Optional<Scan> scan) {
    Inspected {
        problems = List.copyOf(problems);
    }

    /// {@return what was read}
    /// @throws IOException that says all that is wrong
    Scan orThrow() throws IOException {
        throwErrors("", problems);
        return scan.orElseThrow();
    }

    /// @param whose what the problems are of, in front of them
    /// @throws IOException that says all errors among some problems, if there are any
    static void throwErrors(String whose, List<Problem> problems) throws IOException {
        if (problems.stream().anyMatch(Problem::isError)) {
            throw new IOException(problems.stream()
                    .filter(Problem::isError)
                    .map(Problem::toString)
                    .collect(Collectors.joining(" Also: ", whose, "")));
        }
    }
}
