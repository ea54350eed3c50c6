package org.segloss.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Reorientation;
import org.segloss.layout.Problem;

/// What can be wrong with a case whose two files can be read.
final class PairChecks {
    private PairChecks() {}

    /// {@return an error where numbers are NaN or infinite}
    static List<Problem> numbers(Path file, Scan image) {
        if (!image.values().type().isFloat()) {
            return List.of();
        }
        // in the type that training computes with
        float[] values = image.values().toFloats();
        int bad = 0;
        int first = -1;
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                first = bad == 0 ? i : first;
                bad++;
            }
        }
        return bad == 0
                ? List.of()
                : List.of(Problem.error(
                        file,
                        "%d voxels are NaN or infinite, the first is voxel (x, y, z) = %s"
                                .formatted(bad, image.voxel(first)),
                        "Every voxel needs a finite number: replace them, for example by 0."));
    }

    /// {@return an error where the two files do not cover the same voxels}
    static List<Problem> grids(Dataset.Entry entry, Geometry image, Geometry label) {
        if (Reorientation.between(label, image).isPresent()) {
            return List.of();
        }
        if (!image.sameShape(label)) {
            return List.of(Problem.error(
                    entry.label(),
                    "the segmentation has %s voxels, its image %s".formatted(label.shapeText(), image.shapeText()),
                    "Both need the same shape: check that they belong together."));
        }
        return List.of(
                Problem.error(
                        entry.label(),
                        "the segmentation has the affine %s, its image %s"
                                .formatted(label.affineText(), image.affineText()),
                        "Both need the same to a fiftieth of a voxel, in any order and direction of axes: check that they belong together."));
    }

    /// {@return an error where a segmentation holds labels that its data set does not declare}
    ///
    /// @param counts of its labels
    static List<Problem> labels(Path file, LabelCounts counts, List<String> names, int foreground) {
        if (names.size() == 2 && counts.isMask()) {
            return List.of();
        }
        var unknown = new TreeMap<Integer, Long>();
        for (int value = 1; value <= Labels.LARGEST; value++) {
            boolean known = foreground == 1 ? value < names.size() : value == foreground;
            if (!known && counts.ofLabels()[value] > 0) {
                unknown.put(value, counts.ofLabels()[value]);
            }
        }
        if (unknown.isEmpty()) {
            return List.of();
        }
        int value = unknown.firstKey();
        String more = unknown.size() == 1
                ? ""
                : ", also " + LabelNames.text(unknown.tailMap(value, false).navigableKeySet());
        return List.of(Problem.error(
                file,
                "%d voxels have the label %d%s".formatted(unknown.get(value), value, more),
                "The data set has the labels %s: correct the file or %s, or name a label of voxels that don't count by --ignore."
                        .formatted(known(names, foreground), DatasetJson.FILE)));
    }

    private static String known(List<String> names, int foreground) {
        return foreground == 1 ? "0 to " + (names.size() - 1) : "0 and " + foreground;
    }
}
