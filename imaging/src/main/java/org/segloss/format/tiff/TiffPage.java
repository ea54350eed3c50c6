package org.segloss.format.tiff;

import static org.segloss.format.Finding.error;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.segloss.format.Finding;
import org.segloss.image.ElementType;

/// How the pixels of one page are stored: in strips of rows, or in tiles.
final class TiffPage {
    static final int WHITE_IS_ZERO = 0;
    static final int RGB = 2;
    static final int PALETTE = 3;

    static final int NONE = 1;
    static final int LZW = 5;
    static final int DEFLATE = 8;
    static final int OLD_DEFLATE = 32946;
    static final int PACK_BITS = 32773;

    /// Bytes that come of one at most: a code of 12 bits stands for up to 3839 bytes.
    private static final Map<Integer, Double> MOST =
            Map.of(NONE, 1.0, LZW, 2560.0, DEFLATE, 1032.0, OLD_DEFLATE, 1032.0, PACK_BITS, 64.0);

    private static final Map<Integer, String> COMPRESSIONS = Map.ofEntries(
            Map.entry(2, "CCITT fax"),
            Map.entry(3, "CCITT fax"),
            Map.entry(4, "CCITT fax"),
            Map.entry(6, "JPEG, old"),
            Map.entry(7, "JPEG"),
            Map.entry(33003, "JPEG 2000"),
            Map.entry(33005, "JPEG 2000"),
            Map.entry(34712, "JPEG 2000"),
            Map.entry(34887, "LERC"),
            Map.entry(34925, "LZMA"),
            Map.entry(50000, "Zstandard"),
            Map.entry(50001, "WebP"),
            Map.entry(50002, "JPEG XL"));
    private static final Map<Integer, String> COLOURS =
            Map.of(4, "a mask of transparency", 5, "CMYK, for print", 6, "YCbCr", 8, "CIE L*a*b*", 32803, "raw");

    private static final int FLOAT = 3;

    private final TiffDirectory tags;
    private final int width;
    private final int height;
    private final int samples;
    private final int bits;
    private final int format;
    private final int compression;
    private final int predictor;
    private final int photometric;
    private final boolean planar;
    private final boolean tiled;
    private final int segmentWidth;
    private final int segmentHeight;
    private final boolean alpha;

    TiffPage(TiffDirectory tags) throws IOException {
        this.tags = tags;
        width = number(256, 0);
        height = number(257, 0);
        samples = number(277, 1);
        bits = commonBits(tags);
        format = number(339, 1);
        compression = number(259, NONE);
        predictor = number(317, 1);
        photometric = number(262, 1);
        planar = number(284, 1) == 2;
        tiled = tags.has(322);
        segmentWidth = tiled ? number(322, 0) : width;
        segmentHeight = tiled ? number(323, 0) : Math.clamp(tags.number(278, height), 0, height);
        // associated or not: transparency; 0 is a channel of any kind
        alpha = tags.number(338, 0) != 0 && samples > 1;
    }

    private int number(int tag, int absent) throws IOException {
        long number = tags.number(tag, absent);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new IOException("the TIFF directory is damaged: tag %d is %d".formatted(tag, number));
        }
        return (int) number;
    }

    /// {@return the bits of each sample}, 0 where they differ
    private static int commonBits(TiffDirectory tags) throws IOException {
        long[] each = tags.numbers(258, 1 << 16);
        return each.length == 0 ? 1 : Arrays.stream(each).allMatch(one -> one == each[0]) ? (int) each[0] : 0;
    }

    /// {@return whether it is smaller than another page that shows the same, or a mask of one}
    boolean isBeside() throws IOException {
        return (tags.number(254, 0) & 5) != 0;
    }

    boolean isLike(TiffPage other) {
        return width == other.width
                && height == other.height
                && samples == other.samples
                && channels() == other.channels()
                && bits == other.bits
                && format == other.format
                && photometric == other.photometric;
    }

    String shapeText() {
        return "%d x %d pixels of %d x %d bits".formatted(width, height, samples, bits);
    }

    /// {@return why the page isn't read}, nothing if it is
    List<Finding> findings() throws IOException {
        if (width < 1 || height < 1 || samples < 1 || segmentWidth < 1 || segmentHeight < 1) {
            return List.of(error(
                    "the TIFF directory claims %s in pieces of %d x %d"
                            .formatted(shapeText(), segmentWidth, segmentHeight),
                    "It is damaged: get the file again."));
        }
        if (!MOST.containsKey(compression)) {
            return List.of(error(
                    "its pixels are compressed by %s (%d), which is not read"
                            .formatted(COMPRESSIONS.getOrDefault(compression, "a way of its own"), compression),
                    "Store it with LZW, Deflate or PackBits, for example: tiffcp -c lzw in.tif out.tif."));
        }
        if (COLOURS.containsKey(photometric) || photometric > 8) {
            return List.of(error(
                    "its colours are not gray, RGB or of a palette but %s (%d)"
                            .formatted(COLOURS.getOrDefault(photometric, "of a kind of their own"), photometric),
                    "Save it as gray or RGB."));
        }
        boolean known = format == FLOAT
                ? List.of(16, 32, 64).contains(bits)
                : (format <= 2 || format == 4)
                        && List.of(1, 2, 4, 8, 16, 32, 64).contains(bits);
        if (!known || bits < 8 && format == 2 || photometric == PALETTE && (bits > 16 || samples > 1)) {
            return List.of(error(
                    "its samples are %d bits of format %d, or differ in that".formatted(bits, format),
                    "Save it with whole numbers of 1, 2, 4, 8, 16, 32 or 64 bits, or floats of 16, 32 or 64."));
        }
        if (predictor < 1
                || predictor > 3
                || predictor == 2 && bits < 8
                || predictor == 3 && format != FLOAT
                || tags.number(266, 1) != 1
                || tags.number(32997, 1) != 1) {
            return List.of(error(
                    "its pixels are stored by a way that is not read (predictor %d, fill order %d, depth %d)"
                            .formatted(predictor, tags.number(266, 1), tags.number(32997, 1)),
                    "Store it anew, for example: tiffcp -c lzw in.tif out.tif."));
        }
        return List.of();
    }

    /// {@return bytes of the file that the pixels take at least}
    double least() {
        return (double) width * height * samples * bits / 8 / mostUnpacked();
    }

    /// {@return bytes that come of one of the file at most}
    double mostUnpacked() {
        return MOST.get(compression);
    }

    /// {@return bytes of a page that isn't packed}
    double planeBytes() {
        return Math.ceilDiv((long) width * samples * bits, 8) * (double) height;
    }

    boolean isRaw() {
        return compression == NONE && predictor == 1 && !tiled && !planar;
    }

    /// {@return whether its rows lie one behind the other}
    boolean isOnePiece() throws IOException {
        long pieces = Math.ceilDiv(height, segmentHeight);
        long[] offsets = tags.numbers(273, pieces);
        long[] counts = tags.numbers(279, pieces);
        for (int i = 1; i < Math.min(offsets.length, counts.length); i++) {
            if (offsets[i] != offsets[i - 1] + counts[i - 1]) {
                return false;
            }
        }
        return true;
    }

    /// {@return the type of the numbers of a channel}
    ElementType type() {
        if (format == FLOAT) {
            return bits == 64 ? ElementType.FLOAT64 : ElementType.FLOAT32;
        }
        boolean signed = format == 2;
        return switch (bits) {
            case 16 -> signed ? ElementType.INT16 : ElementType.UINT16;
            case 32 -> signed ? ElementType.INT32 : ElementType.UINT32;
            case 64 -> signed ? ElementType.INT64 : ElementType.UINT64;
            default -> signed ? ElementType.INT8 : ElementType.UINT8;
        };
    }

    TiffDirectory tags() {
        return tags;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /// {@return the numbers of a pixel, transparency among them}
    int samples() {
        return samples;
    }

    /// {@return how many channels the samples are}: without transparency
    int channels() {
        return samples - (alpha ? 1 : 0);
    }

    int bits() {
        return bits;
    }

    int compression() {
        return compression;
    }

    int predictor() {
        return predictor;
    }

    int photometric() {
        return photometric;
    }

    boolean isFloat() {
        return format == FLOAT;
    }

    /// {@return whether each sample has pieces of its own}
    boolean isPlanar() {
        return planar;
    }

    boolean isTiled() {
        return tiled;
    }

    int segmentWidth() {
        return segmentWidth;
    }

    int segmentHeight() {
        return segmentHeight;
    }
}
