package org.segloss.torch;

import java.util.Arrays;

/// Learnt numbers of one layer, with the gradient that [Features#back] adds to.
///
/// @param gradient of the same shape
public record Weights(Tensor value, Tensor gradient) {

    /// {@return `elements(shape)` numbers from `offset` on, in the same memory as the flat tensors}
    public static Weights of(Tensor values, Tensor gradient, long offset, long... shape) {
        return new Weights(part(values, offset, shape), part(gradient, offset, shape));
    }

    private static Tensor part(Tensor flat, long offset, long... shape) {
        long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return new Tensor(flat.data().narrow(0, offset, length).view(shape));
    }

    /// {@return the weights of `count` of a kernel's inputs}
    Weights inputs(long first, long count) {
        return new Weights(
                new Tensor(value.data().narrow(1, first, count)),
                new Tensor(gradient.data().narrow(1, first, count)));
    }

    /// Makes these outlive the open scopes, until [#release].
    public Weights keep() {
        value.keep();
        gradient.keep();
        return this;
    }

    /// Ends what [#keep] began.
    public void release() {
        value.release();
        gradient.release();
    }
}
