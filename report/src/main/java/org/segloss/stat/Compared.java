package org.segloss.stat;

/// What is compared, in words: losses that networks were trained with, or methods of which the predictions alone are
/// known, which nobody says were trained at all.
public enum Compared {
    LOSSES("loss", "losses"),
    METHODS("method", "methods");

    private final String one;
    private final String many;

    Compared(String one, String many) {
        this.one = one;
        this.many = many;
    }

    /// {@return `loss` or `method`}
    public String one() {
        return one;
    }

    /// {@return `losses` or `methods`}
    public String many() {
        return many;
    }
}
