package org.segloss.loss.volume;

import java.util.Arrays;
import org.segloss.grid.Components;
import org.segloss.grid.TwoNearest;
import org.segloss.loss.Labels;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;
import org.segloss.loss.voxel.Ce;

/// Cross-entropy that weighs the gaps between objects, so that objects which nearly touch stay apart: a [Ce] with a
/// border.
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
public record BorderCe(double weight, double sigma) implements VolumeLoss {

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
        byte[] mask = Masks.of(field.target());
        double[] map = new double[mask.length];
        int[] objects = Components.of(mask, field.grid());
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

    @Override
    public String toString() {
        return new Ce(Labels.PLAIN, weight, sigma).text();
    }
}
