package org.segloss.fit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.segloss.file.InputFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Named arrays of floats with some text, in a file that any safetensors library reads.
///
/// Layout: 8 bytes with the length of a JSON header, little endian; the header, filled up with spaces to a
/// multiple of 8; the numbers of one array after the other, little endian. Same content, same bytes.
///
/// @see <a href="https://huggingface.co/docs/safetensors/index">The format</a>
record Safetensors(SequencedMap<String, String> metadata, SequencedMap<String, Array> arrays) {
    private static final String METADATA = "__metadata__";
    // the format's own bound
    private static final long LONGEST_HEADER = 100_000_000;
    private static final int PIECE = 1 << 14;
    private static final JsonMapper JSON = JsonMapper.shared();

    /// @param values as they lie in memory: a network's are as large as the network
    record Array(long[] shape, FloatBuffer values) {}

    void write(OutputStream out) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode texts = header.putObject(METADATA);
        metadata.forEach(texts::put);
        long offset = 0;
        for (Map.Entry<String, Array> entry : arrays.entrySet()) {
            long bytes = (long) entry.getValue().values.remaining() * Float.BYTES;
            ObjectNode array = header.putObject(entry.getKey());
            array.put("dtype", "F32");
            Arrays.stream(entry.getValue().shape).forEach(array.putArray("shape")::add);
            array.putArray("data_offsets").add(offset).add(offset + bytes);
            offset += bytes;
        }
        byte[] json = JSON.writeValueAsBytes(header);
        int length = Math.ceilDiv(json.length, 8) * 8;
        byte[] padded = Arrays.copyOf(json, length);
        Arrays.fill(padded, json.length, length, (byte) ' ');
        out.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array());
        out.write(padded);
        // piece by piece: a training that writes checkpoints would fill the heap with copies
        ByteBuffer piece = ByteBuffer.allocate(PIECE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Array array : arrays.values()) {
            FloatBuffer left = array.values.duplicate();
            while (left.hasRemaining()) {
                FloatBuffer some = left.slice(left.position(), Math.min(PIECE, left.remaining()));
                piece.clear().asFloatBuffer().put(some);
                out.write(piece.array(), 0, some.capacity() * Float.BYTES);
                left.position(left.position() + some.capacity());
            }
        }
    }

    /// Reads a file. Nothing large is allocated before the header has been found to fit the file.
    ///
    /// @throws IOException if it is no safetensors file of floats; says what is wrong with it
    static Safetensors read(Path file) throws IOException {
        InputFile.check(file, "the checkpoint.safetensors of a training");
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size < 8) {
                throw broken(file, "it has only %d bytes".formatted(size));
            }
            long length = read(channel, 0, 8).getLong();
            if (length < 2 || length > LONGEST_HEADER || length > size - 8) {
                throw broken(file, "its header claims %d bytes of %d".formatted(length, size));
            }
            String json = StandardCharsets.UTF_8
                    .decode(read(channel, 8, (int) length))
                    .toString();
            try {
                return parse(file, JSON.readTree(json), channel, 8 + length);
            } catch (JacksonException e) {
                throw new IOException(broken(file, "its header is not JSON").getMessage(), e);
            }
        }
    }

    private static Safetensors parse(Path file, JsonNode header, FileChannel channel, long start) throws IOException {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        SequencedMap<String, Array> arrays = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (entry.getKey().equals(METADATA)) {
                entry.getValue()
                        .properties()
                        .forEach(text ->
                                metadata.put(text.getKey(), text.getValue().asString()));
            } else {
                arrays.put(entry.getKey(), array(file, entry.getKey(), entry.getValue(), channel, start));
            }
        }
        return new Safetensors(metadata, arrays);
    }

    private static Array array(Path file, String name, JsonNode entry, FileChannel channel, long start)
            throws IOException {
        String type = entry.path("dtype").asString("");
        if (!type.equals("F32")) {
            throw broken(file, "array '%s' is of type '%s', expected F32".formatted(name, type));
        }
        long[] shape = longs(entry.path("shape"));
        long[] offsets = longs(entry.path("data_offsets"));
        long room = channel.size() - start;
        if (offsets.length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > room) {
            throw broken(file, "array '%s' lies at bytes %s of %d".formatted(name, Arrays.toString(offsets), room));
        }
        long bytes = offsets[1] - offsets[0];
        if (bytes != elements(shape) * Float.BYTES || bytes > Integer.MAX_VALUE - 8) {
            throw broken(file, "array '%s' of shape %s has %d bytes".formatted(name, Arrays.toString(shape), bytes));
        }
        float[] values = new float[(int) (bytes / Float.BYTES)];
        read(channel, start + offsets[0], (int) bytes).asFloatBuffer().get(values);
        return new Array(shape, FloatBuffer.wrap(values));
    }

    private static long[] longs(JsonNode array) {
        return array.valueStream().mapToLong(n -> n.asLong(-1)).toArray();
    }

    // -1 where the shape is none
    private static long elements(long[] shape) {
        long product = 1;
        for (long edge : shape) {
            if (edge < 0 || edge > Integer.MAX_VALUE || product > Integer.MAX_VALUE) {
                return -1;
            }
            product *= edge;
        }
        return product;
    }

    private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the file ends early");
            }
        }
        return buffer.flip();
    }

    private static IOException broken(Path file, String what) {
        return new IOException("%s is no checkpoint: %s; expected a safetensors file".formatted(file, what));
    }
}
