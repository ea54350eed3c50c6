package org.segloss.format.picture;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.segloss.format.FileChecks;
import org.segloss.format.Finding;

/// What stands in a JPEG file before its pixels, and all that is wrong with it.
///
/// @see <a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">ITU-T T.81</a>
final class JpegHeader {
    /// A block of 8 x 8 numbers takes a bit at least, and a component may have a quarter of the blocks.
    private static final double MOST_PIXELS_OF_A_BYTE = 4 * 8 * 64;

    private static final int SOS = 0xDA;
    private static final int EOI = 0xD9;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;
    private static final int COMMENT = 0xFE;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] JFIF = {'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};

    private final List<Finding> findings = new ArrayList<>();
    private final ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    private int width;
    private int height;
    private int components;
    private int orientation = 1;

    /// Reads up to the first scan, and leaves the stream behind its header.
    ///
    /// @param size   of the file
    /// @param memory bytes that Java may take
    /// @throws IOException if the file ends before
    JpegHeader(InputStream in, long size, long memory) throws IOException {
        in.skipNBytes(2);
        decoded.write(0xFF);
        decoded.write(0xD8);
        int marker = marker(in);
        while (marker != SOS) {
            if (marker == EOI) {
                throw new IOException("the JPEG file has no pixels");
            }
            segment(marker, body(in));
            if (findings.stream().anyMatch(Finding::isError)) {
                return;
            }
            marker = marker(in);
        }
        write(SOS, body(in));
        if (components == 0) {
            throw new IOException("the JPEG header is damaged (it says no size)");
        }
        if (width < 1
                || height < 1
                || (double) width * height > MOST_PIXELS_OF_A_BYTE * size
                || (double) width * height * components > Integer.MAX_VALUE / 2) {
            findings.add(error(
                    "the JPEG header claims %d x %d pixels, but the file has %d bytes".formatted(width, height, size),
                    "It is damaged or too large: get the file again, or crop it."));
            return;
        }
        // what is decoded, what is kept of it, and floats; twice the file, which may be decoded in several
        // scans
        findings.addAll(FileChecks.memory(2.0 * size + (double) width * height * components * 6, memory));
        if (orientation != 1) {
            findings.add(warning(
                    "its EXIF data say that it is to be shown turned or mirrored (orientation %d)"
                            .formatted(orientation),
                    "Pixels are read as they are stored, as Pillow and NumPy do: check that the mask lies so, too."));
        }
    }

    private static int marker(InputStream in) throws IOException {
        int b = next(in);
        if (b != 0xFF) {
            throw new IOException("the JPEG header is damaged (a marker is missing)");
        }
        while (b == 0xFF) {
            b = next(in);
        }
        return b;
    }

    private static int next(InputStream in) throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new IOException("the JPEG file ends in its header");
        }
        return b;
    }

    private static byte[] body(InputStream in) throws IOException {
        int length = (next(in) << 8 | next(in)) - 2;
        byte[] body = in.readNBytes(Math.max(length, 0));
        if (body.length != length) {
            throw new IOException("the JPEG file ends in its header");
        }
        return body;
    }

    private void segment(int marker, byte[] body) throws IOException {
        if (marker == APP1 && body.length > EXIF.length && Arrays.equals(EXIF, 0, 6, body, 0, 6)) {
            orientation = orientation(ByteBuffer.wrap(body, 6, body.length - 6).slice());
        } else if (marker == APP0 && body.length >= 5 && Arrays.equals(JFIF, 0, 5, body, 0, 5)) {
            // says which colours the numbers are; small pictures in it are of no use
            write(APP0, JFIF);
        } else if ((marker & 0xF0) != 0xE0 && marker != COMMENT || marker == APP14) {
            write(marker, body);
        }
        // the 16 frame markers but for those of tables
        if ((marker & 0xF0) == 0xC0 && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
            frame(marker, body);
        }
    }

    private void frame(int marker, byte[] body) throws IOException {
        if (body.length < 6 || components != 0) {
            throw new IOException("the JPEG header is damaged (its frame)");
        }
        ByteBuffer frame = ByteBuffer.wrap(body);
        int bits = body[0] & 0xFF;
        height = frame.getShort(1) & 0xFFFF;
        width = frame.getShort(3) & 0xFFFF;
        components = body[5] & 0xFF;
        if (marker > 0xC2 || bits != 8) {
            findings.add(error(
                    "this JPEG file is of a kind that is not read: %d bits, %s".formatted(bits, kind(marker)),
                    "Save it as PNG or TIFF."));
        } else if (components != 1 && components != 3) {
            findings.add(error(
                    "this JPEG file has %d channels%s"
                            .formatted(components, components == 4 ? " (CMYK, for print)" : ""),
                    "Save it as gray or RGB."));
        }
    }

    private static String kind(int marker) {
        if (marker <= 0xC1) {
            return "sequential";
        }
        return switch (marker) {
            case 0xC2 -> "progressive";
            case 0xC3, 0xC7, 0xCB, 0xCF -> "lossless";
            case 0xC9, 0xCA, 0xCD, 0xCE -> "arithmetic coding";
            default -> "hierarchical";
        };
    }

    private static int orientation(ByteBuffer exif) {
        if (exif.limit() < 8) {
            return 1;
        }
        exif.order(exif.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int at = exif.getInt(4);
        if (at < 8 || at > exif.limit() - 2) {
            return 1;
        }
        int entries = exif.getShort(at) & 0xFFFF;
        for (int i = 0; i < entries && at + 2 + 12 * (i + 1) <= exif.limit(); i++) {
            int entry = at + 2 + 12 * i;
            if (exif.getShort(entry) == 0x112) {
                int value = exif.getShort(entry + 8);
                return value >= 1 && value <= 8 ? value : 1;
            }
        }
        return 1;
    }

    private void write(int marker, byte[] body) {
        decoded.write(0xFF);
        decoded.write(marker);
        decoded.write(body.length + 2 >> 8);
        decoded.write(body.length + 2);
        decoded.write(body, 0, body.length);
    }

    List<Finding> findings() {
        return findings;
    }

    /// {@return the header without what decoding doesn't need}: colour profiles, descriptions and small
    /// pictures, over which the JDK's reader stumbles where they are damaged
    byte[] bytes() {
        return decoded.toByteArray();
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /// {@return 1 for gray, 3 for colours}
    int components() {
        return components;
    }
}
