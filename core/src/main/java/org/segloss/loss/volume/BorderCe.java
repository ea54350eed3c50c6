package org.segloss.loss.volume;

import java.util.Arrays;
import org.segloss.grid.Components;
import org.segloss.grid.TwoNearest;
import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;

/// Cross-entropy that weighs the gaps between objects, so that objects which nearly touch stay apart.
///
/// ```
/// 1/n sum of  w ce,   w = 1 + weight exp(-(d1 + d2)² / (2 sigma²)) in the background
///                     w = 1 in the foreground
/// ```
///
/// `d1` and `d2` are the distances of a voxel to the two objects nearest to it, in the unit of the target's
/// spacing. An object is a connected component of what isn't background (of a multilabel or binary task, of
/// a channel), where the target is above 1/2; voxels that touch at a corner are connected. With fewer than
/// two objects it is the plain cross-entropy. At least 0, without bound. The mean is over all voxels
/// of the batch, not over their weights, as in the paper; the class weights of the paper are not in it.
///
/// @param weight at least 0, that of a gap of no width
/// @param sigma  above 0, how wide a gap may be to count
/// @see <a href="https://arxiv.org/abs/1505.04597">Ronneberger, Fischer, Brox (2015), U-Net: convolutional
///     networks for biomedical image segmentation</a>
@About(
        summary = "Cross-entropy that weighs the gaps between objects.",
        formula = "mean of w (-sum_c y_c log p_c), w = 1 + weight exp(-(d1 + d2)^2 / (2 sigma^2)) in the background",
        tex =
                "\\frac1N\\sum w\\,\\bigl(-\\sum_c y_c\\log p_c\\bigr),\\quad w=1+w_0\\,e^{-(d_1+d_2)^2/2\\sigma^2}\\text{ in the background}",
        range = "0 to infinity",
        use = "Objects of a class that nearly touch and have to stay apart, such as cells.",
        avoid = "Small structures: background decides. Add an overlap loss.",
        cost = "The distances to the two nearest objects; 24 bytes a voxel.",
        source = "Ronneberger et al. (2015), U-Net, https://arxiv.org/abs/1505.04597",
        noBackground =
                "background is what it is for: it weighs the gaps between objects, and foreground weighs 1 as in ce")
public record BorderCe(
        @Meaning("what the narrowest gap between two objects weighs on top of 1")
        double weight,

        @Meaning("how wide such a gap may be, in the unit of the spacing")
        double sigma)
        implements VolumeLoss {
    public BorderCe {
        Check.notNegative("borderCe weight", weight);
        Check.that(sigma > 0 && Double.isFinite(sigma), "borderCe sigma has to be a number above 0, but is %s", sigma);
    }

    public BorderCe() {
        this(10, 5);
    }

    @Override
    public Measure measure(Task task) {
        return Measure.CROSS_ENTROPY;
    }

    @Override
    public double at(Field field) {
        double[] map = map(field);
        double[] entropy = field.values();
        double sum = 0;
        for (int i = 0; i < map.length; i++) {
            sum += map[i] * entropy[i];
            entropy[i] = field.counts()[i] ? map[i] / field.kept() : 0;
        }
        return sum / field.kept();
    }

    /// {@return the weight of each voxel}
    double[] map(Field field) {
        byte[] mask = BorderDistance.completed(field);
        double[] map = new double[mask.length];
        int[] objects = Components.of(mask, field.grid());
        for (int i = 0; i < objects.length; i++) {
            // what nobody knows connects objects, but is not near to anything
            objects[i] = field.counts()[i] ? objects[i] : 0;
        }
        if (Arrays.stream(objects).noneMatch(object -> object > 1)) {
            Arrays.fill(map, 1);
            return map;
        }
        // beyond that 1 + weight exp(...) is 1 in double, as weight exp(...) is below 2^-54
        double reach = sigma * Math.sqrt(2 * (38 + Math.log(Math.max(1, weight))));
        TwoNearest nearest = TwoNearest.of(objects, field.grid(), reach, field.threads());
        for (int i = 0; i < map.length; i++) {
            double gap = nearest.first()[i] + nearest.second()[i];
            map[i] = mask[i] != 0 ? 1 : 1 + weight * Math.exp(-gap * gap / (2 * sigma * sigma));
        }
        return map;
    }
}
