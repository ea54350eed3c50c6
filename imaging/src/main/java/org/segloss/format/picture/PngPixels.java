package org.segloss.format.picture;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Unpacks the pixels of a PNG file, of every kind that there is. The JDK's reader fails on some, such as
/// gray of two bits with a transparent value, checks no sums, and needs all pixels for what a few say.
///
/// @see <a href="https://www.w3.org/TR/png-3/">Portable Network Graphics (third edition)</a>
final class PngPixels implements AutoCloseable {
    private static final int IDAT = 0x49444154;
    private static final int PLTE = 0x504C5445;
    private static final int IEND = 0x49454E44;
    /// Where the pixels of each pass of an interlaced image begin, and how far they are from one another.
    private static final int[][] PASSES = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };
    private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

    /// Is given the samples of one pixel after the other.
    interface Pixels {
        /// @param samples of the pixel
        /// @return whether the rest is wanted
        boolean take(int x, int y, int[] samples);
    }

    private final PngHeader header;
    private final InputStream in;
    private final Inflater inflater = new Inflater();
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[1 << 14];
    private byte[] palette = {};
    /// What is left of the chunk that is read.
    private int left;

    /// @param in at the file's first byte; is closed with this
    PngPixels(PngHeader header, InputStream in) throws IOException {
        this.header = header;
        this.in = new BufferedInputStream(in, buffer.length);
        this.in.skipNBytes(8);
        while (chunk() != IDAT) {
            // what comes before the pixels and isn't wanted
        }
    }

    /// {@return red, green and blue of each colour of the palette; empty if there is none}
    byte[] palette() {
        return palette;
    }

    /// Reads all pixels, in the order in which they are stored.
    void read(Pixels pixels) throws IOException {
        int bits = header.samples() * header.depth();
        int step = Math.max(bits / 8, 1);
        for (int[] pass : header.isInterlaced() ? PASSES : ONE_PASS) {
            int width = Math.ceilDiv(header.width() - pass[0], pass[2]);
            int height = Math.ceilDiv(header.height() - pass[1], pass[3]);
            if (width <= 0 || height <= 0) {
                continue;
            }
            byte[] row = new byte[Math.toIntExact(((long) width * bits + 7) / 8)];
            byte[] before = new byte[row.length];
            int[] samples = new int[header.samples()];
            for (int y = 0; y < height; y++) {
                byte[] last = before;
                before = row;
                row = last;
                int filter = inflate(row, 1)[0];
                inflate(row, row.length);
                unfilter(filter, row, before, step);
                for (int x = 0; x < width; x++) {
                    samples(row, x, samples);
                    if (!pixels.take(pass[0] + x * pass[2], pass[1] + y * pass[3], samples)) {
                        return;
                    }
                }
            }
        }
        checkSums();
    }

    private void samples(byte[] row, int x, int[] samples) {
        int depth = header.depth();
        for (int i = 0; i < samples.length; i++) {
            int at = x * samples.length + i;
            samples[i] = switch (depth) {
                case 8 -> row[at] & 0xFF;
                case 16 -> (row[2 * at] & 0xFF) << 8 | row[2 * at + 1] & 0xFF;
                // the first pixel lies in the highest bits
                default -> row[(int) ((long) at * depth >> 3)] >> 8 - depth - (at * depth & 7) & (1 << depth) - 1;
            };
        }
    }

    private static void unfilter(int filter, byte[] row, byte[] above, int step) throws IOException {
        switch (filter) {
            case 0 -> {}
            case 1 -> {
                for (int i = step; i < row.length; i++) {
                    row[i] += row[i - step];
                }
            }
            case 2 -> {
                for (int i = 0; i < row.length; i++) {
                    row[i] += above[i];
                }
            }
            case 3 -> {
                for (int i = 0; i < row.length; i++) {
                    int left = i < step ? 0 : row[i - step] & 0xFF;
                    row[i] += (byte) ((left + (above[i] & 0xFF)) / 2);
                }
            }
            case 4 -> {
                for (int i = 0; i < row.length; i++) {
                    int left = i < step ? 0 : row[i - step] & 0xFF;
                    int corner = i < step ? 0 : above[i - step] & 0xFF;
                    row[i] += (byte) paeth(left, above[i] & 0xFF, corner);
                }
            }
            default -> throw damaged("a row has the unknown filter " + filter);
        }
    }

    private static int paeth(int left, int above, int corner) {
        int byLeft = Math.abs(above - corner);
        int byAbove = Math.abs(left - corner);
        int byCorner = Math.abs(left + above - 2 * corner);
        if (byLeft <= byAbove && byLeft <= byCorner) {
            return left;
        }
        return byAbove <= byCorner ? above : corner;
    }

    private byte[] inflate(byte[] target, int length) throws IOException {
        int done = 0;
        try {
            while (done < length) {
                int n = inflater.inflate(target, done, length - done);
                done += n;
                if (n == 0) {
                    if (inflater.finished() || inflater.needsDictionary()) {
                        throw damaged("there are fewer pixels than the header says");
                    }
                    feed();
                }
            }
        } catch (DataFormatException _) {
            throw damaged("they can't be unpacked");
        }
        return target;
    }

    /// The sum of all pixels follows them, and that of the last chunk behind it.
    private void checkSums() throws IOException {
        try {
            while (!inflater.finished() && inflater.inflate(buffer, 0, 1) == 0 && !inflater.finished()) {
                feed();
            }
        } catch (DataFormatException _) {
            throw damaged("the checksum doesn't fit");
        }
        while (left > 0) {
            left -= body(Math.min(left, buffer.length));
        }
        checkSum();
    }

    private void feed() throws IOException {
        while (left == 0) {
            checkSum();
            if (chunk() != IDAT) {
                throw damaged("they break off");
            }
        }
        int n = body(Math.min(left, buffer.length));
        left -= n;
        inflater.setInput(buffer, 0, n);
    }

    /// Goes to the body of the next chunk that is the palette, pixels or the end; of others it reads no more
    /// than the head.
    private int chunk() throws IOException {
        while (true) {
            byte[] head = in.readNBytes(8);
            if (head.length < 8) {
                throw damaged("they break off");
            }
            left = integer(head, 0);
            int name = integer(head, 4);
            if (name == IEND) {
                throw damaged("they break off");
            }
            if (left < 0 || name == PLTE && left > 3 * 256) {
                throw damaged("the chunk '%s' claims %d bytes"
                        .formatted(
                                new String(head, 4, 4, StandardCharsets.ISO_8859_1).replaceAll("[^A-Za-z]", "?"),
                                left & 0xFFFF_FFFFL));
            }
            crc.reset();
            crc.update(head, 4, 4);
            if (name == IDAT) {
                return name;
            }
            if (name == PLTE) {
                palette = Arrays.copyOf(buffer, body(left));
                checkSum();
                return name;
            }
            in.skipNBytes(left + 4L);
        }
    }

    private int body(int length) throws IOException {
        int n = in.readNBytes(buffer, 0, length);
        if (n < length) {
            throw damaged("they break off");
        }
        crc.update(buffer, 0, n);
        return n;
    }

    private void checkSum() throws IOException {
        byte[] sum = in.readNBytes(4);
        if (sum.length < 4 || integer(sum, 0) != (int) crc.getValue()) {
            throw damaged("a checksum doesn't fit");
        }
    }

    private static int integer(byte[] bytes, int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 0xFF) << 16 | (bytes[at + 2] & 0xFF) << 8 | bytes[at + 3] & 0xFF;
    }

    private static IOException damaged(String how) {
        return new IOException("the PNG data is damaged (%s)".formatted(how));
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
