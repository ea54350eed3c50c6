package org.segloss.format.picture;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.segloss.file.AtomicFile;
import org.segloss.file.Printable;
import org.segloss.format.FileChecks;
import org.segloss.format.Finding;
import org.segloss.format.Formats;
import org.segloss.format.ImageFormat;
import org.segloss.format.ImageInfo;
import org.segloss.format.ImageSource;
import org.segloss.format.Images;
import org.segloss.format.Scan;
import org.segloss.image.Decoder;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// PNG images of up to 16 bits: gray, colour or palette. A plane image is a volume with one slice of pixels of
/// 1 mm.
///
/// Numbers are those in the file, 0 to 255 or 0 to 65535, with no colour correction. Transparency is left out.
/// An image whose red, green and blue are equal everywhere has one channel, any other has three.
public final class Png implements ImageFormat {
    @Override
    public String name() {
        return "PNG";
    }

    @Override
    public List<String> endings() {
        return List.of(".png");
    }

    @Override
    public boolean recognises(byte[] head) {
        return PngHeader.isSignature(head);
    }

    @Override
    public boolean isPicture() {
        return true;
    }

    @Override
    public Optional<ImageInfo> info(ImageSource source, List<Finding> findings) throws IOException {
        PngHeader header = header(source);
        findings.addAll(header.findings());
        if (!findings.isEmpty()) {
            return Optional.empty();
        }
        int channels = header.isGray()
                ? 1
                : scan(decode(source), header, Purpose.IMAGE).channels();
        return Optional.of(new ImageInfo(Geometry.identity(header.width(), header.height(), 1), channels));
    }

    @Override
    public Optional<Scan> read(ImageSource source, Purpose purpose, List<Finding> findings) throws IOException {
        PngHeader header = header(source);
        findings.addAll(header.findings());
        return findings.isEmpty() ? Optional.of(scan(decode(source), header, purpose)) : Optional.empty();
    }

    private static PngHeader header(ImageSource source) throws IOException {
        try (InputStream in = source.open()) {
            return new PngHeader(in.readNBytes(PngHeader.LENGTH), source.size(), FileChecks.availableMemory());
        }
    }

    private static BufferedImage decode(ImageSource source) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        try (InputStream bytes = source.open();
                var in = new MemoryCacheImageInputStream(bytes)) {
            reader.setInput(in, true, true);
            return reader.read(0);
        } catch (IOException | RuntimeException e) {
            // on some damaged files the JDK's reader throws IllegalArgumentException and its like
            throw new IOException("the PNG data is damaged (%s)".formatted(Printable.quote("" + e.getMessage())), e);
        } finally {
            reader.dispose();
        }
    }

    private static Scan scan(BufferedImage image, PngHeader header, Purpose purpose) {
        Geometry geometry = Geometry.identity(image.getWidth(), image.getHeight(), 1);
        Raster raster = image.getRaster();
        boolean wide = raster.getSampleModel().getSampleSize(0) > 8;
        if (header.isGray() || (header.color() == PngHeader.PALETTE && purpose == Purpose.LABELS)) {
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
        ElementType type = wide ? ElementType.UINT16 : ElementType.UINT8;
        MemorySegment values = Decoder.room(type, numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            if (wide) {
                values.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) numbers[i]);
            } else {
                values.set(ValueLayout.JAVA_BYTE, i, (byte) numbers[i]);
            }
        }
        return new Scan(geometry, channels, new NumericArray(Images.shape(geometry, channels), type, values));
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

    /// Writes one slice of bytes as gray PNG.
    @Override
    public void write(Path file, Geometry geometry, NumericArray values) throws IOException {
        checkHolds(file, geometry);
        if (Images.channels(geometry, values) != 1 || values.type().bytes() != 1) {
            throw new IllegalArgumentException(
                    "a PNG is written with one channel of uint8, but numbers of shape %s are %s; write %s"
                            .formatted(values.shape(), values.type(), Formats.IMAGES.ownEnding()));
        }
        var image = new BufferedImage(geometry.x(), geometry.y(), BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, geometry.x(), geometry.y(), values.toBytes());
        var bytes = new ByteArrayOutputStream();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", out);
        }
        AtomicFile.write(file, bytes.toByteArray());
    }

    @Override
    public void checkHolds(Path file, Geometry geometry) {
        if (geometry.z() != 1) {
            throw new IllegalArgumentException("a PNG holds one slice, but the segmentation has %s voxels; write %s"
                    .formatted(geometry.shapeText(), Formats.IMAGES.ownEnding()));
        }
    }
}
