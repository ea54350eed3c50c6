package org.segloss.loss;

/// The factor by which a [Focal] loss turns away from a voxel; the sum of these normalizes it.
///
/// ```
/// y (1 - p)^gamma   summed over the outcomes
/// ```
record FocalFactor(double gamma, double threshold, Labels labels) implements VoxelLoss {

    @Override
    public Reduction reduction() {
        return Reduction.SUM;
    }

    @Override
    public double at(double[] p, double[] logP, double[] y, double[] slope) {
        double sum = 0;
        for (int k = 0; k < p.length; k++) {
            double rest = -Math.expm1(logP[k]);
            double now = Math.exp(logP[k]);
            boolean reduced = threshold > 0 && now < threshold;
            sum += y[k] * (reduced ? 1 : Math.pow(rest / (1 - threshold), gamma));
            boolean flat = reduced || gamma == 0 || rest == 0 || y[k] == 0;
            slope[k] = flat ? 0 : -y[k] * gamma * Math.pow(rest / (1 - threshold), gamma - 1) / (1 - threshold) * now;
        }
        return sum;
    }
}
