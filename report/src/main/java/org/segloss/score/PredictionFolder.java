package org.segloss.score;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.file.InputFile;
import org.segloss.format.Formats;

/// What a method predicted: the images of a folder, or, where nnU-Net trained with cross-validation, those of the
/// folders `fold_0/validation`, `fold_1/validation` and so on. All else that lies there, such as `plans.json` and
/// probabilities (`.npz`), is left alone.
///
/// @param folder    that was given
/// @param cases     the predictions by case
/// @param folds     in which fold each case was predicted; none where there are no folds
/// @param summaries nnU-Net's own scores, a `summary.json` for each folder that has one
public record PredictionFolder(
        Path folder, SortedMap<String, Path> cases, SortedMap<String, Integer> folds, List<Path> summaries) {
    private static final Pattern FOLD = Pattern.compile("fold_(\\d{1,9}|all)");
    private static final String VALIDATION = "validation";
    private static final String SUMMARY = "summary.json";

    /// @throws IOException if the folder has no prediction, or two of one case
    public static PredictionFolder of(Path folder) throws IOException {
        InputFile.checkThere(folder);
        InputFile.checkFolder(folder, "the folder of a method's predictions");
        var folds = new TreeMap<Integer, Path>();
        boolean all = false;
        List<Path> candidates = new ArrayList<>(List.of(folder.toRealPath()));
        try (Stream<Path> inside = Files.list(folder)) {
            candidates.addAll(inside.sorted().toList());
        }
        for (Path candidate : candidates) {
            Matcher name = FOLD.matcher(candidate.getFileName().toString());
            Path validation = candidate.resolve(VALIDATION);
            if (name.matches() && hasImages(validation)) {
                if (name.group(1).equals("all")) {
                    all = true;
                } else {
                    folds.put(Integer.parseInt(name.group(1)), validation);
                }
            }
        }
        if (!folds.isEmpty()) {
            return ofFolds(folder, folds);
        }
        if (!hasImages(folder)) {
            throw new IOException(
                    all
                            ? "%s has predictions of fold_all alone, which nnU-Net trains with all cases: they test nothing. Give predictions of cases that it wasn't trained on"
                                    .formatted(folder)
                            : "%s has no prediction: no file that ends with %s, and no fold_0/validation, fold_1/validation ... that has one"
                                    .formatted(folder, Formats.IMAGES.endings()));
        }
        return new PredictionFolder(
                folder,
                new TreeMap<>(ScoredFiles.files(folder, Formats.IMAGES)),
                new TreeMap<>(),
                summaries(List.of(folder)));
    }

    private static PredictionFolder ofFolds(Path folder, SortedMap<Integer, Path> places) throws IOException {
        var cases = new TreeMap<String, Path>();
        var folds = new TreeMap<String, Integer>();
        for (Map.Entry<Integer, Path> place : places.entrySet()) {
            for (Map.Entry<String, Path> prediction :
                    ScoredFiles.files(place.getValue(), Formats.IMAGES).entrySet()) {
                String id = prediction.getKey();
                Integer other = folds.put(id, place.getKey());
                if (other != null) {
                    throw new IOException(
                            "%s: the case %s was predicted in fold %d and in fold %d; a case is tested once. Are these folds of two cross-validations?"
                                    .formatted(folder, id, other, place.getKey()));
                }
                cases.put(id, prediction.getValue());
            }
        }
        return new PredictionFolder(
                folder, cases, folds, summaries(places.values().stream().toList()));
    }

    private static List<Path> summaries(List<Path> folders) {
        return folders.stream()
                .map(place -> place.resolve(SUMMARY))
                .filter(Files::isRegularFile)
                .toList();
    }

    private static boolean hasImages(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(Formats.IMAGES::include);
        }
    }

    /// {@return how cases were dealt out to folds, in short}
    String foldsText() {
        return folds.isEmpty()
                ? "no folds"
                : "the folds "
                        + new TreeSet<>(folds.values())
                                .stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
