package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.segloss.file.Sha256;
import org.segloss.run.Documents;
import org.segloss.run.LossFolder;
import org.segloss.run.Manifest;
import org.segloss.run.Outcome;

/// What has been done for a loss, from what, and with which results. `stages.json` holds it; it is written after a
/// stage's results.
///
/// @param finished the stages, by name
/// @param outcome  how the training ended
record FinishedStages(Map<String, Hashes> finished, Optional<Outcome> outcome) {

    /// A finished stage.
    ///
    /// @param inputs  hash of what it was made from
    /// @param outputs hash of its files; empty for a stage that was begun and may have been broken off
    record Hashes(String inputs, String outputs) {}

    static FinishedStages none() {
        return new FinishedStages(Map.of(), Optional.empty());
    }

    /// {@return a training that is about to begin or to go on, and nothing after it}
    static FinishedStages begun(Stage training) throws IOException {
        return new FinishedStages(
                Map.of(training.name(), new Hashes(training.inputs(Sha256::of), "")), Optional.empty());
    }

    /// {@return the training alone}
    FinishedStages training() {
        var own = new TreeMap<>(finished);
        own.keySet().retainAll(List.of(TrainingStage.NAME));
        return new FinishedStages(own, outcome);
    }

    /// @throws IOException if the file is damaged; says what to do
    static FinishedStages read(LossFolder folder) throws IOException {
        Path file = folder.stages();
        if (!Files.exists(file)) {
            return none();
        }
        return Documents.readJson(
                file,
                FinishedStages.class,
                "delete the folder %s, and its training is done anew".formatted(folder.root()));
    }

    void write(LossFolder folder) throws IOException {
        Documents.writeJson(folder.stages(), this);
    }

    /// {@return whether a stage was finished with the inputs that it has, and its files are what they were then}
    boolean isDone(Stage stage) throws IOException {
        return isDone(stage, Sha256::of);
    }

    /// As [#isDone(Stage)], where the hash of a file may be known.
    boolean isDone(Stage stage, Manifest.Hash hash) throws IOException {
        Hashes then = finished.get(stage.name());
        // where it wasn't finished there may be nothing yet to hash
        return then != null && hashes(stage, hash).equals(then);
    }

    /// {@return whether a stage wasn't begun, or was with the inputs that it has}
    boolean isFrom(Stage stage) throws IOException {
        return !finished.containsKey(stage.name())
                || finished.get(stage.name()).inputs().equals(stage.inputs(Sha256::of));
    }

    /// {@return these and a training that has just ended}
    FinishedStages with(Stage training, Outcome how) throws IOException {
        return new FinishedStages(with(training).finished, Optional.of(how));
    }

    /// {@return these and one that has just been finished}
    FinishedStages with(Stage stage) throws IOException {
        var more = new TreeMap<>(finished);
        more.put(stage.name(), hashes(stage, Sha256::of));
        return new FinishedStages(more, outcome);
    }

    private static Hashes hashes(Stage stage, Manifest.Hash hash) throws IOException {
        return new Hashes(stage.inputs(hash), hash(stage.files(), hash));
    }

    private static String hash(List<Path> files, Manifest.Hash hash) throws IOException {
        var hashes = new StringBuilder();
        for (Path file : files) {
            hashes.append(Files.isRegularFile(file) ? hash.of(file) : "none").append('\n');
        }
        return Sha256.of(hashes.toString());
    }
}
