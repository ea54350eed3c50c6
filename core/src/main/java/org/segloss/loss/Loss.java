package org.segloss.loss;

/// A loss as a value.
public interface Loss {

    /// {@return the loss that `text` describes}
    static Loss parse(String text) {
        throw new UnsupportedOperationException(text);
    }
}
