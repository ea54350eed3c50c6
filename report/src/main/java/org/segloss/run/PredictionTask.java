package org.segloss.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.segloss.dataset.ClassLabels;
import org.segloss.dataset.LabelFiles;
import org.segloss.dataset.Marking;
import org.segloss.dataset.Region;
import org.segloss.image.LabelMap;
import org.segloss.loss.Task;
import tools.jackson.databind.node.ObjectNode;

/// What the labels of predicted files mean. `task.json` beside them holds it, so that they are scored as they were
/// trained: in a binary task any label of the reference counts as foreground.
///
/// @param classes the background included
/// @param ignored labels of references that say that nothing is known; mostly none
/// @param numbers by which files mark each class; empty where they are 0, 1, 2 and so on
/// @param regions of a multilabel task, and the numbers that belong to each
/// @param marking how references say what a voxel is
public record PredictionTask(
        Task.Kind task,
        int classes,
        SortedSet<Integer> ignored,
        List<List<Integer>> numbers,
        SequencedMap<String, List<Integer>> regions,
        Marking marking) {
    public static final String FILE = "task.json";

    private static final String IGNORED = "ignored";
    private static final String NUMBERS = "numbers";
    private static final String REGIONS = "regions";
    private static final String MARKING = "marking";
    private static final String ADVICE =
            "put back what predict or compare wrote, or delete it and say with --labels, --task and --ignore what is scored";

    /// Says it of a network that knows these classes.
    public static PredictionTask of(Task.Kind task, ClassLabels classes) {
        boolean binary = task == Task.Kind.BINARY;
        return new PredictionTask(
                task,
                binary ? 2 : classes.names().size(),
                new TreeSet<>(classes.ignored()),
                binary || classes.arePlain() ? List.of() : classes.numbers(),
                regions(classes),
                classes.marking());
    }

    private static SequencedMap<String, List<Integer>> regions(ClassLabels classes) {
        var regions = new LinkedHashMap<String, List<Integer>>();
        for (Region region : classes.scored()) {
            regions.put(
                    region.name(),
                    region.labels().stream()
                            .flatMap(label -> classes.numbers().get(label).stream())
                            .sorted()
                            .toList());
        }
        return regions;
    }

    /// Says it of a network whose classes are marked by 0, 1, 2 and so on.
    public static PredictionTask of(Task task) {
        return new PredictionTask(
                task.kind(), task.classes(), task.ignoredLabels(), List.of(), new LinkedHashMap<>(), Marking.CLASSES);
    }

    public PredictionTask {
        Objects.requireNonNull(task, "no task");
        ignored = Collections.unmodifiableSortedSet(new TreeSet<>(ignored));
        if (classes < 2) {
            throw new IllegalArgumentException("%d classes".formatted(classes));
        }
        if (ignored.contains(0)) {
            throw new IllegalArgumentException("the ignored labels are %s, but 0 is the background".formatted(ignored));
        }
        numbers = numbers.stream().map(List::copyOf).toList();
        regions = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(regions));
        if (regions.isEmpty() == (task == Task.Kind.MULTILABEL)) {
            throw new IllegalArgumentException(
                    regions.isEmpty()
                            ? "a multilabel task has regions, but none are named"
                            : "a %s task has no regions, but there are %s".formatted(task, regions.keySet()));
        }
        if (!numbers.isEmpty()) {
            if (numbers.size() != classes) {
                throw new IllegalArgumentException("%d classes have the numbers %s".formatted(classes, numbers));
            }
            classes(numbers, ignored);
        }
    }

    /// {@return what `folder` says about its files, if it does}; another program's `task.json` says nothing
    ///
    /// @throws IOException if the file is damaged: what it said of ignored labels would be lost without a word
    public static Optional<PredictionTask> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            ObjectNode tree = Documents.readTree(file, ADVICE);
            if (!tree.has("task") || !tree.has("classes")) {
                return Optional.empty();
            }
            for (String list : List.of(IGNORED, NUMBERS)) {
                if (!tree.has(list)) {
                    tree.putArray(list);
                }
            }
            if (!tree.has(REGIONS)) {
                tree.putObject(REGIONS);
            }
            if (!tree.has(MARKING)) {
                tree.put(MARKING, "classes");
            }
            return Optional.of(Documents.value(tree, PredictionTask.class));
        } catch (IllegalArgumentException e) {
            throw new IOException("%s: %s; %s".formatted(file, e.getMessage(), ADVICE), e);
        }
    }

    /// Says it about the files in `folder`.
    public void write(Path folder) throws IOException {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("task", task);
        file.put("classes", classes);
        if (!ignored.isEmpty()) {
            file.put(IGNORED, ignored);
        }
        if (!numbers.isEmpty()) {
            file.put(NUMBERS, numbers);
        }
        if (!regions.isEmpty()) {
            file.put(REGIONS, regions);
            file.put(MARKING, marking);
        }
        Documents.writeJson(folder.resolve(FILE), file);
    }

    /// {@return a prediction with the numbers that references have}, which its file has only where these are bytes
    public LabelMap inFiles(LabelMap prediction) {
        return numbers.isEmpty() ? prediction : classes(numbers, ignored).inFiles(prediction);
    }

    /// {@return the files of a reference, read as those were that the predictions' network learned}
    public LabelFiles of(LabelFiles reference) {
        List<String> names = regions.keySet().stream()
                .filter(name -> marking != Marking.RATERS || !name.equals(ClassLabels.MAJORITY))
                .toList();
        return switch (marking) {
            case CLASSES, REGIONS -> reference;
            case OVERLAPPING, RATERS, PROBABILITIES ->
                new LabelFiles(reference.files(), names, reference.image(), marking);
        };
    }

    private static ClassLabels classes(List<List<Integer>> numbers, SortedSet<Integer> ignored) {
        return new ClassLabels(
                IntStream.range(0, numbers.size()).mapToObj(String::valueOf).toList(), numbers, List.copyOf(ignored));
    }
}
