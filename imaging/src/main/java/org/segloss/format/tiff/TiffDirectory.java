package org.segloss.format.tiff;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The tags of one page of a TIFF file, classic or of 64 bits (BigTIFF).
///
/// @see <a href="https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf">TIFF 6.0</a>
/// @see <a href="https://www.awaresystems.be/imaging/tiff/bigtiff.html">BigTIFF</a>
final class TiffDirectory {
    /// Bytes of a number, by the type that a tag has.
    private static final int[] WIDTHS = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

    private static final int ASCII = 2;
    private static final int RATIONAL = 5;

    /// @param at where the numbers lie
    private record Entry(int type, long count, long at) {}

    private final TiffBytes bytes;
    private final Map<Integer, Entry> entries = new HashMap<>();
    private final Map<Integer, long[]> read = new HashMap<>();

    private TiffDirectory(TiffBytes bytes) {
        this.bytes = bytes;
    }

    /// {@return all pages of a file, in their order}; pages within pages are left out
    static List<TiffDirectory> all(TiffBytes bytes) throws IOException {
        ByteBuffer head = bytes.header(0, 8);
        boolean big = head.getShort(2) == 43;
        if (big) {
            head = bytes.header(0, 16);
            if (head.getShort(4) != 8) {
                throw new IOException("the BigTIFF header is damaged");
            }
        }
        long next = big ? head.getLong(8) : head.getInt(4) & 0xFFFF_FFFFL;
        List<TiffDirectory> pages = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        while (next != 0) {
            if (!seen.add(next)) {
                throw new IOException("the TIFF directories are damaged: they go round in a circle");
            }
            TiffDirectory page = new TiffDirectory(bytes);
            next = page.read(next, big);
            pages.add(page);
        }
        if (pages.isEmpty()) {
            throw new IOException("the TIFF file has no page");
        }
        return pages;
    }

    /// {@return where the next directory lies}
    private long read(long at, boolean big) throws IOException {
        int head = big ? 8 : 2;
        int width = big ? 20 : 12;
        ByteBuffer counted = bytes.header(at, head);
        long count = big ? counted.getLong(0) : counted.getShort(0) & 0xFFFF;
        if (count < 1 || count > 0xFFFF) {
            throw new IOException("a TIFF directory is damaged: it claims %d tags".formatted(count));
        }
        ByteBuffer table = bytes.header(at + head, count * width + (big ? 8 : 4));
        for (int i = 0; i < count; i++) {
            int entry = i * width;
            int type = table.getShort(entry + 2) & 0xFFFF;
            long numbers = big ? table.getLong(entry + 4) : table.getInt(entry + 4) & 0xFFFF_FFFFL;
            int room = big ? 8 : 4;
            int value = entry + width - room;
            if (type >= WIDTHS.length || WIDTHS[type] == 0 || numbers < 0 || numbers > bytes.size()) {
                // a private tag, or one that isn't asked for
                continue;
            }
            boolean here = numbers * WIDTHS[type] <= room;
            long place = here ? at + head + value : big ? table.getLong(value) : table.getInt(value) & 0xFFFF_FFFFL;
            entries.put(table.getShort(entry) & 0xFFFF, new Entry(type, numbers, place));
        }
        int end = (int) count * width;
        return big ? table.getLong(end) : table.getInt(end) & 0xFFFF_FFFFL;
    }

    boolean has(int tag) {
        return entries.containsKey(tag);
    }

    /// {@return how many numbers a tag has}
    long count(int tag) {
        return has(tag) ? entries.get(tag).count : 0;
    }

    /// {@return the first whole number of a tag}
    long number(int tag, long absent) throws IOException {
        long[] numbers = numbers(tag, 1);
        return numbers.length == 0 ? absent : numbers[0];
    }

    /// {@return the whole numbers of a tag}, none if it isn't there; not to be changed
    ///
    /// @param most how many of them are needed
    long[] numbers(int tag, long most) throws IOException {
        if (!has(tag)) {
            return new long[0];
        }
        Entry entry = entries.get(tag);
        int width = WIDTHS[entry.type];
        int count = Math.toIntExact(Math.min(entry.count, most));
        if (read.containsKey(tag) && read.get(tag).length >= count) {
            return read.get(tag);
        }
        ByteBuffer stored = bytes.header(entry.at, (long) count * width);
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = switch (width) {
                case 1 -> stored.get(i) & 0xFF;
                case 2 -> stored.getShort(2 * i) & 0xFFFF;
                case 4 -> stored.getInt(4 * i) & 0xFFFF_FFFFL;
                default -> stored.getLong(8 * i);
            };
        }
        read.put(tag, numbers);
        return numbers;
    }

    /// {@return a fraction}, NaN if it isn't there
    double fraction(int tag) throws IOException {
        if (!has(tag) || entries.get(tag).type != RATIONAL || count(tag) < 1) {
            return Double.NaN;
        }
        ByteBuffer stored = bytes.header(entries.get(tag).at, 8);
        return (double) (stored.getInt(0) & 0xFFFF_FFFFL) / (stored.getInt(4) & 0xFFFF_FFFFL);
    }

    /// {@return a text, empty if it isn't there}
    String text(int tag) throws IOException {
        if (!has(tag) || entries.get(tag).type != ASCII) {
            return "";
        }
        String text = new String(bytes.header(entries.get(tag).at, count(tag)).array(), StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
