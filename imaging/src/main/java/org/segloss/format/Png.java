package org.segloss.format;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.segloss.file.AtomicFile;
import org.segloss.image.Decoder;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;
import org.segloss.image.Volume;

/// PNG images of up to 16 bits: gray, colour or palette. A plane image is a volume with one slice of pixels of
/// 1 mm.
///
/// Numbers are those in the file, 0 to 255 or 0 to 65535, with no colour correction. Transparency is left out.
/// An image whose red, green and blue are equal everywhere has one channel, any other has three.
public final class Png {
    private Png() {}

    /// {@return an image}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static Volume read(Path file) throws IOException {
        return inspect(file).orThrow().volume();
    }

    /// {@return a segmentation with the numbers in the file as labels, of a palette image its indices; in a
    /// mask of 0 and 255, 255 becomes 1}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static Labels readLabels(Path file) throws IOException {
        return Images.labels(inspectLabels(file));
    }

    /// {@return what a file holds; pixels are read only where the colour type leaves open whether they are
    /// gray}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static ImageInfo info(Path file) throws IOException {
        var findings = new ArrayList<Finding>(FileChecks.readable(file));
        if (findings.isEmpty()) {
            PngHeader header = header(file);
            findings.addAll(header.findings());
            if (findings.isEmpty()) {
                int channels = header.isGray() ? 1 : inspect(file).orThrow().channels();
                return new ImageInfo(Geometry.identity(header.width(), header.height(), 1), channels);
            }
        }
        throw Inspection.failure(file, findings);
    }

    /// Reads a file and collects all that is wrong with it; throws nothing.
    public static Inspection inspect(Path file) {
        return inspect(file, false);
    }

    /// As [#inspect(Path)], but the numbers of a palette image are its indices.
    public static Inspection inspectLabels(Path file) {
        return inspect(file, true);
    }

    private static Inspection inspect(Path file, boolean indices) {
        var findings = new ArrayList<Finding>(FileChecks.readable(file));
        Optional<Scan> scan = Optional.empty();
        if (findings.isEmpty()) {
            try {
                PngHeader header = header(file);
                findings.addAll(header.findings());
                if (findings.isEmpty()) {
                    scan = Optional.of(scan(decode(Files.readAllBytes(file)), header, indices));
                }
            } catch (IOException e) {
                findings.add(FileChecks.damaged(e));
            }
        }
        return new Inspection(file, findings, scan);
    }

    private static PngHeader header(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new PngHeader(in.readNBytes(PngHeader.LENGTH), Files.size(file), FileChecks.availableMemory());
        }
    }

    private static BufferedImage decode(byte[] bytes) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in, true, true);
            return reader.read(0);
        } catch (IOException | RuntimeException e) {
            // on some damaged files the JDK's reader throws IllegalArgumentException and its like
            throw new IOException("the PNG data is damaged (%s)".formatted(e.getMessage()), e);
        } finally {
            reader.dispose();
        }
    }

    private static Scan scan(BufferedImage image, PngHeader header, boolean indices) {
        Geometry geometry = Geometry.identity(image.getWidth(), image.getHeight(), 1);
        Raster raster = image.getRaster();
        boolean wide = raster.getSampleModel().getSampleSize(0) > 8;
        if (header.isGray() || (header.color() == PngHeader.PALETTE && indices)) {
            return scan(geometry, 1, band(raster, 0), wide);
        }
        int[][] rgb = new int[3][];
        for (int channel = 0; channel < 3; channel++) {
            rgb[channel] = image.getColorModel() instanceof IndexColorModel palette
                    ? Arrays.stream(band(raster, 0))
                            .map(component(palette, channel))
                            .toArray()
                    : band(raster, channel);
        }
        if (Arrays.equals(rgb[0], rgb[1]) && Arrays.equals(rgb[0], rgb[2])) {
            return scan(geometry, 1, rgb[0], wide);
        }
        int[] all = Arrays.copyOf(rgb[0], 3 * rgb[0].length);
        System.arraycopy(rgb[1], 0, all, rgb[0].length, rgb[0].length);
        System.arraycopy(rgb[2], 0, all, 2 * rgb[0].length, rgb[0].length);
        return scan(geometry, 3, all, wide);
    }

    private static Scan scan(Geometry geometry, int channels, int[] numbers, boolean wide) {
        List<Integer> shape = channels == 1
                ? List.of(1, geometry.y(), geometry.x())
                : List.of(channels, 1, geometry.y(), geometry.x());
        ElementType type = wide ? ElementType.UINT16 : ElementType.UINT8;
        MemorySegment values = Decoder.room(type, numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            if (wide) {
                values.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) numbers[i]);
            } else {
                values.set(ValueLayout.JAVA_BYTE, i, (byte) numbers[i]);
            }
        }
        return new Scan(geometry, channels, new NumericArray(shape, type, values));
    }

    private static int[] band(Raster raster, int band) {
        int[] room = new int[raster.getWidth() * raster.getHeight()];
        return raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), band, room);
    }

    private static IntUnaryOperator component(IndexColorModel palette, int channel) {
        return switch (channel) {
            case 0 -> palette::getRed;
            case 1 -> palette::getGreen;
            default -> palette::getBlue;
        };
    }

    /// Writes a segmentation of one slice as gray PNG with the labels as numbers, whole or not at all.
    public static void write(Path file, Labels labels) throws IOException {
        write(file, labels.geometry(), labels.values());
    }

    /// Writes a segmentation of one slice as a mask, 255 where the label is not 0, whole or not at all.
    public static void writeMask(Path file, Labels labels) throws IOException {
        byte[] mask = new byte[labels.values().length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (labels.values()[i] != 0 ? 255 : 0);
        }
        write(file, labels.geometry(), mask);
    }

    private static void write(Path file, Geometry geometry, byte[] gray) throws IOException {
        checkForm(geometry);
        var image = new BufferedImage(geometry.x(), geometry.y(), BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, geometry.x(), geometry.y(), gray);
        var bytes = new ByteArrayOutputStream();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", out);
        }
        AtomicFile.write(file, bytes.toByteArray());
    }

    static void checkForm(Geometry geometry) {
        if (geometry.z() != 1) {
            throw new IllegalArgumentException("a PNG holds one slice, but the segmentation has %s voxels; write NIfTI"
                    .formatted(geometry.shapeText()));
        }
    }
}
