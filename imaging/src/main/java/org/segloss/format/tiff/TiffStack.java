package org.segloss.format.tiff;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.segloss.format.FileChecks;
import org.segloss.format.Finding;
import org.segloss.format.ImageFormat.Purpose;
import org.segloss.format.ImageSource;
import org.segloss.image.Decoder;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;

/// The pages of a TIFF file that are one image: its slices, and its channels.
final class TiffStack implements AutoCloseable {
    private static final int DESCRIPTION = 270;
    private static final int COLOUR_MAP = 320;

    private final TiffBytes bytes;
    private final Purpose purpose;
    private final List<TiffPage> stored = new ArrayList<>();
    private Pages pages = Pages.ordered(1, 1, false, new double[] {1, 1, 1}, false);
    /// Whether all slices lie behind the first page's, which alone is named.
    private boolean contiguous;

    TiffStack(ImageSource source, Purpose purpose, List<Finding> findings) throws IOException {
        bytes = new TiffBytes(source);
        this.purpose = purpose;
        try {
            List<TiffDirectory> directories = TiffDirectory.all(bytes);
            String description = directories.getFirst().text(DESCRIPTION);
            for (TiffDirectory directory : directories) {
                TiffPage page = new TiffPage(directory);
                if (directories.size() == 1 || !page.isBeside()) {
                    stored.add(page);
                }
            }
            if (stored.isEmpty()) {
                throw new IOException("the TIFF file has no page of full size");
            }
            check(findings);
            if (findings.stream().noneMatch(Finding::isError)) {
                pages = Description.pages(description, first().tags(), stored.size(), most());
                checkPages(findings);
            }
        } catch (IOException | RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    private TiffPage first() {
        return stored.getFirst();
    }

    /// {@return how many slices the file has room for}: as many as it has pages, or as lie one behind the other
    private long most() {
        long raw = first().isRaw() ? (long) (bytes.size() / first().planeBytes()) : 0;
        return Math.max(stored.size(), Math.min(raw, 1 << 24));
    }

    private void check(List<Finding> findings) throws IOException {
        for (TiffPage page : stored) {
            findings.addAll(page.findings());
            if (!page.isLike(first())) {
                findings.add(error(
                        "its pages differ: %s and %s".formatted(first().shapeText(), page.shapeText()),
                        "Pages of a stack have one shape: save those that belong together as a file of their own."));
            }
            if (!findings.isEmpty()) {
                return;
            }
        }
    }

    private void checkPages(List<Finding> findings) throws IOException {
        int highest = -1;
        for (int[] channel : pages.planes()) {
            for (int page : channel) {
                if (page < 0) {
                    findings.add(error(
                            "it has a slice for which no page is named",
                            "Its description (OME-XML) is damaged: store it anew."));
                    return;
                }
                highest = Math.max(highest, page);
            }
        }
        int planes = pages.channels() * pages.slices();
        double planeBytes = first().planeBytes();
        contiguous = stored.size() == 1 && highest > 0 && first().isRaw() && first().isOnePiece();
        if (highest >= stored.size() && !contiguous) {
            findings.add(error(
                    "its description says %d channels of %d slices, but it has %d pages"
                            .formatted(pages.channels(), pages.slices(), stored.size()),
                    "It was cut off, or its description is another one's: store it anew."));
            return;
        }
        if (planes < stored.size()) {
            findings.add(warning(
                    "of its %d pages %d are read, as its description says".formatted(stored.size(), planes),
                    "Check that the others are no slices of the same image."));
        }
        double least = 0;
        for (int[] channel : pages.planes()) {
            for (int page : channel) {
                least += stored.get(contiguous ? 0 : page).least();
            }
        }
        double numbers = planes * (double) first().width() * first().height() * channelsOfPage();
        if (least > bytes.size()) {
            findings.add(error(
                    "its directories claim %d pages of %s, but the file has %d bytes"
                            .formatted(planes, first().shapeText(), bytes.size()),
                    "It was cut off or is damaged: get it again."));
            return;
        }
        if (numbers > Integer.MAX_VALUE - 8) {
            findings.add(error(
                    "it has %.0f numbers".formatted(numbers), "Images of up to 2^31 are read: crop it or split it."));
            return;
        }
        if (pages.times()) {
            findings.add(
                    warning("its pages are said to be times, not slices", "They are read as the slices of a volume."));
        }
        double[] spacing = pages.spacing();
        if (pages.slices() > 1 && Double.isNaN(spacing[2]) && !Double.isNaN(spacing[0])) {
            findings.add(warning(
                    "it doesn't say how far its slices are from one another",
                    "The width of a pixel is taken: write it as OME-TIFF, or with ImageJ's voxel depth."));
        }
    }

    /// {@return an error where reading all takes more memory than there is}
    List<Finding> memory() {
        double numbers = (double) geometry().voxels() * channels();
        return FileChecks.memory(
                numbers * (type().bytes() + 4) + first().planeBytes() * 2, FileChecks.availableMemory());
    }

    private boolean hasColours() {
        return first().photometric() == TiffPage.PALETTE && purpose == Purpose.IMAGE;
    }

    private int channelsOfPage() {
        return hasColours() ? 3 : first().channels();
    }

    int channels() {
        return pages.channels() * channelsOfPage();
    }

    ElementType type() {
        return hasColours() ? ElementType.UINT8 : first().type();
    }

    /// {@return its grid, from the origin along the axes}; pixels whose size isn't said have 1 mm
    Geometry geometry() {
        double[] s = pages.spacing();
        double x = Double.isNaN(s[0]) ? s[1] : s[0];
        double y = Double.isNaN(s[1]) ? x : s[1];
        boolean known = !Double.isNaN(x);
        return Geometry.scaled(
                first().width(),
                first().height(),
                pages.slices(),
                known ? x : 1,
                known ? y : 1,
                !known ? 1 : Double.isNaN(s[2]) ? x : s[2]);
    }

    /// {@return all numbers, `(channel, z, y, x)`}
    MemorySegment values() throws IOException {
        Geometry grid = geometry();
        int plane = grid.x() * grid.y();
        int ofPage = channelsOfPage();
        long bytesOfPlane = (long) plane * type().bytes();
        MemorySegment values = Decoder.room(type(), Math.toIntExact(grid.voxels() * channels()));
        MemorySegment page = Decoder.room(type(), ofPage * plane);
        for (int channel = 0; channel < pages.channels(); channel++) {
            for (int z = 0; z < grid.z(); z++) {
                rows(channel, z, 0, grid.y(), page);
                for (int i = 0; i < ofPage; i++) {
                    MemorySegment.copy(
                            page,
                            i * bytesOfPlane,
                            values,
                            ((channel * ofPage + i) * (long) grid.z() + z) * bytesOfPlane,
                            bytesOfPlane);
                }
            }
        }
        return values;
    }

    /// Reads rows of a slice.
    ///
    /// @param channel of the pages, which may have several channels each
    /// @param to      `(channel, row, x)`
    private void rows(int channel, int z, int y0, int y1, MemorySegment to) throws IOException {
        int number = pages.planes()[channel][z];
        TiffPage page = stored.get(contiguous ? 0 : number);
        var pixels = new TiffPixels(bytes, page, contiguous ? number * (long) page.planeBytes() : 0);
        if (hasColours()) {
            MemorySegment indices = Decoder.room(page.type(), (y1 - y0) * page.width());
            pixels.read(y0, y1, indices);
            colours(page, indices, to);
        } else {
            pixels.read(y0, y1, to);
            if (page.photometric() == TiffPage.WHITE_IS_ZERO && !page.isFloat()) {
                invert(page, to);
            }
        }
    }

    /// The largest number is black.
    private static void invert(TiffPage page, MemorySegment values) {
        int largest = (1 << Math.min(page.bits(), 8)) - 1;
        for (long i = 0; i < values.byteSize(); i++) {
            values.set(ValueLayout.JAVA_BYTE, i, (byte) (values.get(ValueLayout.JAVA_BYTE, i) ^ largest));
        }
    }

    /// Colours of 16 bits, of which the upper 8 are taken, as other programs do.
    private static void colours(TiffPage page, MemorySegment indices, MemorySegment to) throws IOException {
        int size = 1 << page.bits();
        long[] map = page.tags().numbers(COLOUR_MAP, 3L * size);
        if (map.length < 3 * size) {
            throw new IOException(
                    "the TIFF directory is damaged: its palette has %d of %d colours".formatted(map.length / 3, size));
        }
        int width = page.type().bytes();
        long count = indices.byteSize() / width;
        for (long i = 0; i < count; i++) {
            int index = width == 1
                    ? indices.get(ValueLayout.JAVA_BYTE, i) & 0xFF
                    : indices.getAtIndex(ValueLayout.JAVA_SHORT, i) & 0xFFFF;
            for (int channel = 0; channel < 3; channel++) {
                to.set(ValueLayout.JAVA_BYTE, channel * count + i, (byte) (map[channel * size + index] >> 8));
            }
        }
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
