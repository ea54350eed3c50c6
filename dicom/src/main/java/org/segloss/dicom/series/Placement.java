package org.segloss.dicom.series;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.segloss.format.Finding;
import org.segloss.format.PlaceChecks;
import org.segloss.image.Geometry;

/// Slices in the order in which they lie along their normal, the lowest first, and the grid that they are.
///
/// @param grid nothing where they are none
public record Placement(List<Slice> slices, Optional<Geometry> grid) {
    /// Positions are written with a few digits: so many mm may be rounding.
    private static final double ROUNDING = 0.051;

    /// Slices nearer than this lie at one place.
    private static final double SAME = 1e-3;

    /// Cosines and spacings are rounded too.
    private static final double EQUAL = 1e-3;

    /// {@return where slices lie}
    ///
    /// @param slices   of one image, one at least
    /// @param findings gets what is wrong or odd with their places
    public static Placement of(List<Slice> slices, List<Finding> findings) {
        ImageHeader.Frame first = slices.getFirst().frame();
        if (slices.stream()
                .allMatch(slice -> slice.frame().position().isEmpty()
                        || slice.frame().orientation().isEmpty())) {
            return unplaced(slices, findings);
        }
        var problems = new ArrayList<Finding>();
        checkAlike(slices, problems);
        if (!problems.isEmpty()) {
            findings.addAll(problems);
            return new Placement(slices, Optional.empty());
        }
        double[] normal = normal(first.orientation().orElseThrow());
        if (!(Math.abs(length(normal) - 1) < 0.05)) {
            findings.add(error(
                    "the directions of its rows and columns (Image Orientation) are not at right angles",
                    "The header is damaged: get it again."));
            return new Placement(slices, Optional.empty());
        }
        List<Slice> sorted = slices.stream()
                .sorted(Comparator.comparingDouble(slice -> dot(place(slice), normal)))
                .toList();
        checkDistances(sorted, normal, findings);
        if (findings.stream().anyMatch(Finding::isError)) {
            return new Placement(sorted, Optional.empty());
        }
        return new Placement(sorted, grid(sorted, normal, findings));
    }

    /// A picture without a place, as a radiograph is, or frames of which nobody says where they lie.
    private static Placement unplaced(List<Slice> slices, List<Finding> findings) {
        Slice first = slices.getFirst();
        if (slices.stream().anyMatch(slice -> slice.header() != first.header())) {
            findings.add(error(
                    "its %d slices don't say where they lie (Image Position)".formatted(slices.size()),
                    "Nothing says in which order they belong together: give each a folder of its own, or its file."));
            return new Placement(slices, Optional.empty());
        }
        double[] spacing = first.frame().spacing().orElse(new double[] {1, 1});
        double between = first.frame().thickness().orElse(new double[] {1})[0];
        if (first.frame().spacing().isEmpty() || slices.size() > 1) {
            findings.add(warning(
                    slices.size() > 1
                            ? "it doesn't say where its %d frames lie".formatted(slices.size())
                            : "it doesn't say how large its pixels are",
                    "They are taken %s: distances in millimetres may be wrong."
                            .formatted(
                                    slices.size() > 1
                                            ? "in their order, %s mm apart".formatted(number(between))
                                            : "for squares of 1 mm")));
        }
        double[] affine = new double[16];
        affine[0] = -spacing[1];
        affine[5] = -spacing[0];
        affine[10] = between;
        affine[15] = 1;
        return new Placement(slices, checked(slices, affine, findings));
    }

    private static void checkAlike(List<Slice> slices, List<Finding> problems) {
        Slice first = slices.getFirst();
        int unplaced = 0;
        int turned = 0;
        int sized = 0;
        int spaced = 0;
        for (Slice slice : slices) {
            ImageHeader.Frame frame = slice.frame();
            boolean placed = frame.position().isPresent() && frame.orientation().isPresent();
            unplaced += placed ? 0 : 1;
            turned += placed
                            && first.frame().orientation().isPresent()
                            && !alike(
                                    frame.orientation().get(),
                                    first.frame().orientation().get(),
                                    EQUAL)
                    ? 1
                    : 0;
            sized += sameSize(slice, first) ? 0 : 1;
            spaced += alike(spacing(slice), spacing(first), EQUAL * spacing(first)[0]) ? 0 : 1;
        }
        differ(problems, slices, unplaced, "lack a place (Image Position, Image Orientation)");
        differ(problems, slices, turned, "lie in another direction (Image Orientation) than the first");
        differ(problems, slices, sized, "have another number of rows, columns or colours than the first");
        differ(problems, slices, spaced, "have pixels of another size (Pixel Spacing) than the first");
        if (problems.isEmpty() && first.frame().spacing().isEmpty()) {
            problems.add(error(
                    "it doesn't say how large its pixels are (Pixel Spacing)", "The header is damaged: get it again."));
        }
    }

    private static void differ(List<Finding> problems, List<Slice> slices, int count, String how) {
        if (count > 0) {
            problems.add(error(
                    "%d of its %d slices %s".formatted(count, slices.size(), how),
                    "Slices of one image are alike: put those of other images, such as a localizer, elsewhere."));
        }
    }

    private static boolean sameSize(Slice slice, Slice first) {
        var a = slice.header().pixels();
        var b = first.header().pixels();
        return a.rows() == b.rows() && a.columns() == b.columns() && a.samples() == b.samples();
    }

    private static double[] spacing(Slice slice) {
        return slice.frame().spacing().orElse(new double[] {0, 0});
    }

    private static boolean alike(double[] a, double[] b, double most) {
        for (int i = 0; i < a.length; i++) {
            if (!(Math.abs(a[i] - b[i]) <= most)) {
                return false;
            }
        }
        return true;
    }

    private static void checkDistances(List<Slice> sorted, double[] normal, List<Finding> findings) {
        int n = sorted.size();
        if (n < 2) {
            return;
        }
        double[] gaps = new double[n - 1];
        int same = 0;
        for (int i = 0; i + 1 < n; i++) {
            gaps[i] = dot(minus(place(sorted.get(i + 1)), place(sorted.get(i))), normal);
            same += gaps[i] < SAME ? 1 : 0;
        }
        if (same > 0) {
            findings.add(
                    error(
                            "%d of its %d slices lie where another one lies".formatted(same, n),
                            "They may be of several times, phases, echoes or directions of diffusion: put the slices of one into a folder of their own."));
            return;
        }
        double[] ordered = gaps.clone();
        Arrays.sort(ordered);
        double usual = ordered[(n - 2) / 2];
        double mean = Arrays.stream(gaps).sum() / (n - 1);
        double most = 0;
        double sum = 0;
        for (int i = 0; i + 1 < n; i++) {
            sum += gaps[i];
            most = Math.max(most, Math.abs(sum - (i + 1) * mean));
        }
        if (most <= Math.min(Math.max(0.05 * mean, ROUNDING), 0.3 * mean)) {
            return;
        }
        double smallest = ordered[0];
        if (smallest > 0.75 * usual) {
            var holes = new ArrayList<String>();
            for (int i = 0; i + 1 < n; i++) {
                if (gaps[i] > 1.5 * usual && holes.size() < 4) {
                    holes.add("%s mm behind slice %d".formatted(number(gaps[i]), i + 1));
                }
            }
            if (!holes.isEmpty()) {
                findings.add(error(
                        "slices are missing: there are %s, elsewhere %s mm"
                                .formatted(String.join(", ", holes), number(usual)),
                        "Get the series again, with all of its slices."));
                return;
            }
        }
        findings.add(
                error(
                        "its slices are from %s to %s mm apart".formatted(number(smallest), number(ordered[n - 2])),
                        "A grid has slices at equal distances: resample it, for example with dcm2niix, or take a series that is evenly spaced."));
    }

    private static Optional<Geometry> grid(List<Slice> sorted, double[] normal, List<Finding> findings) {
        ImageHeader.Frame first = sorted.getFirst().frame();
        int n = sorted.size();
        double[] spacing = first.spacing().orElseThrow();
        double[] orientation = first.orientation().orElseThrow();
        double[] origin = first.position().orElseThrow();
        double[] step = new double[3];
        double between = first.thickness().filter(mm -> mm[0] > 0).orElse(new double[] {1})[0];
        double[] whole = minus(place(sorted.getLast()), origin);
        for (int i = 0; i < 3; i++) {
            step[i] = n > 1 ? whole[i] / (n - 1) : between * normal[i];
        }
        if (n > 1) {
            checkStraight(sorted, origin, step, normal, findings);
        }
        double[] affine = new double[16];
        for (int row = 0; row < 3; row++) {
            // to the right and to the front in place of to the left and to the back
            int sign = row < 2 ? -1 : 1;
            affine[4 * row] = sign * orientation[row] * spacing[1];
            affine[4 * row + 1] = sign * orientation[3 + row] * spacing[0];
            affine[4 * row + 2] = sign * step[row];
            affine[4 * row + 3] = sign * origin[row];
        }
        affine[15] = 1;
        return checked(sorted, affine, findings);
    }

    private static void checkStraight(
            List<Slice> sorted, double[] origin, double[] step, double[] normal, List<Finding> findings) {
        double along = length(step);
        double most = 0;
        for (int i = 0; i < sorted.size(); i++) {
            double[] off = minus(place(sorted.get(i)), origin);
            for (int axis = 0; axis < 3; axis++) {
                off[axis] -= i * step[axis];
            }
            most = Math.max(most, length(off));
        }
        if (most > Math.max(0.05 * along, 2 * ROUNDING)) {
            findings.add(error(
                    "its slices are shifted sideways against one another, by up to %s mm".formatted(number(most)),
                    "A grid has its slices in one line: resample it with another program."));
            return;
        }
        double tilt = Math.toDegrees(Math.acos(Math.min(1, dot(step, normal) / along)));
        if (tilt > 0.1) {
            findings.add(
                    warning(
                            "its slices are tilted by %s degrees (gantry tilt): each is shifted against the one before"
                                    .formatted(number(tilt)),
                            "Voxels are where they were scanned, in a grid that is askew; distances are computed as if it were not. Resample it for exact ones."));
        }
    }

    private static Optional<Geometry> checked(List<Slice> slices, double[] affine, List<Finding> findings) {
        Geometry grid = new Geometry(
                slices.getFirst().header().pixels().columns(),
                slices.getFirst().header().pixels().rows(),
                slices.size(),
                affine);
        boolean tilted = findings.stream().anyMatch(finding -> finding.found().contains("gantry tilt"));
        PlaceChecks.of(affine, grid.spacing(), "Pixel Spacing and Image Position").stream()
                .filter(finding ->
                        finding.isError() || !(tilted && finding.found().contains("right angles")))
                .forEach(findings::add);
        return findings.stream().anyMatch(Finding::isError) ? Optional.empty() : Optional.of(grid);
    }

    private static double[] place(Slice slice) {
        return slice.frame().position().orElseThrow();
    }

    /// {@return the direction in which slices lie on one another}
    public static double[] normal(double[] o) {
        return new double[] {o[1] * o[5] - o[2] * o[4], o[2] * o[3] - o[0] * o[5], o[0] * o[4] - o[1] * o[3]};
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    private static double[] minus(double[] a, double[] b) {
        return new double[] {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    }

    private static double length(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.replaceAll("\\.?0+$", "");
    }
}
