package org.segloss.torch;

import java.util.Optional;

/// The convolution of repeated voxels by libtorch's operations, which repeats them in memory.
final class LibtorchUpsampledConvolution implements UpsampledConvolution {
    private final int[] factors;
    private final Weights kernel;
    private final Convolution convolution;
    private final Tensor repeated;
    private final Tensor prepared;

    LibtorchUpsampledConvolution(Tensor x, int[] factors, Weights kernel) {
        this.factors = factors;
        this.kernel = kernel;
        convolution = Convolution.centred(kernel.value());
        repeated = x.upsample(factors);
        prepared = Convolution.prepared(kernel.value(), x.precision());
    }

    @Override
    public void addTo(Tensor y) {
        Tensor made = convolution.apply(repeated, prepared, Optional.empty());
        y.add(1, made);
        made.free();
    }

    @Override
    public Optional<Tensor> back(Tensor dy, boolean wanted) {
        Convolution.Gradients gradients = convolution.back(dy, repeated, prepared, wanted);
        repeated.free();
        kernel.gradient().add(1, gradients.kernel());
        return gradients.features().map(ofRepeated -> {
            Tensor sums = ofRepeated.upsampleBack(factors);
            ofRepeated.free();
            return sums;
        });
    }
}
