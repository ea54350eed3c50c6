package org.segloss.loss;

/// A name for an expression of other losses. It has parameters, and is gone once it has been read: what is evaluated
/// and printed is the expression.
public interface Compound {
    /// {@return the expression}
    Loss expand();
}
