package org.segloss.format.picture;

import static org.segloss.format.Finding.error;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.segloss.format.FileChecks;
import org.segloss.format.Finding;
import org.segloss.format.Gunzip;

/// A PNG file's first chunk, and all that is wrong with it.
final class PngHeader {
    /// Signature, length and name of the chunk, its 13 bytes.
    static final int LENGTH = 29;
    static final int GRAY = 0;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int GRAY_ALPHA = 4;
    static final int RGBA = 6;

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private final List<Finding> findings = new ArrayList<>();
    private int width = 1;
    private int height = 1;
    private int color;

    /// @param head the file's first bytes, 29 of them, or fewer if there are no more
    /// @param size   of the file
    /// @param memory bytes that Java may take
    PngHeader(byte[] head, long size, long memory) {
        ByteBuffer bytes = ByteBuffer.wrap(head);
        if (head.length < LENGTH || bytes.getInt(8) != 13 || bytes.getInt(12) != 0x49484452) {
            findings.add(error("the PNG header is damaged", "Get the file again."));
            return;
        }
        width = bytes.getInt(16);
        height = bytes.getInt(20);
        int depth = bytes.get(24);
        color = bytes.get(25);
        if (color != GRAY && color != RGB && color != PALETTE && color != GRAY_ALPHA && color != RGBA) {
            findings.add(error("the PNG header claims the colour type " + color, "It is damaged: get the file again."));
            return;
        }
        double need = (double) width * height * samples() * depth / 8;
        if (width < 1
                || height < 1
                || depth < 1
                || depth > 16
                || need > (double) Gunzip.MOST * size
                || need > Integer.MAX_VALUE / 2) {
            findings.add(error(
                    "the PNG header claims %d x %d pixels of %d bits, but the file has %d bytes"
                            .formatted(width, height, samples() * depth, size),
                    "It is damaged or too large: get the file again, or crop it."));
            return;
        }
        findings.addAll(FileChecks.memory(size + memoryToRead(depth > 8 ? 2 : 1), memory));
    }

    /// The decoded samples, and for each channel the pixels as int, as they are kept, and as float; for
    /// coloured ones the ints twice.
    private double memoryToRead(int bytes) {
        int perPixel = isGray() ? samples() * bytes + 4 + bytes + 4 : samples() * bytes + 3 * (8 + bytes + 4);
        return (double) width * height * perPixel;
    }

    static boolean isSignature(byte[] head) {
        return head.length >= 8 && Arrays.equals(head, 0, 8, SIGNATURE, 0, 8);
    }

    List<Finding> findings() {
        return findings;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int color() {
        return color;
    }

    /// {@return whether it is gray by its type; a coloured type may still hold gray pixels}
    boolean isGray() {
        return color == GRAY || color == GRAY_ALPHA;
    }

    private int samples() {
        return switch (color) {
            case GRAY_ALPHA -> 2;
            case RGB -> 3;
            case RGBA -> 4;
            default -> 1;
        };
    }
}
