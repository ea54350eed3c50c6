package org.segloss.format.nrrd;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
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
import org.segloss.format.VoxelFile;
import org.segloss.image.Decoder;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// NRRD, `.nrrd`, whose voxels follow the header, and `.nhdr`, whose voxels lie in one or more files beside
/// it, as they are or packed by gzip; of 3D Slicer's `.seg.nrrd` the segments with their names.
///
/// An axis that doesn't lie in space counts channels, wherever it stands. Places are those that ITK reads,
/// which counts millimetres to the left and to the back, an affine to the right and to the front.
///
/// @see <a href="https://teem.sourceforge.net/nrrd/format.html">The NRRD format</a>
/// @see <a
///     href="https://slicer.readthedocs.io/en/latest/developer_guide/modules/segmentations.html">Segmentations
///     in 3D Slicer</a>
public final class Nrrd implements ImageFormat {
    /// So many bytes behind the voxels are unpacked, to see the end of a stream and its checksum.
    private static final int BEHIND = 1 << 16;

    @Override
    public String name() {
        return "NRRD";
    }

    @Override
    public List<String> endings() {
        return List.of(".nrrd", ".nhdr", ".seg.nrrd");
    }

    @Override
    public boolean recognises(byte[] head) {
        return NrrdText.isStart(head);
    }

    @Override
    public List<Path> companions(Path file) throws IOException {
        NrrdHeader header = header(ImageSource.of(file));
        return header.files().map(files -> files.beside(file)).orElse(List.of()).stream()
                .filter(Files::isRegularFile)
                .toList();
    }

    private static NrrdHeader header(ImageSource source) throws IOException {
        try (var in = new BufferedInputStream(source.open())) {
            return new NrrdHeader(in);
        }
    }

    @Override
    public Optional<ImageInfo> info(ImageSource source, List<Finding> findings) throws IOException {
        NrrdHeader header = header(source);
        return isWhole(source, header, findings)
                ? Optional.of(new ImageInfo(header.geometry(), header.channels()))
                : Optional.empty();
    }

    @Override
    public Optional<ImageInfo> labelInfo(ImageSource source, Path image, List<Finding> findings) throws IOException {
        NrrdHeader header = header(source);
        if (!isWhole(source, header, findings)) {
            return Optional.empty();
        }
        if (header.segments().isEmpty()) {
            return Optional.of(new ImageInfo(header.geometry(), header.channels()));
        }
        Geometry grid = Images.info(image).geometry();
        return Optional.of(new ImageInfo(Part.of(header.geometry(), grid).isPresent() ? grid : header.geometry(), 1));
    }

    @Override
    public SortedMap<Integer, String> labelNames(ImageSource source) throws IOException {
        NrrdHeader header = header(source);
        if (!header.readable()) {
            throw new IOException(header.findings().getFirst().found());
        }
        return header.segments().names();
    }

    @Override
    public Optional<Scan> read(ImageSource source, Purpose purpose, List<Finding> findings) throws IOException {
        try (var in = new BufferedInputStream(source.open())) {
            var header = new NrrdHeader(in);
            if (!isWhole(source, header, findings)) {
                return Optional.empty();
            }
            byte[] data = header.files().isEmpty()
                    ? voxels(header, in, source.size() - header.length(), (int) header.bytes(), findings)
                    : voxelsBeside(header, source.file().orElseThrow(), findings);
            if (data.length < header.bytes()) {
                findings.add(error(
                        "the header promises %.0f bytes of voxels, but only %d are there"
                                .formatted(header.bytes(), data.length),
                        "The file was cut off: get it again."));
                return Optional.empty();
            }
            Scan scan = scan(header, data);
            Segments segments = header.segments();
            return purpose == Purpose.LABELS && scan.channels() > 1 && !segments.isEmpty()
                    ? segments.merged(scan, findings)
                    : Optional.of(scan);
        }
    }

    /// Slicer stores no more of a segmentation than a box around its segments; the image's grid gets 0 around it.
    @Override
    public Optional<Scan> readLabels(ImageSource source, Path image, List<Finding> findings) throws IOException {
        Optional<Scan> scan = read(source, Purpose.LABELS, findings);
        if (scan.isEmpty()
                || scan.get().channels() > 1
                || header(source).segments().isEmpty()) {
            return scan;
        }
        Geometry grid = Images.info(image).geometry();
        Optional<Part> part = Part.of(scan.get().geometry(), grid);
        return part.isPresent() ? Optional.of(part.get().onGrid(scan.get(), grid, findings)) : scan;
    }

    private static Scan scan(NrrdHeader header, byte[] data) {
        int channels = header.channels();
        byte[] planes = channels > 1
                ? Interleaved.planes(data, channels, (int)
                        (header.axes().numbersBetweenChannels() * header.type().bytes()))
                : data;
        Geometry grid = header.geometry();
        return new Scan(
                grid,
                channels,
                new NumericArray(
                        Images.shape(grid, channels),
                        header.type(),
                        Decoder.decode(planes, header.type(), header.order())));
    }

    /// {@return whether there are no errors in what the header says of itself and of the bytes that are there}
    private static boolean isWhole(ImageSource source, NrrdHeader header, List<Finding> findings) throws IOException {
        findings.addAll(header.findings());
        if (header.readable()) {
            if (header.files().isEmpty()) {
                check(header, source.size() - header.length(), header.bytes(), findings);
            } else {
                checkBeside(source, header, header.files().get(), findings);
            }
        }
        return findings.stream().noneMatch(Finding::isError);
    }

    private static void checkBeside(ImageSource source, NrrdHeader header, NrrdFiles files, List<Finding> findings)
            throws IOException {
        if (source.file().isEmpty()) {
            findings.add(error(
                    "its voxels lie in another file, %s, and these are bytes alone"
                            .formatted(Printable.quote(files.names().getFirst())),
                    "Read it by its path, or store it as one file (.nrrd)."));
            return;
        }
        double each = header.bytes() / files.names().size();
        if (each != Math.rint(each)) {
            findings.add(error(
                    "%.0f bytes of voxels are to lie in %d files"
                            .formatted(header.bytes(), files.names().size()),
                    "Each file has as many voxels as the others: correct the header."));
            return;
        }
        for (Path file : files.beside(source.file().get())) {
            // what is wrong with one file is often wrong with all
            if (findings.stream().anyMatch(Finding::isError)) {
                return;
            }
            List<Finding> found = VoxelFile.findings(source.file().get(), file);
            findings.addAll(found);
            if (found.stream().noneMatch(Finding::isError)) {
                check(header, Files.size(file), each, findings);
            }
        }
    }

    /// @param there bytes for the voxels, with those that are skipped
    /// @param need  bytes of voxels that should be in them
    private static void check(NrrdHeader header, long there, double need, List<Finding> findings) {
        double most = (header.isPacked() ? (double) Gunzip.MOST * there : there) - Math.max(0, header.byteSkip());
        if (need > most) {
            findings.add(error(
                    "the header promises %.0f bytes of voxels, but the file can hold no more than %.0f"
                            .formatted(need, Math.max(0, most)),
                    "The file was cut off or is damaged: get it again."));
        } else if (header.bytes() > Integer.MAX_VALUE - 8) {
            findings.add(error(
                    "the voxels have %.0f bytes".formatted(header.bytes()),
                    "Images of up to 2 GiB are read: crop it or split it."));
        } else {
            double elements = header.axes().numbers();
            findings.addAll(FileChecks.memory(3 * header.bytes() + 4 * elements, FileChecks.availableMemory()));
        }
    }

    private static byte[] voxelsBeside(NrrdHeader header, Path file, List<Finding> findings) throws IOException {
        List<Path> files = header.files().orElseThrow().beside(file);
        int each = (int) header.bytes() / files.size();
        var all = new ByteArrayOutputStream();
        for (Path one : files) {
            try (var in = new BufferedInputStream(Files.newInputStream(one))) {
                byte[] voxels = voxels(header, in, Files.size(one), each, findings);
                if (files.size() == 1) {
                    return voxels;
                }
                all.write(voxels);
                if (voxels.length < each) {
                    break;
                }
            }
        }
        return all.toByteArray();
    }

    /// {@return the bytes of the voxels in a file}; one that ends too early has fewer. The memory grows with
    /// what really comes, and no more is unpacked than the header promises.
    ///
    /// @param there bytes that the stream has
    private static byte[] voxels(NrrdHeader header, InputStream in, long there, int need, List<Finding> findings)
            throws IOException {
        if (header.byteSkip() < 0) {
            in.skipNBytes(Math.max(0, there - need));
            return in.readNBytes(need);
        }
        for (long lines = header.lineSkip(); lines > 0; lines--) {
            int next = in.read();
            while (next >= 0 && next != '\n') {
                next = in.read();
            }
            if (next < 0) {
                return new byte[0];
            }
        }
        InputStream unpacked = header.isPacked() ? new Gunzip(in) : in;
        unpacked.skipNBytes(header.byteSkip());
        byte[] voxels = unpacked.readNBytes(need);
        int more = unpacked.readNBytes(BEHIND).length;
        if (more > 0 && findings.isEmpty()) {
            findings.add(warning(
                    "%s bytes follow the voxels".formatted(more < BEHIND ? more : BEHIND + " or more"),
                    "They are not read: check that the header has the right shape."));
        }
        return voxels;
    }

    /// Packs the voxels by gzip; for a name that ends with `.nhdr` into a file beside it, which ends with
    /// `.raw.gz`. Several channels stand side by side, as ITK and Slicer have them.
    @Override
    public void write(Path file, Geometry geometry, NumericArray values) throws IOException {
        write(file, geometry, values, NrrdGrid.of(geometry));
    }

    /// Space, directions, origin and their units are the image's, digit by digit, and a plane image keeps its
    /// two axes.
    @Override
    public void writeLike(Path image, Path file, Geometry geometry, NumericArray values) throws IOException {
        Optional<NrrdGrid> grid =
                Formats.IMAGES.of(image).filter(Nrrd.class::isInstance).isPresent()
                        ? NrrdGrid.like(header(ImageSource.of(image)), geometry)
                        : Optional.empty();
        write(file, geometry, values, grid.orElse(NrrdGrid.of(geometry)));
    }

    private static void write(Path file, Geometry geometry, NumericArray values, NrrdGrid grid) throws IOException {
        holds(file);
        int channels = Images.channels(geometry, values);
        byte[] planes = values.littleEndian();
        byte[] voxels = channels > 1
                ? Interleaved.voxels(planes, channels, values.type().bytes())
                : planes;
        Optional<Path> beside = beside(file);
        byte[] header = grid.header(
                        channels,
                        values.type(),
                        beside.map(path -> path.getFileName().toString()))
                .getBytes(StandardCharsets.UTF_8);
        var packed = new ByteArrayOutputStream();
        // holds no time and no name: same image, same bytes
        try (var gzip = new GZIPOutputStream(packed, 1 << 14)) {
            gzip.write(voxels);
        }
        if (beside.isPresent()) {
            // the header last, for it promises the voxels; an old one would say what the new ones aren't
            AtomicFile.replace(beside.get(), packed.toByteArray(), file);
            AtomicFile.write(file, header);
        } else {
            AtomicFile.write(file, out -> {
                out.write(header);
                packed.writeTo(out);
            });
        }
    }

    /// {@return the file that the voxels of a written file go to, if not into itself}
    private static Optional<Path> beside(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".nhdr")
                ? Optional.of(file.resolveSibling(Formats.IMAGES.withoutEnding(file) + ".raw.gz"))
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
        Optional<String> name = beside(file).map(path -> path.getFileName().toString());
        if (name.isPresent() && !NrrdFiles.canName(name.get())) {
            throw new IllegalArgumentException(
                    "%s: its voxels would be in the file '%s', a name that no header of an NRRD can have: write .nrrd, or choose a name without \\ : %% and LIST"
                            .formatted(file, name.get()));
        }
    }
}
