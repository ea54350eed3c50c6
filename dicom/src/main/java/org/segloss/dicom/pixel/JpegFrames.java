package org.segloss.dicom.pixel;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.segloss.dicom.part10.TransferSyntax.Packing;

/// Frames that are packed by JPEG, the lossless process too, or by JPEG 2000 where somebody brought a
/// decoder.
final class JpegFrames {
    static {
        // providers are looked for by the thread's class loader, which may know none of them
        IIORegistry.getDefaultInstance();
        ImageIO.setUseCache(false);
    }

    private JpegFrames() {}

    static boolean reads(Packing packing) {
        return reader(packing).isPresent();
    }

    private static Optional<ImageReader> reader(Packing packing) {
        boolean jpeg = packing == Packing.JPEG;
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(jpeg ? "jpeg" : "jpeg2000");
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            // Java's own reads eight bits alone
            if (!jpeg || reader.getClass().getName().contains("twelvemonkeys")) {
                return Optional.of(reader);
            }
        }
        return Optional.empty();
    }

    /// {@return the numbers of a frame, one plane behind the other}
    static int[] frame(byte[] packed, Packing packing, PixelFormat format) throws IOException {
        ImageReader reader =
                reader(packing).orElseThrow(() -> new IOException("there is no decoder of %s here".formatted(packing)));
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(packed))) {
            reader.setInput(in, true, true);
            // before anything of that size is made
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            if (width != format.columns() || height != format.rows()) {
                throw new IOException("a frame of it has %d x %d pixels, but its header says %d x %d"
                        .formatted(width, height, format.columns(), format.rows()));
            }
            return numbers(reader.read(0), format);
        } catch (RuntimeException e) {
            // what decoders throw at damaged data
            throw new IOException("a frame of it, packed by %s, is damaged".formatted(packing), e);
        } finally {
            reader.dispose();
        }
    }

    private static int[] numbers(BufferedImage image, PixelFormat format) throws IOException {
        int pixels = format.rows() * format.columns();
        int[] numbers = new int[pixels * format.samples()];
        if (format.samples() == 3) {
            int[] colours = image.getRGB(0, 0, format.columns(), format.rows(), null, 0, format.columns());
            for (int i = 0; i < pixels; i++) {
                numbers[i] = colours[i] >> 16 & 0xFF;
                numbers[pixels + i] = colours[i] >> 8 & 0xFF;
                numbers[2 * pixels + i] = colours[i] & 0xFF;
            }
            return numbers;
        }
        Raster raster = image.getRaster();
        if (raster.getNumBands() != 1) {
            throw new IOException("a frame of it has %d numbers a pixel".formatted(raster.getNumBands()));
        }
        return raster.getSamples(0, 0, format.columns(), format.rows(), 0, numbers);
    }
}
