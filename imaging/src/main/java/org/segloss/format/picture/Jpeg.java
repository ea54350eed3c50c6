package org.segloss.format.picture;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.segloss.file.Printable;
import org.segloss.format.FileChecks;
import org.segloss.format.Finding;
import org.segloss.format.ImageFormat;
import org.segloss.format.ImageInfo;
import org.segloss.format.ImageSource;
import org.segloss.format.Images;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// JPEG images of 8 bits, gray or RGB, which are read and not written. A plane image is a volume with one
/// slice of pixels of 1 mm.
///
/// Numbers are 0 to 255, as libjpeg decodes them, with no colour profile applied. How many channels there are
/// says the header, and not whether the pixels have a colour. Pixels are read as they are stored: that a
/// camera was turned (EXIF orientation) is said and not applied, as Pillow does it, so that masks that were
/// made with NumPy fit.
///
/// A JPEG keeps colours roughly: what was drawn as label 3 may come back as 2 or 5. It holds no segmentation.
public final class Jpeg implements ImageFormat {
    @Override
    public String name() {
        return "JPEG";
    }

    @Override
    public List<String> endings() {
        return List.of(".jpg", ".jpeg");
    }

    @Override
    public boolean recognises(byte[] head) {
        return head.length >= 3 && head[0] == (byte) 0xFF && head[1] == (byte) 0xD8 && head[2] == (byte) 0xFF;
    }

    @Override
    public boolean isPicture() {
        return true;
    }

    @Override
    public boolean holdsLabels() {
        return false;
    }

    @Override
    public Optional<ImageInfo> info(ImageSource source, List<Finding> findings) throws IOException {
        try (var in = new BufferedInputStream(source.open())) {
            JpegHeader header = header(source, in);
            findings.addAll(header.findings());
            return findings.stream().anyMatch(Finding::isError)
                    ? Optional.empty()
                    : Optional.of(new ImageInfo(geometry(header), header.components()));
        }
    }

    @Override
    public Optional<Scan> read(ImageSource source, Purpose purpose, List<Finding> findings) throws IOException {
        if (purpose == Purpose.LABELS) {
            findings.add(Finding.error(
                    "a JPEG keeps colours roughly, so that labels in it are not those that were drawn",
                    "Give the mask as PNG, from before it was saved as JPEG."));
            return Optional.empty();
        }
        try (var in = new BufferedInputStream(source.open())) {
            JpegHeader header = header(source, in);
            findings.addAll(header.findings());
            return findings.stream().anyMatch(Finding::isError)
                    ? Optional.empty()
                    : Optional.of(scan(header, decode(header, in, findings)));
        }
    }

    private static JpegHeader header(ImageSource source, InputStream in) throws IOException {
        return new JpegHeader(in, source.size(), FileChecks.availableMemory());
    }

    private static Geometry geometry(JpegHeader header) {
        return Geometry.identity(header.width(), header.height(), 1);
    }

    private static Raster decode(JpegHeader header, InputStream pixels, List<Finding> findings) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        var odd = new ArrayList<String>();
        reader.addIIOReadWarningListener((_, warning) -> odd.add(warning));
        try (var in = new MemoryCacheImageInputStream(
                new SequenceInputStream(new ByteArrayInputStream(header.bytes()), pixels))) {
            reader.setInput(in, true, true);
            BufferedImage image = reader.read(0);
            if (image.getWidth() != header.width()
                    || image.getHeight() != header.height()
                    || image.getRaster().getNumBands() != header.components()) {
                throw new IOException("they are others than the header says");
            }
            if (odd.stream().anyMatch(warning -> warning.contains("premature end"))) {
                // the rest would be gray
                throw new IOException("the file was cut off");
            }
            odd.forEach(warning -> findings.add(Finding.warning(
                    "the JPEG data are odd: " + Printable.quote(warning), "Look at the image, or get it again.")));
            return image.getRaster();
        } catch (IOException | RuntimeException e) {
            // on some damaged files the JDK's reader throws IllegalArgumentException and its like
            String why = e.getMessage() == null ? "" : " (%s)".formatted(Printable.quote(e.getMessage()));
            throw new IOException("the JPEG data is damaged" + why, e);
        } finally {
            reader.dispose();
        }
    }

    private static Scan scan(JpegHeader header, Raster raster) {
        Geometry geometry = geometry(header);
        int width = header.width();
        int components = header.components();
        int plane = width * header.height();
        byte[] values = new byte[components * plane];
        int[] row = new int[components * width];
        for (int y = 0; y < header.height(); y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int i = 0; i < row.length; i++) {
                values[i % components * plane + y * width + i / components] = (byte) row[i];
            }
        }
        return new Scan(geometry, components, NumericArray.of(values, Images.shape(geometry, components)));
    }
}
