package org.segloss.net;

import org.segloss.torch.Tensor;

/// From one level to the next finer one: a pointwise convolution to its channels, then nearest-neighbour
/// upsampling.
///
/// The two commute, and before the upsampling the convolution sees a quarter (2-D) or an eighth (3-D) of the
/// voxels. Unlike a transposed convolution it leaves no checkerboard.
record Upsample(Parameter kernel) implements Layer {

    static Upsample of(Initializer init, String name, int in, int out) {
        return new Upsample(init.linearKernel(name + ".kernel", out, in, 1));
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.convolve(kernel.tensor(), 1).upsample();
    }
}
