package org.segloss.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.segloss.dataset.Case;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.Phantom;
import org.segloss.dataset.Split;
import org.segloss.file.FolderLock;
import org.segloss.file.Temporary;
import org.segloss.run.Progress;

/// The data set that a comparison uses when it is given none.
final class GeneratedData {
    static final long SEED = 1;
    static final int TRAIN = 24;
    static final int TEST = 10;
    /// With so many, at this rate, the validation Dice of none of the article's losses gains a hundredth in the
    /// last fifth.
    static final int STEPS = 800;
    static final double LEARNING_RATE = 1e-3;

    private static final Phantom PHANTOM = new Phantom(SEED, TRAIN, Phantom.validation(TRAIN), TEST);

    private GeneratedData() {}

    /// {@return the phantom's folder in `parent`}, after writing it if it isn't there.
    ///
    /// @throws IOException if another phantom is there, or another program works in `parent`
    static Path in(Path parent, Progress progress) throws IOException {
        Path folder = parent.resolve("phantom");
        // written last
        if (!Files.exists(folder.resolve("split.json"))) {
            try (FolderLock _ = FolderLock.take(parent)) {
                Temporary.sweep(parent);
                progress.say("Generating %d training, %d validation and %d test images in %s"
                        .formatted(TRAIN, PHANTOM.validation(), TEST, folder));
                PHANTOM.write(folder);
            }
        } else if (!isOurs(folder)) {
            throw new IOException(
                    "%s holds another phantom than this comparison uses: delete it, or name it with --data %s"
                            .formatted(folder, folder));
        }
        return folder;
    }

    /// By the number of cases and by the first one: each is a function of the seed.
    private static boolean isOurs(Path folder) throws IOException {
        Dataset dataset = Dataset.open(folder);
        Split split = Split.read(folder.resolve("split.json"), dataset).getFirst();
        if (split.train().size() != TRAIN
                || split.validation().size() != PHANTOM.validation()
                || split.test().size() != TEST) {
            return false;
        }
        Case expected = PHANTOM.generate(0);
        Case found = Case.read(dataset, dataset.entry(expected.id()));
        return Arrays.equals(found.image().values(), expected.image().values());
    }
}
