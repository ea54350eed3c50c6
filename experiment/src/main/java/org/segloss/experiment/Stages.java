package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.segloss.file.Sha256;
import org.segloss.run.Documents;
import org.segloss.run.LossFolder;
import org.segloss.run.Outcome;

/// What has been done for a loss, from what, and with which results. `stages.json` holds it; it is written after a
/// stage's results.
///
/// @param finished the stages, by name
/// @param outcome  how the training ended
record Stages(Map<String, Stage> finished, Optional<Outcome> outcome) {

    /// A finished stage.
    ///
    /// @param inputs  hash of what it was made from
    /// @param outputs hash of its files
    record Stage(String inputs, String outputs) {}

    static Stages none() {
        return new Stages(Map.of(), Optional.empty());
    }

    /// @throws IOException if the file is damaged; says what to do
    static Stages read(LossFolder folder) throws IOException {
        Path file = folder.stages();
        if (!Files.exists(file)) {
            return none();
        }
        try {
            return Documents.readJson(file, Stages.class);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "%s; delete the folder %s, and its training is done anew".formatted(e.getMessage(), folder.root()),
                    e);
        }
    }

    void write(LossFolder folder) throws IOException {
        Documents.writeJson(folder.stages(), this);
    }

    /// {@return whether a stage was finished with these inputs, and its files are what they were then}
    boolean isDone(String stage, String inputs, List<Path> files) throws IOException {
        return new Stage(inputs, hash(files)).equals(finished.get(stage));
    }

    /// {@return whether a stage wasn't finished, or was with these inputs}
    boolean isFrom(String stage, String inputs) {
        return !finished.containsKey(stage) || finished.get(stage).inputs().equals(inputs);
    }

    Stages trained(String inputs, List<Path> files, Outcome how) throws IOException {
        return new Stages(Map.of("training", new Stage(inputs, hash(files))), Optional.of(how));
    }

    Stages done(String stage, String inputs, List<Path> files) throws IOException {
        var more = new TreeMap<>(finished);
        more.put(stage, new Stage(inputs, hash(files)));
        return new Stages(more, outcome);
    }

    private static String hash(List<Path> files) throws IOException {
        var hashes = new StringBuilder();
        for (Path file : files) {
            hashes.append(Files.isRegularFile(file) ? Sha256.of(file) : "none").append('\n');
        }
        return Sha256.of(hashes.toString());
    }
}
