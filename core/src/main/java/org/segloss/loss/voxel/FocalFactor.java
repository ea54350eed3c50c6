package org.segloss.loss.voxel;

import org.segloss.loss.TargetOptions;
import org.segloss.loss.VoxelLoss;

/// The factor by which a [Focal] loss turns away from a voxel; the sum of these normalizes it.
///
/// ```
/// y (1 - p)^gamma   summed over the outcomes,   p clipped to [clip, 1 - clip]
/// ```
record FocalFactor(double gamma, double threshold, double clip, TargetOptions labels) implements VoxelLoss {

    @Override
    public Aggregation reduction() {
        return Aggregation.SUM;
    }

    @Override
    public double at(double[] p, double[] logP, double[] y, double[] derivative) {
        double low = Math.log(clip);
        double high = Math.log1p(-clip);
        double sum = 0;
        for (int k = 0; k < p.length; k++) {
            double log = Math.clamp(logP[k], low, high);
            double rest = -Math.expm1(log);
            double now = Math.exp(log);
            boolean reduced = threshold > 0 && now < threshold;
            sum += y[k] * (reduced ? 1 : Math.pow(rest / (1 - threshold), gamma));
            boolean flat = reduced || gamma == 0 || rest == 0 || y[k] == 0 || log != logP[k];
            derivative[k] =
                    flat ? 0 : -y[k] * gamma * Math.pow(rest / (1 - threshold), gamma - 1) / (1 - threshold) * now;
        }
        return sum;
    }
}
