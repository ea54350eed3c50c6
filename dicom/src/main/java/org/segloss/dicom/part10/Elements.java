package org.segloss.dicom.part10;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.NoSuchElementException;
import java.util.Set;
import org.segloss.dicom.part10.DataSet.Element;

/// Walks over the elements in a range of bytes. No length is believed that goes beyond the range, and
/// sequences that end with a delimiter are walked through only so deep.
final class Elements {
    /// Real files have less than ten.
    static final int DEEPEST = 32;

    private static final long UNDEFINED = 0xFFFF_FFFFL;

    /// The kinds of values whose lengths have 32 bits.
    private static final Set<String> LONG =
            Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

    private final MemorySegment bytes;
    private final TransferSyntax syntax;
    private final long end;
    private final int depth;
    private long at;

    Elements(MemorySegment bytes, TransferSyntax syntax, long start, long end, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("sequences of it are nested more than %d deep".formatted(DEEPEST));
        }
        this.bytes = bytes;
        this.syntax = syntax;
        this.at = start;
        this.end = end;
        this.depth = depth;
    }

    boolean hasNext() {
        return at < end;
    }

    /// {@return the next element, behind which the next call goes on}
    Element next() throws IOException {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        long start = at;
        int tag = tag();
        if (tag == Tag.ITEM_DELIMITATION) {
            int32(start);
            return new Element(tag, "", at, 0, false);
        }
        if (tag == Tag.ITEM || tag == Tag.SEQUENCE_DELIMITATION) {
            throw new IOException("%s at byte %d stands where no item does".formatted(Tag.text(tag), start));
        }
        String vr = "";
        long length;
        if (syntax.explicit()) {
            need(start, 4);
            vr = new String(bytes.asSlice(at, 2).toArray(JAVA_BYTE), StandardCharsets.ISO_8859_1);
            if (!vr.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
                throw new IOException(
                        "%s at byte %d has no kind of value (VR) that DICOM knows".formatted(Tag.text(tag), start));
            }
            if (LONG.contains(vr)) {
                at += 4;
                length = int32(start);
            } else {
                at += 2;
                length = bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(syntax.order()), at) & 0xFFFF;
                at += 2;
            }
        } else {
            length = int32(start);
        }
        return value(tag, vr, start, length);
    }

    private Element value(int tag, String vr, long start, long length) throws IOException {
        long offset = at;
        if (length == UNDEFINED) {
            if (tag == Tag.PIXEL_DATA && depth == 0) {
                // fragments, which nothing follows that is needed
                at = end;
                return new Element(tag, vr, offset, end - offset, true);
            }
            TransferSyntax inside = vr.equals("UN") ? TransferSyntax.IMPLICIT : syntax;
            var sequence = new Elements(bytes, inside, offset, end, depth + 1);
            at = sequence.endOfSequence();
            return new Element(tag, vr, offset, at - offset, true);
        }
        if (length > end - offset) {
            throw new IOException("%s at byte %d claims %d bytes, but %d are left"
                    .formatted(Tag.text(tag), start, length, end - offset));
        }
        at = offset + length;
        return new Element(tag, vr, offset, length, false);
    }

    /// {@return the next item of a sequence, or the delimiter behind the last}
    Element nextItem() throws IOException {
        long start = at;
        int tag = tag();
        long length = int32(start);
        if (tag == Tag.SEQUENCE_DELIMITATION) {
            return new Element(tag, "", at, 0, false);
        }
        if (tag != Tag.ITEM) {
            throw new IOException(
                    "%s at byte %d stands where an item of a sequence should be".formatted(Tag.text(tag), start));
        }
        long offset = at;
        if (length == UNDEFINED) {
            while (true) {
                if (!hasNext()) {
                    throw new IOException("the item at byte %d has no end".formatted(start));
                }
                if (next().tag() == Tag.ITEM_DELIMITATION) {
                    return new Element(tag, "", offset, at - 8 - offset, true);
                }
            }
        }
        if (length > end - offset) {
            throw new IOException(
                    "the item at byte %d claims %d bytes, but %d are left".formatted(start, length, end - offset));
        }
        at = offset + length;
        return new Element(tag, "", offset, length, false);
    }

    /// {@return the first byte behind the delimiter of a sequence}
    private long endOfSequence() throws IOException {
        while (hasNext()) {
            if (nextItem().tag() == Tag.SEQUENCE_DELIMITATION) {
                return at;
            }
        }
        throw new IOException("a sequence of it has no end");
    }

    private void need(long start, int count) throws IOException {
        if (end - at < count) {
            throw new IOException("it breaks off in the element at byte %d".formatted(start));
        }
    }

    private int tag() throws IOException {
        need(at, 8);
        var layout = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(syntax.order());
        int group = bytes.get(layout, at) & 0xFFFF;
        int element = bytes.get(layout, at + 2) & 0xFFFF;
        at += 4;
        return group << 16 | element;
    }

    private long int32(long start) throws IOException {
        need(start, 4);
        long number = bytes.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(syntax.order()), at) & UNDEFINED;
        at += 4;
        return number;
    }
}
