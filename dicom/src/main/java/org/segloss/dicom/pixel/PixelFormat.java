package org.segloss.dicom.pixel;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import org.segloss.dicom.part10.DataSet;
import org.segloss.dicom.part10.Tag;
import org.segloss.dicom.part10.TransferSyntax;
import org.segloss.dicom.part10.TransferSyntax.Packing;
import org.segloss.format.Finding;

/// How a file stores the numbers of its frames.
///
/// @param samples     numbers a pixel: 1, or 3 of a colour
/// @param photometric what they mean
/// @param allocated   bits that a number takes
/// @param stored      bits of these that it has
/// @param highBit     the highest of them
/// @param planar      whether colours lie one plane behind the other
public record PixelFormat(
        int frames,
        int rows,
        int columns,
        int samples,
        String photometric,
        int allocated,
        int stored,
        int highBit,
        boolean signed,
        boolean planar) {

    /// @throws IOException if an element that every image has isn't there
    public static PixelFormat of(DataSet header) throws IOException {
        int allocated = needed(header, Tag.BITS_ALLOCATED, "Bits Allocated");
        int stored = header.integer(Tag.BITS_STORED, "US").orElse(allocated);
        return new PixelFormat(
                header.hasValue(Tag.NUMBER_OF_FRAMES) ? needed(header, Tag.NUMBER_OF_FRAMES, "Number of Frames") : 1,
                needed(header, Tag.ROWS, "Rows"),
                needed(header, Tag.COLUMNS, "Columns"),
                header.integer(Tag.SAMPLES_PER_PIXEL, "US").orElse(1),
                header.text(Tag.PHOTOMETRIC_INTERPRETATION),
                allocated,
                stored,
                header.integer(Tag.HIGH_BIT, "US").orElse(stored - 1),
                header.integer(Tag.PIXEL_REPRESENTATION, "US").orElse(0) == 1,
                header.integer(Tag.PLANAR_CONFIGURATION, "US").orElse(0) == 1);
    }

    private static int needed(DataSet header, int tag, String name) throws IOException {
        OptionalInt number = header.integer(tag, tag == Tag.NUMBER_OF_FRAMES ? "IS" : "US");
        if (number.isEmpty() || number.getAsInt() < 1) {
            throw new IOException("%s %s is no number above 0".formatted(name, Tag.text(tag)));
        }
        return number.getAsInt();
    }

    /// {@return the same, whose numbers are taken as they are}: colours of a palette are for the eye
    public PixelFormat ofLabels() {
        return new PixelFormat(
                frames, rows, columns, samples, "MONOCHROME2", allocated, stored, highBit, signed, planar);
    }

    /// {@return the numbers of a frame}
    public long numbers() {
        return (long) rows * columns * samples;
    }

    /// {@return the bytes that all frames take as they are}
    public double bytes() {
        return Math.ceil((double) numbers() * frames * allocated / 8);
    }

    /// {@return the smallest and the largest number that the bits hold}
    public double[] range() {
        return signed
                ? new double[] {-Math.scalb(1.0, stored - 1), Math.scalb(1.0, stored - 1) - 1}
                : new double[] {0, Math.scalb(1.0, stored) - 1};
    }

    /// {@return what of it is not read, or worth knowing}
    public List<Finding> findings(TransferSyntax syntax) {
        if (!List.of(1, 8, 16, 32).contains(allocated)
                || stored < 1
                || stored > allocated
                || highBit >= allocated
                || highBit < stored - 1) {
            return List.of(error(
                    "its numbers have %d bits of %d, the highest is bit %d".formatted(stored, allocated, highBit),
                    "Numbers of 1, 8, 16 or 32 bits are read, which hold what is stored of them."));
        }
        boolean gray = samples == 1 && photometric.startsWith("MONOCHROME");
        boolean colour = samples == 3
                && (photometric.equals("RGB")
                        || photometric.startsWith("YBR")
                                && (syntax.packing() == Packing.JPEG || syntax.packing() == Packing.JPEG_2000));
        if (!gray && !(colour && allocated == 8)) {
            return List.of(
                    error(
                            "its pixels are %s with %d numbers of %d bits"
                                    .formatted(
                                            photometric.matches("[A-Z0-9_]{2,16}") ? photometric : "of an unknown kind",
                                            samples,
                                            allocated),
                            "Gray images (MONOCHROME1, MONOCHROME2) are read, and RGB of 8 bits: convert it, for example with dcmtk's 'dcmj2pnm' or 'dcmconv'."));
        }
        if (gray && photometric.equals("MONOCHROME1")) {
            return List.of(warning(
                    "small numbers are bright in it (MONOCHROME1)",
                    "They are taken as they are stored: all images of a data set should be the same in this."));
        }
        return List.of();
    }

    /// {@return what keeps pixels that are packed in some way from being read}
    public static List<Finding> findings(Packing packing) {
        return switch (packing) {
            case JPEG_LS -> unread(packing, "dcmdjpls IN OUT' of DCMTK or 'gdcmconv --raw IN OUT' of GDCM");
            case OTHER -> unread(packing, "gdcmconv --raw IN OUT' of GDCM");
            case JPEG_2000 ->
                JpegFrames.reads(packing)
                        ? List.of()
                        : List.of(
                                error(
                                        "its pixels are packed by JPEG 2000, for which there is no decoder here",
                                        "Put jai-imageio-jpeg2000 on the class path (SEGLOSS_CLASSPATH), or unpack it with 'gdcmconv --raw IN OUT' of GDCM."));
            default -> List.of();
        };
    }

    private static List<Finding> unread(Packing packing, String command) {
        return List.of(error(
                "its pixels are packed by " + packing + ", which is not read", "Unpack it with '" + command + "."));
    }
}
