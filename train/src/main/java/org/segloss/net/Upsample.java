package org.segloss.net;

import org.segloss.torch.Features;

/// From one level to the next finer one: a pointwise convolution to its channels, then nearest-neighbour
/// upsampling.
///
/// The two commute, and before the upsampling the convolution sees a quarter (2-D) or an eighth (3-D) of the
/// voxels. Unlike a transposed convolution it leaves no checkerboard. The upsampling is left to the next convolution,
/// which sees as few: see [Features#convolveBeside].
record Upsample(Parameter kernel, int[] factors) {

    /// @param factors along each axis
    static Upsample of(Initializer init, String name, int in, int out, int[] factors) {
        return new Upsample(init.pointwise(name + ".kernel", out, in), factors);
    }

    /// {@return the finer level's channels, still to be upsampled by the factors}
    Features narrow(Features x) {
        return x.convolve(kernel.weights());
    }
}
