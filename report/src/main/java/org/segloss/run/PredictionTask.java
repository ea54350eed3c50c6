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
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.segloss.image.Labels;
import org.segloss.loss.Task;
import tools.jackson.databind.node.ObjectNode;

/// What the labels of predicted files mean. `task.json` beside them holds it, so that they are scored as they were
/// trained: in a binary task any label of the reference counts as foreground.
///
/// @param classes the background included
/// @param ignored labels of references that say that nothing is known; mostly none
public record PredictionTask(Task.Kind task, int classes, SortedSet<Integer> ignored) {
    public static final String FILE = "task.json";

    private static final String IGNORED = "ignored";
    private static final String ADVICE =
            "put back what predict or compare wrote, or delete it and say with --labels, --task and --ignore what is scored";

    public static PredictionTask of(Task task) {
        return new PredictionTask(task.kind(), task.classes(), task.ignoredLabels());
    }

    public PredictionTask {
        Objects.requireNonNull(task, "no task");
        ignored = Collections.unmodifiableSortedSet(new TreeSet<>(ignored));
        if (classes < 2) {
            throw new IllegalArgumentException("%d classes".formatted(classes));
        }
        if (!ignored.isEmpty() && (ignored.first() < 1 || ignored.last() > Labels.LARGEST)) {
            throw new IllegalArgumentException(
                    "the ignored labels are %s, but should be from 1 to %d".formatted(ignored, Labels.LARGEST));
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
            if (!tree.has(IGNORED)) {
                tree.putArray(IGNORED);
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
        Documents.writeJson(folder.resolve(FILE), file);
    }

    /// {@return the labels to score: all but the background}
    public List<Integer> labels() {
        return IntStream.range(1, classes).boxed().toList();
    }
}
