package org.segloss.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineFaultTest {
    private static final FileSystemException FULL = new FileSystemException("run", null, "No space left on device");

    @Test
    void aFullDiskIsOneHoweverItIsWrapped() {
        assertThat(List.of(
                        FULL,
                        new IOException("run: nothing can be written there", FULL),
                        new UncheckedIOException(FULL),
                        new MachineFault("node7 has no GPU")))
                .allMatch(MachineFault::isOne);
    }

    @Test
    void whatIsWrongEverywhereIsNone() {
        assertThat(List.of(
                        new NoSuchFileException("image"),
                        new AccessDeniedException("image"),
                        new IOException("the files of a are not those that the job was made for"),
                        new IllegalArgumentException("no such cell")))
                .noneMatch(MachineFault::isOne);
    }
}
