package org.segloss.run;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.segloss.loss.Task;

/// What the labels of predicted files mean. `task.json` beside them holds it, so that they are scored as they were
/// trained: in a binary task any label of the reference counts as foreground.
///
/// @param classes the background included
public record PredictionTask(Task.Kind task, int classes) {
    public static final String FILE = "task.json";

    public static PredictionTask of(Task task) {
        return new PredictionTask(task.kind(), task.classes());
    }

    public PredictionTask {
        Objects.requireNonNull(task, "no task");
        if (classes < 2) {
            throw new IllegalArgumentException("%d classes".formatted(classes));
        }
    }

    /// {@return what `folder` says about its files, if it does}; another program's `task.json` says nothing
    public static Optional<PredictionTask> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Documents.readJson(file, PredictionTask.class, "delete it"));
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// Says it about the files in `folder`.
    public void write(Path folder) throws IOException {
        Documents.writeJson(folder.resolve(FILE), this);
    }

    /// {@return the labels to score: all but the background}
    public List<Integer> labels() {
        return IntStream.range(1, classes).boxed().toList();
    }
}
