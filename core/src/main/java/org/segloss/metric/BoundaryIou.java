package org.segloss.metric;

import org.segloss.grid.DistanceTransform;
import org.segloss.grid.Grid;
import org.segloss.grid.MaskPair;
import org.segloss.grid.Slack;

/// The IoU of the two masks' borders, Cheng et al. (2021).
///
/// @param width how many voxels a border is wide, above 0
record BoundaryIou(double width) implements ParametricMetric {

    BoundaryIou {
        NumberText.positive(width, "biou", "voxels");
    }

    @Override
    public String name() {
        return "biou";
    }

    @Override
    public double parameter() {
        return width;
    }

    @Override
    public String parameterUnit() {
        return "voxels";
    }

    @Override
    public ParametricMetric with(double parameter) {
        return new BoundaryIou(parameter);
    }

    @Override
    public String definition() {
        return "the IoU of what lies at most %s voxels from outside".formatted(NumberText.of(width));
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
        return masks.known().isPresent() ? borders(masks).status() : masks.status();
    }

    @Override
    public double value(MaskComparison masks) {
        return borders(masks).iou();
    }

    private Overlap borders(MaskComparison masks) {
        MaskPair pair = masks.box();
        return Overlap.of(
                border(pair.first(), pair.firstOrUnknown(), pair.grid(), masks.threads()),
                border(pair.second(), pair.secondOrUnknown(), pair.grid(), masks.threads()));
    }

    /// {@return 1 for what lies inside and at most `width` voxels from what is known to be outside}
    private byte[] border(byte[] mask, byte[] maskOrUnknown, Grid box, int threads) {
        float[] squared =
                DistanceTransform.squared(maskOrUnknown, new Grid(box.z(), box.y(), box.x(), 1, 1, 1), threads);
        double most = Slack.most(width) * Slack.most(width);
        byte[] border = new byte[mask.length];
        for (int i = 0; i < mask.length; i++) {
            border[i] = (byte) (mask[i] != 0 && squared[i] <= most ? 1 : 0);
        }
        return border;
    }
}
