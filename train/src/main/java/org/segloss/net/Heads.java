package org.segloss.net;

import java.util.ArrayList;
import java.util.List;
import org.segloss.plan.NetworkPlan;
import org.segloss.torch.Features;

/// Features to logits, on the finest resolutions: pointwise convolutions with biases that start at 0.
///
/// @param heads the finest first
record Heads(List<Head> heads) {

    private record Head(Parameter kernel, Parameter bias) implements Layer {
        @Override
        public Features apply(Features x) {
            return x.convolve(kernel.weights(), bias.weights());
        }
    }

    static Heads of(Initializer init, NetworkPlan plan) {
        List<Head> heads = new ArrayList<>();
        for (int level = 0; level < plan.heads(); level++) {
            String name = level == 0 ? "head" : "head" + level;
            heads.add(new Head(
                    init.pointwise(name + ".kernel", plan.outputs(), plan.channels(level)),
                    init.constant(name + ".bias", plan.outputs(), 0)));
        }
        return new Heads(heads);
    }

    /// @param features of each resolution, the coarsest first
    List<Features> apply(List<Features> features) {
        List<Features> logits = new ArrayList<>();
        for (Head head : heads) {
            logits.add(head.apply(features.get(features.size() - 1 - logits.size())));
        }
        return logits;
    }
}
