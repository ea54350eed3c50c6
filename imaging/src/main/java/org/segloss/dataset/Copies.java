package org.segloss.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.segloss.layout.Problem;

/// Files of different cases that hold the same voxels.
final class Copies {
    private Copies() {}

    static List<Problem> find(List<FileFacts> images, List<FileFacts> labels) {
        var problems = new ArrayList<Problem>();
        find(images, "image", "A case that is there twice may be in training and in test: remove one.", problems);
        // empty segmentations are all the same, and say nothing
        var labelled = labels.stream().filter(label -> label.foreground() > 0).toList();
        find(labelled, "segmentation", "One of the two does not belong to its image: get it again.", problems);
        return problems;
    }

    private static void find(List<FileFacts> files, String kind, String fix, List<Problem> problems) {
        var first = new HashMap<String, FileFacts>();
        for (FileFacts file : files) {
            if (file.geometry().isEmpty()) {
                continue;
            }
            FileFacts other = first.putIfAbsent(file.hash(), file);
            if (other != null) {
                problems.add(Problem.warning(
                        other.file(),
                        "this %s is the same, voxel for voxel, as %s"
                                .formatted(kind, file.file().getFileName()),
                        fix));
            }
        }
    }
}
