package org.segloss.loss.volume;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.Reduction;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;

/// One minus the mean structural similarity of probabilities and target.
///
/// ```
/// 1 - mean over windows of  (2 mp my + k1²) (2 spy + k2²) / ((mp² + my² + k1²) (spp + syy + k2²))
/// ```
///
/// `m`, `s` are the means, variances and the covariance in a window with Gaussian weights. The windows are
/// those that lie wholly inside the image and in whose middle a voxel counts: one that doesn't count has no
/// weight, and the others share its. Without a window the loss is 0. They have three axes, or two where
/// `z = 1`. So a voxel at the edge is in the middle of no window, as in the paper's program, and one at a masked margin
/// is. From 0 to 2, and 0 for equal images alone.
///
/// @param window voxels along an axis, an odd number from 3 to 999
/// @param sigma  standard deviation of the weights, in voxels, above 0
/// @param k1     above 0; keeps dark windows from dividing by 0
/// @param k2     above 0; keeps flat windows from dividing by 0
/// @param over   classes and samples
/// @see <a href="https://doi.org/10.1109/TIP.2003.819861">Wang et al. (2004), Image quality assessment:
///     from error visibility to structural similarity</a>
@About(
        summary = "Structural similarity of probabilities and target in small windows.",
        formula = "1 - mean of (2 mp my + k1^2) (2 spy + k2^2) / ((mp^2 + my^2 + k1^2) (spp + syy + k2^2))",
        tex = "1-\\frac1{|W|}\\sum_W\\frac{(2\\mu_p\\mu_y+k_1^2)(2\\sigma_{py}+k_2^2)}"
                + "{(\\mu_p^2+\\mu_y^2+k_1^2)(\\sigma_p^2+\\sigma_y^2+k_2^2)}",
        range = "0 to 2",
        use = "Beside a cross-entropy or Dice, for borders: a window with one is worth as much as any other.",
        avoid = "Alone; images smaller than the window; most windows are empty where objects are small.",
        cost = "Nine passes of a window over each class; about 100 bytes a voxel.",
        source = "Wang et al. (2004), https://doi.org/10.1109/TIP.2003.819861")
public record Ssim(
        @Meaning("voxels along an axis of the window, odd") double window,

        @Meaning("standard deviation of the window's weights, in voxels")
        double sigma,

        @Meaning("keeps dark windows from dividing by 0") double k1,
        @Meaning("keeps flat windows from dividing by 0") double k2,
        Reduction over)
        implements VolumeLoss {
    public Ssim {
        new Similarity(window, sigma, k1, k2);
    }

    public Ssim() {
        this(11, 1.5, 0.01, 0.03, Reduction.ALL);
    }

    @Override
    public Measure measure(Task task) {
        return Measure.PROBABILITY;
    }

    /// @throws IllegalArgumentException if the image is smaller than the window
    @Override
    public double at(Field field) {
        Similarity.Images images = Similarity.Images.of(field);
        Check.that(
                images.shortest() >= window,
                "ssim needs at least %.0f voxels along each axis, as its window has, but (z, y, x) is (%d, %d, %d);"
                        + " take larger patches or a smaller window, as in ssim(window=5)",
                window,
                field.grid().z(),
                field.grid().y(),
                field.grid().x());
        Similarity.Mean mean = new Similarity(window, sigma, k1, k2).mean(images, true);
        for (int i = 0; i < field.values().length; i++) {
            field.values()[i] = -mean.gradient()[i];
        }
        return 1 - mean.value();
    }
}
