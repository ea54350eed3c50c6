package org.segloss.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.segloss.dataset.ClassLabels;
import org.segloss.file.Json;
import org.segloss.loss.Task;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The settings of a run as its `experiment.yaml` holds them: a tree, for whoever reads it without the types
/// that decide a training.
public final class RunSettings {
    private static final String REMEDY = "undo what was changed in it, or begin a new run";

    private final Path file;
    private final JsonNode tree;
    private final String data;
    private final Task.Kind task;
    private final SortedSet<Integer> ignored;
    private final ClassLabels labels;
    private final List<String> losses;
    private final List<Long> seeds;
    private final List<Integer> folds;

    private RunSettings(Path file, JsonNode tree) throws IOException {
        this.file = file;
        this.tree = tree;
        data = value("data", String.class);
        task = value("training.task.kind", Task.Kind.class);
        ignored = new TreeSet<>(list("training.task.ignored-labels", Integer[].class));
        labels = value("training.labels", ClassLabels.class);
        if (!labels.ignoredLabels().equals(ignored)) {
            throw unreadable(
                    file,
                    "training.task.ignored-labels: %s were expected, which 'training.labels' leave out, not %s"
                            .formatted(labels.ignoredLabels(), ignored));
        }
        losses = list("losses", String[].class);
        seeds = list("seeds", Long[].class);
        folds = tree.has("extent") ? list("extent.folds", Integer[].class) : List.of();
    }

    /// Reads `experiment.yaml`.
    ///
    /// @throws IOException if the file is none, or one of an earlier version; says what to do
    public static RunSettings read(Path file) throws IOException {
        return new RunSettings(file, tree(file));
    }

    /// {@return what `experiment.yaml` holds}, for whoever has the types that decide a training
    ///
    /// @throws IOException if the file is none, or one of an earlier version; says what to do
    public static ObjectNode tree(Path file) throws IOException {
        ObjectNode tree = Documents.readYaml(file, REMEDY);
        if (tree.has("network")) {
            throw new IOException(
                    "%s was written by an earlier version of Segloss, which still repeats its run; begin a new one with the options that stand in it"
                            .formatted(file));
        }
        for (String name : List.of("losses", "seeds")) {
            if (!tree.path(name).isArray() || tree.path(name).isEmpty()) {
                throw unreadable(file, "'%s' has to be a list of at least one".formatted(name));
            }
        }
        return tree;
    }

    /// {@return what to throw where `experiment.yaml` is not what it should be}
    public static IOException unreadable(Path file, String problem) {
        return new IOException(Documents.unreadable(file, problem, REMEDY));
    }

    /// {@return the losses' texts}
    public List<String> losses() {
        return losses;
    }

    /// {@return the seeds of the trainings in each fold}
    public List<Long> seeds() {
        return seeds;
    }

    /// {@return the folds that are done, of so many}
    public List<Integer> folds(int all) {
        return folds.isEmpty() ? IntStream.range(0, all).boxed().toList() : folds;
    }

    /// {@return the folder of the data set}
    public String data() {
        return data;
    }

    public Task.Kind task() {
        return task;
    }

    /// {@return the labels of voxels that don't count}
    public SortedSet<Integer> ignored() {
        return Collections.unmodifiableSortedSet(ignored);
    }

    /// {@return what the classes are called, and by which numbers files mark them}
    public ClassLabels labels() {
        return labels;
    }

    /// {@return a setting as it stands in the file}
    ///
    /// @param path names between dots, such as `training.steps`
    /// @throws IOException if the file doesn't have it, or it has parts
    public String text(String path) throws IOException {
        JsonNode node = node(path);
        if (node.isContainer()) {
            throw unreadable(file, "%s: one value was expected, not %s".formatted(path, node));
        }
        return node.asString();
    }

    /// {@return a setting, or a part of the settings, as a value}
    ///
    /// @param path names between dots, such as `training.preprocessing.spacing`
    /// @throws IOException if the file doesn't have it, or it is no such value
    public <T> T value(String path, Class<T> type) throws IOException {
        JsonNode node = node(path);
        try {
            return Documents.value(node, type);
        } catch (IllegalArgumentException e) {
            throw unreadable(file, "%s: %s".formatted(path, e.getMessage()));
        }
    }

    /// {@return every setting of the trainings}, by its name and in the order of the file: one that is new is among
    /// them
    public Map<String, String> training() {
        return Json.values(tree.path("training"));
    }

    private <T> List<T> list(String path, Class<T[]> type) throws IOException {
        List<T> values = Arrays.asList(value(path, type));
        if (values.contains(null)) {
            throw unreadable(file, path + ": a value is missing");
        }
        return List.copyOf(values);
    }

    private JsonNode node(String path) throws IOException {
        JsonNode node = tree;
        for (String name : path.split("\\.")) {
            node = node.path(name);
        }
        if (node.isMissingNode() || node.isNull()) {
            throw unreadable(file, path + ": a value is missing");
        }
        return node;
    }
}
