package org.segloss.torch;

/// Operators that there are several implementations of: libtorch's, which run on any device, and faster ones for some.
///
/// An operator on a tensor gives the numbers of [#LIBTORCH]'s, but for rounding.
public interface Operators {
    /// By libtorch's operations alone.
    Operators LIBTORCH = new Operators() {
        @Override
        public Norm norm(Tensor features, Weights scale, Weights shift, double slope) {
            return new LibtorchNorm(features, scale, shift, slope);
        }

        @Override
        public UpsampledConvolution upsampledConvolution(Tensor coarse, int[] factors, Weights kernel) {
            return new LibtorchUpsampledConvolution(coarse, factors, kernel);
        }
    };

    /// {@return an instance norm and what follows it}
    ///
    /// @param features the channels last
    /// @param slope    of the rectifier for negative numbers; 1 for the norm alone
    Norm norm(Tensor features, Weights scale, Weights shift, double slope);

    /// {@return the convolution of stride 1 of an image each voxel of which is repeated}
    ///
    /// @param factors how often, along each axis of the space: once or twice
    /// @param kernel  `(out, in, edges...)`, all odd, of 3 where voxels are repeated
    UpsampledConvolution upsampledConvolution(Tensor coarse, int[] factors, Weights kernel);
}
