package org.segloss.experiment;

import java.nio.file.Path;

/// Where one training with one loss keeps its files.
public record LossFolder(Path root) {

    public Path training() {
        return root.resolve("training.csv");
    }

    public Path checkpoint() {
        return root.resolve("checkpoint.safetensors");
    }

    public Path predictions() {
        return root.resolve("predictions");
    }

    public Path scores() {
        return root.resolve("scores.csv");
    }

    Path stages() {
        return root.resolve("stages.json");
    }
}
