package org.segloss.predict;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.segloss.grid.Spacing;
import org.segloss.image.Geometry;
import org.segloss.image.Reorientation;
import org.segloss.image.Volume;
import org.segloss.plan.TrainingPlan;

/// Whether a network can say anything about an image.
///
/// @param dimensions of the network
/// @param channels   that it takes
/// @param spacing    of its voxels
public record InputCheck(int dimensions, int channels, Spacing spacing) {
    /// Along an axis of images that a network was trained on voxels are seldom so many times as large as its own, or as
    /// small.
    private static final double UNUSUAL = 5;

    /// Where they are, nothing is left of the image's shapes, or nothing but numbers made up between its voxels.
    private static final double MEANINGLESS = 20;

    public static InputCheck of(TrainingPlan plan) {
        return new InputCheck(
                plan.network().dimensions(),
                plan.network().inputs(),
                plan.preprocessing().spacing());
    }

    /// {@return the image as the network takes it}: a volume in the orientation that all were brought to in training, a
    /// picture without colour three times where others have some
    ///
    /// @throws IllegalArgumentException if its channels, its dimensions or the size of its voxels are none that the
    ///     network was made for; says what they are and what to do
    public Volume fitted(Volume image) {
        Reorientation way =
                dimensions == 3 ? Reorientation.toCanonical(image.geometry()) : Reorientation.none(image.geometry());
        Geometry grid = way.to().asPlane();
        boolean gray = image.channels() == 1 && channels == 3 && grid.z() == 1;
        if (image.channels() != channels && !gray) {
            throw new IllegalArgumentException("the image has %d channel%s, but the network was trained with %d"
                    .formatted(image.channels(), image.channels() == 1 ? "" : "s", channels));
        }
        if ((dimensions == 2) != (grid.z() == 1)) {
            throw new IllegalArgumentException(
                    dimensions == 2
                            ? "the image has %d slices, but the network was trained on single ones; give each slice as an image, or a network that was trained on volumes"
                                    .formatted(grid.z())
                            : "the image is a single slice, but the network was trained on volumes; give whole volumes, or a network that was trained on slices");
        }
        if (times(grid) > MEANINGLESS) {
            throw new IllegalArgumentException(
                    voxels(grid) + "; correct the spacing or the units in its header, or give another network");
        }
        return gray ? image.repeated(channels) : way.turn(image);
    }

    /// {@return why a prediction may be worse than expected, if there is a reason}
    ///
    /// @param grid of an image as the network takes it
    public Optional<String> doubt(Geometry grid) {
        return times(grid.asPlane()) > UNUSUAL
                ? Optional.of(voxels(grid) + "; check the spacing and the units in its header")
                : Optional.empty();
    }

    /// {@return how many times as large as the network's voxels the image's are, or as small, along the axis on which
    /// that is most}
    private double times(Geometry grid) {
        double[] image = grid.spacing();
        double[] network = {spacing.x(), spacing.y(), spacing.z()};
        // a slice's thickness is not looked at
        return IntStream.range(0, dimensions)
                .mapToDouble(axis -> Math.max(image[axis] / network[axis], network[axis] / image[axis]))
                .max()
                .orElse(1);
    }

    private String voxels(Geometry grid) {
        double[] image = grid.spacing();
        return "the image's voxels are of %s mm, those of the network of %s mm (z, y, x)"
                .formatted(text(image[2], image[1], image[0]), text(spacing.z(), spacing.y(), spacing.x()));
    }

    private static String text(double z, double y, double x) {
        return String.format(Locale.ROOT, "%.4g x %.4g x %.4g", z, y, x);
    }
}
