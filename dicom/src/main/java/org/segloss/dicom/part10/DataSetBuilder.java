package org.segloss.dicom.part10;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/// A data set that is written: the same elements make the same bytes, in whatever order they were put.
public final class DataSetBuilder {
    private static final Set<String> LONG = Set.of("OB", "OW", "SQ", "UN", "UT", "UC");
    /// The even length of 16 bits.
    private static final int LONGEST = 0xFFFE;

    private static final Set<String> TEXT =
            Set.of("AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UT");

    /// The bytes are little endian; those of numbers are turned where a file is big endian.
    private record Value(String vr, byte[] bytes, List<DataSetBuilder> items) {}

    private final TreeMap<Long, Value> values = new TreeMap<>();

    private DataSetBuilder put(int tag, String vr, byte[] bytes) {
        if (bytes.length > LONGEST && !LONG.contains(vr)) {
            throw new IllegalArgumentException(
                    "%s has %d bytes, but %s holds at most %d".formatted(Tag.text(tag), bytes.length, vr, LONGEST));
        }
        values.put(tag & 0xFFFF_FFFFL, new Value(vr, bytes, List.of()));
        return this;
    }

    public DataSetBuilder bytes(int tag, String vr, byte[] bytes) {
        boolean even = bytes.length % 2 == 0;
        byte[] padded = even ? bytes : Arrays.copyOf(bytes, bytes.length + 1);
        if (!even && TEXT.contains(vr)) {
            padded[bytes.length] = ' ';
        }
        return put(tag, vr, padded);
    }

    public DataSetBuilder text(int tag, String vr, String text) {
        return text(tag, vr, text, StandardCharsets.UTF_8);
    }

    public DataSetBuilder text(int tag, String vr, String text, Charset charset) {
        return bytes(tag, vr, text.getBytes(charset));
    }

    /// Unsigned numbers of 16 bits.
    public DataSetBuilder shorts(int tag, int... numbers) {
        ByteBuffer bytes = little(2 * numbers.length);
        for (int number : numbers) {
            bytes.putShort((short) number);
        }
        return put(tag, "US", bytes.array());
    }

    /// Unsigned numbers of 32 bits.
    public DataSetBuilder ints(int tag, int... numbers) {
        ByteBuffer bytes = little(4 * numbers.length);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return put(tag, "UL", bytes.array());
    }

    /// The name of another element.
    public DataSetBuilder tag(int tag, int named) {
        return put(
                tag,
                "AT",
                little(4)
                        .putShort((short) (named >>> 16))
                        .putShort((short) named)
                        .array());
    }

    /// Numbers as texts of 16 characters at most, as near to them as these can be.
    public DataSetBuilder decimals(int tag, double... numbers) {
        return text(
                tag,
                "DS",
                Arrays.stream(numbers).mapToObj(DataSetBuilder::decimal).collect(Collectors.joining("\\")));
    }

    static String decimal(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString((long) number);
        }
        String text = Double.toString(number);
        for (int digits = 16; text.length() > 16; digits--) {
            text = String.format(Locale.ROOT, "%." + digits + "g", number);
            if (text.contains(".") && !text.contains("e")) {
                text = text.replaceAll("0+$", "");
            }
        }
        return text;
    }

    public DataSetBuilder items(int tag, List<DataSetBuilder> items) {
        values.put(tag & 0xFFFF_FFFFL, new Value("SQ", new byte[0], List.copyOf(items)));
        return this;
    }

    /// Puts a value as it stands in another data set, an empty one where that hasn't any.
    public DataSetBuilder copy(DataSet from, int tag, String vr) throws IOException {
        return bytes(tag, vr, from.bytes(tag));
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// {@return the bytes of the elements}
    byte[] encoded(TransferSyntax syntax) {
        var out = new ByteArrayOutputStream();
        values.forEach((tag, value) -> {
            byte[] bytes = value.vr().equals("SQ") ? encoded(value.items(), syntax) : turned(value, syntax);
            head(out, tag.intValue(), value.vr(), bytes.length, syntax);
            out.writeBytes(bytes);
        });
        return out.toByteArray();
    }

    private static byte[] encoded(List<DataSetBuilder> items, TransferSyntax syntax) {
        var out = new ByteArrayOutputStream();
        for (DataSetBuilder item : items) {
            byte[] bytes = item.encoded(syntax);
            head(out, Tag.ITEM, "", bytes.length, syntax);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    private static void head(ByteArrayOutputStream out, int tag, String vr, int length, TransferSyntax syntax) {
        ByteBuffer head = ByteBuffer.allocate(12).order(syntax.order());
        head.putShort((short) (tag >>> 16)).putShort((short) tag);
        if (!syntax.explicit() || vr.isEmpty()) {
            head.putInt(length);
        } else {
            head.put(vr.getBytes(StandardCharsets.US_ASCII));
            if (LONG.contains(vr)) {
                head.putShort((short) 0).putInt(length);
            } else {
                head.putShort((short) length);
            }
        }
        out.write(head.array(), 0, head.position());
    }

    private static byte[] turned(Value value, TransferSyntax syntax) {
        int width =
                switch (value.vr()) {
                    case "US", "OW", "AT" -> 2;
                    case "UL" -> 4;
                    default -> 1;
                };
        if (width == 1 || syntax.order() == ByteOrder.LITTLE_ENDIAN) {
            return value.bytes();
        }
        byte[] turned = value.bytes().clone();
        for (int i = 0; i < turned.length; i++) {
            turned[i] = value.bytes()[i / width * width + width - 1 - i % width];
        }
        return turned;
    }

    /// {@return a file of part 10 with these elements}
    ///
    /// @param sopClass what kind of object it is
    /// @param instance its UID
    public byte[] file(String sopClass, String instance, TransferSyntax syntax) {
        DataSetBuilder meta = new DataSetBuilder()
                .bytes(Tag.FILE_META_INFORMATION_VERSION, "OB", new byte[] {0, 1})
                .text(Tag.MEDIA_STORAGE_SOP_CLASS_UID, "UI", sopClass)
                .text(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID, "UI", instance)
                .text(Tag.TRANSFER_SYNTAX_UID, "UI", syntax.uid())
                .text(Tag.IMPLEMENTATION_CLASS_UID, "UI", Uids.IMPLEMENTATION)
                .text(Tag.IMPLEMENTATION_VERSION_NAME, "SH", "SEGLOSS");
        byte[] group = meta.encoded(TransferSyntax.EXPLICIT);
        byte[] length = new DataSetBuilder()
                .ints(Tag.FILE_META_INFORMATION_GROUP_LENGTH, group.length)
                .encoded(TransferSyntax.EXPLICIT);
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[128]);
        out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(length);
        out.writeBytes(group);
        byte[] body = encoded(syntax);
        out.writeBytes(syntax.deflated() ? deflated(body) : body);
        return out.toByteArray();
    }

    private static byte[] deflated(byte[] body) {
        var out = new ByteArrayOutputStream();
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try (var packed = new DeflaterOutputStream(out, deflater)) {
            packed.write(body);
        } catch (IOException e) {
            throw new IllegalStateException("memory can be written", e);
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }
}
