package org.segloss.format.metaimage;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import org.segloss.file.AtomicFile;
import org.segloss.file.Printable;
import org.segloss.format.FileChecks;
import org.segloss.format.Finding;
import org.segloss.format.Formats;
import org.segloss.format.Gunzip;
import org.segloss.format.ImageFormat;
import org.segloss.format.ImageInfo;
import org.segloss.format.ImageSource;
import org.segloss.format.Images;
import org.segloss.format.Interleaved;
import org.segloss.format.Scan;
import org.segloss.format.Text;
import org.segloss.format.VoxelFile;
import org.segloss.image.Decoder;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// MetaImage, the format of ITK: `.mha`, whose voxels follow the header, and `.mhd`, whose voxels lie in a file
/// beside it, as they are or packed by zlib.
///
/// Places are those that ITK reads: `TransformMatrix`, `Offset` and `ElementSpacing`; `CenterOfRotation` and
/// `AnatomicalOrientation` say nothing more. ITK counts millimetres to the left and to the back, an affine to the
/// right and to the front. A fourth axis, or several numbers a voxel, are channels.
///
/// @see <a href="https://itk.org/Wiki/ITK/MetaIO/Documentation">MetaIO</a>
public final class MetaImage implements ImageFormat {
    private static final List<String> ENDINGS = List.of(".mha", ".mhd");

    @Override
    public String name() {
        return "MetaImage";
    }

    @Override
    public List<String> endings() {
        return ENDINGS;
    }

    @Override
    public boolean recognises(byte[] head) {
        return MetaHeader.isStart(head);
    }

    @Override
    public List<Path> companions(Path file) throws IOException {
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            return new MetaHeader(in)
                    .companion(file).filter(Files::isRegularFile).stream().toList();
        }
    }

    @Override
    public Optional<ImageInfo> info(ImageSource source, List<Finding> findings) throws IOException {
        try (var in = new BufferedInputStream(source.open())) {
            MetaHeader header = new MetaHeader(in);
            check(source, header, findings);
            return findings.stream().anyMatch(Finding::isError)
                    ? Optional.empty()
                    : Optional.of(new ImageInfo(header.geometry(), header.channels()));
        }
    }

    @Override
    public Optional<Scan> read(ImageSource source, Purpose purpose, List<Finding> findings) throws IOException {
        MetaHeader header;
        byte[] stored;
        try (var in = new BufferedInputStream(source.open())) {
            header = new MetaHeader(in);
            check(source, header, findings);
            if (findings.stream().anyMatch(Finding::isError)) {
                return Optional.empty();
            }
            if (header.isLocal()) {
                stored = stored(header, in, source.size() - header.length(), findings);
            } else {
                Path voxels = header.companion(source.file().orElseThrow()).orElseThrow();
                try (var beside = new BufferedInputStream(Files.newInputStream(voxels))) {
                    stored = stored(header, beside, Files.size(voxels), findings);
                }
            }
        }
        byte[] data = header.isPacked() ? unpacked(header, stored, findings) : stored;
        int need = (int) header.bytes();
        if (data.length < need) {
            findings.add(error(
                    "the header promises %d bytes of voxels, but only %d are there".formatted(need, data.length),
                    "The file was cut off: get it again."));
            return Optional.empty();
        }
        Geometry grid = header.geometry();
        int width = header.type().bytes();
        byte[] planes = header.isInterleaved() && header.channels() > 1
                ? Interleaved.planes(data, header.channels(), width)
                : data;
        MemorySegment values = Decoder.decode(planes, header.type(), header.order());
        return Optional.of(new Scan(
                grid,
                header.channels(),
                new NumericArray(Images.shape(grid, header.channels()), header.type(), values)));
    }

    /// What the header says of itself and of the bytes that are there.
    private static void check(ImageSource source, MetaHeader header, List<Finding> findings) throws IOException {
        findings.addAll(header.findings());
        if (!header.readable()) {
            return;
        }
        long size = source.size() - header.length();
        if (!header.isLocal()) {
            if (source.file().isEmpty()) {
                findings.add(error(
                        "its voxels lie in another file, %s, and these are bytes alone"
                                .formatted(Printable.quote(header.dataFile())),
                        "Read it by its path, or store it as one file (.mha)."));
                return;
            }
            Path file = source.file().get();
            Path voxels = header.companion(file).orElseThrow();
            List<Finding> beside = VoxelFile.findings(file, voxels);
            findings.addAll(beside);
            if (beside.stream().anyMatch(Finding::isError)) {
                return;
            }
            size = Files.size(voxels);
        }
        long there = Math.max(0, size - Math.max(0, header.skip()));
        long said = header.packedSize();
        if (header.isPacked() && (said < 0 || said > there)) {
            findings.add(error(
                    "the voxels are to be packed to %s bytes (CompressedDataSize), but %d are there"
                            .formatted(header.packedSizeText(), there),
                    "The file was cut off or is damaged: get it again."));
            return;
        }
        double most = header.isPacked() ? (double) Gunzip.MOST * (said == 0 ? there : said) : there;
        double need = header.bytes();
        if (need > most) {
            findings.add(error(
                    "the header promises %.0f bytes of voxels, but the file can hold no more than %.0f"
                            .formatted(need, most),
                    "The file was cut off or is damaged: get it again."));
        } else if (need > Integer.MAX_VALUE - 8 || (header.isPacked() && there > Integer.MAX_VALUE - 8)) {
            findings.add(error(
                    "the voxels have %.0f bytes".formatted(need),
                    "Images of up to 2 GiB are read: crop it or split it."));
        } else {
            double packed = header.isPacked() ? there : 0;
            double elements = need / header.type().bytes();
            findings.addAll(FileChecks.memory(packed + 3 * need + 4 * elements, FileChecks.availableMemory()));
        }
    }

    /// {@return the bytes that are stored for the voxels}; a file that ends too early has fewer
    ///
    /// @param size bytes that are there
    private static byte[] stored(MetaHeader header, InputStream in, long size, List<Finding> findings)
            throws IOException {
        int need = (int) header.bytes();
        if (header.skip() < 0 && !header.isPacked()) {
            in.skipNBytes(size - need);
            return in.readNBytes(need);
        }
        in.skipNBytes(Math.max(0, header.skip()));
        long there = size - Math.max(0, header.skip());
        if (!header.isPacked()) {
            if (there > need) {
                findings.add(warning(
                        "%d bytes follow the voxels".formatted(there - need),
                        "They are not read: check that the header has the right shape."));
            }
            return in.readNBytes(need);
        }
        long said = header.packedSize();
        return in.readNBytes((int) (said == 0 ? there : said));
    }

    /// Unpacks no more than the header promises, whatever there may be.
    private static byte[] unpacked(MetaHeader header, byte[] packed, List<Finding> findings) throws IOException {
        int need = (int) header.bytes();
        var inflater = new Inflater();
        try {
            inflater.setInput(packed);
            var data = new ByteArrayOutputStream(Math.min(need, 1 << 20));
            byte[] buffer = new byte[1 << 14];
            while (data.size() < need && !inflater.finished()) {
                int n = inflater.inflate(buffer, 0, Math.min(buffer.length, need - data.size()));
                if (n == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    break;
                }
                data.write(buffer, 0, n);
            }
            if (data.size() == need && !inflater.finished()) {
                // the checksum is read with the stream's end
                int more = inflater.inflate(buffer);
                if (more > 0) {
                    findings.add(warning(
                            "more bytes are packed than the %d of the voxels".formatted(need),
                            "They are not read: check that the header has the right shape."));
                } else if (!inflater.finished()) {
                    throw new IOException("the packed voxels break off before their end");
                }
            }
            return data.toByteArray();
        } catch (DataFormatException e) {
            throw new IOException(
                    "the packed voxels are damaged after %d unpacked bytes".formatted(inflater.getBytesWritten()), e);
        } finally {
            inflater.end();
        }
    }

    /// Packs the voxels by zlib; for a name that ends with `.mhd` into a file beside it, which ends with `.zraw`.
    @Override
    public void write(Path file, Geometry geometry, NumericArray values) throws IOException {
        write(file, geometry, values, grid(geometry));
    }

    /// Spacing, directions, offset and their units are the image's, digit by digit, and a plane image keeps its two
    /// axes.
    @Override
    public void writeLike(Path image, Path file, Geometry geometry, NumericArray values) throws IOException {
        Optional<MetaHeader.Grid> grid = Optional.empty();
        if (Formats.IMAGES.of(image).filter(MetaImage.class::isInstance).isPresent()) {
            try (var in = new BufferedInputStream(Files.newInputStream(image))) {
                grid = new MetaHeader(in).grid(geometry);
            }
        }
        write(file, geometry, values, grid.orElse(grid(geometry)));
    }

    private static void write(Path file, Geometry geometry, NumericArray values, MetaHeader.Grid grid)
            throws IOException {
        holds(file);
        int channels = Images.channels(geometry, values);
        byte[] planes = values.littleEndian();
        byte[] packed = packed(
                channels > 1
                        ? Interleaved.voxels(planes, channels, values.type().bytes())
                        : planes);
        Optional<Path> beside = beside(file);
        byte[] header = header(
                grid,
                channels,
                values,
                packed.length,
                beside.map(voxels -> voxels.getFileName().toString()).orElse("LOCAL"));
        if (beside.isPresent()) {
            // the header last, for it promises the voxels; an old one would say what the new ones aren't
            AtomicFile.replace(beside.get(), packed, file);
            AtomicFile.write(file, header);
        } else {
            AtomicFile.write(file, out -> {
                out.write(header);
                out.write(packed);
            });
        }
    }

    /// {@return the file that the voxels of a written file go to, if not into itself}
    private static Optional<Path> beside(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".mhd")
                ? Optional.of(file.resolveSibling(Formats.IMAGES.withoutEnding(file) + ".zraw"))
                : Optional.empty();
    }

    @Override
    public List<Path> written(Path file) {
        return Stream.concat(Stream.of(file), beside(file).stream()).toList();
    }

    @Override
    public void checkHolds(Path file, Geometry grid) {
        holds(file);
    }

    private static void holds(Path file) {
        Optional<String> name = beside(file).map(voxels -> voxels.getFileName().toString());
        if (name.isPresent() && !MetaHeader.canName(name.get())) {
            throw new IllegalArgumentException(
                    "%s: its voxels would be in the file '%s', a name that no header of a MetaImage can have: write %s, or choose a name without \\ : %% and LIST"
                            .formatted(file, name.get(), ENDINGS.getFirst()));
        }
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        var deflater = new Deflater();
        try (var out = new DeflaterOutputStream(packed, deflater, 1 << 14)) {
            out.write(bytes);
        } finally {
            deflater.end();
        }
        return packed.toByteArray();
    }

    private static MetaHeader.Grid grid(Geometry grid) {
        double[] affine = grid.affine();
        double[] spacing = grid.spacing();
        double[] matrix = new double[9];
        double[] offset = new double[3];
        for (int column = 0; column < 3; column++) {
            for (int row = 0; row < 3; row++) {
                double direction = affine[4 * row + column] / spacing[column];
                matrix[3 * column + row] = row < 2 ? 0 - direction : direction;
            }
            offset[column] = column < 2 ? 0 - affine[4 * column + 3] : affine[4 * column + 3];
        }
        String lines = """
                TransformMatrix = %s
                Offset = %s
                CenterOfRotation = 0 0 0
                ElementSpacing = %s
                DimSize = %d %d %d
                """.formatted(text(matrix), text(offset), text(spacing), grid.x(), grid.y(), grid.z());
        return new MetaHeader.Grid(3, lines);
    }

    private static byte[] header(MetaHeader.Grid grid, int channels, NumericArray values, int packed, String file) {
        return """
                ObjectType = Image
                NDims = %d
                BinaryData = True
                BinaryDataByteOrderMSB = False
                CompressedData = True
                CompressedDataSize = %d
                %s%sElementType = %s
                ElementDataFile = %s
                """.formatted(
                        grid.axes(),
                        packed,
                        grid.lines(),
                        channels > 1 ? "ElementNumberOfChannels = %d\n".formatted(channels) : "",
                        MetaHeader.nameOf(values.type()),
                        file)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String text(double[] numbers) {
        return DoubleStream.of(numbers).mapToObj(Text::number).collect(Collectors.joining(" "));
    }
}
