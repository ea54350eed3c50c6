package org.segloss.dicom.pixel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Run lengths (PackBits), as part 5, annex G has them: each byte of the numbers lies in a segment of its
/// own, the highest first.
final class Rle {
    private static final int HEADER = 64;

    private Rle() {}

    /// {@return the numbers of a frame, one plane behind the other}
    ///
    /// @param pixels of a plane
    /// @param width  bytes of a number
    static int[] frame(byte[] packed, int pixels, int samples, int width) throws IOException {
        if (packed.length < HEADER) {
            throw new IOException("a frame of it breaks off in its header");
        }
        ByteBuffer header = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
        int segments = header.getInt(0);
        if (segments != samples * width) {
            throw new IOException(
                    "a frame of it has %d segments, but its pixels need %d".formatted(segments, samples * width));
        }
        int[] numbers = new int[pixels * samples];
        for (int segment = 0; segment < segments; segment++) {
            int start = header.getInt(4 + 4 * segment);
            int end = segment + 1 < segments ? header.getInt(8 + 4 * segment) : packed.length;
            if (start < HEADER || end < start || end > packed.length) {
                throw new IOException("a segment of a frame lies outside of it");
            }
            int shift = 8 * (width - 1 - segment % width);
            unpack(packed, start, end, numbers, segment / width * pixels, pixels, shift);
        }
        return numbers;
    }

    private static void unpack(byte[] packed, int start, int end, int[] numbers, int first, int pixels, int shift)
            throws IOException {
        int at = start;
        int done = 0;
        while (done < pixels) {
            if (at >= end) {
                throw new IOException("a segment of a frame has %d of %d bytes".formatted(done, pixels));
            }
            int code = packed[at++];
            if (code >= 0) {
                int count = Math.min(code + 1, pixels - done);
                if (at + count > end) {
                    throw new IOException("a segment of a frame breaks off");
                }
                for (int i = 0; i < count; i++) {
                    numbers[first + done++] |= (packed[at + i] & 0xFF) << shift;
                }
                at += code + 1;
            } else if (code > -128) {
                if (at >= end) {
                    throw new IOException("a segment of a frame breaks off");
                }
                int value = (packed[at++] & 0xFF) << shift;
                for (int i = Math.min(1 - code, pixels - done); i > 0; i--) {
                    numbers[first + done++] |= value;
                }
            }
        }
    }
}
