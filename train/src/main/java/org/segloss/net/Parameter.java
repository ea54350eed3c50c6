package org.segloss.net;

import java.util.Arrays;
import org.segloss.torch.Weights;

/// One named array of learnt numbers.
final class Parameter {
    private final String name;
    private final long[] shape;
    private final float[] initial;
    private Weights weights;

    Parameter(String name, long[] shape, float[] initial) {
        this.name = name;
        this.shape = shape;
        this.initial = initial;
    }

    String name() {
        return name;
    }

    long[] shape() {
        return shape;
    }

    float[] initial() {
        return initial;
    }

    int elements() {
        return (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    void bind(Weights weights) {
        this.weights = weights;
    }

    Weights weights() {
        return weights;
    }
}
