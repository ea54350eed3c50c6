package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segloss.image.Labels;
import org.segloss.io.Images;
import org.segloss.loss.Task;

/// Predicted segmentations scored against reference segmentations, from files.
///
/// @param scores      of each case, in the order of their names
/// @param unpredicted references that have no prediction
public record FileScores(List<CaseScore> scores, List<String> unpredicted) {
    /// Affines that differ by less are the same, in millimetres.
    private static final double TOLERANCE = 1e-3;

    /// Scores a file against a file, or each file of a folder against the file of the same name in another.
    ///
    /// The labels that are scored are those that `task.json` beside the predictions names; without it all that any
    /// of the files has, except 0. In a binary task, and where there is but one label besides 0, every label counts
    /// as the foreground, 1. Where the predictions have the label 1 alone and the references others, `kind`
    /// or `task.json` has to say what is meant.
    ///
    /// @param kind instead of what `task.json` says
    /// @throws IOException that names every prediction without a reference, and every pair whose shape or affine
    /// differ
    public static FileScores of(Path prediction, Path reference, Optional<Task.Kind> kind) throws IOException {
        Map<String, Path> predictions = files(prediction);
        Map<String, Path> references = files(reference);
        if (!Files.isDirectory(prediction) && !Files.isDirectory(reference)) {
            String id = predictions.keySet().iterator().next();
            references = Map.of(id, reference);
        }
        Path folder = Files.isDirectory(prediction)
                ? prediction
                : Objects.requireNonNull(prediction.toAbsolutePath().getParent(), "a file lies in a folder");
        Optional<PredictionTask> task = PredictionTask.read(folder);
        return of(predictions, references, kind, task);
    }

    private static FileScores of(
            Map<String, Path> predictions,
            Map<String, Path> references,
            Optional<Task.Kind> kind,
            Optional<PredictionTask> task)
            throws IOException {
        var problems = new ArrayList<String>();
        Map<String, Pair> pairs = new TreeMap<>();
        for (String id : predictions.keySet()) {
            Path reference = references.get(id);
            if (reference == null) {
                problems.add("%s: there is no reference of this name".formatted(predictions.get(id)));
                continue;
            }
            var pair = new Pair(Images.readLabels(predictions.get(id)), Images.readLabels(reference));
            pair.mismatch().ifPresent(text -> problems.add("%s: %s".formatted(predictions.get(id), text)));
            pairs.put(id, pair);
        }
        if (!problems.isEmpty()) {
            throw new IOException(
                    problems.size() == 1
                            ? problems.getFirst()
                            : "%d of %d predictions can't be scored:\n  ".formatted(problems.size(), predictions.size())
                                    + String.join("\n  ", problems));
        }
        var labels = new TreeSet<Integer>();
        pairs.values().forEach(pair -> {
            labels.addAll(labels(pair.prediction()));
            labels.addAll(labels(pair.reference()));
        });
        if (kind.isEmpty() && task.isEmpty()) {
            checkClear(pairs.values(), labels);
        }
        boolean binary = kind.or(() -> task.map(PredictionTask::task))
                .map(k -> k == Task.Kind.BINARY)
                .orElse(labels.size() <= 1);
        List<Integer> classes =
                binary ? List.of(1) : task.map(PredictionTask::labels).orElse(List.copyOf(labels));
        var scores = new ArrayList<CaseScore>();
        pairs.forEach((id, pair) -> scores.addAll(pair.scores(id, binary, classes)));
        List<String> unpredicted = references.keySet().stream()
                .filter(id -> !predictions.containsKey(id))
                .toList();
        return new FileScores(scores, unpredicted);
    }

    /// A binary prediction would be scored as if it had missed all labels but the first.
    private static void checkClear(Collection<Pair> pairs, SortedSet<Integer> labels) throws IOException {
        var predicted = new TreeSet<Integer>();
        pairs.forEach(pair -> predicted.addAll(labels(pair.prediction())));
        if (predicted.equals(Set.of(1)) && labels.size() > 1) {
            throw new IOException(
                    "the predictions have the label 1 alone, the references also %s: say --task binary if 1 stands for any label, or --task multiclass"
                            .formatted(labels.tailSet(2)));
        }
    }

    /// {@return the labels that are there, without 0}
    private static SortedSet<Integer> labels(Labels labels) {
        long[] histogram = labels.histogram();
        return IntStream.range(1, histogram.length)
                .filter(label -> histogram[label] > 0)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private record Pair(Labels prediction, Labels reference) {

        Optional<String> mismatch() {
            var here = prediction.geometry();
            var there = reference.geometry();
            if (!here.sameShape(there)) {
                return Optional.of(
                        "%s voxels, but its reference has %s".formatted(here.shapeText(), there.shapeText()));
            }
            if (!here.samePlace(there, TOLERANCE)) {
                return Optional.of(
                        "affine %s, but its reference has %s".formatted(here.affineText(), there.affineText()));
            }
            return Optional.empty();
        }

        List<CaseScore> scores(String id, boolean binary, List<Integer> classes) {
            return binary
                    ? CaseScore.of(id, Experiment.anyLabel(prediction), Experiment.anyLabel(reference), classes)
                    : CaseScore.of(id, prediction, reference, classes);
        }
    }

    /// The image files at a path, by id.
    private static Map<String, Path> files(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new IOException(path + ": there is no such file or folder");
        }
        if (!Files.isDirectory(path)) {
            return Map.of(Predictions.id(path), path);
        }
        Map<String, Path> files = new TreeMap<>();
        Map<String, Path> twice = new HashMap<>();
        try (Stream<Path> all = Files.list(path)) {
            all.filter(Predictions::isImage).sorted().forEach(file -> {
                Path other = files.put(Predictions.id(file), file);
                if (other != null) {
                    twice.put(Predictions.id(file), other);
                }
            });
        }
        if (!twice.isEmpty()) {
            throw new IOException("%s has two files named %s; one has to go"
                    .formatted(path, twice.keySet().iterator().next()));
        }
        if (files.isEmpty()) {
            throw new IOException(path + " has no .nii.gz, .nii or .png file");
        }
        return files;
    }
}
