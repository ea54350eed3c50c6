package org.segloss.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What Jazzer calls, for the one of the [Readers] that `segloss.fuzz` names.
public final class FuzzTarget {
    private static final Readers.Reader READER = reader();

    private FuzzTarget() {}

    private static Readers.Reader reader() {
        try {
            String name = System.getProperty("segloss.fuzz", "nifti");
            Readers.Reader reader = new Readers(Files.createTempDirectory("fuzz")).named(name);
            // what Jazzer begins with
            Files.write(Files.createDirectories(Path.of("fuzz", name)).resolve("valid"), reader.valid());
            return reader;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Jazzer looks for this name.
    public static void fuzzerTestOneInput(byte[] bytes) {
        READER.read(bytes);
    }
}
