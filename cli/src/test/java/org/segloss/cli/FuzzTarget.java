package org.segloss.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.segloss.cli.Readers.Reader;

/// What Jazzer calls, by names that it looks for, for the one of the [Readers] that `segloss.fuzz` names.
public final class FuzzTarget {
    private static Reader reader;

    private FuzzTarget() {}

    public static void fuzzerInitialize() throws IOException {
        String name = System.getProperty("segloss.fuzz", "nifti");
        reader = new Readers(Files.createTempDirectory("fuzz")).named(name);
        // what Jazzer begins with
        Files.write(Files.createDirectories(Path.of("fuzz", name)).resolve("valid"), reader.valid());
    }

    public static void fuzzerTestOneInput(byte[] bytes) {
        reader.read(bytes);
    }
}
