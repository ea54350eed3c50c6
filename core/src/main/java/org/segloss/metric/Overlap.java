package org.segloss.metric;

import org.segloss.metric.Score.Status;

/// How two masks of one class agree, counted in voxels, and the overlap metrics that follow from it.
///
/// With both masks empty Dice and IoU are 1 (nothing was to be found and nothing was), precision and recall are
/// undefined. With one mask empty Dice and IoU are 0. Precision without a predicted voxel and recall without a
/// reference voxel are 0/0: NaN.
///
/// @param truePositives  voxels in both masks
/// @param falsePositives voxels of the prediction alone
/// @param falseNegatives voxels of the reference alone
/// @param trueNegatives  voxels in neither
public record Overlap(long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {

    /// Counts the voxels with one label.
    ///
    /// @param prediction labels as unsigned bytes
    /// @param reference  labels as unsigned bytes, as many
    /// @param label      the class to count
    public static Overlap of(byte[] prediction, byte[] reference, int label) {
        if (prediction.length != reference.length) {
            throw new IllegalArgumentException(
                    "prediction has %d voxels, reference has %d".formatted(prediction.length, reference.length));
        }
        byte wanted = (byte) label;
        long both = 0;
        long predicted = 0;
        long expected = 0;
        for (int i = 0; i < prediction.length; i++) {
            int p = prediction[i] == wanted ? 1 : 0;
            int r = reference[i] == wanted ? 1 : 0;
            both += p & r;
            predicted += p;
            expected += r;
        }
        return new Overlap(both, predicted - both, expected - both, prediction.length - predicted - expected + both);
    }

    /// `2 TP / (2 TP + FP + FN)`, Dice (1945).
    public Score dice() {
        return score(2.0 * truePositives, 2.0 * truePositives + falsePositives + falseNegatives, 1);
    }

    /// `TP / (TP + FP + FN)`, Jaccard (1901).
    public Score iou() {
        return score(truePositives, (double) truePositives + falsePositives + falseNegatives, 1);
    }

    /// `TP / (TP + FP)`
    public Score precision() {
        return score(truePositives, (double) truePositives + falsePositives, Double.NaN);
    }

    /// `TP / (TP + FN)`
    public Score recall() {
        return score(truePositives, (double) truePositives + falseNegatives, Double.NaN);
    }

    private Score score(double part, double whole, double ofNothing) {
        return new Score(whole == 0 ? ofNothing : part / whole, status());
    }

    private Status status() {
        boolean noPrediction = truePositives + falsePositives == 0;
        boolean noReference = truePositives + falseNegatives == 0;
        if (noPrediction && noReference) {
            return Status.BOTH_EMPTY;
        }
        if (noReference) {
            return Status.REFERENCE_EMPTY;
        }
        return noPrediction ? Status.PREDICTION_EMPTY : Status.OK;
    }
}
