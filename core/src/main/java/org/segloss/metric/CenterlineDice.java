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
    public double value(MaskComparison masks) {
        MaskPair pair = masks.box();
        byte[] prediction = pair.first();
        byte[] reference = pair.second();
        double precision = share(Skeleton.of(prediction, pair.grid()), reference);
        double recall = share(Skeleton.of(reference, pair.grid()), prediction);
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    private static double share(byte[] skeleton, byte[] mask) {
        return Overlap.of(skeleton, mask).precision();
    }
}
