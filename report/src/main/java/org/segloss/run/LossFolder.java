package org.segloss.run;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.segloss.file.AtomicFile;
import org.segloss.file.Temporary;
import org.segloss.format.Formats;

/// Where one training with one loss keeps its files.
public record LossFolder(Path root) {
    private static final String EVENTS = "events.out.tfevents.segloss";

    public Path training() {
        return root.resolve("training.csv");
    }

    public Path checkpoint() {
        return root.resolve("checkpoint.safetensors");
    }

    public Path validation() {
        return root.resolve("validation.csv");
    }

    /// For TensorBoard.
    public Path events() {
        return root.resolve(EVENTS);
    }

    public Path predictions() {
        return root.resolve("predictions");
    }

    public Path scores() {
        return root.resolve("scores.csv");
    }

    public Path stages() {
        return root.resolve("stages.json");
    }

    /// Deletes what a program that was killed left half written.
    public void sweep() throws IOException {
        for (Path folder : List.of(root, predictions())) {
            if (Files.isDirectory(folder)) {
                Temporary.sweep(folder);
            }
        }
    }

    /// Puts copies in the place of the files that grow: a program that was stopped and has lost the folder may
    /// have them open.
    public void detach() throws IOException {
        for (Path file : List.of(training(), validation(), events())) {
            AtomicFile.detach(file);
        }
    }

    /// Deletes what a training and its stages wrote here, and nothing else.
    public void clear() throws IOException {
        sweep();
        clearResults();
        for (Path file : List.of(training(), validation(), checkpoint(), events(), stages())) {
            Files.deleteIfExists(file);
        }
    }

    /// Deletes the predictions and their scores, and nothing else.
    public void clearResults() throws IOException {
        if (Files.isDirectory(predictions())) {
            List<Path> predicted;
            try (Stream<Path> files = Files.list(predictions())) {
                predicted = files.filter(Formats.IMAGES::include).toList();
            }
            for (Path file : predicted) {
                Files.delete(file);
            }
            Files.deleteIfExists(predictions().resolve(PredictionTask.FILE));
        }
        Files.deleteIfExists(scores());
        deleteIfEmpty(predictions());
    }

    static boolean deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
            return true;
        } catch (DirectoryNotEmptyException _) {
            return false;
        }
    }
}
