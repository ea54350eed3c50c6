package org.segloss.format.nifti;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
import org.segloss.format.Scan;
import org.segloss.format.Text;
import org.segloss.image.Decoder;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// NIfTI-1 images in single files, `.nii` and `.nii.gz`, with integers of 8 to 64 bits or floats of 32 and 64
/// bits.
///
/// What a file is, is read from its content: gzip or not, and either byte order. A fourth axis holds channels.
/// The affine is the sform if there is one, otherwise the qform, otherwise voxel sizes with x to the left and
/// the centre at the origin: as NiBabel does. Lengths are millimetres.
///
/// @see <a href="https://nifti.nimh.nih.gov/nifti-1">NIfTI-1</a>
public final class Nifti implements ImageFormat {
    @Override
    public String name() {
        return "NIfTI";
    }

    @Override
    public List<String> endings() {
        return List.of(".nii.gz", ".nii");
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
    public Optional<ImageInfo> info(ImageSource source, List<Finding> findings) throws IOException {
        try (InputStream in = Gunzip.open(source)) {
            NiftiHeader header = header(source, in);
            findings.addAll(header.findings());
            return header.readable()
                    ? Optional.of(new ImageInfo(header.geometry(), header.channels()))
                    : Optional.empty();
        }
    }

    @Override
    public Optional<Scan> read(ImageSource source, Purpose purpose, List<Finding> findings) throws IOException {
        try (InputStream in = Gunzip.open(source)) {
            NiftiHeader header = header(source, in);
            findings.addAll(header.findings());
            if (!header.readable()) {
                return Optional.empty();
            }
            if (purpose == Purpose.LABELS && header.isScaled()) {
                findings.add(warning(
                        "the labels are scaled by %s and shifted by %s"
                                .formatted(Text.number(header.slope()), Text.number(header.intercept())),
                        "Labels are names, not amounts: check that the results are meant."));
            }
            byte[] data = data(header, in, findings);
            return findings.stream().anyMatch(Finding::isError) ? Optional.empty() : Optional.of(scan(header, data));
        }
    }

    private static NiftiHeader header(ImageSource source, InputStream in) throws IOException {
        long size = source.size();
        long most = in instanceof Gunzip ? Gunzip.MOST * size : size;
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
        var stored = new NumericArray(
                Images.shape(g, header.channels()), header.type(), Decoder.decode(data, header.type(), header.order()));
        return new Scan(g, header.channels(), header.isScaled() ? scaled(stored, header) : stored);
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

    /// Packs if the name ends with `.gz`.
    @Override
    public void write(Path file, Geometry geometry, NumericArray values) throws IOException {
        write(file, NiftiEncoder.header(geometry, Images.channels(geometry, values), values.type()), values);
    }

    /// Codes, both forms, sizes and units are the image's: programs choose among them in their own ways, and find the
    /// numbers wherever they find the image.
    @Override
    public void writeLike(Path image, Path file, Geometry geometry, NumericArray values) throws IOException {
        byte[] header = NiftiEncoder.header(geometry, Images.channels(geometry, values), values.type());
        if (Formats.IMAGES.of(image).filter(Nifti.class::isInstance).isPresent()) {
            ImageSource source = ImageSource.of(image);
            try (InputStream in = Gunzip.open(source)) {
                header(source, in).copyGrid(geometry, header);
            }
        }
        write(file, header, values);
    }

    private static void write(Path file, byte[] header, NumericArray values) throws IOException {
        byte[] data = values.littleEndian();
        AtomicFile.write(file, out -> {
            if (file.toString().toLowerCase(Locale.ROOT).endsWith(".gz")) {
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
}
