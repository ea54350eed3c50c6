package org.segloss.loss;

/// Focal loss: cross-entropy that turns away from voxels that are right already.
///
/// ```
/// -a y (1 - p)^gamma log p   summed over the outcomes,   p clipped to [clip, 1 - clip]
/// ```
///
/// The factor `a` is `alpha` for a foreground class and `1 - alpha` for background. At least 0, without bound. Where a
/// clip acts, the gradient is 0. A soft target weighs both of its outcomes.
///
/// @param alpha     factor of the foreground, from 0 to 1
/// @param gamma     at least 0; with 0 it is weighted cross-entropy
/// @param clip      at least 0 and below 0.5; 0 means none
/// @param reduction mean over the voxels, or their sum
/// @see <a href="https://arxiv.org/abs/1708.02002">Lin et al. (2017), Focal loss for dense object detection</a>
public record Focal(double alpha, double gamma, double clip, Reduction reduction) implements VoxelLoss {
    public Focal {
        Check.that(alpha >= 0 && alpha <= 1, "focal alpha has to be from 0 to 1, but is %s", alpha);
        Check.notNegative("focal gamma", gamma);
        Check.clip("focal clip", clip);
    }

    @Override
    public double at(double[] p, double[] logP, double[] y, double[] slope) {
        double low = Math.log(clip);
        double high = Math.log1p(-clip);
        double sum = 0;
        for (int k = 0; k < p.length; k++) {
            slope[k] = 0;
            if (y[k] == 0) {
                continue;
            }
            double log = Math.clamp(logP[k], low, high);
            double rest = -Math.expm1(log);
            double factor = y[k] * (k == 0 ? 1 - alpha : alpha);
            sum -= factor * Math.pow(rest, gamma) * log;
            boolean flat = logP[k] < low || logP[k] > high;
            if (!flat) {
                // at p = 1 and at p = 0 the second summand tends to 0 for every gamma above 0
                double now = Math.exp(log);
                double bend = gamma == 0 || rest == 0 || now == 0 ? 0 : gamma * Math.pow(rest, gamma - 1) * now * log;
                slope[k] = -factor * (Math.pow(rest, gamma) - bend);
            }
        }
        return sum;
    }

    @Override
    public String toString() {
        return LossText.of(this);
    }
}
