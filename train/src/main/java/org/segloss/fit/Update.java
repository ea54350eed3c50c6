package org.segloss.fit;

import java.util.SequencedMap;
import org.segloss.torch.Tensor;

/// How an optimizer changes the weights, as operations on flat tensors.
sealed interface Update extends AutoCloseable permits AdamW, Nesterov, Averaged {

    /// Changes `weights` in place.
    ///
    /// @param t    updates before this one
    /// @param norm the Euclidean norm of the gradient
    void apply(Tensor weights, Tensor gradient, double norm, int t, double rate);

    /// {@return the weights to predict with, given those that are trained}
    default Tensor predicting(Tensor weights) {
        return weights;
    }

    /// {@return the running means that the next update needs, by name}
    SequencedMap<String, Tensor> moments();

    @Override
    default void close() {
        moments().values().forEach(Tensor::release);
    }
}
