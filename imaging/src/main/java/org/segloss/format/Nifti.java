package org.segloss.format;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.segloss.file.AtomicFile;
import org.segloss.image.Decoder;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;
import org.segloss.image.Volume;

/// NIfTI-1 images in single files, `.nii` and `.nii.gz`, with integers of 8 to 64 bits or floats of 32 and 64
/// bits.
///
/// What a file is, is read from its content: gzip or not, and either byte order. A fourth axis holds channels.
/// The affine is the sform if there is one, otherwise the qform, otherwise voxel sizes with x to the left and
/// the centre at the origin: as NiBabel does. Lengths are millimetres.
///
/// @see <a href="https://nifti.nimh.nih.gov/nifti-1">NIfTI-1</a>
public final class Nifti {
    /// DEFLATE packs no better: 258 bytes for two bits.
    private static final long DEFLATE_LIMIT = 1032;

    private Nifti() {}

    /// {@return an image, its numbers scaled as the header says}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static Volume read(Path file) throws IOException {
        return inspect(file).orThrow().volume();
    }

    /// {@return a segmentation; floats that are whole numbers are fine, and in a mask of 0 and 255, 255 becomes
    /// 1}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static Labels readLabels(Path file) throws IOException {
        return Images.labels(inspectLabels(file));
    }

    /// {@return what a file is said to hold, without its voxels}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static ImageInfo info(Path file) throws IOException {
        var findings = new ArrayList<Finding>(FileChecks.readable(file));
        if (findings.isEmpty()) {
            try (InputStream in = open(file)) {
                NiftiHeader header = header(file, in);
                if (header.readable()) {
                    return new ImageInfo(header.geometry(), header.channels());
                }
                findings.addAll(header.findings());
            } catch (IOException e) {
                findings.add(FileChecks.damaged(e));
            }
        }
        throw Inspection.failure(file, findings);
    }

    /// Reads a file and collects all that is wrong with it; throws nothing.
    public static Inspection inspect(Path file) {
        return inspect(file, false);
    }

    /// As [#inspect(Path)], for a file that is a segmentation: scaled numbers are a warning.
    public static Inspection inspectLabels(Path file) {
        return inspect(file, true);
    }

    private static Inspection inspect(Path file, boolean labels) {
        var findings = new ArrayList<Finding>(FileChecks.readable(file));
        Optional<Scan> scan = Optional.empty();
        if (findings.isEmpty()) {
            try (InputStream in = open(file)) {
                NiftiHeader header = header(file, in);
                findings.addAll(header.findings());
                if (header.readable()) {
                    if (labels && header.isScaled()) {
                        findings.add(warning(
                                "the labels are scaled by %s and shifted by %s"
                                        .formatted(Text.number(header.slope()), Text.number(header.intercept())),
                                "Labels are names, not amounts: check that the results are meant."));
                    }
                    byte[] data = data(header, in, findings);
                    if (findings.stream().noneMatch(Finding::isError)) {
                        scan = Optional.of(scan(header, data));
                    }
                }
            } catch (IOException e) {
                findings.add(FileChecks.damaged(e));
            }
        }
        return new Inspection(file, findings, scan);
    }

    private static InputStream open(Path file) throws IOException {
        var in = new BufferedInputStream(Files.newInputStream(file), 1 << 14);
        try {
            return isGzip(in) ? new Gunzip(in) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static boolean isGzip(BufferedInputStream in) throws IOException {
        in.mark(2);
        boolean gzip = in.read() == 0x1F && in.read() == 0x8B;
        in.reset();
        return gzip;
    }

    private static NiftiHeader header(Path file, InputStream in) throws IOException {
        long size = Files.size(file);
        long most = in instanceof Gunzip ? DEFLATE_LIMIT * size : size;
        return new NiftiHeader(in.readNBytes(NiftiHeader.LENGTH), most, FileChecks.availableMemory());
    }

    /// Reads the voxels' bytes; the memory grows with what really comes, not with what the header promises.
    private static byte[] data(NiftiHeader header, InputStream in, List<Finding> findings) throws IOException {
        in.skipNBytes(header.dataOffset() - NiftiHeader.LENGTH);
        int need = Math.toIntExact(header.elements() * header.type().bytes());
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

    private static Scan scan(NiftiHeader header, byte[] data) {
        Geometry g = header.geometry();
        List<Integer> shape =
                header.channels() == 1 ? List.of(g.z(), g.y(), g.x()) : List.of(header.channels(), g.z(), g.y(), g.x());
        var stored = new NumericArray(shape, header.type(), Decoder.decode(data, header.type(), header.order()));
        return new Scan(g, header.channels(), header.isScaled() ? scaled(stored, header) : stored);
    }

    /// In double where a float would not hold the stored numbers.
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

    /// Writes an image as float32, packed if the name ends with `.gz`; the file is there whole or not at all.
    public static void write(Path file, Volume volume) throws IOException {
        write(file, volume.geometry(), NumericArray.of(volume.values(), shape(volume.geometry(), volume.channels())));
    }

    /// Writes a segmentation as uint8, packed if the name ends with `.gz`; the file is there whole or not at
    /// all.
    public static void write(Path file, Labels labels) throws IOException {
        write(file, labels.geometry(), NumericArray.of(labels.values(), shape(labels.geometry(), 1)));
    }

    /// Writes numbers in their own type (bool as uint8), packed if the name ends with `.gz`.
    ///
    /// @param values `(z, y, x)` or `(channel, z, y, x)`, of the shape of `geometry`
    public static void write(Path file, Geometry geometry, NumericArray values) throws IOException {
        int channels = values.shape().size() == 4 ? values.shape().getFirst() : 1;
        if (values.size() != channels * geometry.voxels() || !values.shape().equals(shape(geometry, channels))) {
            throw new IllegalArgumentException("numbers of shape %s do not fill a grid of %s voxels"
                    .formatted(values.shape(), geometry.shapeText()));
        }
        byte[] header = NiftiEncoder.header(geometry, channels, values.type());
        byte[] data = values.littleEndian();
        AtomicFile.write(file, out -> {
            if (Images.hasEnding(file, ".gz")) {
                // holds no time and no name: same image, same bytes
                try (var gzip = new GZIPOutputStream(out, 1 << 14)) {
                    gzip.write(header);
                    gzip.write(data);
                }
            } else {
                out.write(header);
                out.write(data);
            }
        });
    }

    private static List<Integer> shape(Geometry g, int channels) {
        return channels == 1 ? List.of(g.z(), g.y(), g.x()) : List.of(channels, g.z(), g.y(), g.x());
    }
}
