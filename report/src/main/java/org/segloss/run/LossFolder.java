package org.segloss.run;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.segloss.decide.Decision;
import org.segloss.file.AtomicFile;
import org.segloss.file.Temporary;
import org.segloss.format.Formats;

/// Where one training with one loss keeps its files.
public record LossFolder(Path root) {
    private static final String AFTER = "after-";
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

    /// {@return where predictions lie that another rule made than the first of the run}
    public Path predictions(Decision decision) {
        return predictions().resolve(decision.toString());
    }

    /// {@return the scores of the probabilities, which are not kept}
    public Path calibration() {
        return root.resolve("calibration.csv");
    }

    public Path scores() {
        return root.resolve("scores.csv");
    }

    public Path stages() {
        return root.resolve("stages.json");
    }

    /// {@return the folder of what was left after fewer steps, before the training was extended}; it holds the
    /// same files, but the events
    public LossFolder after(int steps) {
        return new LossFolder(root.resolve(AFTER + steps));
    }

    /// Keeps what is here as what was left [after][#after] so many steps. What grows is copied; a disk holds the rest
    /// once, as long as it stays as it is.
    public void keep(int steps) throws IOException {
        Path kept = after(steps).root;
        try (Temporary temporary = Temporary.beside(kept)) {
            var copy = new LossFolder(temporary.path());
            Files.createDirectories(copy.root);
            for (Path file : List.of(
                    training(),
                    validation(),
                    checkpoint(),
                    ThresholdFile.of(checkpoint()),
                    calibration(),
                    scores(),
                    stages())) {
                if (Files.exists(file)) {
                    Files.copy(file, copy.root.resolve(file.getFileName()));
                }
            }
            for (Path folder : allPredictions().filter(Files::isDirectory).toList()) {
                Path target = copy.root.resolve(root.relativize(folder));
                Files.createDirectories(target);
                for (Path file : predicted(folder)) {
                    link(file, target.resolve(file.getFileName()));
                }
            }
            // what an earlier start left there was not whole
            after(steps).clear();
            deleteIfEmpty(kept);
            Files.move(temporary.path(), kept);
        }
    }

    /// Begins with the training of another folder, which is done and stays as it is.
    public void adopt(LossFolder from) throws IOException {
        for (Path file : List.of(from.training(), from.validation(), from.checkpoint())) {
            if (Files.exists(file)) {
                AtomicFile.write(root.resolve(file.getFileName()), out -> Files.copy(file, out));
            }
        }
    }

    private static List<Path> predicted(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> Formats.IMAGES.include(file)
                            || file.getFileName().toString().equals(PredictionTask.FILE))
                    .toList();
        }
    }

    /// Not every file system has links, and none need be followed.
    private static void link(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (UnsupportedOperationException | FileSystemException _) {
            Files.copy(from, to);
        }
    }

    private List<LossFolder> kept() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(root)) {
            return files.filter(file ->
                            file.getFileName().toString().matches(AFTER + "\\d{1,9}") && Files.isDirectory(file))
                    .map(LossFolder::new)
                    .toList();
        }
    }

    /// Deletes what a program that was killed left half written.
    public void sweep() throws IOException {
        for (Path folder : Stream.concat(Stream.of(root), allPredictions()).toList()) {
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
        for (LossFolder kept : kept()) {
            kept.clear();
            deleteIfEmpty(kept.root);
        }
        clearResults();
        for (Path file : List.of(training(), validation(), checkpoint(), events(), stages())) {
            Files.deleteIfExists(file);
        }
    }

    private Stream<Path> allPredictions() {
        // first what lies in another one
        return Stream.concat(Arrays.stream(Decision.values()).map(this::predictions), Stream.of(predictions()));
    }

    /// Deletes what was made with the network, and nothing else.
    public void clearResults() throws IOException {
        for (Path folder : allPredictions().toList()) {
            clearPredictions(folder);
        }
        for (Path file : List.of(scores(), calibration(), ThresholdFile.of(checkpoint()))) {
            Files.deleteIfExists(file);
        }
    }

    private static void clearPredictions(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            for (Path file : predicted(folder)) {
                Files.delete(file);
            }
            deleteIfEmpty(folder);
        }
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
