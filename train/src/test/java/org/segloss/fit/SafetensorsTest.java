package org.segloss.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

    @TempDir
    Path folder;

    private static byte[] bytes(Safetensors content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.write(out);
        return out.toByteArray();
    }

    private static Safetensors example() {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put("loss", "bce + log1p(dice)");
        metadata.put("name", "\"é\"");
        SequencedMap<String, Safetensors.Array> arrays = new LinkedHashMap<>();
        arrays.put("b", new Safetensors.Array(new long[] {2, 1}, FloatBuffer.wrap(new float[] {1.5f, -2})));
        arrays.put("a", new Safetensors.Array(new long[] {}, FloatBuffer.wrap(new float[] {Float.MIN_VALUE})));
        return new Safetensors(metadata, arrays);
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Path file = Files.write(folder.resolve("a.safetensors"), bytes(example()));
        Safetensors read = Safetensors.read(file);

        assertThat(read.metadata()).isEqualTo(example().metadata());
        assertThat(read.arrays().sequencedKeySet()).containsExactly("b", "a");
        assertThat(read.arrays().get("b").shape()).containsExactly(2, 1);
        assertThat(read.arrays().get("b").values().array()).containsExactly(1.5f, -2);
        assertThat(read.arrays().get("a").shape()).isEmpty();
        assertThat(read.arrays().get("a").values().array()).containsExactly(Float.MIN_VALUE);
    }

    /// Longer than a piece, of native memory in the machine's order, and not from its beginning.
    @ParameterizedTest
    @ValueSource(ints = {16_383, 16_384, 16_385, 40_000})
    void soIsALongArray(int length) throws IOException {
        FloatBuffer numbers = ByteBuffer.allocateDirect((length + 2) * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (int i = 0; i < length + 2; i++) {
            numbers.put(i, i - 1);
        }
        SequencedMap<String, Safetensors.Array> arrays = new LinkedHashMap<>();
        arrays.put("long", new Safetensors.Array(new long[] {length}, numbers.slice(1, length)));
        Path file = folder.resolve("a.safetensors");
        Files.write(file, bytes(new Safetensors(new LinkedHashMap<>(), arrays)));

        float[] read = Safetensors.read(file).arrays().get("long").values().array();
        assertThat(read).hasSize(length);
        for (int i = 0; i < length; i++) {
            assertThat(read[i]).isEqualTo(i);
        }
    }

    @Test
    void theBytesAreThoseOfTheFormat() throws IOException {
        SequencedMap<String, Safetensors.Array> arrays = new LinkedHashMap<>();
        arrays.put("w", new Safetensors.Array(new long[] {1}, FloatBuffer.wrap(new float[] {1})));
        ByteBuffer bytes = ByteBuffer.wrap(bytes(new Safetensors(new LinkedHashMap<>(), arrays)))
                .order(ByteOrder.LITTLE_ENDIAN);

        String header = "{\"__metadata__\":{},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
        int length = (header.length() + 7) / 8 * 8;
        assertThat(bytes.getLong()).isEqualTo(length);
        byte[] json = new byte[length];
        bytes.get(json);
        assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo(header + " ".repeat(length - header.length()));
        assertThat(bytes.getFloat()).isEqualTo(1);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void aFileCutShortIsRefused() throws IOException {
        byte[] whole = bytes(example());
        for (int length = 0; length < whole.length; length++) {
            Path file = Files.write(folder.resolve("cut"), java.util.Arrays.copyOf(whole, length));
            assertThatIOException()
                    .as("%d bytes", length)
                    .isThrownBy(() -> Safetensors.read(file))
                    .withMessageStartingWith(file + " is no checkpoint: ");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"w":{"dtype":"I64","shape":[1],"data_offsets":[0,4]}}              | array 'w' is of type 'I64', expected F32
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}              | array 'w' lies at bytes [0, 8] of 4
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[-4,4]}}             | array 'w' lies at bytes [-4, 4] of 4
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}              | array 'w' of shape [2] has 4 bytes
            {"w":{"dtype":"F32","shape":[4294967296,0],"data_offsets":[0,4]}}   | array 'w' of shape
            {"w":{"dtype":"F32","shape":[1]}}                                   | array 'w' lies at bytes [] of 4
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}               | its header is not JSON
            """)
    void aBrokenHeaderIsExplained(String header, String message) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocate(8 + json.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        content.putLong(json.length).put(json).putFloat(1);
        Path file = Files.write(folder.resolve("broken"), content.array());

        assertThatIOException()
                .isThrownBy(() -> Safetensors.read(file))
                .withMessageStartingWith(file + " is no checkpoint: " + message);
    }

    @Test
    void aHeaderLongerThanTheFileIsNotBelieved() throws IOException {
        ByteBuffer content =
                ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(90_000_000);
        Path file = Files.write(folder.resolve("long"), content.array());

        assertThatIOException()
                .isThrownBy(() -> Safetensors.read(file))
                .withMessageContaining("its header claims 90000000 bytes of 16");
    }
}
