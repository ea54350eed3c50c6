package org.segloss.dicom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.segloss.image.NumericArray;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A real series with its segmentations, which other programs read, and which is no part of this repository.
/// Where it isn't beside it, the test that asks is not run.
final class SharedData {
    static final Path FOLDER = Path.of("../../shared/data/dicom");

    private SharedData() {}

    /// {@return what other programs found in the files}
    static JsonNode expected(String name) throws IOException {
        Path file = FOLDER.resolve("expected.json");
        Assumptions.assumeTrue(Files.exists(file), () -> "../shared/data/dicom is missing");
        return new ObjectMapper().readTree(Files.readString(file)).get(name);
    }

    static double[] numbers(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    /// {@return the SHA-256 of numbers in so many bytes, little endian}
    static String hash(NumericArray values, int bytes) {
        byte[] raw = new byte[Math.toIntExact(values.size() * bytes)];
        for (int i = 0; i < values.size(); i++) {
            int value = (int) values.get(i);
            raw[bytes * i] = (byte) value;
            if (bytes > 1) {
                raw[bytes * i + 1] = (byte) (value >> 8);
            }
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(raw));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
