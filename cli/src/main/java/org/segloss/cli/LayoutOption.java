package org.segloss.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/// Which of several readings of a folder is meant.
final class LayoutOption {
    @Option(
            names = "--layout",
            paramLabel = "NAME",
            description =
                    "Where a folder can be read in several ways, which of them is meant, for example images+masks. Without it a message says which there are.")
    private Optional<String> given;

    Optional<String> name() {
        return given;
    }
}
