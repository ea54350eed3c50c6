package org.segloss.torch.host;

import org.segloss.torch.Norm;
import org.segloss.torch.Operators;
import org.segloss.torch.Tensor;
import org.segloss.torch.UpsampledConvolution;
import org.segloss.torch.Weights;

/// The operators of tensors in host memory: kernels of ours where they are faster than libtorch's.
public final class HostOperators implements Operators {
    @Override
    public Norm norm(Tensor features, Weights scale, Weights shift, double slope) {
        return new HostNorm(features, scale, shift, slope);
    }

    @Override
    public UpsampledConvolution upsampledConvolution(Tensor coarse, int[] factors, Weights kernel) {
        return new HostUpsampledConvolution(coarse, factors, kernel);
    }
}
