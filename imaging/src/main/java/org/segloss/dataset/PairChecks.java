package org.segloss.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;
import org.segloss.image.LabelMap;
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
    static List<Problem> labels(Path file, LabelCounts counts, ClassLabels classes) {
        if (classes.haveMask() && counts.isMask()) {
            return List.of();
        }
        var unknown = new TreeMap<>(counts.ofLabels());
        unknown.keySet().removeAll(classes.known());
        if (unknown.isEmpty()) {
            return List.of();
        }
        int value = unknown.firstKey();
        String more = unknown.size() == 1
                ? ""
                : ", also " + ClassLabels.text(unknown.tailMap(value, false).sequencedKeySet());
        return List.of(Problem.error(
                file,
                "%d voxels have the label %s%s".formatted(unknown.get(value), LabelMap.text(value), more),
                "The data set has the labels %s: correct the file or %s, or name a label of voxels that don't count by --ignore."
                        .formatted(classes.knownText(), DatasetJson.FILE)));
    }
}
