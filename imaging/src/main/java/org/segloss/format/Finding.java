package org.segloss.format;

/// One thing that is wrong or odd with a file, in the user's words.
///
/// @param found what is there
/// @param fix   what was expected, and what to do
public record Finding(Severity severity, String found, String fix) {

    public static Finding error(String found, String fix) {
        return new Finding(Severity.ERROR, found, fix);
    }

    public static Finding warning(String found, String fix) {
        return new Finding(Severity.WARNING, found, fix);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public String toString() {
        return found + ". " + fix;
    }
}
