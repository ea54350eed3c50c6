package org.segloss.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.segloss.file.Json;
import org.segloss.loss.Task;
import tools.jackson.databind.JsonNode;

/// The settings of a run as its `experiment.yaml` holds them: a tree, for whoever reads it without the types
/// that decide a training.
public final class RunSettings {
    private final Path file;
    private final JsonNode tree;
    private final String data;
    private final Task.Kind task;
    private final List<String> losses;
    private final List<Long> seeds;

    private RunSettings(Path file, JsonNode tree) throws IOException {
        this.file = file;
        this.tree = tree;
        data = value("data", String.class);
        task = value("training.task.kind", Task.Kind.class);
        losses = List.of(value("losses", String[].class));
        seeds = List.of(value("seeds", Long[].class));
    }

    /// Reads `experiment.yaml`.
    public static RunSettings read(Path file) throws IOException {
        return new RunSettings(file, Documents.readYaml(file, JsonNode.class));
    }

    /// {@return the losses' texts}
    public List<String> losses() {
        return losses;
    }

    /// {@return the seeds of the trainings in each fold}
    public List<Long> seeds() {
        return seeds;
    }

    /// {@return the folder of the data set}
    public String data() {
        return data;
    }

    public Task.Kind task() {
        return task;
    }

    /// {@return a setting as it stands in the file}
    ///
    /// @param path names between dots, such as `training.steps`
    /// @throws IOException if the file doesn't have it
    public String text(String path) throws IOException {
        return node(path).asString();
    }

    /// {@return a setting, or a part of the settings, as a value}
    ///
    /// @param path names between dots, such as `training.preprocessing.spacing`
    /// @throws IOException if the file doesn't have it, or it is no such value
    public <T> T value(String path, Class<T> type) throws IOException {
        return Documents.value(file, path, node(path), type);
    }

    /// {@return every setting of the trainings}, by its name and in the order of the file: one that is new is among
    /// them
    public Map<String, String> training() {
        return Json.values(tree.path("training"));
    }

    private JsonNode node(String path) throws IOException {
        JsonNode node = tree;
        for (String name : path.split("\\.")) {
            node = node.path(name);
        }
        if (node.isMissingNode() || node.isNull()) {
            throw new IOException(Documents.unreadable(file, path + ": a value is missing"));
        }
        return node;
    }
}
