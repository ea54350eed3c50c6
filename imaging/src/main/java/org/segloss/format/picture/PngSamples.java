package org.segloss.format.picture;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.segloss.format.Finding;
import org.segloss.format.ImageFormat.Purpose;
import org.segloss.format.Images;
import org.segloss.format.Scan;
import org.segloss.image.Decoder;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// What a PNG's pixels mean: gray, colours, those of a palette, and what stands in their transparency.
final class PngSamples {
    private final PngHeader header;
    private final PngPixels pixels;
    private final boolean indices;
    private boolean coloured;
    private boolean constant = true;
    private boolean transparencyVaries;
    private int largestIndex;
    private int[] first;

    /// @param purpose labels of a palette image are its indices
    PngSamples(PngHeader header, PngPixels pixels, Purpose purpose) throws IOException {
        this.header = header;
        this.pixels = pixels;
        boolean palette = header.color() == PngHeader.PALETTE;
        indices = palette && purpose == Purpose.LABELS;
        if (palette && !indices && pixels.palette().length < 3) {
            throw new IOException("the PNG data is damaged (it has no palette)");
        }
    }

    /// {@return whether no pixel has a colour}; reads no further than to the first that has one
    boolean isGray() throws IOException {
        int[] rgb = new int[3];
        pixels.read((_, _, samples) -> {
            colours(samples, rgb);
            coloured |= rgb[0] != rgb[1] || rgb[0] != rgb[2];
            return !coloured;
        });
        return !coloured;
    }

    Scan scan() throws IOException {
        Geometry geometry = Geometry.identity(header.width(), header.height(), 1);
        int size = Math.toIntExact(geometry.voxels());
        ElementType type = header.depth() > 8 ? ElementType.UINT16 : ElementType.UINT8;
        boolean one = header.isGray() || indices;
        MemorySegment values = Decoder.room(type, Math.multiplyExact(size, one ? 1 : 3));
        int[] rgb = new int[3];
        pixels.read((x, y, samples) -> {
            int at = y * header.width() + x;
            look(samples);
            if (one) {
                set(values, type, at, samples[0]);
            } else {
                colours(samples, rgb);
                coloured |= rgb[0] != rgb[1] || rgb[0] != rgb[2];
                for (int channel = 0; channel < 3; channel++) {
                    set(values, type, channel * size + at, rgb[channel]);
                }
            }
            return true;
        });
        if (header.color() == PngHeader.PALETTE && !indices && 3 * largestIndex + 3 > pixels.palette().length) {
            throw new IOException("the PNG data is damaged (a pixel has colour %d of a palette of %d)"
                    .formatted(largestIndex, pixels.palette().length / 3));
        }
        int channels = coloured ? 3 : 1;
        MemorySegment kept = values;
        if (!one && !coloured) {
            kept = Decoder.room(type, size).copyFrom(values.asSlice(0, (long) size * type.bytes()));
        }
        return new Scan(geometry, channels, new NumericArray(Images.shape(geometry, channels), type, kept));
    }

    private static void set(MemorySegment values, ElementType type, int at, int value) {
        if (type == ElementType.UINT16) {
            values.setAtIndex(ValueLayout.JAVA_SHORT, at, (short) value);
        } else {
            values.set(ValueLayout.JAVA_BYTE, at, (byte) value);
        }
    }

    private void colours(int[] samples, int[] rgb) {
        if (header.color() == PngHeader.PALETTE) {
            byte[] palette = pixels.palette();
            largestIndex = Math.max(largestIndex, samples[0]);
            int at = 3 * Math.min(samples[0], palette.length / 3 - 1);
            for (int channel = 0; channel < 3; channel++) {
                rgb[channel] = palette[at + channel] & 0xFF;
            }
        } else {
            System.arraycopy(samples, 0, rgb, 0, 3);
        }
    }

    /// Looks for a picture in the transparency.
    private void look(int[] samples) {
        if (!header.hasAlpha()) {
            return;
        }
        if (first == null) {
            first = samples.clone();
        }
        int alpha = samples.length - 1;
        transparencyVaries |= samples[alpha] != first[alpha];
        for (int i = 0; i < alpha && constant; i++) {
            constant = samples[i] == first[i];
        }
    }

    /// {@return what is odd with the pixels, once they were read}
    List<Finding> findings(Purpose purpose) {
        if (!transparencyVaries || !constant) {
            return List.of();
        }
        String found = "all pixels have the same colour, and only their transparency (alpha) differs";
        return List.of(
                purpose == Purpose.LABELS
                        ? Finding.error(
                                found + ": the mask lies there, and transparency is not read",
                                "Save the alpha channel as a gray PNG, for example: magick mask.png -alpha extract gray.png")
                        : Finding.warning(found, "Transparency is not read: save what is meant as gray or colours."));
    }
}
