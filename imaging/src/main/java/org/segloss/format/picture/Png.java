package org.segloss.format.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.segloss.file.AtomicFile;
import org.segloss.format.FileChecks;
import org.segloss.format.Finding;
import org.segloss.format.Formats;
import org.segloss.format.ImageFormat;
import org.segloss.format.ImageInfo;
import org.segloss.format.ImageSource;
import org.segloss.format.Images;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// PNG images of 1 to 16 bits: gray, colour or palette. A plane image is a volume with one slice of pixels of
/// 1 mm.
///
/// Numbers are those in the file, 0 to 3 where gray has two bits, with no colour correction. Transparency is
/// left out; where it alone differs between pixels, as in masks that were drawn on a transparent ground, a
/// finding says so. An image whose red, green and blue are equal everywhere has one channel, any other has
/// three. Labels of a palette image are its indices.
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
        int channels = header.isGray() || isGray(source, header) ? 1 : 3;
        return Optional.of(new ImageInfo(Geometry.identity(header.width(), header.height(), 1), channels));
    }

    /// Reads no further than to the first pixel with a colour.
    private static boolean isGray(ImageSource source, PngHeader header) throws IOException {
        try (var pixels = new PngPixels(header, source.open())) {
            var samples = new PngSamples(header, pixels, Purpose.IMAGE);
            return samples.isGray();
        }
    }

    @Override
    public Optional<Scan> read(ImageSource source, Purpose purpose, List<Finding> findings) throws IOException {
        PngHeader header = header(source);
        findings.addAll(header.findings());
        if (!findings.isEmpty()) {
            return Optional.empty();
        }
        try (var pixels = new PngPixels(header, source.open())) {
            var samples = new PngSamples(header, pixels, purpose);
            Scan scan = samples.scan();
            findings.addAll(samples.findings(purpose));
            return findings.stream().anyMatch(Finding::isError) ? Optional.empty() : Optional.of(scan);
        }
    }

    private static PngHeader header(ImageSource source) throws IOException {
        try (InputStream in = source.open()) {
            return new PngHeader(in.readNBytes(PngHeader.LENGTH), source.size(), FileChecks.availableMemory());
        }
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
