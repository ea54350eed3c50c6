package org.segloss.fit;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;

/// Stochastic gradient descent with Nesterov momentum and weight decay, the gradient cut at norm 12.
///
/// ```
/// g = min(1, 12 / |g|) g + 3e-5 w
/// m = 0.99 m + g                     w = w - rate * (g + 0.99 m)
/// ```
final class Nesterov implements Update {
    private static final double MOMENTUM = 0.99;
    private static final double DECAY = 3e-5;
    private static final double LONGEST = 12;

    private final Tensor momentum;

    Nesterov(long size, String device) {
        try (Scope _ = new Scope()) {
            momentum = Tensor.zeros(device, size).keep();
        }
    }

    @Override
    public void apply(Tensor weights, Tensor gradient, double norm, int t, double rate) {
        gradient.scale(norm > LONGEST ? LONGEST / norm : 1).add(DECAY, weights);
        momentum.scale(MOMENTUM).add(1, gradient);
        weights.add(-rate, gradient).add(-rate * MOMENTUM, momentum);
    }

    @Override
    public SequencedMap<String, Tensor> moments() {
        SequencedMap<String, Tensor> moments = new LinkedHashMap<>();
        moments.put("momentum", momentum);
        return moments;
    }
}
