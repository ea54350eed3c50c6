package org.segloss.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.segloss.file.FolderLock;
import org.segloss.run.Progress;

/// Locks that are held for as long as copying takes.
final class Waiting {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private Waiting() {}

    /// Takes a folder, once nobody else works in it.
    static FolderLock take(Path folder, Progress progress) throws IOException {
        boolean said = false;
        while (true) {
            try {
                return FolderLock.take(folder);
            } catch (FolderLock.Busy e) {
                if (!said) {
                    said = true;
                    progress.say("%s copies to %s, and is waited for".formatted(e.holder(), folder));
                }
                try {
                    Thread.sleep(BETWEEN_LOOKS);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted while another program copies", interrupted);
                }
            }
        }
    }
}
