package org.segloss.loss.voxel;

/// The formula that [Bce] and [Ce] share.
final class CrossEntropy {
    private CrossEntropy() {}

    /// @param factor of outcome 1
    static double at(double clip, double factor, double[] logP, double[] y, double[] derivative) {
        double low = Math.log(clip);
        double high = Math.log1p(-clip);
        double sum = 0;
        for (int k = 0; k < logP.length; k++) {
            derivative[k] = 0;
            if (y[k] != 0) { // 0 log 0 is 0
                double weight = k == 1 ? factor * y[k] : y[k];
                sum -= weight * Math.clamp(logP[k], low, high);
                derivative[k] = logP[k] < low || logP[k] > high ? 0 : -weight;
            }
        }
        return sum;
    }
}
