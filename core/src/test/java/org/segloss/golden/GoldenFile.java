package org.segloss.golden;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Numbers that other programs gave, in `src/test/resources/golden`, whose README tells how each file was made.
public final class GoldenFile {
    private GoldenFile() {}

    /// {@return what one of our files says}
    ///
    /// @throws IOException if it is missing: a test without its numbers fails
    public static JsonNode read(String file) throws IOException {
        try (InputStream stream = GoldenFile.class.getResourceAsStream("/golden/" + file)) {
            if (stream == null) {
                throw new IOException("no golden/" + file + " among the test resources; it belongs to this repository");
            }
            return new ObjectMapper().readTree(stream);
        }
    }

    /// {@return what a file with other people's inputs says, which is no part of this repository}
    ///
    /// Where it is not beside it, the test that asks is not run, and the end of `mvn verify` says so.
    public static JsonNode readForeign(String file) throws IOException {
        Path path = Path.of("../../shared/golden", file);
        Assumptions.assumeTrue(Files.exists(path), () -> "../shared/golden/" + file + " is missing");
        return new ObjectMapper().readTree(Files.readString(path));
    }
}
