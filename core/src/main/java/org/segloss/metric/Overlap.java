package org.segloss.metric;

/// How two masks of one class agree, counted in voxels, and the metrics that follow from it. What is 0/0 is NaN.
///
/// @param truePositives  voxels in both masks
/// @param falsePositives voxels of the prediction alone
/// @param falseNegatives voxels of the reference alone
/// @param trueNegatives  voxels in neither
public record Overlap(long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {

    /// Counts the voxels of two masks.
    ///
    /// @param prediction not 0 inside
    /// @param reference  not 0 inside, as many voxels
    public static Overlap of(byte[] prediction, byte[] reference) {
        if (prediction.length != reference.length) {
            throw new IllegalArgumentException(
                    "prediction has %d voxels, reference has %d".formatted(prediction.length, reference.length));
        }
        long both = 0;
        long predicted = 0;
        long expected = 0;
        for (int i = 0; i < prediction.length; i++) {
            int p = prediction[i] != 0 ? 1 : 0;
            int r = reference[i] != 0 ? 1 : 0;
            both += p & r;
            predicted += p;
            expected += r;
        }
        return new Overlap(both, predicted - both, expected - both, prediction.length - predicted - expected + both);
    }

    Score.Status status() {
        return Score.Status.of(predicted() == 0, expected() == 0);
    }

    /// {@return the voxels of the prediction}
    public long predicted() {
        return truePositives + falsePositives;
    }

    /// {@return the voxels of the reference}
    public long expected() {
        return truePositives + falseNegatives;
    }

    /// `2 TP / (2 TP + FP + FN)`, Dice (1945).
    public double dice() {
        return 2.0 * truePositives / (predicted() + expected());
    }

    /// `TP / (TP + FP + FN)`, Jaccard (1901).
    public double iou() {
        return (double) truePositives / (truePositives + falsePositives + falseNegatives);
    }

    /// `TP / (TP + FP)`
    public double precision() {
        return (double) truePositives / predicted();
    }

    /// `TP / (TP + FN)`
    public double recall() {
        return (double) truePositives / expected();
    }

    /// `TN / (TN + FP)`
    public double specificity() {
        return (double) trueNegatives / (trueNegatives + falsePositives);
    }

    /// `(TP TN - FP FN) / √((TP + FP) (TP + FN) (TN + FP) (TN + FN))`, Matthews (1975); 0 where a mask is empty or
    /// full and the other differs, NaN where both are empty or both are full.
    public double mcc() {
        double root = Math.sqrt((double) predicted() * expected())
                * Math.sqrt((double) (trueNegatives + falsePositives) * (trueNegatives + falseNegatives));
        double product = (double) truePositives * trueNegatives - (double) falsePositives * falseNegatives;
        boolean same = falsePositives + falseNegatives == 0;
        return root == 0 && !same ? 0 : product / root;
    }

    /// `(po - pe) / (1 - pe)` with the observed and the expected share of voxels that agree, Cohen (1960); NaN where
    /// both masks are empty or both are full.
    public double kappa() {
        double n = (double) truePositives + falsePositives + falseNegatives + trueNegatives;
        double observed = (truePositives + trueNegatives) / n;
        double expected = predicted() / n * (expected() / n)
                + (trueNegatives + falsePositives) / n * ((trueNegatives + falseNegatives) / n);
        return (observed - expected) / (1 - expected);
    }

    /// `(Vp - Vr) / Vr`
    public double relativeVolumeDifference() {
        return expected() == 0 ? Double.NaN : (double) (predicted() - expected()) / expected();
    }

    /// `1 - |FN - FP| / (2 TP + FP + FN)`, Taha and Hanbury (2015).
    public double volumetricSimilarity() {
        return 1 - Math.abs((double) falseNegatives - falsePositives) / (predicted() + expected());
    }
}
