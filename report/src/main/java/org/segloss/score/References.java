package org.segloss.score;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.LabelFiles;
import org.segloss.format.Formats;
import org.segloss.layout.LabelFile;
import org.segloss.layout.Layouts;

/// Finds the segmentations that predictions are scored against, by the names of the cases.
final class References {
    private References() {}

    /// {@return the segmentations of each case}: the files of a folder, which are named as the predictions or
    /// have a word such as `_mask` besides; or those of a data set, where the folder is one or a part of one
    ///
    /// @param predicted the cases of the predictions
    static SortedMap<String, LabelFiles> of(Path reference, Collection<String> predicted) throws IOException {
        SortedMap<String, LabelFiles> named = new TreeMap<>();
        if (!Files.isDirectory(reference) || Formats.IMAGES.isImageFolder(reference) || hasImages(reference)) {
            ScoredFiles.files(reference, Formats.IMAGES).forEach((id, file) -> named.put(id, LabelFiles.of(file)));
        }
        if (!Files.isDirectory(reference) || !Collections.disjoint(named.keySet(), predicted)) {
            return named;
        }
        SortedMap<String, LabelFiles> bare = new TreeMap<>();
        named.forEach((id, files) -> bare.put(Layouts.withoutLabelWord(id), files));
        if (bare.size() == named.size() && !Collections.disjoint(bare.keySet(), predicted)) {
            return bare;
        }
        return ofDataset(reference)
                .filter(found -> !Collections.disjoint(found.keySet(), predicted))
                .or(() -> Optional.of(named).filter(found -> !found.isEmpty()))
                .orElseThrow(() ->
                        new IOException("%s has no file that ends with %s, and is no data set of these predictions"
                                .formatted(reference, Formats.IMAGES.endings())));
    }

    private static boolean hasImages(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.anyMatch(Formats.IMAGES::include);
        }
    }

    private static Optional<SortedMap<String, LabelFiles>> ofDataset(Path folder) throws IOException {
        Path whole = folder.toRealPath();
        for (Path root : List.of(whole, Dataset.folderOf(folder))) {
            List<Dataset.Entry> cases;
            try {
                cases = Dataset.entries(root, Optional.empty());
            } catch (IOException _) {
                // no data set: whoever asks has a message of its own
                continue;
            }
            List<String> structures = LabelFiles.structures(cases);
            SortedMap<String, LabelFiles> found = new TreeMap<>();
            for (Dataset.Entry entry : cases) {
                List<LabelFile> inside = entry.labels().stream()
                        .filter(label -> label.file().startsWith(whole))
                        .toList();
                if (!inside.isEmpty()) {
                    found.put(entry.id(), new LabelFiles(inside, structures, Optional.of(entry.image())));
                }
            }
            if (!found.isEmpty()) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }
}
