package org.segloss.format;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.util.ArrayList;
import java.util.List;
import org.segloss.image.Geometry;

/// What can be wrong with where a header of any format says that voxels lie.
public final class PlaceChecks {
    /// Axes that lie in a plane come to some 1e-7 in floats.
    private static final double INDEPENDENT = 1e-6;

    private PlaceChecks() {}

    /// @param affine 4 x 4, row by row
    /// @param widths of a voxel along x, y and z, as the header has them
    /// @param source what in the header says so
    public static List<Finding> of(double[] affine, double[] widths, String source) {
        var findings = new ArrayList<Finding>();
        for (int axis = 0; axis < 3; axis++) {
            findings.addAll(width(axis, widths[axis], affine[4 * axis + 3], source));
        }
        if (findings.stream().anyMatch(Finding::isError)) {
            return findings;
        }
        if (!(Affine.independence(affine) > INDEPENDENT)) {
            findings.add(error(
                    "the affine %s (%s) is singular".formatted(text(affine), source),
                    "Its three axes have to be independent: correct the header."));
        } else if (Affine.shear(affine) > 1e-3) {
            findings.add(warning(
                    "the axes of the affine %s are not at right angles".formatted(text(affine)),
                    "Distances in millimetres are computed as if they were."));
        }
        return findings;
    }

    private static List<Finding> width(int axis, double width, double place, String source) {
        char name = "xyz".charAt(axis);
        if (!(width > 0 && Double.isFinite(width)) || !Double.isFinite(place)) {
            return List.of(error(
                    "voxels are %s mm wide along %c, and the first is at %s (%s)"
                            .formatted(Text.number(width), name, Text.number(place), source),
                    "Widths have to be above 0, and all finite: correct the header."));
        }
        if (width < 1e-3 || width > 1e3) {
            return List.of(warning(
                    "voxels are %s mm wide along %c (%s)".formatted(Text.number(width), name, source),
                    "Widths are usually between 0.001 and 1000 mm: check the header."));
        }
        return List.of();
    }

    private static String text(double[] affine) {
        return new Geometry(1, 1, 1, affine).affineText();
    }
}
