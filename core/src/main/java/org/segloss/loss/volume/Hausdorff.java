package org.segloss.loss.volume;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.Reduction;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;

/// Hausdorff distance loss by distance transforms: errors cost more the farther they are from both borders.
///
/// ```
/// mean of (p - y)² (d_p^alpha + d_y^alpha)
/// ```
///
/// `d_y` is a voxel's distance to the nearest voxel of the other kind in the target, `d_p` in the prediction `p > 0.5`;
/// 0 everywhere if there is no other kind. At least 0, without bound. The distances are constants to the gradient.
///
/// @param alpha above 0; how much more a far error costs
/// @param over  classes and samples; the background is left out by default
/// @see <a href="https://arxiv.org/abs/1904.10030">Karimi, Salcudean (2020), Reducing the Hausdorff distance in medical
///     image segmentation with convolutional neural networks</a>
@About(
        summary = "Squared errors, weighed by their distance from the borders of target and prediction.",
        formula = "mean of (p-y)^2 (d_p^alpha + d_y^alpha)",
        tex = "\\frac1N\\sum(p-y)^2\\left(d_p^{\\,\\alpha}+d_y^{\\,\\alpha}\\right)",
        range = "0 to infinity",
        use = "Far outliers matter: beside an overlap loss, weighed to its size, or as log1p(hausdorff).",
        avoid =
                "Alone from the start: far voxels outweigh everything. An empty target with no p above 0.5 has no gradient.",
        cost = "Distance transforms of target and prediction for each class; 24 bytes a voxel.",
        source = "Karimi, Salcudean (2020), https://arxiv.org/abs/1904.10030")
public record Hausdorff(
        @Meaning("how much more a far error costs") double alpha, Reduction over) implements VolumeLoss {
    public Hausdorff {
        Check.that(alpha > 0 && Double.isFinite(alpha), "hausdorff alpha has to be above 0, but is %s", alpha);
    }

    public Hausdorff() {
        this(2, Reduction.FOREGROUND);
    }

    @Override
    public Measure measure(Task task) {
        return Measure.PROBABILITY;
    }

    @Override
    public double at(Field field) {
        double[] p = field.values();
        double[] weights = new double[p.length];
        add(BorderDistance.signed(field.target(), field), weights);
        add(BorderDistance.signed(p, field), weights);
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double error = p[i] - field.target()[i];
            sum += error * error * weights[i];
            p[i] = 2 * error * weights[i] / field.kept();
        }
        return sum / field.kept();
    }

    private void add(float[] distance, double[] weights) {
        for (int i = 0; i < weights.length; i++) {
            weights[i] += alpha == 2 ? (double) distance[i] * distance[i] : Math.pow(Math.abs(distance[i]), alpha);
        }
    }
}
