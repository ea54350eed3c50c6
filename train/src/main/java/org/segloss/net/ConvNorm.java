package org.segloss.net;

import org.segloss.torch.Tensor;

/// A convolution and an instance norm. The norm's shift makes a bias of the convolution idle, so there is none.
record ConvNorm(Parameter kernel, int[] stride, Parameter scale, Parameter shift) implements Layer {

    /// @param edges  of the kernel, as `stride` along each axis
    static ConvNorm of(Initializer init, String name, int in, int out, int[] edges, int[] stride) {
        return new ConvNorm(
                init.kernel(name + ".kernel", out, in, edges),
                stride,
                init.constant(name + ".scale", out, 1),
                init.constant(name + ".shift", out, 0));
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.convolve(kernel.tensor(), stride).instanceNorm(scale.tensor(), shift.tensor());
    }
}
