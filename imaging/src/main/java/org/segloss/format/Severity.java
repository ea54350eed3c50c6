package org.segloss.format;

/// Whether something that was found stands in the way.
public enum Severity {
    /// The file or the data set cannot be used as it is.
    ERROR,
    /// It can be used, but may not be what was meant.
    WARNING,
    /// Nothing is wrong; it is worth knowing.
    NOTE
}
