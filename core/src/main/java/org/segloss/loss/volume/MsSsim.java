package org.segloss.loss.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.Reduction;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;

/// One minus the multi-scale structural similarity of probabilities and target.
///
/// ```
/// 1 - cs_1^w_1 cs_2^w_2 ... cs_(n-1)^w_(n-1) ssim_n^w_n
/// ```
///
/// `cs` is the mean of the contrast-structure term of [Ssim] over the windows of a scale, `ssim` that of
/// all of it, on the smallest scale. From scale to scale images are halved by means of two voxels along
/// each axis; what is odd at the end falls away. From 0 to 1. A mean that is negative counts as 0: the loss
/// is 1 and flat then.
///
/// Windows are those of [Ssim]; a voxel of a smaller scale is the mean of those that count, and doesn't count
/// without one. A scale without a window is a factor of 1.
///
/// @param scales the exponents, from the largest scale to the smallest, each at least 0 and not all 0
/// @param window voxels along an axis on each scale, an odd number from 3 to 999
/// @param sigma  standard deviation of the weights, in voxels, above 0
/// @param k1     above 0; keeps dark windows from dividing by 0
/// @param k2     above 0; keeps flat windows from dividing by 0
/// @param over   classes and samples
/// @see <a href="https://doi.org/10.1109/ACSSC.2003.1292216">Wang, Simoncelli, Bovik (2003), Multiscale
///     structural similarity for image quality assessment</a>
@About(
        summary = "Structural similarity of probabilities and target in windows of several sizes.",
        formula = "1 - product over scales of cs^w, with the whole similarity on the smallest",
        tex = "1-\\mathrm{ssim}_n^{w_n}\\prod_{j<n}\\mathrm{cs}_j^{w_j}",
        range = "0 to 1",
        use = "As ssim, where objects have many sizes.",
        avoid = "Early, when probabilities run against the target: it is flat then. Small patches: five scales need 176"
                + " voxels along each axis.",
        cost = "As ssim, and a third more in two dimensions.",
        source = "Wang et al. (2003), https://doi.org/10.1109/ACSSC.2003.1292216")
public record MsSsim(
        @Meaning("exponents, from the largest scale to the smallest")
        List<Double> scales,

        @Meaning("voxels along an axis of the window, odd") double window,

        @Meaning("standard deviation of the window's weights, in voxels")
        double sigma,

        @Meaning("keeps dark windows from dividing by 0") double k1,
        @Meaning("keeps flat windows from dividing by 0") double k2,
        Reduction over)
        implements VolumeLoss {
    public MsSsim {
        scales = List.copyOf(scales);
        Check.that(!scales.isEmpty(), "scales have to be one number at least");
        Check.weights("scales", scales);
        new Similarity(window, sigma, k1, k2);
    }

    public MsSsim() {
        this(List.of(0.0448, 0.2856, 0.3001, 0.2363, 0.1333), 11, 1.5, 0.01, 0.03, Reduction.ALL);
    }

    @Override
    public Measure measure(Task task) {
        return Measure.PROBABILITY;
    }

    /// @throws IllegalArgumentException if the smallest scale is smaller than the window
    @Override
    public double at(Field field) {
        Similarity.Images largest = Similarity.Images.of(field);
        double needed = window * Math.pow(2, scales.size() - 1);
        Check.that(
                largest.shortest() >= needed,
                "msSsim needs at least %.0f voxels along each axis for %d scales and a window of %.0f,"
                        + " but (z, y, x) is (%d, %d, %d); take larger patches, fewer scales or a smaller window,"
                        + " as in msSsim(scales=[0.5, 0.5], window=5)",
                needed,
                scales.size(),
                window,
                field.grid().z(),
                field.grid().y(),
                field.grid().x());
        Similarity similarity = new Similarity(window, sigma, k1, k2);
        List<Similarity.Images> pyramid = new ArrayList<>(List.of(largest));
        while (pyramid.size() < scales.size()) {
            pyramid.add(pyramid.getLast().halved());
        }
        List<Similarity.Mean> means = IntStream.range(0, scales.size())
                .mapToObj(j -> similarity.mean(pyramid.get(j), j == scales.size() - 1))
                .toList();
        double product = 1;
        for (int j = 0; j < scales.size(); j++) {
            product *= Math.pow(Math.max(0, means.get(j).value()), scales.get(j));
        }
        double[] derivative = new double[0];
        for (int j = scales.size() - 1; j >= 0; j--) {
            double[] own = means.get(j).gradient();
            // at a product of 0 a power may have any derivative
            double factor =
                    product == 0 ? 0 : product * scales.get(j) / means.get(j).value();
            for (int i = 0; i < own.length; i++) {
                own[i] *= factor;
            }
            if (j < scales.size() - 1) {
                pyramid.get(j).spread(derivative, own);
            }
            derivative = own;
        }
        for (int i = 0; i < derivative.length; i++) {
            field.values()[i] = -derivative[i];
        }
        return 1 - product;
    }
}
