package org.segloss.format.tiff;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.segloss.image.ElementType;

/// Reads rows of a page. No more than one of the pieces in which the file stores it is unpacked at once.
final class TiffPixels {
    private final TiffBytes bytes;
    private final TiffPage page;
    private final long[] offsets;
    private final long[] counts;
    private final int across;
    private final int down;

    /// @param shift how far behind the pieces that the page names those of this slice lie
    /// @throws IOException if the pieces are others than the page needs, or lie outside of the file
    TiffPixels(TiffBytes bytes, TiffPage page, long shift) throws IOException {
        this.bytes = bytes;
        this.page = page;
        across = Math.ceilDiv(page.width(), page.segmentWidth());
        down = Math.ceilDiv(page.height(), page.segmentHeight());
        long pieces = (long) across * down * (page.isPlanar() ? page.samples() : 1);
        offsets = page.tags().numbers(page.isTiled() ? 324 : 273, pieces).clone();
        long[] said = page.tags().numbers(page.isTiled() ? 325 : 279, pieces);
        if (offsets.length < pieces) {
            throw new IOException("the TIFF directory is damaged: it names %d of %d pieces of the image"
                    .formatted(offsets.length, pieces));
        }
        counts = said.length < pieces && pieces == 1 && page.compression() == TiffPage.NONE
                // some programs leave out what follows from the rest
                ? new long[] {rowBytes(page.width()) * page.height()}
                : said;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] += shift;
        }
        double sum = 0;
        for (int i = 0; i < pieces; i++) {
            if (i >= counts.length || counts[i] < 0 || offsets[i] < 0 || offsets[i] > bytes.size() - counts[i]) {
                throw new IOException("the TIFF directory is damaged, or the file was cut off: "
                        + "a piece of the image lies outside of its %d bytes".formatted(bytes.size()));
            }
            sum += counts[i];
        }
        if (sum > bytes.size()) {
            throw new IOException("the TIFF directory is damaged: its pieces overlap");
        }
    }

    private long rowBytes(int width) {
        return Math.ceilDiv((long) width * (page.isPlanar() ? 1 : page.samples()) * page.bits(), 8);
    }

    /// Reads rows as they are stored, the colours of a palette as indices.
    ///
    /// @param y0 the first row
    /// @param y1 behind the last
    /// @param to gets the numbers in the page's type, `(channel, row, x)`; halves as floats
    void read(int y0, int y1, MemorySegment to) throws IOException {
        int planes = page.isPlanar() ? page.channels() : 1;
        for (int plane = 0; plane < planes; plane++) {
            for (int row = y0 / page.segmentHeight(); row <= (y1 - 1) / page.segmentHeight(); row++) {
                for (int column = 0; column < across; column++) {
                    place(piece((plane * down + row) * across + column, row), plane, row, column, y0, y1, to);
                }
            }
        }
    }

    /// @param data in the order of the file
    private record Piece(byte[] data, ByteOrder order) {}

    private Piece piece(int index, int row) throws IOException {
        int height = page.isTiled()
                ? page.segmentHeight()
                : Math.min(page.segmentHeight(), page.height() - row * page.segmentHeight());
        long rowBytes = rowBytes(page.segmentWidth());
        long need = rowBytes * height;
        if (need > Integer.MAX_VALUE - 8) {
            throw new IOException("the TIFF file stores %d bytes in one piece; store it in tiles".formatted(need));
        }
        if (need > counts[index] * page.mostUnpacked()) {
            throw new IOException("the TIFF data is damaged: a piece of %d bytes holds no %d bytes of pixels"
                    .formatted(counts[index], need));
        }
        byte[] stored = bytes.read(offsets[index], counts[index]);
        byte[] data;
        if (page.compression() == TiffPage.NONE) {
            if (stored.length < need) {
                throw new IOException("the TIFF data is damaged (%d bytes of pixels are there, but there should be %d)"
                        .formatted(stored.length, need));
            }
            data = stored;
        } else {
            data = Unpacking.unpack(stored, page.compression(), (int) need);
        }
        int step = page.isPlanar() ? 1 : page.samples();
        if (page.predictor() == 2) {
            undoDifferences(data, (int) rowBytes, height, step);
        } else if (page.predictor() == 3) {
            return new Piece(undoFloats(data, (int) rowBytes, height, step), ByteOrder.BIG_ENDIAN);
        }
        return new Piece(data, bytes.order());
    }

    /// Each number is stored as its difference from the one before it.
    private void undoDifferences(byte[] data, int rowBytes, int height, int step) {
        ByteBuffer numbers = ByteBuffer.wrap(data).order(bytes.order());
        int width = page.bits() / 8;
        for (int row = 0; row < height; row++) {
            for (int i = row * rowBytes + step * width; i < (row + 1) * rowBytes; i += width) {
                int before = i - step * width;
                switch (width) {
                    case 1 -> data[i] += data[before];
                    case 2 -> numbers.putShort(i, (short) (numbers.getShort(i) + numbers.getShort(before)));
                    case 4 -> numbers.putInt(i, numbers.getInt(i) + numbers.getInt(before));
                    default -> numbers.putLong(i, numbers.getLong(i) + numbers.getLong(before));
                }
            }
        }
    }

    /// The highest bytes of a row's numbers come first, then the next lower ones; each byte as its difference from the
    /// one before it.
    private byte[] undoFloats(byte[] data, int rowBytes, int height, int step) {
        int width = page.bits() / 8;
        int count = rowBytes / width;
        byte[] numbers = new byte[data.length];
        for (int row = 0; row < height; row++) {
            int start = row * rowBytes;
            for (int i = start + step; i < start + rowBytes; i++) {
                data[i] += data[i - step];
            }
            for (int i = 0; i < count; i++) {
                for (int b = 0; b < width; b++) {
                    numbers[start + i * width + b] = data[start + b * count + i];
                }
            }
        }
        return numbers;
    }

    private void place(Piece piece, int plane, int row, int column, int y0, int y1, MemorySegment to) {
        int step = page.isPlanar() ? 1 : page.samples();
        int x0 = column * page.segmentWidth();
        int width = Math.min(page.segmentWidth(), page.width() - x0);
        long rowBytes = rowBytes(page.segmentWidth());
        long channelSize = (long) (y1 - y0) * page.width();
        int top = row * page.segmentHeight();
        int channels = page.isPlanar() ? 1 : page.channels();
        for (int y = Math.max(y0, top); y < Math.min(y1, top + page.segmentHeight()); y++) {
            byte[] from = piece.data;
            int start = (int) (rowBytes * (y - top));
            if (page.bits() < 8) {
                from = unpackBits(piece.data, start, width * step);
                start = 0;
            }
            for (int sample = 0; sample < channels; sample++) {
                long target = (plane + sample) * channelSize + (long) (y - y0) * page.width() + x0;
                row(MemorySegment.ofArray(from), piece.order, start, sample, step, width, to, target);
            }
        }
    }

    private byte[] unpackBits(byte[] data, int start, int count) {
        int bits = page.bits();
        byte[] numbers = new byte[count];
        for (int i = 0; i < count; i++) {
            int at = i * bits;
            // the first pixel lies in the highest bits
            numbers[i] = (byte) (data[start + (at >> 3)] >> 8 - bits - (at & 7) & (1 << bits) - 1);
        }
        return numbers;
    }

    private void row(
            MemorySegment from,
            ByteOrder order,
            int start,
            int sample,
            int step,
            int width,
            MemorySegment to,
            long target) {
        switch (Math.max(page.bits(), 8)) {
            case 8 -> {
                for (int x = 0; x < width; x++) {
                    to.set(
                            ValueLayout.JAVA_BYTE,
                            target + x,
                            from.get(ValueLayout.JAVA_BYTE, start + x * step + sample));
                }
            }
            case 16 -> {
                var layout = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
                for (int x = 0; x < width; x++) {
                    short number = from.get(layout, start + 2L * (x * step + sample));
                    if (page.isFloat()) {
                        to.setAtIndex(ValueLayout.JAVA_FLOAT, target + x, Float.float16ToFloat(number));
                    } else {
                        to.setAtIndex(ValueLayout.JAVA_SHORT, target + x, number);
                    }
                }
            }
            case 32 -> {
                var layout = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
                for (int x = 0; x < width; x++) {
                    to.set(
                            ValueLayout.JAVA_INT_UNALIGNED,
                            4 * (target + x),
                            from.get(layout, start + 4L * (x * step + sample)));
                }
            }
            default -> {
                var layout = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
                for (int x = 0; x < width; x++) {
                    to.set(
                            ValueLayout.JAVA_LONG_UNALIGNED,
                            8 * (target + x),
                            from.get(layout, start + 8L * (x * step + sample)));
                }
            }
        }
    }

    /// {@return the type of the numbers that are read}
    ElementType type() {
        return page.type();
    }
}
