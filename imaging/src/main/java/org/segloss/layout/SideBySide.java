package org.segloss.layout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Images and segmentations in one folder, told apart by a word in the segmentations' names: `a.png` and
/// `a_mask.png`, or `a-t1.nii.gz`, `a-t2.nii.gz` and `a-seg.nii.gz`. Likewise in the folders `train`, `val`
/// and `test`.
final class SideBySide implements Layout {

    @Override
    public List<Found> find(Folder root, Conventions conventions) throws IOException {
        var parts = new ArrayList<Found>();
        for (Path folder : root.folders()) {
            Optional<Side> side = Side.of(Folder.name(folder));
            if (side.isPresent()) {
                parts.add(read(Folder.list(folder), conventions, side));
            }
        }
        parts.add(read(root, conventions, Optional.empty()));
        Found all = Parts.joined("one-folder", "images and segmentations in one folder", parts);
        return all.complete() > 0 ? List.of(all) : List.of();
    }

    private static Found read(Folder folder, Conventions conventions, Optional<Side> side) {
        var problems = new ArrayList<Problem>();
        var segmentations = new ArrayList<Path>();
        var images = new ArrayList<Path>();
        for (Path file : folder.images()) {
            String stem = Folder.stem(file);
            (Words.withoutLabelWord(stem).equals(stem) ? images : segmentations).add(file);
        }
        Matching matching = Matching.of(images, Matching.whole(segmentations, problems), conventions.suffixed());
        if (matching.cases(side).stream().noneMatch(FoundCase::isComplete)) {
            return sequences(images, segmentations, side, problems);
        }
        problems.addAll(matching.problems());
        List<String> channels = matching.channels();
        return Parts.of(channels.size() > 1 ? channels : List.of(), matching.cases(side), List.of(), problems);
    }

    /// Channels are what an image's name says behind the name of its case.
    private static Found sequences(
            List<Path> images, List<Path> segmentations, Optional<Side> side, List<Problem> problems) {
        Map<String, List<LabelFile>> labels = new LinkedHashMap<>();
        segmentations.forEach(
                file -> labels.put(Words.withoutLabelWord(Folder.stem(file)), List.of(new LabelFile(file))));
        Map<String, CaseFolders.Channels> channels = new LinkedHashMap<>();
        for (String id : labels.keySet()) {
            List<Path> own = images.stream()
                    .filter(file -> !Parts.withoutId(id, Folder.stem(file)).equals(Folder.stem(file)))
                    .toList();
            channels.put(id, CaseFolders.Channels.of(id, own));
        }
        return CaseFolders.together(channels, labels, side, problems, List.of());
    }
}
