package org.segloss.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON files, where a mistake is an IOException that names the file.
final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}

    static JsonNode readObject(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": there is no such file. Check the name.");
        }
        try {
            JsonNode node = MAPPER.readTree(Files.readAllBytes(file));
            if (!node.isObject()) {
                throw new IOException("%s: this is no JSON object. It has to be one, in braces.".formatted(file));
            }
            return node;
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw new IOException(
                    "%s: line %d, column %d: this is no correct JSON (%s). Correct it."
                            .formatted(file, at.getLineNr(), at.getColumnNr(), e.getOriginalMessage()),
                    e);
        }
    }

    static byte[] pretty(Object value) {
        return (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
