package org.segloss.fit;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.segloss.torch.Scope;
import org.segloss.torch.Tensor;

/// An optimizer that keeps a running mean of the weights beside them, which predicts better than where the last steps
/// happened to lead.
///
/// ```
/// mean = d mean + (1 - d) w,   d = min(decay, t / (t + 9))
/// ```
///
/// @see <a href="https://doi.org/10.1137/0330046">Polyak and Juditsky (1992), Acceleration of stochastic approximation
///     by averaging</a>
final class Averaged implements Update {
    static final String NAME = "average";

    private final Update update;
    private final double decay;
    private final Tensor mean;

    /// @param weights before the first update
    Averaged(Update update, double decay, Tensor weights, String device) {
        this.update = update;
        this.decay = decay;
        try (Scope _ = new Scope()) {
            mean = Tensor.zeros(device, weights.elements()).keep();
            mean.set(weights);
        }
    }

    @Override
    public void apply(Tensor weights, Tensor gradient, double norm, int t, double rate) {
        update.apply(weights, gradient, norm, t, rate);
        // early on the mean follows at once: the first weights say nothing
        double d = Math.min(decay, t / (t + 9.0));
        mean.scale(d).add(1 - d, weights);
    }

    @Override
    public Tensor predicting(Tensor weights) {
        return mean;
    }

    @Override
    public SequencedMap<String, Tensor> moments() {
        SequencedMap<String, Tensor> moments = new LinkedHashMap<>(update.moments());
        moments.put(NAME, mean);
        return moments;
    }
}
