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
    private int depth = 8;
    private int color;
    private boolean interlaced;

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
        depth = bytes.get(24);
        color = bytes.get(25);
        if (!depths().contains(depth)) {
            findings.add(error(
                    "the PNG header claims the colour type %d with %d bits".formatted(color, depth),
                    "It is damaged: get the file again."));
            return;
        }
        if (bytes.getShort(26) != 0 || (bytes.get(28) & ~1) != 0) {
            findings.add(error(
                    "the PNG header claims the compression %d, filters %d and order %d"
                            .formatted(bytes.get(26), bytes.get(27), bytes.get(28)),
                    "It is damaged: get the file again."));
            return;
        }
        interlaced = bytes.get(28) == 1;
        double need = (double) width * height * samples() * depth / 8;
        if (width < 1
                || height < 1
                || need > (double) Gunzip.MOST * size
                || need > Integer.MAX_VALUE / 2
                || (double) width * height * (isGray() ? 1 : 3) > Integer.MAX_VALUE / 2) {
            findings.add(error(
                    "the PNG header claims %d x %d pixels of %d bits, but the file has %d bytes"
                            .formatted(width, height, samples() * depth, size),
                    "It is damaged or too large: get the file again, or crop it."));
            return;
        }
        findings.addAll(FileChecks.memory(memoryToRead(depth > 8 ? 2 : 1), memory));
    }

    /// {@return how many bits a sample of the colour type may have}; none of an unknown type
    private List<Integer> depths() {
        return switch (color) {
            case GRAY -> List.of(1, 2, 4, 8, 16);
            case PALETTE -> List.of(1, 2, 4, 8);
            case RGB, GRAY_ALPHA, RGBA -> List.of(8, 16);
            default -> List.of();
        };
    }

    /// The pixels of each channel as they are kept, twice where colours turn out to be gray, and as float.
    private double memoryToRead(int bytes) {
        return (double) width * height * (isGray() ? bytes + 4 : 3 * (bytes + 4) + bytes);
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

    /// {@return the bits of a sample}
    int depth() {
        return depth;
    }

    boolean isInterlaced() {
        return interlaced;
    }

    boolean hasAlpha() {
        return color == GRAY_ALPHA || color == RGBA;
    }

    /// {@return whether it is gray by its type; a coloured type may still hold gray pixels}
    boolean isGray() {
        return color == GRAY || color == GRAY_ALPHA;
    }

    /// {@return how many samples a pixel has, alpha among them}
    int samples() {
        return switch (color) {
            case GRAY_ALPHA -> 2;
            case RGB -> 3;
            case RGBA -> 4;
            default -> 1;
        };
    }
}
