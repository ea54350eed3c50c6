package org.segloss.fit;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;

/// Adam with decoupled weight decay.
///
/// ```
/// m = 0.9 m + 0.1 g                  v = 0.999 v + 0.001 g²
/// w = (1 - 0.01 rate) w - rate * (m / (1 - 0.9^(t+1))) / (sqrt(v / (1 - 0.999^(t+1))) + 1e-8)
/// ```
///
/// @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter (2019), Decoupled weight decay
///     regularization</a>
final class AdamW implements Update {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;
    private static final double DECAY = 0.01;

    private final Tensor mean;
    private final Tensor square;

    AdamW(long size, String device) {
        try (Scope _ = new Scope()) {
            mean = Tensor.zeros(device, size).keep();
            square = Tensor.zeros(device, size).keep();
        }
    }

    @Override
    public void apply(Tensor weights, Tensor gradient, double norm, int t, double rate) {
        mean.scale(BETA1).add(1 - BETA1, gradient);
        square.scale(BETA2).addSquare(1 - BETA2, gradient);
        double meanBias = 1 - Math.pow(BETA1, t + 1);
        double squareBias = 1 - Math.pow(BETA2, t + 1);
        Tensor below = square.root().scale(1 / Math.sqrt(squareBias)).add(EPSILON);
        weights.scale(1 - rate * DECAY).addQuotient(-rate / meanBias, mean, below);
    }

    @Override
    public SequencedMap<String, Tensor> moments() {
        SequencedMap<String, Tensor> moments = new LinkedHashMap<>();
        moments.put("mean", mean);
        moments.put("square", square);
        return moments;
    }
}
