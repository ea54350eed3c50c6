package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.segloss.file.InputFile;
import org.segloss.format.Formats;
import org.segloss.format.Images;

/// The images and segmentations that lie in a data set's folder, by case, and what is wrong with their names.
///
/// @param images   file of each case, sorted by id
/// @param labels   file of each case, sorted by id; not always the same cases
/// @param problems pairs that are not complete, files that are not read
record CaseFiles(
        Path root,
        DatasetJson json,
        SortedMap<String, Path> images,
        SortedMap<String, Path> labels,
        List<Problem> problems) {

    /// The folders of images and segmentations that are known, in the order in which they are tried.
    private static final List<List<String>> LAYOUTS =
            List.of(List.of("imagesTr", "labelsTr"), List.of("images", "masks"), List.of("images", "labels"));

    /// {@return whether a file may be one of a data set's, by its name in the set's folder}, with slashes
    static boolean mayHave(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0 || LAYOUTS.stream().flatMap(List::stream).anyMatch(name.substring(0, slash)::equals);
    }

    /// @throws IOException if the folder is no data set at all
    static CaseFiles find(Path root) throws IOException {
        InputFile.checkFolder(root, "the folder of a data set");
        var problems = new ArrayList<Problem>();
        DatasetJson json = DatasetJson.read(root);
        for (List<String> layout : LAYOUTS) {
            Path images = root.resolve(layout.getFirst());
            Path labels = root.resolve(layout.getLast());
            if (Files.isDirectory(images) && Files.isDirectory(labels)) {
                var imageFiles = files(images, json.suffixed(), problems);
                var labelFiles = files(labels, false, problems);
                var found = new CaseFiles(root, json, imageFiles, labelFiles, problems);
                found.checkPairs();
                return found;
            }
        }
        throw new IOException(root + ": this is no data set. Expected are the folders imagesTr and labelsTr (with a"
                + " dataset.json), or images and masks, with files of the same names.");
    }

    /// {@return the ids that have both files}
    List<String> complete() {
        return images.keySet().stream().filter(labels::containsKey).toList();
    }

    /// {@return these cases}
    List<Dataset.Entry> entries() {
        return complete().stream()
                .map(id -> new Dataset.Entry(id, images.get(id), labels.get(id)))
                .toList();
    }

    private static SortedMap<String, Path> files(Path folder, boolean suffixed, List<Problem> problems)
            throws IOException {
        List<Path> all;
        try (Stream<Path> list = Files.list(folder)) {
            // names with a dot in front are the system's own, such as .DS_Store and ._case.nii.gz
            all = list.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
        var files = new TreeMap<String, Path>();
        var others = new ArrayList<Path>();
        for (Path file : all) {
            String id = Formats.IMAGES.withoutEnding(file);
            if (id.equals(file.getFileName().toString()) || Files.isDirectory(file)) {
                others.add(file);
                continue;
            }
            if (suffixed && id.matches(".*_\\d{4}")) {
                if (!id.endsWith("_0000")) {
                    problems.add(Problem.error(
                            file,
                            "this is a further channel of a case",
                            "Channels in files of their own are not read: join them in one 4-D file."));
                    continue;
                }
                id = id.substring(0, id.length() - 5);
            }
            Path other = files.putIfAbsent(id, file);
            if (other != null) {
                problems.add(Problem.error(
                        file, "there is also " + other.getFileName(), "A case has one file: remove one of the two."));
            }
        }
        if (!others.isEmpty()) {
            for (Path file : files.values()) {
                others.removeAll(Images.files(file));
            }
        }
        if (!others.isEmpty()) {
            problems.add(Problem.warning(
                    folder,
                    "%d of the files are no images, the first is %s"
                            .formatted(others.size(), others.getFirst().getFileName()),
                    "They are not read: images end with %s.".formatted(Formats.IMAGES.endings())));
        }
        return files;
    }

    private void checkPairs() {
        if (images.isEmpty() && labels.isEmpty()) {
            problems.add(Problem.error(
                    root, "there are no cases", "Put images and segmentations of the same names into its folders."));
        }
        images.forEach((id, file) -> {
            if (!labels.containsKey(id)) {
                problems.add(Problem.error(
                        file, "this image has no segmentation", "Add one of the same name, or remove the image."));
            }
        });
        labels.forEach((id, file) -> {
            if (!images.containsKey(id)) {
                problems.add(Problem.error(
                        file,
                        "this segmentation has no image",
                        "Add one of the same name, or remove the segmentation."));
            }
        });
        var missing = json.training().stream()
                .filter(id -> !images.containsKey(id) && !labels.containsKey(id))
                .toList();
        if (!missing.isEmpty()) {
            problems.add(Problem.error(
                    root.resolve(DatasetJson.FILE),
                    "it lists %d cases that have no files, the first is %s"
                            .formatted(missing.size(), missing.getFirst()),
                    "Add the files, or remove the cases from the list."));
        }
    }
}
