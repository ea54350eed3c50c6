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
        return norm(x.convolve(kernel.tensor(), stride));
    }

    /// {@return what this layer of stride 1 makes of the channels of `coarse`, each voxel repeated, followed by those
    /// of `fine`}
    ///
    /// @param factors how often, along each axis
    Tensor apply(Tensor coarse, int[] factors, Tensor fine) {
        // a convolution is a sum over channels, and that over the repeated ones has a faster form
        long split = coarse.shape()[1];
        Tensor repeated = coarse.convolveUpsampled(kernel.tensor().channels(0, split), factors);
        Tensor beside = fine.convolve(kernel.tensor().channels(split, fine.shape()[1]));
        return norm(beside.add(1, repeated));
    }

    private Tensor norm(Tensor x) {
        return x.instanceNorm(scale.tensor(), shift.tensor());
    }
}
