package org.segloss.format.tiff;

import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The ways in which a TIFF's pixels are made smaller, back to bytes.
final class Unpacking {
    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int MOST_CODES = 4096;

    private Unpacking() {}

    /// {@return the bytes that were packed}
    ///
    /// @param need how many there should be
    /// @throws IOException if there are fewer
    static byte[] unpack(byte[] packed, int compression, int need) throws IOException {
        byte[] bytes = new byte[need];
        int there =
                switch (compression) {
                    case TiffPage.LZW -> lzw(packed, bytes);
                    case TiffPage.PACK_BITS -> packBits(packed, bytes);
                    default -> inflate(packed, bytes);
                };
        if (there < need) {
            throw new IOException("the TIFF data is damaged (%d bytes of pixels are there, but there should be %d)"
                    .formatted(there, need));
        }
        return bytes;
    }

    /// The string of a code is a stretch of what was unpacked before it.
    private static int lzw(byte[] packed, byte[] to) throws IOException {
        int[] starts = new int[MOST_CODES];
        int[] lengths = new int[MOST_CODES];
        int next = END + 1;
        int width = 9;
        int before = 0;
        int beforeLength = 0;
        int done = 0;
        int at = 0;
        int bits = 0;
        int held = 0;
        while (done < to.length) {
            while (held < width) {
                if (at == packed.length) {
                    return done;
                }
                bits = bits << 8 | packed[at++] & 0xFF;
                held += 8;
            }
            int code = bits >> held - width & (1 << width) - 1;
            held -= width;
            bits &= (1 << held) - 1;
            if (code == CLEAR) {
                next = END + 1;
                width = 9;
                beforeLength = 0;
                continue;
            }
            if (code == END) {
                return done;
            }
            // the code after the last one is what came before and its own first byte
            if (beforeLength > 0 && next < MOST_CODES) {
                starts[next] = before;
                lengths[next] = beforeLength + 1;
                next++;
            }
            if (code > END && code >= next) {
                throw new IOException("the TIFF data is damaged (an unknown LZW code)");
            }
            before = done;
            beforeLength = code < CLEAR ? 1 : lengths[code];
            if (code < CLEAR) {
                to[done++] = (byte) code;
            } else {
                int start = starts[code];
                int end = Math.min(to.length, done + beforeLength);
                while (done < end) {
                    to[done++] = to[start++];
                }
            }
            // codes become longer one early
            if (next >= (1 << width) - 1 && width < 12) {
                width++;
            }
        }
        return done;
    }

    private static int packBits(byte[] packed, byte[] to) {
        int done = 0;
        int at = 0;
        while (at < packed.length - 1 && done < to.length) {
            int count = packed[at++];
            if (count >= 0) {
                int n = Math.min(Math.min(count + 1, packed.length - at), to.length - done);
                System.arraycopy(packed, at, to, done, n);
                at += n;
                done += n;
            } else if (count > -128) {
                byte value = packed[at++];
                for (int end = Math.min(to.length, done + 1 - count); done < end; ) {
                    to[done++] = value;
                }
            }
        }
        return done;
    }

    private static int inflate(byte[] packed, byte[] to) throws IOException {
        try (var inflater = new Inflater()) {
            inflater.setInput(packed);
            int done = 0;
            while (done < to.length) {
                int n = inflater.inflate(to, done, to.length - done);
                if (n == 0) {
                    break;
                }
                done += n;
            }
            return done;
        } catch (DataFormatException e) {
            throw new IOException("the TIFF data is damaged (it can't be unpacked)", e);
        }
    }
}
