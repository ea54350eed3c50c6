package org.segloss.net;

import org.segloss.torch.Features;

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
    public Features apply(Features x) {
        return convolve(x).instanceNorm(scale.weights(), shift.weights());
    }

    /// {@return the same and a leaky ReLU}
    Features rectified(Features x) {
        return rectify(convolve(x));
    }

    /// {@return the same, with stride 1, of the channels of `coarse`, each voxel repeated, followed by those of `fine`}
    ///
    /// @param factors how often, along each axis
    Features rectified(Features coarse, int[] factors, Features fine) {
        return rectify(convolve(coarse, factors, fine));
    }

    /// {@return what the norm makes of [#convolve]}
    Features apply(Features coarse, int[] factors, Features fine) {
        return convolve(coarse, factors, fine).instanceNorm(scale.weights(), shift.weights());
    }

    private Features convolve(Features x) {
        return x.convolve(kernel.weights(), stride);
    }

    private Features convolve(Features coarse, int[] factors, Features fine) {
        return fine.convolveBeside(coarse, factors, kernel.weights());
    }

    private Features rectify(Features convolved) {
        return convolved.instanceNormLeakyRelu(scale.weights(), shift.weights());
    }
}
