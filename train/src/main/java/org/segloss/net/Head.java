package org.segloss.net;

import org.segloss.torch.Tensor;

/// Features to logits: a pointwise convolution with a bias that starts at 0.
record Head(Parameter kernel, Parameter bias) implements Layer {

    static Head of(Initializer init, NetworkPlan plan) {
        return new Head(
                init.linearKernel("head.kernel", plan.outputs(), plan.width(), 1),
                init.constant("head.bias", plan.outputs(), 0));
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.convolve(kernel.tensor(), bias.tensor());
    }
}
