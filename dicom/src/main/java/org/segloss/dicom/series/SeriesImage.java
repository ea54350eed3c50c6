package org.segloss.dicom.series;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.segloss.dicom.part10.DicomFile;
import org.segloss.dicom.pixel.Frames;
import org.segloss.dicom.pixel.PixelFormat;
import org.segloss.format.FileChecks;
import org.segloss.format.Finding;
import org.segloss.format.ImageInfo;
import org.segloss.format.ImageSource;
import org.segloss.format.Images;
import org.segloss.format.Scan;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// An image of one series, or of one file: its slices in order, where they lie, and their numbers.
///
/// @param source of a file alone; the slices of a folder name their files themselves
public record SeriesImage(ImageSource source, List<Slice> slices, Geometry grid) {

    /// {@return the image in a folder or a file}; nothing where an error was found
    public static Optional<SeriesImage> of(ImageSource source, List<Finding> findings) throws IOException {
        Optional<List<Slice>> slices;
        if (source.isFolder()) {
            slices = SeriesFolder.of(source.file().orElseThrow()).slices(findings);
        } else {
            try (DicomFile file = DicomFile.open(source)) {
                ImageHeader header = ImageHeader.of(file, source.file());
                slices = Optional.of(header.frames().stream()
                        .map(frame -> new Slice(header, frame))
                        .toList());
            }
        }
        return slices.isPresent() ? of(source, slices.get(), findings) : Optional.empty();
    }

    /// {@return the image of some slices}; nothing where an error was found
    public static Optional<SeriesImage> of(ImageSource source, List<Slice> slices, List<Finding> findings) {
        var problems = new LinkedHashSet<Finding>();
        boolean table = false;
        ImageHeader last = null;
        for (Slice slice : slices) {
            if (slice.header() != last) {
                last = slice.header();
                problems.addAll(last.pixels().findings(last.syntax()));
                problems.addAll(PixelFormat.findings(last.syntax().packing()));
                table |= last.hasTable();
            }
        }
        findings.addAll(problems);
        if (table) {
            findings.add(warning(
                    "its numbers are to be looked up in a table (Modality LUT)", "They are taken as they are stored."));
        }
        if (findings.stream().anyMatch(Finding::isError)) {
            return Optional.empty();
        }
        Placement placed = Placement.of(slices, findings);
        return placed.grid().map(grid -> new SeriesImage(source, placed.slices(), grid));
    }

    /// {@return what tells its series from others}
    public Series series() {
        return slices.getFirst().header().series();
    }

    public int channels() {
        return slices.getFirst().header().pixels().samples();
    }

    public ImageInfo info() {
        return new ImageInfo(grid, channels());
    }

    /// {@return the numbers of all slices, each with its own scale}; nothing where there is no room
    ///
    /// @param scaled whether they are amounts, and not names
    public Optional<Scan> read(boolean scaled, List<Finding> findings) throws IOException {
        ElementType type = type(scaled);
        double numbers = (double) grid.voxels() * channels();
        if (numbers > Integer.MAX_VALUE - 8) {
            findings.add(
                    error("it has %.0f numbers".formatted(numbers), "Images of up to 2^31 numbers are read: crop it."));
        } else {
            findings.addAll(FileChecks.memory(
                    numbers * (type.bytes() + 4)
                            + 8.0 * slices.getFirst().header().pixels().numbers(),
                    FileChecks.availableMemory()));
        }
        if (findings.stream().anyMatch(Finding::isError)) {
            return Optional.empty();
        }
        var values = new Values(type, (int) numbers);
        ImageHeader open = null;
        DicomFile file = null;
        Frames frames = null;
        try {
            for (int z = 0; z < slices.size(); z++) {
                Slice slice = slices.get(z);
                if (slice.header() != open) {
                    if (file != null) {
                        file.close();
                    }
                    open = slice.header();
                    file = DicomFile.open(open.file().map(ImageSource::of).orElse(source));
                    frames = Frames.of(file, open.pixels());
                }
                ImageHeader.Frame frame = slice.frame();
                values.put(
                        frames.frame(frame.index()),
                        z,
                        slices.size(),
                        channels(),
                        scaled ? frame.slope() : 1,
                        scaled ? frame.intercept() : 0);
            }
        } catch (IOException e) {
            throw slices.getFirst().header() == slices.getLast().header()
                            || open == null
                            || open.file().isEmpty()
                    ? e
                    : new IOException("%s: %s".formatted(open.file().get().getFileName(), e.getMessage()), e);
        } finally {
            if (file != null) {
                file.close();
            }
        }
        return Optional.of(
                new Scan(grid, channels(), new NumericArray(Images.shape(grid, channels()), type, values.segment())));
    }

    /// The smallest type that holds whatever may be stored, scaled.
    private ElementType type(boolean scaled) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Slice slice : slices) {
            double slope = scaled ? slice.frame().slope() : 1;
            double intercept = scaled ? slice.frame().intercept() : 0;
            if (slope != Math.rint(slope) || intercept != Math.rint(intercept)) {
                return ElementType.FLOAT32;
            }
            for (double end : slice.header().pixels().range()) {
                low = Math.min(low, end * slope + intercept);
                high = Math.max(high, end * slope + intercept);
            }
        }
        if (low >= 0 && high <= 0xFF) {
            return ElementType.UINT8;
        }
        if (low >= Short.MIN_VALUE && high <= Short.MAX_VALUE) {
            return ElementType.INT16;
        }
        if (low >= 0 && high <= 0xFFFF) {
            return ElementType.UINT16;
        }
        return low >= Integer.MIN_VALUE && high <= Integer.MAX_VALUE ? ElementType.INT32 : ElementType.FLOAT32;
    }

    /// An array that is filled slice by slice.
    private static final class Values {
        private final Object array;

        private Values(ElementType type, int size) {
            array = switch (type) {
                case UINT8 -> new byte[size];
                case INT16, UINT16 -> new short[size];
                case INT32 -> new int[size];
                default -> new float[size];
            };
        }

        private void put(int[] frame, int z, int slices, int channels, double slope, double intercept) {
            int plane = frame.length / channels;
            boolean plain = slope == 1 && intercept == 0;
            int shift = (int) intercept;
            for (int channel = 0; channel < channels; channel++) {
                int from = channel * plane;
                int to = (channel * slices + z) * plane;
                for (int i = 0; i < plane; i++) {
                    int stored = frame[from + i];
                    switch (array) {
                        case byte[] bytes -> bytes[to + i] = (byte) (plain ? stored : (int) (stored * slope) + shift);
                        case short[] shorts ->
                            shorts[to + i] = (short) (plain ? stored : (int) (stored * slope) + shift);
                        case int[] ints -> ints[to + i] = plain ? stored : (int) (stored * slope + intercept);
                        default -> ((float[]) array)[to + i] = (float) (stored * slope + intercept);
                    }
                }
            }
        }

        private MemorySegment segment() {
            return switch (array) {
                case byte[] bytes -> MemorySegment.ofArray(bytes);
                case short[] shorts -> MemorySegment.ofArray(shorts);
                case int[] ints -> MemorySegment.ofArray(ints);
                default -> MemorySegment.ofArray((float[]) array);
            };
        }
    }
}
