package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.segloss.fit.Trainer;

/// What has been done for a loss, and from what. `stages.json` holds it; it is written after a stage's results, so what
/// it names is there whole.
///
/// @param inputs  the hash of what each finished stage was made from
/// @param outcome how the training ended
record Stages(Map<String, String> inputs, Optional<Outcome> outcome) {

    /// @param step the last one, or the one at which the loss was no longer finite
    record Outcome(Trainer.Status status, int step) {}

    static Stages none() {
        return new Stages(Map.of(), Optional.empty());
    }

    static Stages read(LossFolder folder) throws IOException {
        Path file = folder.stages();
        return Files.exists(file) ? Documents.readJson(file, Stages.class) : none();
    }

    void write(LossFolder folder) throws IOException {
        Documents.writeJson(folder.stages(), this);
    }

    boolean isDone(String stage, String hash) {
        return hash.equals(inputs.get(stage));
    }

    Stages trained(String hash, Outcome outcome) {
        return new Stages(Map.of("training", hash), Optional.of(outcome));
    }

    Stages done(String stage, String hash) {
        var more = new TreeMap<>(inputs);
        more.put(stage, hash);
        return new Stages(more, outcome);
    }
}
