package org.segloss.events;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads event files, written from the description of the formats, apart from the code that writes them.
public final class Events {
    private Events() {}

    /// @param fields each `number=value`: numbers as they are, texts in quotes, messages in braces, all else as
    /// `#length`
    public record Event(double time, String fields) {}

    /// {@return what the events say but for when}
    public static List<String> withoutTimes(Path file) throws IOException {
        return read(file).stream().map(Event::fields).toList();
    }

    static List<Event> read(Path file) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        var events = new ArrayList<Event>();
        while (all.hasRemaining()) {
            byte[] length = new byte[8];
            all.get(length);
            check(length, all.getInt());
            byte[] content = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            all.get(content);
            check(content, all.getInt());
            ByteBuffer event = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
            if (event.get() != (1 << 3 | 1)) {
                throw new IOException("an event does not begin with its time");
            }
            events.add(new Event(event.getDouble(), message(event, EVENT)));
        }
        return events;
    }

    /// Which fields of a message are messages (`m`), texts (`t`) or other bytes (`b`).
    private record Kind(String kinds, Kind inner) {}

    private static final Kind IMAGE = new Kind("...b", null);
    private static final Kind VALUE = new Kind("t..m", IMAGE);
    private static final Kind SUMMARY = new Kind("m", VALUE);
    private static final Kind EVENT = new Kind("..t.m", SUMMARY);

    private static String message(ByteBuffer in, Kind kind) throws IOException {
        var fields = new ArrayList<String>();
        while (in.hasRemaining()) {
            long key = varint(in);
            int field = (int) (key >>> 3);
            String value =
                    switch ((int) (key & 7)) {
                        case 0 -> Long.toString(varint(in));
                        case 1 -> Double.toString(in.getDouble());
                        case 5 -> Float.toString(in.getFloat());
                        case 2 -> {
                            byte[] bytes = new byte[(int) varint(in)];
                            in.get(bytes);
                            yield switch (kind.kinds.charAt(field - 1)) {
                                case 'm' ->
                                    "{%s}"
                                            .formatted(message(
                                                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), kind.inner));
                                case 't' -> "'%s'".formatted(new String(bytes, StandardCharsets.UTF_8));
                                case 'b' -> "#%d:%08x".formatted(bytes.length, java.util.Arrays.hashCode(bytes));
                                default -> throw new IOException("field %d is no bytes".formatted(field));
                            };
                        }
                        default -> throw new IOException("no field of kind %d is known".formatted(key & 7));
                    };
            fields.add(field + "=" + value);
        }
        return String.join(" ", fields);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte part = in.get();
            value |= (part & 0x7FL) << shift;
            if (part >= 0) {
                return value;
            }
        }
    }

    private static void check(byte[] bytes, int masked) throws IOException {
        // the mask undone: minus the constant, then rotated left by 15
        int crc = Integer.rotateLeft(masked - 0xA282EAD8, 15);
        if (crc != crc32c(bytes)) {
            throw new IOException("a checksum is wrong");
        }
    }

    /// Castagnoli's polynomial, bit by bit.
    static int crc32c(byte[] bytes) {
        int crc = ~0;
        for (byte b : bytes) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x82F63B78 : crc >>> 1;
            }
        }
        return ~crc;
    }
}
