package org.segloss.net;

import java.util.Arrays;
import java.util.List;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.Precision;
import org.segloss.torch.Features;
import org.segloss.torch.Libtorch;
import org.segloss.torch.Operators;
import org.segloss.torch.Tensor;
import org.segloss.torch.host.HostOperators;

/// A network with its weights, on a device.
public final class Network implements AutoCloseable {
    private final NetworkPlan plan;
    private final ForwardPass forwardPass;
    private final Parameters parameters;
    private final Operators operators;
    private final Precision precision;

    /// A network with random weights: a pure function of plan and seed.
    ///
    /// @param device    `cpu`, `cuda` or `cuda:N`
    /// @param precision of the features, and so of the logits
    public Network(NetworkPlan plan, long seed, String device, Precision precision) {
        Libtorch.require(device);
        this.plan = plan;
        this.precision = precision;
        Initializer init = new Initializer(seed, plan.dimensions());
        forwardPass = switch (plan.architecture()) {
            case UNET -> UNet.plain(plan, init);
            case RESUNET -> UNet.residual(plan, init);
            case ATTUNET -> UNet.attentive(plan, init);
            case VNET -> new VNet(plan, init);
        };
        parameters = new Parameters(init.parameters(), device);
        operators = parameters.values().isOnHost() ? new HostOperators() : Operators.LIBTORCH;
    }

    public NetworkPlan plan() {
        return plan;
    }

    public Parameters parameters() {
        return parameters;
    }

    /// {@return the logits `(batch, output, space...)` to predict with}
    ///
    /// @param images as for [#outputs]
    public Tensor apply(Tensor images) {
        return forwardPass
                .apply(Features.toPredict(checked(images), operators))
                .getFirst()
                .value();
    }

    /// {@return the logits of each head `(batch, output, space...)`}, the finest first, each next one on half the
    /// resolution, to train with
    ///
    /// @param images `(batch, input, space...)`, each edge of the space a [multiple][NetworkPlan#multiples]
    public List<Features> outputs(Tensor images) {
        return forwardPass.apply(Features.toTrain(checked(images), operators));
    }

    private Tensor checked(Tensor images) {
        long[] shape = images.shape();
        if (shape.length != plan.dimensions() + 2 || shape[1] != plan.inputs()) {
            throw new IllegalArgumentException("the network takes %d channels in %d dimensions, but the images are %s"
                    .formatted(plan.inputs(), plan.dimensions(), Arrays.toString(shape)));
        }
        int[] multiples = plan.multiples();
        for (int axis = 3 - plan.dimensions(); axis < 3; axis++) {
            if (shape[axis + shape.length - 3] % multiples[axis] != 0) {
                throw new IllegalArgumentException(
                        "the network takes edges (z, y, x) that are multiples of %s, but the images are %s"
                                .formatted(Arrays.toString(multiples), Arrays.toString(shape)));
            }
        }
        return images.to(precision);
    }

    @Override
    public void close() {
        parameters.close();
    }
}
