package org.segloss.loss.volume;

import java.util.ArrayList;
import java.util.List;
import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.Reduction;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;

/// A Hausdorff distance estimated by erosion: errors cost the more, the more erosions they outlast.
///
/// ```
/// e_0 = (p - y)²
/// e_k = rescaled(max(0, mean of e_(k-1) over a voxel and its neighbours - 1/2))
/// 1/n sum over k of  k^alpha sum(e_k),   k = 1 ... iterations
/// ```
///
/// The neighbours are those that share a face, 6 or, where `z = 1`, 4; beyond the image is 0, and a voxel that
/// doesn't count leaves the mean: at the edge errors are eroded, as by a convolution that is padded with zeros,
/// at a masked margin they aren't. Rescaled is to 0 for the smallest and 1 for the largest of the voxels that
/// count, unless all are alike. At least 0. It is 0 and flat unless somewhere a voxel and its neighbours have
/// large errors together: the mean of their squares has to be above 1/2.
///
/// The gradient goes through every stage. It takes the first voxel of several for the smallest or the
/// largest.
///
/// @param alpha      at least 0; 0 counts all erosions alike
/// @param iterations erosions, a whole number from 1 to 1000
/// @param over       classes and samples
/// @see <a href="https://arxiv.org/abs/1904.10030">Karimi, Salcudean (2020), Reducing the Hausdorff
///     distance in medical image segmentation with convolutional neural networks</a>
@About(
        summary = "Errors, the more the more erosions they outlast.",
        formula = "1/n sum over k of k^alpha sum(e_k), e_k the rescaled k-th soft erosion of (p - y)^2",
        tex = "\\frac1n\\sum_{k=1}^{K}k^\\alpha\\sum e_k,\\quad e_k=\\mathrm{erode}^k\\,(p-y)^2",
        range = "0 to infinity",
        use = "Beside Dice, when far or thick errors are what matters.",
        avoid = "Alone: it is flat once errors are thin or small. Voxels of uneven spacing: it counts voxels.",
        cost = "Twice the iterations in passes over each class; 8 bytes a voxel and iteration.",
        source = "Karimi & Salcudean (2020), https://arxiv.org/abs/1904.10030")
public record HausdorffErosion(
        @Meaning("by what power an erosion's number counts") double alpha,
        @Meaning("how many erosions") double iterations,
        Reduction over)
        implements VolumeLoss {
    public HausdorffErosion {
        Check.notNegative("hausdorffErosion alpha", alpha);
        Check.that(
                iterations >= 1 && iterations <= 1000 && iterations == Math.rint(iterations),
                "hausdorffErosion iterations have to be a whole number from 1 to 1000, but are %s",
                iterations);
    }

    public HausdorffErosion() {
        this(2, 10, Reduction.FOREGROUND);
    }

    @Override
    public Measure measure(Task task) {
        return Measure.PROBABILITY;
    }

    @Override
    public double at(Field field) {
        double[] error = field.values();
        double[] square = new double[error.length];
        for (int i = 0; i < error.length; i++) {
            error[i] -= field.target()[i];
            square[i] = error[i] * error[i];
        }
        double sum = 0;
        List<SoftErosion> stages = new ArrayList<>();
        double[] before = square;
        for (int k = 1; k <= iterations; k++) {
            SoftErosion stage = SoftErosion.after(before, field);
            if (stage.max() == 0) {
                // nor will there be anything later
                break;
            }
            stages.add(stage);
            before = stage.values();
            double left = 0;
            for (double value : before) {
                left += value;
            }
            sum += Math.pow(k, alpha) * left;
        }
        double[] derivative = new double[error.length];
        for (int k = stages.size(); k >= 1; k--) {
            double own = Math.pow(k, alpha) / field.kept();
            for (int i = 0; i < derivative.length; i++) {
                derivative[i] += own;
            }
            derivative = stages.get(k - 1).before(derivative, field);
        }
        for (int i = 0; i < error.length; i++) {
            error[i] *= field.counts()[i] ? 2 * derivative[i] : 0;
        }
        return sum / field.kept();
    }
}
