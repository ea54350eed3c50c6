package org.segloss.format.nifti;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.segloss.file.AtomicFile;
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
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// NIfTI images, `.nii` and `.nii.gz`, or pairs of `.hdr` and `.img`, of both editions, with integers of 8 to 64 bits,
/// floats of 32 and 64 bits, or colours.
///
/// What a file is, is read from its content: gzip or not, the edition, and either byte order. A fourth axis holds
/// channels. The affine is the sform if there is one, otherwise the qform, otherwise voxel sizes with x to the left
/// and the centre at the origin: as NiBabel does. Lengths are millimetres.
///
/// @see <a href="https://nifti.nimh.nih.gov/nifti-1">NIfTI-1</a>
/// @see <a href="https://nifti.nimh.nih.gov/nifti-2">NIfTI-2</a>
public final class Nifti implements ImageFormat {
    /// How far a label may lie from its whole number: by floats of a scale that counts to 65535.
    private static final double NEAR = 1e-3;

    @Override
    public String name() {
        return "NIfTI";
    }

    @Override
    public List<String> endings() {
        return List.of(".nii.gz", ".nii", ".hdr", ".hdr.gz");
    }

    @Override
    public boolean recognises(byte[] head) {
        if (!Gunzip.isGzip(head)) {
            return NiftiHeader.isStart(head);
        }
        try (var in = new Gunzip(new ByteArrayInputStream(head))) {
            return NiftiHeader.isStart(in.readNBytes(4));
        } catch (IOException _) {
            // who reads it by its name says what is wrong
            return false;
        }
    }

    @Override
    public List<Path> companions(Path file) throws IOException {
        NiftiHeader header = header(ImageSource.of(file));
        return header.readable() && header.isPaired() ? beside(file).stream().toList() : List.of();
    }

    /// {@return the file of the voxels of a pair}; of two it is the one that is packed as the header is
    private static Optional<Path> beside(Path header) {
        List<String> endings = isPacked(header) ? List.of(".img.gz", ".img") : List.of(".img", ".img.gz");
        return endings.stream()
                .flatMap(ending -> Stream.of(ending, ending.toUpperCase(Locale.ROOT)))
                .map(ending -> header.resolveSibling(Formats.IMAGES.withoutEnding(header) + ending))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static boolean isPacked(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
    }

    @Override
    public Optional<ImageInfo> info(ImageSource source, List<Finding> findings) throws IOException {
        return ofVoxels(
                source, findings, (header, _) -> Optional.of(new ImageInfo(header.geometry(), header.channels())));
    }

    @Override
    public Optional<Scan> read(ImageSource source, Purpose purpose, List<Finding> findings) throws IOException {
        return ofVoxels(source, findings, (header, in) -> {
            byte[] data = data(header, in, findings);
            return data.length < header.bytes() ? Optional.empty() : Optional.of(scan(header, data, purpose, findings));
        });
    }

    /// What is done with a header and the stream of its voxels, which begins with the first bytes behind the header,
    /// or with those of the file beside it.
    private interface Use<T> {
        Optional<T> of(NiftiHeader header, InputStream in) throws IOException;
    }

    /// {@return what comes of a header and its voxels, nothing if an error was found in the header}
    private static <T> Optional<T> ofVoxels(ImageSource source, List<Finding> findings, Use<T> use) throws IOException {
        try (InputStream in = Gunzip.open(source)) {
            var header = new NiftiHeader(in);
            findings.addAll(header.findings());
            if (!header.readable()) {
                return Optional.empty();
            }
            if (!header.isPaired()) {
                return ofVoxels(source, header, in, findings, use);
            }
        }
        return ofPair(source, findings, use);
    }

    private static <T> Optional<T> ofPair(ImageSource source, List<Finding> findings, Use<T> use) throws IOException {
        if (source.file().isEmpty()) {
            findings.add(error(
                    "its voxels lie in another file (.img), and these are bytes alone",
                    "Read it by its path, or store it as one file (.nii)."));
            return Optional.empty();
        }
        Path file = source.file().get();
        Path voxels = beside(file).orElse(voxelsOf(file));
        List<Finding> found = VoxelFile.findings(file, voxels);
        findings.addAll(found);
        if (found.stream().anyMatch(Finding::isError)) {
            return Optional.empty();
        }
        ImageSource other = ImageSource.of(voxels);
        try (InputStream in = Gunzip.open(other)) {
            return ofVoxels(other, header(source), in, findings, use);
        }
    }

    private static <T> Optional<T> ofVoxels(
            ImageSource source, NiftiHeader header, InputStream in, List<Finding> findings, Use<T> use)
            throws IOException {
        long size = source.size();
        long most = in instanceof Gunzip ? Gunzip.MOST * size : size;
        List<Finding> found = header.sizeFindings(most, FileChecks.availableMemory());
        findings.addAll(found);
        return found.isEmpty() ? use.of(header, in) : Optional.empty();
    }

    private static NiftiHeader header(ImageSource source) throws IOException {
        try (InputStream in = Gunzip.open(source)) {
            return new NiftiHeader(in);
        }
    }

    /// Reads the voxels' bytes; the memory grows with what really comes, not with what the header promises.
    private static byte[] data(NiftiHeader header, InputStream in, List<Finding> findings) throws IOException {
        in.skipNBytes(header.dataOffset() - (header.isPaired() ? 0 : header.length()));
        int need = (int) header.bytes();
        byte[] data = in.readNBytes(need);
        if (data.length < need) {
            findings.add(error(
                    "the header promises %d bytes of voxels, but only %d are there".formatted(need, data.length),
                    "The file was cut off: get it again."));
        }
        long more = in.transferTo(OutputStream.nullOutputStream());
        if (more > 0) {
            findings.add(warning(
                    "%d bytes follow the voxels".formatted(more),
                    "They are not read: check that the header has the right shape."));
        }
        if (in instanceof Gunzip gzip && gzip.trailing() > 0) {
            findings.add(warning(
                    "%d bytes follow the gzip stream".formatted(gzip.trailing()),
                    "They are not read: get the file again if it was copied badly."));
        }
        return data;
    }

    private static Scan scan(NiftiHeader header, byte[] data, Purpose purpose, List<Finding> findings) {
        NiftiType type = header.type();
        byte[] planes = type.components == 1 ? data : Interleaved.planes(data, type.components, type.element.bytes());
        Geometry g = header.geometry();
        var stored = new NumericArray(
                Images.shape(g, header.channels()), type.element, Decoder.decode(planes, type.element, header.order()));
        if (!header.isScaled()) {
            return new Scan(g, header.channels(), stored);
        }
        NumericArray scaled = scaled(stored, header);
        return new Scan(g, header.channels(), purpose == Purpose.LABELS ? rounded(scaled, header, findings) : scaled);
    }

    /// {@return labels that were stored as parts of a range, such as 65535 in place of 1, as whole numbers}, if all of
    /// them are near; otherwise as they are, for they may be probabilities
    private static NumericArray rounded(NumericArray scaled, NiftiHeader header, List<Finding> findings) {
        double[] values = scaled.toDoubles();
        boolean near = true;
        boolean whole = true;
        for (double value : values) {
            near &= Math.abs(value - Math.rint(value)) <= NEAR;
            whole &= value == Math.rint(value);
        }
        findings.add(warning(
                "the labels are scaled by %s and shifted by %s"
                        .formatted(Text.number(header.slope()), Text.number(header.intercept())),
                near && !whole
                        ? "They are rounded to whole numbers, from which none is farther than 0.001: check that the results are meant."
                        : "Labels are names, not amounts: check that the results are meant."));
        if (!near || whole) {
            return scaled;
        }
        Arrays.setAll(values, i -> Math.rint(values[i]));
        return NumericArray.of(values, scaled.shape());
    }

    /// The result is in double where a float would not hold the stored numbers.
    private static NumericArray scaled(NumericArray stored, NiftiHeader header) {
        double[] values = stored.toDoubles();
        double slope = header.slope();
        double intercept = header.intercept();
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] * slope + intercept;
        }
        var exact = NumericArray.of(values, stored.shape());
        return stored.type().bytes() < 4 || stored.type() == ElementType.FLOAT32
                ? NumericArray.of(exact.toFloats(), stored.shape())
                : exact;
    }

    /// Packs if the name ends with `.gz`; for a name that ends with `.hdr` or `.hdr.gz` the voxels go to a file beside
    /// it. NIfTI-1, if it can count the voxels along each axis.
    @Override
    public void write(Path file, Geometry geometry, NumericArray values) throws IOException {
        int channels = Images.channels(geometry, values);
        int edition = NiftiEncoder.edition(geometry, channels);
        write(file, NiftiEncoder.header(geometry, channels, values.type(), edition, isOfPair(file)), values);
    }

    /// Codes, both forms, sizes, units and the edition are the image's: programs choose among them in their own ways,
    /// and find the numbers wherever they find the image.
    @Override
    public void writeLike(Path image, Path file, Geometry geometry, NumericArray values) throws IOException {
        if (Formats.IMAGES.of(image).filter(Nifti.class::isInstance).isEmpty()) {
            write(file, geometry, values);
            return;
        }
        NiftiHeader like = header(ImageSource.of(image));
        int channels = Images.channels(geometry, values);
        int edition = Math.max(like.edition(), NiftiEncoder.edition(geometry, channels));
        NiftiFields header = NiftiEncoder.header(geometry, channels, values.type(), edition, isOfPair(file));
        like.copyGrid(geometry, header);
        write(file, header, values);
    }

    private static void write(Path file, NiftiFields header, NumericArray values) throws IOException {
        byte[] data = values.littleEndian();
        if (isOfPair(file)) {
            var voxels = new ByteArrayOutputStream();
            packed(file, voxels, data);
            // the header last, for it promises the voxels; an old one would say what the new ones aren't
            AtomicFile.replace(voxelsOf(file), voxels.toByteArray(), file);
            AtomicFile.write(file, out -> packed(file, out, header.bytes().array()));
        } else {
            AtomicFile.write(file, out -> packed(file, out, header.bytes().array(), data));
        }
    }

    private static void packed(Path file, OutputStream out, byte[]... parts) throws IOException {
        if (!isPacked(file)) {
            for (byte[] part : parts) {
                out.write(part);
            }
            return;
        }
        // holds no time and no name: same image, same bytes
        try (var gzip = new GZIPOutputStream(out, 1 << 14)) {
            for (byte[] part : parts) {
                gzip.write(part);
            }
        }
    }

    @Override
    public List<Path> written(Path file) {
        return isOfPair(file) ? List.of(file, voxelsOf(file)) : List.of(file);
    }

    private static boolean isOfPair(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".hdr") || name.endsWith(".hdr.gz");
    }

    /// {@return the file that voxels are written to beside a header}
    private static Path voxelsOf(Path header) {
        return header.resolveSibling(Formats.IMAGES.withoutEnding(header) + (isPacked(header) ? ".img.gz" : ".img"));
    }
}
