package org.segloss.loss.volume;

import org.segloss.grid.Grid;
import org.segloss.loss.About;
import org.segloss.loss.Reduction;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;

/// Boundary loss: the mean of the probability times the distance from the target's border.
///
/// ```
/// mean of p phi,   phi = d outside, -(d - s) inside,   d the distance to the nearest voxel of the other kind
/// ```
///
/// `s` is the smallest side of a voxel, so that voxels at the border count 0 and not less. Without bound, and least,
/// below 0, where exactly the target is predicted. A class of which a sample has no voxel, or nothing else, counts 0:
/// there is no border.
///
/// @param over classes and samples; the background is left out by default
/// @see <a href="https://arxiv.org/abs/1812.07032">Kervadec et al. (2019), Boundary loss for highly unbalanced
///     segmentation</a>
@About(
        summary = "The probability times the distance from the target's border.",
        formula = "mean of p phi, phi the signed distance to the target's border, negative inside",
        tex = "\\frac1N\\sum p\\,\\phi,\\quad\\phi>0\\text{ outside},\\ \\phi\\le0\\text{ inside}",
        range = "without bound; negative where it is good",
        use = "Beside an overlap loss, with a weight that rises: generalizedDice + ramp(0, 1)*boundary.",
        avoid = "Alone: nothing predicted is a minimum it can get stuck in. Samples without the class teach nothing.",
        cost = "A distance transform of the target for each class; 24 bytes a voxel.",
        source = "Kervadec et al. (2019), https://arxiv.org/abs/1812.07032")
public record Boundary(Reduction over) implements VolumeLoss {

    public Boundary() {
        this(Reduction.FOREGROUND);
    }

    @Override
    public Measure measure(Task task) {
        return Measure.PROBABILITY;
    }

    @Override
    public double at(Field field) {
        double[] p = field.values();
        float[] distance = BorderDistance.signed(field.target(), field);
        double side = side(field.grid());
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double phi = distance[i] < 0 ? distance[i] + side : distance[i];
            sum += p[i] * phi;
            p[i] = phi / field.kept();
        }
        return sum / field.kept();
    }

    /// {@return the smallest side of a voxel, of the axes that have more than one}
    private static double side(Grid grid) {
        double z = grid.z() > 1 ? grid.spacingZ() : Double.POSITIVE_INFINITY;
        double y = grid.y() > 1 ? grid.spacingY() : Double.POSITIVE_INFINITY;
        double x = grid.x() > 1 ? grid.spacingX() : Double.POSITIVE_INFINITY;
        return Math.min(z, Math.min(y, x));
    }
}
