package org.segloss.format.numpy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.segloss.file.AtomicFile;
import org.segloss.file.Printable;
import org.segloss.format.ArrayFormat;
import org.segloss.format.FileChecks;
import org.segloss.format.Finding;
import org.segloss.format.ReadResult;
import org.segloss.image.Decoder;
import org.segloss.image.ElementType;
import org.segloss.image.NumericArray;

/// NumPy's array files, `.npy`, versions 1 to 3: booleans, integers and floats of either byte order, in C or
/// Fortran order. Half precision is widened to float32, which is exact.
///
/// @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>
public final class Npy implements ArrayFormat {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /// The bytes of a header are at most so many: no array of numbers needs more, and a damaged file may claim any.
    private static final int LONGEST = 1 << 20;

    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-zA-Z])(\\d+)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\sL]*)\\)");

    /// Made by [java.util.ServiceLoader].
    public Npy() {}

    @Override
    public String name() {
        return "npy";
    }

    @Override
    public List<String> endings() {
        return List.of(".npy");
    }

    @Override
    public boolean recognises(byte[] head) {
        return isSignature(head);
    }

    @Override
    public NumericArray readArray(Path file) throws IOException {
        return read(file);
    }

    @Override
    public void writeArray(Path file, NumericArray array) throws IOException {
        write(file, array);
    }

    private static boolean isSignature(byte[] head) {
        return head.length >= MAGIC.length && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /// {@return the array, in C order and native byte order}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static NumericArray read(Path file) throws IOException {
        List<Finding> findings = FileChecks.readable(file);
        if (!findings.isEmpty()) {
            throw ReadResult.failure(file.toString(), findings);
        }
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(in, Files.size(file));
        } catch (IOException e) {
            throw new IOException("%s: %s".formatted(file, FileChecks.damaged(e).found()), e);
        }
    }

    /// {@return the array of a stream}
    ///
    /// @param size bytes that the stream has at most
    /// @throws IOException that says what is wrong, and what to do, in words that follow the file's name
    static NumericArray read(InputStream in, long size) throws IOException {
        byte[] start = in.readNBytes(8);
        if (start.length < 8 || !isSignature(start)) {
            throw new IOException(
                    "this is no .npy file: it does not begin with NumPy's mark. Write it with numpy.save");
        }
        int lengthBytes = start[6] == 1 ? 2 : 4;
        if (start[6] < 1 || start[6] > 3) {
            throw new IOException("this is version %d of the .npy format, known are 1 to 3".formatted(start[6]));
        }
        byte[] length = new byte[4];
        if (in.readNBytes(length, 0, lengthBytes) < lengthBytes) {
            throw new IOException("the file ends within its header. Get it again");
        }
        long headerLength =
                ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xFFFF_FFFFL;
        long dataStart = 8 + lengthBytes + headerLength;
        if (dataStart > size || headerLength > LONGEST) {
            throw new IOException("the header claims %d bytes, of at most 1 MiB, and the file has %d. Get it again"
                    .formatted(headerLength, size));
        }
        String header = new String(in.readNBytes((int) headerLength), StandardCharsets.UTF_8);
        return data(in, header, size - dataStart);
    }

    private static NumericArray data(InputStream in, String header, long have) throws IOException {
        Matcher descr = field(DESCR, header, "one number type");
        List<Integer> shape = shape(field(SHAPE, header, "a shape").group(1));
        boolean fortran = field(ORDER, header, "an order").group(1).equals("True");
        boolean half = (descr.group(2) + descr.group(3)).equals("f2");
        ElementType type = half
                ? ElementType.FLOAT32
                : type(descr.group(2), descr.group(3))
                        .orElseThrow(() -> new IOException(
                                "numbers are of type %s. Convert them to a bool, integer or float type of up to 64 bits"
                                        .formatted(descr.group()
                                                .substring(descr.group().indexOf(':') + 1)
                                                .trim())));
        double elements = 1;
        for (int axis : shape) {
            elements *= axis;
        }
        int width = half ? 2 : type.bytes();
        if (elements * width > have) {
            throw new IOException("an array of shape %s in %s needs %.0f bytes, but %d are there. Get the file again"
                    .formatted(shape, type, elements * width, have));
        }
        if (elements * type.bytes() > Integer.MAX_VALUE - 8) {
            throw new IOException("an array of shape %s in %s has more than 2 GiB. Split it".formatted(shape, type));
        }
        List<Finding> memory = FileChecks.memory(elements * (width + type.bytes()), FileChecks.availableMemory());
        if (!memory.isEmpty()) {
            throw new IOException(memory.getFirst().toString());
        }
        ByteOrder order =
                switch (descr.group(1)) {
                    case "<" -> ByteOrder.LITTLE_ENDIAN;
                    case ">" -> ByteOrder.BIG_ENDIAN;
                    default -> ByteOrder.nativeOrder();
                };
        byte[] raw = in.readNBytes((int) elements * width);
        if (raw.length < elements * width) {
            // an archive may say more of its parts than is there
            throw new IOException("an array of shape %s in %s needs %.0f bytes, but %d are there. Get the file again"
                    .formatted(shape, type, elements * width, raw.length));
        }
        MemorySegment values = half ? Decoder.decodeHalf(raw, order) : Decoder.decode(raw, type, order);
        return fortran
                ? transposed(new NumericArray(shape.reversed(), type, values))
                : new NumericArray(shape, type, values);
    }

    private static Matcher field(Pattern pattern, String header, String what) throws IOException {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw new IOException(
                    "the header names not %s that is known here: %s".formatted(what, Printable.quote(header)));
        }
        return matcher;
    }

    private static List<Integer> shape(String text) throws IOException {
        var shape = new ArrayList<Integer>();
        for (String axis : text.replace("L", "").split(",")) {
            if (!axis.isBlank()) {
                try {
                    shape.add(Integer.parseInt(axis.strip()));
                } catch (NumberFormatException _) {
                    throw new IOException(
                            "the shape (%s) is no list of axis lengths below 2^31".formatted(Printable.quote(text)));
                }
            }
        }
        return shape;
    }

    private static Optional<ElementType> type(String kind, String bytes) {
        String name =
                switch (kind) {
                    case "b" -> "BOOL";
                    case "i" -> "INT";
                    case "u" -> "UINT";
                    case "f" -> "FLOAT";
                    default -> "";
                };
        for (ElementType type : ElementType.values()) {
            boolean sameKind = type.name().replaceAll("\\d", "").equals(name);
            if (sameKind && bytes.equals(Integer.toString(type.bytes()))) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /// {@return the array with its axes in reverse: what Fortran order is to C order}
    private static NumericArray transposed(NumericArray a) {
        List<Integer> shape = a.shape().reversed();
        int n = Math.toIntExact(a.size());
        int bytes = a.type().bytes();
        MemorySegment target = Decoder.room(a.type(), n);
        // the stride in `a` of each axis of the result: an axis that is slow there is fast here
        int axes = shape.size();
        long[] stride = new long[axes];
        long step = 1;
        for (int axis = 0; axis < axes; axis++) {
            stride[axis] = step;
            step *= shape.get(axis);
        }
        int[] index = new int[axes];
        long from = 0;
        for (int to = 0; to < n; to++) {
            MemorySegment.copy(a.data(), from * bytes, target, (long) to * bytes, bytes);
            for (int axis = axes - 1; axis >= 0; axis--) {
                from += stride[axis];
                if (++index[axis] < shape.get(axis)) {
                    break;
                }
                from -= stride[axis] * index[axis];
                index[axis] = 0;
            }
        }
        return new NumericArray(shape, a.type(), target);
    }

    /// Writes an array as `numpy.save` does, little endian; the file is there whole or not at all.
    public static void write(Path file, NumericArray array) throws IOException {
        AtomicFile.write(file, out -> write(out, array));
    }

    static void write(OutputStream out, NumericArray array) throws IOException {
        byte[] header = header(array);
        out.write(MAGIC);
        out.write(new byte[] {1, 0, (byte) header.length, (byte) (header.length >> 8)});
        out.write(header);
        out.write(array.littleEndian());
    }

    private static byte[] header(NumericArray array) {
        String kind =
                switch (array.type()) {
                    case BOOL -> "|b1";
                    case INT8 -> "|i1";
                    case UINT8 -> "|u1";
                    case INT16, INT32, INT64 -> "<i" + array.type().bytes();
                    case UINT16, UINT32, UINT64 -> "<u" + array.type().bytes();
                    case FLOAT32, FLOAT64 -> "<f" + array.type().bytes();
                };
        String shape = array.shape().stream().map(String::valueOf).collect(Collectors.joining(", "));
        String comma = array.shape().size() == 1 ? "," : "";
        String fields = "{'descr': '%s', 'fortran_order': False, 'shape': (%s%s), }".formatted(kind, shape, comma);
        // NumPy leaves room for the first axis to grow to 21 digits, and fills up to a multiple of 64 bytes
        int grow = array.shape().isEmpty()
                ? 0
                : 21 - String.valueOf(array.shape().getFirst()).length();
        int used = MAGIC.length + 4 + fields.length() + grow + 1;
        int fill = grow + (64 - used % 64);
        return (fields + " ".repeat(fill) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
