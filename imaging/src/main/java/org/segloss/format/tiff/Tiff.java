package org.segloss.format.tiff;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.segloss.file.AtomicFile;
import org.segloss.format.Finding;
import org.segloss.format.Formats;
import org.segloss.format.ImageFormat;
import org.segloss.format.ImageInfo;
import org.segloss.format.ImageSource;
import org.segloss.format.Images;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// TIFF, BigTIFF and OME-TIFF: gray, RGB, palettes and channels; whole numbers of 1 to 64 bits and floats; strips and
/// tiles, as they are or packed by LZW, Deflate or PackBits.
///
/// Pages of one shape are the slices of a volume, or its channels where OME-XML, ImageJ or tifffile says so.
/// Times without slices are read as slices. Smaller pages that show the same, as in pyramids, are left out. Numbers
/// are those in the file; where white is 0 they are turned round. Labels of a palette image are its indices.
///
/// Sizes are those of OME-XML and ImageJ, or the resolution, unless it is one of screens and printers, such as 72
/// dots an inch. Pixels of unknown size have 1 mm. A TIFF doesn't say where it lies in space.
///
/// @see <a href="https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf">TIFF 6.0</a>
public final class Tiff implements ImageFormat {
    private static final List<String> ENDINGS = List.of(".tif", ".tiff", ".ome.tif", ".ome.tiff");

    @Override
    public String name() {
        return "TIFF";
    }

    @Override
    public List<String> endings() {
        return ENDINGS;
    }

    @Override
    public boolean recognises(byte[] head) {
        if (head.length < 4 || head[0] != head[1] || head[0] != 'I' && head[0] != 'M') {
            return false;
        }
        int number = head[0] == 'I' ? head[2] | head[3] << 8 : head[2] << 8 | head[3];
        return number == 42 || number == 43;
    }

    @Override
    public Optional<ImageInfo> info(ImageSource source, List<Finding> findings) throws IOException {
        try (var stack = new TiffStack(source, Purpose.IMAGE, findings)) {
            return findings.stream().anyMatch(Finding::isError)
                    ? Optional.empty()
                    : Optional.of(new ImageInfo(stack.geometry(), stack.channels()));
        }
    }

    @Override
    public Optional<Scan> read(ImageSource source, Purpose purpose, List<Finding> findings) throws IOException {
        try (var stack = new TiffStack(source, purpose, findings)) {
            if (findings.stream().noneMatch(Finding::isError)) {
                findings.addAll(stack.memory());
            }
            if (findings.stream().anyMatch(Finding::isError)) {
                return Optional.empty();
            }
            Geometry grid = stack.geometry();
            List<Integer> shape = Images.shape(grid, stack.channels());
            return Optional.of(new Scan(grid, stack.channels(), new NumericArray(shape, stack.type(), stack.values())));
        }
    }

    /// Writes a page for each slice of each channel, packed by Deflate. Sizes are said as ImageJ does, and as OME-XML
    /// where the name ends so; where voxels lie is not said.
    @Override
    public void write(Path file, Geometry geometry, NumericArray values) throws IOException {
        checkHolds(file, geometry);
        int channels = Images.channels(geometry, values);
        String name = file.toString().toLowerCase(Locale.ROOT);
        var encoder = new TiffEncoder(geometry, channels, values, name.contains(".ome."));
        AtomicFile.write(file, encoder::writeTo);
    }

    @Override
    public void checkHolds(Path file, Geometry geometry) {
        double[] s = geometry.spacing();
        Geometry held = Geometry.scaled(geometry.x(), geometry.y(), geometry.z(), s[0], s[1], s[2]);
        if (!geometry.sameGrid(held)) {
            throw new IllegalArgumentException("%s: a TIFF doesn't say where voxels lie, and these lie at %s; write %s"
                    .formatted(file, geometry.affineText(), Formats.IMAGES.ownEnding()));
        }
    }
}
