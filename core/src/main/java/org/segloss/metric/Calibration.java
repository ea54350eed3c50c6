package org.segloss.metric;

/// How probabilities agree with what is true, over all voxels of an image: the class against all others.
final class Calibration {
    private static final int BINS = 15;

    /// A probability of 0 for what is true would make the mean infinite.
    private static final double SMALLEST = 1e-7;

    private final float[] probabilities;
    private final byte[] reference;

    Calibration(float[] probabilities, byte[] reference) {
        this.probabilities = probabilities;
        this.reference = reference;
    }

    /// `Σ over bins of |Σ p - Σ y| / n`; a bin holds `(k/15, (k+1)/15]`, the first one 0 too. Naeini et al. (2015).
    double expectedError() {
        double[] gap = new double[BINS];
        for (int i = 0; i < probabilities.length; i++) {
            int bin = Math.clamp((int) Math.ceil(probabilities[i] * (double) BINS) - 1, 0, BINS - 1);
            gap[bin] += (double) probabilities[i] - truth(i);
        }
        double sum = 0;
        for (double g : gap) {
            sum += Math.abs(g);
        }
        return sum / probabilities.length;
    }

    double brier() {
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            double error = (double) probabilities[i] - truth(i);
            sum += error * error;
        }
        return sum / probabilities.length;
    }

    double negativeLogLikelihood() {
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            double p = truth(i) == 1 ? probabilities[i] : 1 - (double) probabilities[i];
            sum -= Math.log(Math.max(p, SMALLEST));
        }
        return sum / probabilities.length;
    }

    private int truth(int i) {
        return reference[i] != 0 ? 1 : 0;
    }
}
