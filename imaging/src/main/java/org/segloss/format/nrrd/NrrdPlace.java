package org.segloss.format.nrrd;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.segloss.file.Printable;
import org.segloss.format.Affine;
import org.segloss.format.Finding;
import org.segloss.format.PlaceChecks;
import org.segloss.image.Geometry;

/// Where a header says that voxels lie.
///
/// A space that doesn't say what is left, or none at all, is taken as LPS, as ITK does.
final class NrrdPlace {
    private NrrdPlace() {}

    /// {@return the grid of a header; nothing if an error was found}
    static Optional<Geometry> of(NrrdText text, NrrdAxes axes, List<Finding> findings) {
        int dimensions = dimensions(text, axes, findings);
        int[] shape = axes.shape();
        double[] affine = new double[16];
        affine[15] = 1;
        int[] toRas = toRas(text.field("space"));
        double[] origin =
                text.has("space origin") ? NrrdAxes.vector(text.field("space origin")) : new double[dimensions];
        boolean fits = origin.length == dimensions && dimensions >= axes.space().size() && dimensions <= 3;
        double[] spacings = text.numbers("spacings");
        for (int column = 0; column < axes.space().size() && fits; column++) {
            int axis = axes.space().get(column);
            double[] direction = axes.direction(axis);
            fits = axes.hasDirections() ? direction.length == dimensions : true;
            for (int row = 0; row < 3 && fits; row++) {
                double step = axes.hasDirections()
                        ? row < dimensions ? direction[row] : 0
                        : row == column ? spacing(spacings, axis) : 0;
                affine[4 * row + column] = step == 0 ? 0 : toRas[row] * step;
            }
        }
        if (!fits) {
            findings.add(error(
                    "in a space of %d dimensions its first voxel is at %s (space origin) and its axes go along %s"
                            .formatted(dimensions, text.quoted("space origin"), text.quoted("space directions")),
                    "Points and directions should have 2 or 3 numbers, as many as the space: correct the header."));
            return Optional.empty();
        }
        for (int row = 0; row < dimensions; row++) {
            affine[4 * row + 3] = origin[row] == 0 ? 0 : toRas[row] * origin[row];
        }
        if (axes.space().size() == 2) {
            acrossPlane(affine);
        }
        double[] widths = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            widths[axis] = Affine.length(affine, axis);
        }
        List<Finding> found = PlaceChecks.of(affine, widths, axes.hasDirections() ? "space directions" : "spacings");
        findings.addAll(found);
        units(text, axes, findings);
        return found.stream().anyMatch(Finding::isError)
                ? Optional.empty()
                : Optional.of(new Geometry(shape[0], shape[1], shape[2], affine));
    }

    private static double spacing(double[] spacings, int axis) {
        // NaN is the word for none
        return axis < spacings.length && !Double.isNaN(spacings[axis]) ? spacings[axis] : 1;
    }

    private static int dimensions(NrrdText text, NrrdAxes axes, List<Finding> findings) {
        String space = text.field("space");
        if (space.toLowerCase(Locale.ROOT).endsWith("-time") || space.matches("(?i)RAST|LAST|LPST")) {
            return 4;
        }
        if (!space.isEmpty()) {
            if (known(space).isEmpty()) {
                findings.add(warning(
                        "the space is " + text.quoted("space"),
                        "That doesn't say where left is, and is taken as left-posterior-superior, as ITK does: check"
                                + " where distances or sides matter."));
            }
            return 3;
        }
        double said = text.has("space dimension") ? NrrdText.number(text.field("space dimension")) : Double.NaN;
        if (said >= 1 && said <= 16) {
            return (int) said;
        }
        if (text.has("axis mins")) {
            findings.add(warning(
                    "its place is said by 'axis mins', without a space",
                    "The first voxel is taken to be at 0: write it with 'space origin' where places matter."));
        }
        return axes.space().size();
    }

    private static Optional<String> known(String space) {
        return Optional.ofNullable(
                switch (space.toLowerCase(Locale.ROOT)) {
                    case "right-anterior-superior", "ras" -> "RAS";
                    case "left-anterior-superior", "las" -> "LAS";
                    case "left-posterior-superior", "lps" -> "LPS";
                    default -> null;
                });
    }

    private static int[] toRas(String space) {
        return switch (known(space).orElse("LPS")) {
            case "RAS" -> new int[] {1, 1, 1};
            case "LAS" -> new int[] {-1, 1, 1};
            default -> new int[] {-1, -1, 1};
        };
    }

    /// Gives a plane a third axis of a millimetre, at right angles to both of its own.
    private static void acrossPlane(double[] affine) {
        double[] across = {
            affine[4] * affine[9] - affine[8] * affine[5],
            affine[8] * affine[1] - affine[0] * affine[9],
            affine[0] * affine[5] - affine[4] * affine[1]
        };
        double length = Math.sqrt(across[0] * across[0] + across[1] * across[1] + across[2] * across[2]);
        for (int row = 0; row < 3; row++) {
            affine[4 * row + 2] = across[row] / length;
        }
    }

    private static void units(NrrdText text, NrrdAxes axes, List<Finding> findings) {
        List<String> units = text.has("space units") ? text.parts("space units") : axes.inSpace(text.parts("units"));
        units.stream()
                .map(unit -> unit.replace("\"", ""))
                .filter(unit -> !unit.isBlank() && !unit.equals("mm") && !unit.equals("none") && !unit.equals("???"))
                .findFirst()
                .ifPresent(unit -> findings.add(warning(
                        "lengths are in " + Printable.quote(unit),
                        "They are taken as millimetres: convert the header where distances matter.")));
    }
}
