package org.segloss.layout;

import java.nio.file.Path;
import org.segloss.format.Finding;
import org.segloss.format.Severity;

/// One thing that is wrong with, or worth knowing of, a file or a data set, in the user's words.
///
/// @param severity whether it stands in the way
/// @param file     where
/// @param found    what is there
/// @param fix      what was expected, and what to do
public record Problem(Severity severity, Path file, String found, String fix) {

    public static Problem error(Path file, String found, String fix) {
        return new Problem(Severity.ERROR, file, found, fix);
    }

    public static Problem warning(Path file, String found, String fix) {
        return new Problem(Severity.WARNING, file, found, fix);
    }

    /// What is worth knowing, though nothing is wrong.
    public static Problem note(Path file, String found, String fix) {
        return new Problem(Severity.NOTE, file, found, fix);
    }

    public static Problem of(Path file, Finding finding) {
        return new Problem(finding.severity(), file, finding.found(), finding.fix());
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public String toString() {
        return "%s: %s. %s".formatted(file, found, fix);
    }
}
