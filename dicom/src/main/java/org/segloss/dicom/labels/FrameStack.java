package org.segloss.dicom.labels;

import static org.segloss.format.Finding.error;

import java.util.List;
import java.util.Optional;
import org.segloss.dicom.series.ImageHeader;
import org.segloss.dicom.series.Placement;
import org.segloss.format.Finding;
import org.segloss.format.PlaceChecks;
import org.segloss.image.Geometry;

/// The grid that frames lie on where not every slice has one, and some have several.
///
/// @param frames which all say where they lie
record FrameStack(int columns, int rows, List<ImageHeader.Frame> frames) {
    /// Frames nearer than this, in mm, lie in one slice.
    private static final double SAME = 1e-3;

    /// Slices are so far from their places, in slices.
    private static final double NEAR = 0.1;

    /// No scanner makes more slices.
    private static final int MOST_SLICES = 1 << 16;

    /// {@return the grid from the lowest frame to the highest}; nothing if there is none
    Optional<Geometry> grid(List<Finding> findings) {
        ImageHeader.Frame first = frames.getFirst();
        double[] orientation = first.orientation().orElseThrow();
        double[] normal = Placement.normal(orientation);
        double[] heights = frames.stream()
                .mapToDouble(frame -> dot(frame.position().orElseThrow(), normal))
                .sorted()
                .toArray();
        double step = step(heights);
        int slices = 1;
        for (double height : heights) {
            double slice = (height - heights[0]) / step;
            if (!(Math.abs(slice - Math.rint(slice)) <= NEAR && slice < MOST_SLICES)) {
                findings.add(
                        error("its frames are no slices at equal distances", "Give it with the image that it is of."));
                return Optional.empty();
            }
            slices = (int) Math.rint(slice) + 1;
        }
        double[] lowest = frames.stream()
                .map(frame -> frame.position().orElseThrow())
                .filter(place -> dot(place, normal) == heights[0])
                .findFirst()
                .orElseThrow();
        double[] spacing = first.spacing().orElseThrow();
        double[] affine = new double[16];
        for (int row = 0; row < 3; row++) {
            int sign = row < 2 ? -1 : 1;
            affine[4 * row] = sign * orientation[row] * spacing[1];
            affine[4 * row + 1] = sign * orientation[3 + row] * spacing[0];
            affine[4 * row + 2] = sign * normal[row] * step;
            affine[4 * row + 3] = sign * lowest[row];
        }
        affine[15] = 1;
        Geometry grid = new Geometry(columns, rows, slices, affine);
        List<Finding> problems = PlaceChecks.of(affine, grid.spacing(), "Pixel Measures and Plane Position");
        findings.addAll(problems);
        return problems.stream().anyMatch(Finding::isError) ? Optional.empty() : Optional.of(grid);
    }

    /// The distance that the file says, or the smallest between two slices.
    private double step(double[] heights) {
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 1; i < heights.length; i++) {
            double gap = heights[i] - heights[i - 1];
            smallest = gap > SAME ? Math.min(smallest, gap) : smallest;
        }
        double said = frames.getFirst().thickness().orElse(new double[] {0})[0];
        if (smallest == Double.POSITIVE_INFINITY) {
            return said > 0 ? said : 1;
        }
        double share = smallest / said;
        // what is said may be the thickness of slices that overlap
        return said > 0 && share > 1 - NEAR && Math.abs(share - Math.rint(share)) < NEAR
                ? smallest / Math.rint(share)
                : smallest;
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }
}
