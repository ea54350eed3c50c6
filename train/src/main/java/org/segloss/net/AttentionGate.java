package org.segloss.net;

import java.util.List;
import org.segloss.plan.NetworkPlan;
import org.segloss.torch.Features;
import org.segloss.torch.Tensor;

/// The attention gate of Oktay et al. (2018): fine features, each voxel weighed by how much the features of the coarser
/// level ask for it.
///
/// ```text
/// y = fine * upsampled(sigmoid(psi relu(theta fine + phi coarse + b) + c))
/// ```
///
/// Kept from the authors' program: `theta` takes the blocks of fine voxels that the coarse ones lie over, `phi` and
/// `psi` are pointwise, `psi` has one output. Different: half as many channels between as the fine features have;
/// nearest-neighbour upsampling, as everywhere here, whose way back has the same bits each time on a GPU too, unlike
/// that of a trilinear one; no convolution of the result, because one follows anyway.
///
/// @see <a href="https://arxiv.org/abs/1804.03999">Oktay, Schlemper, Le Folgoc, Lee, Heinrich, Misawa, Mori, McDonagh,
///     Hammerla, Kainz, Glocker and Rueckert (2018), Attention U-Net: learning where to look for the pancreas</a>
record AttentionGate(Parameter theta, Parameter phi, Parameter phiBias, Parameter psi, Parameter psiBias, int[] factors)
        implements UNet.Skip {

    /// @param level of the fine features
    static AttentionGate of(Initializer init, NetworkPlan plan, int level) {
        String name = "up" + level + ".gate";
        int fine = plan.channels(level);
        int between = Math.max(1, fine / 2);
        int[] factors = plan.stride(level + 1);
        return new AttentionGate(
                init.kernel(name + ".theta.kernel", between, fine, factors),
                init.kernel(name + ".phi.kernel", between, plan.channels(level + 1), init.each(1)),
                init.constant(name + ".phi.bias", between, 0),
                init.pointwise(name + ".psi.kernel", 1, between),
                init.constant(name + ".psi.bias", 1, 0),
                factors);
    }

    @Override
    public Features apply(Features fine, Features coarse) {
        return Features.autograd(
                List.of(fine, coarse),
                List.of(theta.weights(), phi.weights(), phiBias.weights(), psi.weights(), psiBias.weights()),
                (x, w) -> {
                    Tensor asked = x.get(0)
                            .convolve(w.get(0), factors)
                            .plus(x.get(1).convolve(w.get(1), w.get(2)))
                            .relu();
                    Tensor attention = asked.convolve(w.get(3), w.get(4)).sigmoid();
                    return x.get(0).times(attention.upsample(factors));
                });
    }
}
