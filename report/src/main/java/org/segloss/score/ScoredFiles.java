package org.segloss.score;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.segloss.dataset.LabelFiles;
import org.segloss.file.InputFile;
import org.segloss.format.Formats;

/// Which files belong together, by the names of the cases: the predictions' names, in order.
///
/// @param folder        that the predictions are in
/// @param probabilities none where none were asked for
record ScoredFiles(
        Path folder,
        Map<String, Path> predictions,
        Map<String, LabelFiles> references,
        Map<String, Path> probabilities) {

    /// A file goes with any file, and a file of a folder with that of its name.
    static ScoredFiles of(Path prediction, Path reference, Optional<Path> probabilities) throws IOException {
        Map<String, Path> predictions = files(prediction, Formats.IMAGES);
        if (isFolder(prediction)) {
            checkIsFolder(reference, prediction, "their references");
            if (probabilities.isPresent()) {
                checkIsFolder(probabilities.get(), prediction, "their probabilities");
            }
            Map<String, Path> maps = probabilities.isPresent() ? files(probabilities.get(), Formats.ARRAYS) : Map.of();
            return new ScoredFiles(prediction, predictions, References.of(reference, predictions.keySet()), maps);
        }
        String id = predictions.keySet().iterator().next();
        Path folder = Objects.requireNonNull(prediction.toAbsolutePath().getParent(), "a file lies in a folder");
        Map<String, LabelFiles> references = References.of(reference, predictions.keySet());
        Map<String, Path> maps = probabilities.isPresent() ? files(probabilities.get(), Formats.ARRAYS) : Map.of();
        return new ScoredFiles(folder, predictions, named(id, reference, references), named(id, probabilities, maps));
    }

    /// {@return whether a path holds several files, and isn't one}
    private static boolean isFolder(Path path) {
        return Files.isDirectory(path) && !Formats.ARRAYS.isImageFolder(path);
    }

    private static void checkIsFolder(Path path, Path predictions, String what) throws IOException {
        InputFile.checkThere(path);
        InputFile.checkFolder(
                path,
                "the folder of %s, as the predictions are a folder (%s), or one prediction"
                        .formatted(what, predictions));
    }

    /// {@return the references that no prediction goes with}
    List<String> unpredicted() {
        return references.keySet().stream()
                .filter(id -> !predictions.containsKey(id))
                .toList();
    }

    private static Map<String, Path> named(String id, Optional<Path> path, Map<String, Path> found) {
        return path.isPresent() ? named(id, path.get(), found) : found;
    }

    private static <T> Map<String, T> named(String id, Path path, Map<String, T> found) {
        if (!isFolder(path)) {
            return Map.of(id, found.values().iterator().next());
        }
        // the others weren't asked for
        return found.containsKey(id) ? Map.of(id, found.get(id)) : Map.of();
    }

    /// The files at a path, by id.
    static Map<String, Path> files(Path path, Formats<?> formats) throws IOException {
        InputFile.checkThere(path);
        if (!isFolder(path)) {
            return Map.of(formats.withoutEnding(path), path);
        }
        Map<String, Path> files = new TreeMap<>();
        Map<String, Path> twice = new HashMap<>();
        try (Stream<Path> all = Files.list(path)) {
            all.filter(formats::include).sorted().forEach(file -> {
                String id = formats.withoutEnding(file);
                Path other = files.put(id, file);
                if (other != null) {
                    twice.put(id, other);
                }
            });
        }
        if (!twice.isEmpty()) {
            throw new IOException("%s has two files named %s; one has to go"
                    .formatted(path, twice.keySet().iterator().next()));
        }
        if (files.isEmpty()) {
            throw new IOException("%s has no file that ends with %s".formatted(path, formats.endings()));
        }
        return files;
    }
}
