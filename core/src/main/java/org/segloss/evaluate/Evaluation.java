package org.segloss.evaluate;

import java.util.List;

/// What a loss is worth on a batch.
///
/// @param value the loss
/// @param terms the summands of the loss, in its order
public record Evaluation(double value, List<Term> terms) {

    /// One summand: its weight, and its own value before the weight.
    public record Term(String term, double weight, double value) {}

    public Evaluation {
        terms = List.copyOf(terms);
    }
}
