package org.segloss.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.segloss.dataset.Phantom;
import org.segloss.experiment.Progress;
import org.segloss.experiment.RunFolder;

/// The data set that a comparison uses when it is given none.
final class GeneratedData {
    static final long SEED = 1;
    static final int TRAIN = 24;
    static final int TEST = 10;

    private GeneratedData() {}

    /// {@return the phantom's folder in `parent`}, after writing it if it isn't there.
    static Path in(Path parent, Progress progress) throws IOException {
        Path folder = parent.resolve(RunFolder.GENERATED);
        // written last
        if (!Files.exists(folder.resolve("split.json"))) {
            progress.say("Generating %d training and %d test images in %s".formatted(TRAIN, TEST, folder));
            new Phantom(SEED, TRAIN, TEST).write(folder);
        }
        return folder;
    }
}
