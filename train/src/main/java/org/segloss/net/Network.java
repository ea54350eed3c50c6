package org.segloss.net;

import java.util.Arrays;
import org.segloss.torch.Libtorch;
import org.segloss.torch.Tensor;

/// A network with its weights, on a device.
public final class Network implements AutoCloseable {
    private final NetworkPlan plan;
    private final Layer layers;
    private final Parameters parameters;

    /// A network with random weights: a pure function of plan and seed.
    ///
    /// @param device `cpu`, `cuda` or `cuda:N`
    public Network(NetworkPlan plan, long seed, String device) {
        Libtorch.require(device);
        this.plan = plan;
        Initializer init = new Initializer(seed, plan.dimensions());
        layers = switch (plan.architecture()) {
            case UNET -> new UNet(plan, init);
            case VNET -> new VNet(plan, init);
        };
        parameters = new Parameters(init.parameters(), device);
    }

    public NetworkPlan plan() {
        return plan;
    }

    public Parameters parameters() {
        return parameters;
    }

    /// {@return the logits `(batch, output, space...)`}
    ///
    /// @param images `(batch, input, space...)`, each edge of the space a [multiple][NetworkPlan#multiple]
    public Tensor apply(Tensor images) {
        long[] shape = images.shape();
        if (shape.length != plan.dimensions() + 2 || shape[1] != plan.inputs()) {
            throw new IllegalArgumentException("the network takes %d channels in %d dimensions, but the images are %s"
                    .formatted(plan.inputs(), plan.dimensions(), Arrays.toString(shape)));
        }
        for (int axis = 2; axis < shape.length; axis++) {
            if (shape[axis] % plan.multiple() != 0) {
                throw new IllegalArgumentException(
                        "the network takes edges that are multiples of %d, but the images are %s"
                                .formatted(plan.multiple(), Arrays.toString(shape)));
            }
        }
        return layers.apply(images);
    }

    @Override
    public void close() {
        parameters.close();
    }
}
