package org.segloss.metric;

import org.segloss.grid.MaskPair;
import org.segloss.grid.Skeleton;

/// The harmonic mean of precision and recall of centre lines, Shit et al. (2021).
record CenterlineDice() implements Metric {

    @Override
    public String name() {
        return "cldice";
    }

    @Override
    public String definition() {
        return "the shares of each skeleton in the other mask, harmonic mean";
    }

    @Override
    public Better better() {
        return Better.HIGHER;
    }

    @Override
    public WhereEmpty whereEmpty() {
        return WhereEmpty.BEST_OR_WORST;
    }

    @Override
    public Score.Status status(MaskComparison masks) {
        return masks.centerLines().status();
    }

    @Override
    public double value(MaskComparison masks) {
        return masks.centerLines().dice();
    }

    /// The skeletons of two masks, each compared with the other mask.
    record Lines(Overlap prediction, Overlap reference) {

        static Lines of(MaskPair pair) {
            return new Lines(
                    overlap(pair, pair.firstCompleted(), pair.second()),
                    overlap(pair, pair.secondCompleted(), pair.first()));
        }

        private static Overlap overlap(MaskPair pair, byte[] mask, byte[] other) {
            byte[] skeleton = Skeleton.of(mask, pair.grid());
            for (int i = 0; i < skeleton.length; i++) {
                skeleton[i] = pair.isKnown(i) ? skeleton[i] : 0;
            }
            return Overlap.of(skeleton, other);
        }

        private Score.Status status() {
            return Score.Status.of(prediction.predicted() == 0, reference.predicted() == 0);
        }

        private double dice() {
            double precision = prediction.precision();
            double recall = reference.precision();
            return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        }
    }
}
