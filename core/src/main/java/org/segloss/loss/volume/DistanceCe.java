package org.segloss.loss.volume;

import org.segloss.loss.About;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;

/// Distance-penalized cross-entropy: voxels near the border of the foreground cost up to twice as much.
///
/// ```
/// mean of (1 + phi) (-sum_c y_c log p_c),   phi = 1 - d / max d
/// ```
///
/// `d` is a voxel's distance to the nearest voxel of the other kind, and its maximum that of its side of the border. In
/// a multiclass task every class but 0 is foreground, otherwise each channel has its own. Without a border `phi` is 0.
/// At least 0, without bound. As in [Ce][org.segloss.loss.voxel.Ce] the mean is over all voxels of the batch,
/// in a binary or multilabel task over the channels too.
///
/// @see <a href="https://arxiv.org/abs/1908.03679">Caliva et al. (2019), Distance map loss penalty term for semantic
///     segmentation</a>
@About(
        summary = "Cross-entropy that counts voxels near the border up to twice.",
        formula = "mean of (1 + phi) (-sum_c y_c log p_c), phi = 1 - d / max d",
        tex = "\\frac1N\\sum(1+\\phi)\\Bigl(-\\sum_c y_c\\log p_c\\Bigr),\\quad\\phi=1-\\frac{d}{\\max d}",
        range = "0 to infinity",
        use = "Borders that ce leaves blurred.",
        avoid = "Labels whose borders are unsure.",
        cost = "A distance transform of the target; 24 bytes a voxel.",
        source = "Caliva et al. (2019), https://arxiv.org/abs/1908.03679",
        noBackground =
                "it weighs the voxels on both sides of the border of the foreground, and background is one of the sides")
public record DistanceCe() implements VolumeLoss {

    @Override
    public Measure measure(Task task) {
        return Measure.CROSS_ENTROPY;
    }

    @Override
    public double at(Field field) {
        double[] errors = field.values();
        float[] distance = BorderDistance.signed(field.target(), field);
        double inside = 0;
        double outside = 0;
        for (float d : distance) {
            inside = Math.max(inside, -d);
            outside = Math.max(outside, d);
        }
        double sum = 0;
        for (int i = 0; i < errors.length; i++) {
            double phi = outside > 0 ? 1 - (distance[i] < 0 ? -distance[i] / inside : distance[i] / outside) : 0;
            double weight = field.counts()[i] ? 1 + phi : 0;
            sum += errors[i] * weight;
            errors[i] = weight / field.kept();
        }
        return sum / field.kept();
    }
}
