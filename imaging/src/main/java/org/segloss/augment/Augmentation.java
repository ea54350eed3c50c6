package org.segloss.augment;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.segloss.grid.Spacing;
import org.segloss.image.Geometry;
import org.segloss.image.Window;
import org.segloss.prep.PreparedCase;
import org.segloss.random.CounterRandom;

/// Random changes of training patches, so that a network learns what stays the same under them.
///
/// Kinds, probabilities and amounts are those of nnU-Net, but for the elastic one, which it has switched off:
///
/// | change | probability | amount |
/// |---|---|---|
/// | rotation | 0.2 | up to 30 degrees about each axis; in a plane any angle, of long patches up to 15 |
/// | scaling | 0.2 | 0.7 to 1.4 |
/// | elastic | 0.1 | lattice of 12 voxels, standard deviation up to 3 voxels |
/// | noise | 0.1 | standard deviation up to 0.1 |
/// | blur | 0.1 | 0.5 to 1 voxel |
/// | brightness | 0.15 | times 0.75 to 1.25 |
/// | contrast | 0.15 | times 0.75 to 1.25 |
/// | low resolution | 0.125 | 0.5 to 1 of the voxels along each axis |
/// | gamma, inverted | 0.1 | 0.7 to 1.5 |
/// | gamma | 0.3 | 0.7 to 1.5 |
/// | mirror, for each axis that may be | 0.5 | |
///
/// Intensities change in each channel by itself, and are expected to have a mean of about 0 and a standard
/// deviation of about 1, of the image or of its foreground. What a patch becomes is decided by its [random
/// numbers][Draws] alone.
///
/// A new change is a class that implements [SpatialTransform] or [IntensityTransform], and a line in [#TRANSFORMS].
///
/// @see <a href="https://doi.org/10.1038/s41592-020-01008-z">Isensee, Jaeger, Kohl, Petersen and Maier-Hein (2021),
///     nnU-Net: a self-configuring method for deep learning-based biomedical image segmentation</a>
public final class Augmentation {
    /// An axis along which a patch may be mirrored.
    public enum Axis {
        Z,
        Y,
        X
    }

    /// Slices so many times as far apart as voxels in them are too far apart to be mixed.
    private static final double ANISOTROPIC = 3;

    /// All changes in the order in which they are made: those of places come first, then those of intensities.
    static final List<Transform> TRANSFORMS = List.of(
            new Rotation(),
            new Scaling(),
            new ElasticField(),
            new Noise(),
            new Blur(),
            new Brightness(),
            new Contrast(),
            new LowResolution(),
            new Gamma(true),
            new Gamma(false));

    /// Which changes are made.
    ///
    /// @param changes  those of the table but mirroring, or none of them
    /// @param mirrored axes along which the mirror image is as likely as the image
    public record Plan(boolean changes, Set<Axis> mirrored) {
        public static final Plan NONE = new Plan(false, Set.of());

        public Plan {
            // in the order of the axes, unlike other sets: it is written into files
            mirrored = Collections.unmodifiableSet(
                    mirrored.isEmpty() ? EnumSet.noneOf(Axis.class) : EnumSet.copyOf(mirrored));
        }
    }

    private final Plan plan;
    private final List<SpatialTransform> places;
    private final List<IntensityTransform> intensities;
    private final Spacing spacing;
    /// Across which slices are too far apart to be mixed, or [PatchShape#NO_AXIS].
    private final int across;

    /// @param spacing of the images
    /// @param plane   whether images have one slice; slices that are three times as far apart as voxels in them are
    ///                treated as planes, too, along any axis
    public Augmentation(Plan plan, Spacing spacing, boolean plane) {
        this(plan, plan.changes ? TRANSFORMS : List.of(), spacing, plane);
    }

    Augmentation(Plan plan, List<Transform> transforms, Spacing spacing, boolean plane) {
        this.plan = plan;
        this.places = of(SpatialTransform.class, transforms);
        this.intensities = of(IntensityTransform.class, transforms);
        this.spacing = spacing;
        this.across = plane ? 0 : farApart(spacing.z(), spacing.y(), spacing.x());
    }

    private static <T extends Transform> List<T> of(Class<T> kind, List<Transform> transforms) {
        return transforms.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static int farApart(double... edges) {
        double shortest = Arrays.stream(edges).min().orElseThrow();
        int longest = IntStream.range(0, PatchShape.AXES)
                .reduce((a, b) -> edges[b] > edges[a] ? b : a)
                .orElseThrow();
        return edges[longest] >= ANISOTROPIC * shortest ? longest : PatchShape.NO_AXIS;
    }

    /// Fills a patch with what an image shows in a window, changed.
    ///
    /// @param window of the patch's shape
    public void fill(PreparedCase image, Window window, Patch patch, Draws draws) {
        Optional<Warp> warp = warp(window, patch.shape(), draws);
        if (warp.isPresent()) {
            read(image, warp.get(), patch);
        } else {
            copy(image, window, patch);
        }
        for (int channel = 0; channel < patch.channels(); channel++) {
            change(patch, channel, draws);
        }
        mirror(patch, draws);
    }

    /// Fills a patch with what an image shows in a window.
    private static void copy(PreparedCase image, Window window, Patch patch) {
        for (int channel = 0; channel < patch.channels(); channel++) {
            int start = patch.start(channel);
            long from = (long) channel * image.voxels();
            window.forEach(
                    image.grid(), (voxel, source, _) -> patch.images()[start + voxel] = image.value(from + source));
        }
        window.forEach(image.grid(), (voxel, source, in) -> {
            patch.labels()[patch.voxel() + voxel] = (byte) image.label(source);
            patch.inside()[patch.voxel() + voxel] = (byte) (in ? 1 : 0);
        });
    }

    // ---- where voxels lie

    /// {@return where the voxels lie, or nothing if that is where they are}
    private Optional<Warp> warp(Window window, PatchShape shape, Draws draws) {
        var placement = new Placement(shape, across);
        boolean moved = false;
        for (SpatialTransform transform : places) {
            CounterRandom random = draws.of(transform.name());
            if (chance(transform.probability(), random)) {
                transform.apply(placement, random);
                moved = true;
            }
        }
        return moved ? Optional.of(placement.in(window, spacing)) : Optional.empty();
    }

    private static void read(PreparedCase image, Warp warp, Patch patch) {
        Geometry grid = image.grid();
        var sampler = new Sampler(image);
        warp.forEach((voxel, z, y, x) -> {
            sampler.moveTo(z, y, x);
            for (int channel = 0; channel < patch.channels(); channel++) {
                patch.images()[patch.start(channel) + voxel] = sampler.value(channel);
            }
            boolean in = isIn(z, grid.z()) && isIn(y, grid.y()) && isIn(x, grid.x());
            patch.labels()[patch.voxel() + voxel] = sampler.label();
            patch.inside()[patch.voxel() + voxel] = (byte) (in ? 1 : 0);
        });
    }

    private static boolean isIn(double at, int edge) {
        return at >= -0.5 && at <= edge - 0.5;
    }

    // ---- how bright they are

    private void change(Patch patch, int channel, Draws draws) {
        for (IntensityTransform transform : intensities) {
            CounterRandom random = draws.of(transform.name(), channel);
            if (chance(transform.probability(), random)) {
                transform.apply(patch.images(), patch.start(channel), patch.shape(), across, random);
            }
        }
    }

    private static boolean chance(double probability, CounterRandom random) {
        return random.nextDouble() < probability;
    }

    // ---- on which side

    private void mirror(Patch patch, Draws draws) {
        for (Axis axis : Axis.values()) {
            if (plan.mirrored.contains(axis) && chance(0.5, draws.of("mirror", axis.ordinal()))) {
                mirror(patch, axis.ordinal());
            }
        }
    }

    private static void mirror(Patch patch, int axis) {
        PatchShape shape = patch.shape();
        int n = shape.edge(axis);
        int stride = shape.stride(axis);
        shape.forEachLine(axis, start -> {
            for (int i = 0; i < n / 2; i++) {
                int a = start + i * stride;
                int b = start + (n - 1 - i) * stride;
                for (int channel = 0; channel < patch.channels(); channel++) {
                    swap(patch.images(), patch.start(channel) + a, patch.start(channel) + b);
                }
                swap(patch.labels(), patch.voxel() + a, patch.voxel() + b);
                swap(patch.inside(), patch.voxel() + a, patch.voxel() + b);
            }
        });
    }

    private static void swap(float[] values, int a, int b) {
        float held = values[a];
        values[a] = values[b];
        values[b] = held;
    }

    private static void swap(byte[] values, int a, int b) {
        byte held = values[a];
        values[a] = values[b];
        values[b] = held;
    }
}
