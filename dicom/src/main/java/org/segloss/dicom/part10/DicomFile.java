package org.segloss.dicom.part10;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.segloss.dicom.part10.DataSet.Element;
import org.segloss.format.FileChecks;
import org.segloss.format.ImageSource;

/// A file of part 10. Its bytes are looked at where they lie: the header of a file of gigabytes costs what a
/// header costs. What is read of it is gone when it is closed.
public final class DicomFile implements AutoCloseable {
    private static final byte[] MAGIC = "DICM".getBytes(StandardCharsets.US_ASCII);
    private static final int PREAMBLE = 128;

    /// What begins a file without a preamble: the length of its first group.
    private static final byte[] BARE = {2, 0, 0, 0, 'U', 'L', 4, 0};

    private final Arena arena;
    private final MemorySegment bytes;
    private final TransferSyntax syntax;
    private final DataSet meta;
    private final DataSet header;

    private DicomFile(Arena arena, MemorySegment file) throws IOException {
        this.arena = arena;
        long start = start(file);
        long end = start;
        var elements = new Elements(file, TransferSyntax.EXPLICIT, start, file.byteSize(), 0);
        while (elements.hasNext() && end + 2 <= file.byteSize() && isMeta(file, end)) {
            Element element = elements.next();
            end = element.offset() + element.length();
        }
        meta = DataSet.of(file, TransferSyntax.EXPLICIT, start, end);
        String uid = meta.text(Tag.TRANSFER_SYNTAX_UID);
        if (uid.isEmpty()) {
            throw new IOException("it says in no transfer syntax how it is laid out");
        }
        syntax = TransferSyntax.of(uid);
        if (syntax.deflated()) {
            bytes = inflated(file.asSlice(end));
            header = DataSet.of(bytes, syntax, 0, bytes.byteSize());
        } else {
            bytes = file;
            header = DataSet.of(bytes, syntax, end, bytes.byteSize());
        }
    }

    /// {@return whether bytes begin a file of part 10}
    public static boolean isStart(byte[] head) {
        return startsAt(head, MAGIC, PREAMBLE) || startsAt(head, BARE, 0);
    }

    private static boolean startsAt(byte[] head, byte[] words, int at) {
        for (int i = 0; i < words.length; i++) {
            if (head.length <= at + i || head[at + i] != words[i]) {
                return false;
            }
        }
        return true;
    }

    /// {@return whether a file is of part 10, by its first bytes}
    public static boolean isOne(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer head = ByteBuffer.allocate(PREAMBLE + MAGIC.length);
            while (head.hasRemaining() && channel.read(head) >= 0) {
                // a file system may give less than it was asked for
            }
            return isStart(Arrays.copyOf(head.array(), head.position()));
        }
    }

    public static DicomFile open(ImageSource source) throws IOException {
        if (source.file().isPresent()) {
            return open(source.file().get());
        }
        byte[] all;
        try (var in = source.open()) {
            all = in.readAllBytes();
        }
        return new DicomFile(Arena.ofConfined(), MemorySegment.ofArray(all));
    }

    public static DicomFile open(Path file) throws IOException {
        Arena arena = Arena.ofConfined();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new DicomFile(arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static long start(MemorySegment file) throws IOException {
        byte[] head = file.asSlice(0, Math.min(file.byteSize(), PREAMBLE + MAGIC.length))
                .toArray(JAVA_BYTE);
        if (startsAt(head, MAGIC, PREAMBLE)) {
            return PREAMBLE + MAGIC.length;
        }
        if (startsAt(head, BARE, 0)) {
            return 0;
        }
        throw new IOException("it does not begin as a DICOM file does");
    }

    private static boolean isMeta(MemorySegment file, long at) {
        return file.get(JAVA_BYTE, at) == 2 && file.get(JAVA_BYTE, at + 1) == 0;
    }

    /// Unpacks no more than there is room for: a file may be packed a thousandfold.
    private static MemorySegment inflated(MemorySegment packed) throws IOException {
        long most = Math.min(FileChecks.availableMemory() / 8, Integer.MAX_VALUE - 8);
        if (packed.byteSize() > most) {
            throw new IOException(
                    "its packed data set has %d bytes, for which there is no room".formatted(packed.byteSize()));
        }
        var inflater = new Inflater(true);
        try {
            inflater.setInput(packed.toArray(JAVA_BYTE));
            var data = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            while (!inflater.finished()) {
                int n = inflater.inflate(buffer);
                if (n == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new IOException("its packed data set breaks off");
                }
                data.write(buffer, 0, n);
                if (data.size() > most) {
                    throw new IOException("its data set unpacks to more than %d MiB".formatted(most >> 20));
                }
            }
            return MemorySegment.ofArray(data.toByteArray());
        } catch (DataFormatException e) {
            throw new IOException("its packed data set is damaged", e);
        } finally {
            inflater.end();
        }
    }

    public TransferSyntax syntax() {
        return syntax;
    }

    /// {@return the elements that say how the file is laid out}
    public DataSet meta() {
        return meta;
    }

    /// {@return all other elements, those of its pixels too, which nobody reads who doesn't ask for them}
    public DataSet header() {
        return header;
    }

    /// {@return the pixels as they lie in the file}; nothing where there are none
    public MemorySegment pixels() {
        return header.element(Tag.PIXEL_DATA)
                .map(element -> bytes.asSlice(element.offset(), element.length()))
                .orElse(MemorySegment.NULL);
    }

    /// {@return whether the pixels lie in fragments}
    public boolean isFragmented() {
        return header.element(Tag.PIXEL_DATA).map(Element::open).orElse(false);
    }

    /// {@return the fragments of the pixels, the first of which is the table of frames}
    public List<MemorySegment> fragments() throws IOException {
        var fragments = new ArrayList<MemorySegment>();
        Element pixels = header.element(Tag.PIXEL_DATA).orElseThrow();
        var reader = new Elements(bytes, syntax, pixels.offset(), pixels.offset() + pixels.length(), 1);
        while (reader.hasNext()) {
            Element item = reader.nextItem();
            if (item.tag() == Tag.SEQUENCE_DELIMITATION) {
                break;
            }
            fragments.add(bytes.asSlice(item.offset(), item.length()));
        }
        return fragments;
    }

    @Override
    public void close() {
        arena.close();
    }
}
