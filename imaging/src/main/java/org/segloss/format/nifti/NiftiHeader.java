package org.segloss.format.nifti;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.segloss.format.Affine;
import org.segloss.format.FileChecks;
import org.segloss.format.Finding;
import org.segloss.format.Images;
import org.segloss.format.PlaceChecks;
import org.segloss.format.Text;
import org.segloss.format.nifti.NiftiFields.Field;
import org.segloss.image.Geometry;

/// What a NIfTI file begins with, of either edition, and all that is wrong with it.
///
/// Nothing is believed on its own: what the header promises is compared with what the file can hold before
/// anybody allocates for it. Where `readable` is false only the findings mean something.
final class NiftiHeader {
    private static final String BROKEN = "The file is damaged or no NIfTI image: get it again, or write it anew.";

    private final NiftiFields fields;
    private final List<Finding> findings = new ArrayList<>();
    private final int[] shape = {1, 1, 1};
    private int channels = 1;
    private Optional<NiftiType> type = Optional.empty();
    private double[] affine = new double[16];

    /// @param in at the first byte, unpacked; afterwards behind the header
    NiftiHeader(InputStream in) throws IOException {
        byte[] head = in.readNBytes(NiftiFields.LENGTH);
        ByteBuffer bytes = ByteBuffer.wrap(head);
        int size = head.length < 4 ? 0 : bytes.getInt(0);
        if (isLength(Integer.reverseBytes(size))) {
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            size = bytes.getInt(0);
        }
        if (size == NiftiFields.LENGTH_2 && head.length == NiftiFields.LENGTH) {
            byte[] rest = in.readNBytes(NiftiFields.LENGTH_2 - head.length);
            head = Arrays.copyOf(head, head.length + rest.length);
            System.arraycopy(rest, 0, head, NiftiFields.LENGTH, rest.length);
            bytes = ByteBuffer.wrap(head).order(bytes.order());
        }
        fields = new NiftiFields(size == NiftiFields.LENGTH_2 ? 2 : 1, bytes);
        if (isNifti(head.length, size)) {
            checkShape();
            checkType();
            checkScaling();
            if (readable()) {
                checkOffset();
                checkAffine();
            }
        }
    }

    /// {@return whether a file that begins so is NIfTI, of either edition and byte order}
    static boolean isStart(byte[] head) {
        if (head.length < 4) {
            return false;
        }
        int size = ByteBuffer.wrap(head).getInt();
        return isLength(size) || isLength(Integer.reverseBytes(size));
    }

    private static boolean isLength(int size) {
        return size == NiftiFields.LENGTH || size == NiftiFields.LENGTH_2;
    }

    /// {@return 1 or 2}
    int edition() {
        return fields.edition();
    }

    /// {@return the bytes of the header}
    int length() {
        return fields.length();
    }

    /// {@return whether the voxels lie in a file of their own}
    boolean isPaired() {
        return fields.isMarked("ni");
    }

    List<Finding> findings() {
        return findings;
    }

    boolean readable() {
        return findings.stream().noneMatch(Finding::isError);
    }

    Geometry geometry() {
        return new Geometry(shape[0], shape[1], shape[2], affine);
    }

    int channels() {
        return channels;
    }

    NiftiType type() {
        return type.orElseThrow();
    }

    /// Copies what this header says of its grid into another one, if that is of the same grid.
    void copyGrid(Geometry grid, NiftiFields to) {
        if (!readable() || !geometry().equals(grid)) {
            return;
        }
        if (fields.get(Field.DIM) < 3 && to.get(Field.DIM) == 3) {
            // ITK counts axes: a plane image of two is no slice of three
            to.put(Field.DIM, fields.get(Field.DIM));
        }
        copy(Field.PIXDIM, 4, to);
        copy(Field.UNITS, 1, to);
        copy(Field.QFORM_CODE, 1, to);
        copy(Field.SFORM_CODE, 1, to);
        copy(Field.QFORM, 6, to);
        copy(Field.SFORM, 12, to);
    }

    private void copy(Field field, int count, NiftiFields to) {
        for (int i = 0; i < count; i++) {
            to.put(field, i, fields.get(field, i));
        }
    }

    ByteOrder order() {
        return fields.bytes().order();
    }

    /// {@return the bytes before the first voxel}
    long dataOffset() {
        return (long) fields.get(Field.VOX_OFFSET);
    }

    /// {@return how many bytes the voxels have; a double, since a damaged header may claim any number}
    double bytes() {
        return voxels() * type().bytes();
    }

    private double voxels() {
        return (double) shape[0] * shape[1] * shape[2] * (channels / type().components);
    }

    /// {@return what the stored numbers are multiplied by; colours are not}
    double slope() {
        return hasSlope() ? fields.get(Field.SCL_SLOPE) : 1;
    }

    /// {@return what is added to the stored numbers; nothing where there is no slope}
    double intercept() {
        return hasSlope() ? fields.get(Field.SCL_INTER) : 0;
    }

    private boolean hasSlope() {
        double slope = fields.get(Field.SCL_SLOPE);
        return slope != 0 && !Double.isNaN(slope) && type().components == 1;
    }

    boolean isScaled() {
        return slope() != 1 || intercept() != 0;
    }

    private boolean isNifti(int there, int size) {
        if (there < 4) {
            findings.add(error(
                    there == 0 ? "the file is empty" : "the file has %d bytes".formatted(there),
                    "A NIfTI file has a header of 348 or 540 bytes. Get the file again."));
        } else if (!isLength(size)) {
            findings.add(error(
                    "this is no NIfTI image: it begins with %d where a header's size, 348 or 540, should be"
                            .formatted(size),
                    Images.expected()));
        } else if (there < fields.length()) {
            findings.add(error("the file ends after %d bytes, within its header".formatted(there), BROKEN));
        } else if (!fields.isMarked("n+") && !fields.isMarked("ni")) {
            findings.add(
                    fields.edition() == 1
                            ? error(
                                    "the header does not end with NIfTI's mark 'n+1' or 'ni1', so this is an ANALYZE 7.5"
                                            + " image or a damaged one",
                                    "ANALYZE doesn't say where left is: convert it to NIfTI with a program that knows"
                                            + " what wrote it.")
                            : error("the header lacks NIfTI-2's mark 'n+2' or 'ni2'", BROKEN));
        } else if (fields.isCopiedAsText()) {
            findings.add(error(
                    "the ends of lines in NIfTI-2's mark are changed: the file was copied as text",
                    "All its bytes may be: get it again, in binary."));
        }
        return findings.isEmpty();
    }

    private void checkShape() {
        double axes = fields.get(Field.DIM);
        if (axes < 1 || axes > 7) {
            findings.add(
                    error("the header claims %s axes".formatted(Text.number(axes)), "An image has 1 to 7. " + BROKEN));
            return;
        }
        var text = new StringBuilder();
        boolean fits = true;
        int more = 0;
        for (int i = 1; i <= axes; i++) {
            double dim = fields.get(Field.DIM, i);
            text.append(i == 1 ? "" : " x ").append(Text.number(dim));
            fits &= dim > 0 && dim <= Integer.MAX_VALUE;
            if (i <= 3) {
                shape[i - 1] = (int) dim;
            } else if (dim != 1) {
                channels = (int) dim;
                more++;
            }
        }
        if (!fits) {
            findings.add(
                    error("the header claims a shape of " + text, "Every axis has 1 to 2147483647 voxels. " + BROKEN));
        } else if (more > 1) {
            findings.add(error(
                    "the shape is " + text,
                    "Beside x, y and z there may be one more axis, which is taken as channels. Split the file."));
        }
    }

    private void checkType() {
        int code = (int) fields.get(Field.DATATYPE);
        int bits = (int) fields.get(Field.BITPIX);
        type = NiftiType.ofCode(code);
        if (type.isEmpty()) {
            findings.add(
                    error("the data type is %d (%s)".formatted(code, NiftiType.nameOf(code)), NiftiType.fixOf(code)));
        } else if (bits != 8 * type().bytes()) {
            findings.add(error(
                    "the header claims %d bits for a number of type %s".formatted(bits, nameOfType()),
                    "It should be %d. ".formatted(8 * type().bytes()) + BROKEN));
        } else if (type().components > 1) {
            if (channels > 1) {
                findings.add(error(
                        "the image has %d volumes of colours (%s)".formatted(channels, nameOfType()),
                        "Colours are channels, and there may be no other axis of them. Split the file."));
            }
            channels = type().components;
        }
    }

    private String nameOfType() {
        return type().components > 1 ? type().name() : type().element.toString();
    }

    private void checkScaling() {
        double slope = fields.get(Field.SCL_SLOPE);
        double intercept = fields.get(Field.SCL_INTER);
        if (Double.isNaN(slope)) {
            findings.add(warning("scl_slope is NaN", "It is taken as none: the numbers are used as they are stored."));
        } else if (Double.isInfinite(slope) || (slope != 0 && !Double.isFinite(intercept))) {
            findings.add(error(
                    "numbers are to be scaled by %s and shifted by %s".formatted(slope, intercept),
                    "scl_slope and scl_inter have to be finite: correct the header."));
        }
    }

    private void checkOffset() {
        double offset = fields.get(Field.VOX_OFFSET);
        int least = isPaired() ? 0 : fields.firstData();
        if (!(offset >= least && offset == Math.rint(offset))) {
            findings.add(error(
                    "the voxels are to begin at byte %s (vox_offset)".formatted(Text.number(offset)),
                    isPaired()
                            ? "It is a whole number from 0 on: correct the header."
                            : "A single NIfTI-%d file has them at byte %d or later: correct the header."
                                    .formatted(edition(), least)));
        }
    }

    /// {@return what is wrong with the size that a header promises which is readable}
    ///
    /// @param most   bytes that the file of the voxels can hold at most when it is unpacked
    /// @param memory bytes that Java may take
    List<Finding> sizeFindings(long most, long memory) {
        double offset = fields.get(Field.VOX_OFFSET);
        double need = bytes();
        if (offset + need > most) {
            return List.of(error(
                    ("the header promises %s%s voxels of type %s from byte %.0f on, %.0f bytes in all,"
                                    + " but the file can hold no more than %d")
                            .formatted(
                                    shapeText(),
                                    channels > 1 ? " x " + channels : "",
                                    nameOfType(),
                                    offset,
                                    offset + need,
                                    most),
                    BROKEN));
        }
        if (elements() > Integer.MAX_VALUE - 8 || need > Integer.MAX_VALUE - 8) {
            return List.of(error(
                    "the image has %.0f numbers of type %s".formatted(elements(), nameOfType()),
                    "Images of up to 2 GiB are read: crop it or split it."));
        }
        return FileChecks.memory(memoryToRead(need), memory);
    }

    private double elements() {
        return (double) shape[0] * shape[1] * shape[2] * channels;
    }

    /// The file's bytes, colours one behind the other, the numbers, where they are scaled the doubles in between, and
    /// floats.
    private double memoryToRead(double bytes) {
        return (type().components > 1 ? 3 : 2) * bytes + elements() * (isScaled() ? 8 + 4 : 4);
    }

    private String shapeText() {
        return "%d x %d x %d".formatted(shape[0], shape[1], shape[2]);
    }

    private double pixdim(int i) {
        return fields.get(Field.PIXDIM, i);
    }

    private void checkAffine() {
        double[] spacing = {pixdim(1), pixdim(2), pixdim(3)};
        for (int axis = (int) fields.get(Field.DIM); axis < 3; axis++) {
            // an axis that the image does not have may have any width
            spacing[axis] = spacing[axis] > 0 ? spacing[axis] : 1;
        }
        boolean hasSform = fields.get(Field.SFORM_CODE) > 0;
        boolean hasQform = fields.get(Field.QFORM_CODE) > 0;
        if (hasQform && !hasSform) {
            spacing = positive(spacing);
        }
        affine = hasSform ? sform() : hasQform ? qform(spacing) : NiftiAffine.ofSpacing(spacing, shape);
        String source = hasSform ? "sform" : hasQform ? "qform" : "pixdim";
        double[] widths = spacing.clone();
        for (int axis = 0; axis < 3 && hasSform; axis++) {
            widths[axis] = Affine.length(affine, axis);
        }
        findings.addAll(PlaceChecks.of(affine, widths, source));
        if (readable()) {
            checkUnit();
        }
        if (readable() && hasSform) {
            checkOtherForms(hasQform, spacing);
        }
    }

    /// The qform's rotation says the direction of axes, so that a width has no sign to add: NiBabel drops it, too.
    /// ITK mirrors the axis instead.
    private double[] positive(double[] spacing) {
        double[] positive = Arrays.stream(spacing).map(Math::abs).toArray();
        if (!Arrays.equals(spacing, positive)) {
            findings.add(warning(
                    "voxels are %s x %s x %s mm wide by pixdim"
                            .formatted(Text.number(spacing[0]), Text.number(spacing[1]), Text.number(spacing[2])),
                    "The signs are left out, as by NiBabel; programs of ITK mirror the image: correct the header."));
        }
        return positive;
    }

    private void checkUnit() {
        int unit = (int) fields.get(Field.UNITS) & 7;
        if (unit == 1 || unit == 3) {
            findings.add(warning(
                    "lengths are in " + (unit == 1 ? "metres" : "micrometres"),
                    "They are taken as millimetres: convert the header where distances matter."));
        }
    }

    /// Compares the sform, which is used, with what other programs may use.
    private void checkOtherForms(boolean hasQform, double[] spacing) {
        boolean usable = Arrays.stream(spacing).allMatch(width -> width > 0 && Double.isFinite(width));
        if (!usable) {
            findings.add(warning(
                    "voxels are %s x %s x %s mm wide by pixdim"
                            .formatted(Text.number(spacing[0]), Text.number(spacing[1]), Text.number(spacing[2])),
                    "The sform is used, other programs may use pixdim: correct the header."));
        } else if (hasQform) {
            double[] other = qform(spacing);
            if (!geometry().sameGrid(new Geometry(shape[0], shape[1], shape[2], other))) {
                findings.add(warning(
                        "sform %s and qform %s differ".formatted(text(affine), text(other)),
                        "The sform is used: check that it is the right one."));
            }
        }
    }

    private String text(double[] matrix) {
        return new Geometry(shape[0], shape[1], shape[2], matrix).affineText();
    }

    private double[] sform() {
        double[] sform = new double[16];
        for (int i = 0; i < 12; i++) {
            sform[i] = fields.get(Field.SFORM, i);
        }
        sform[15] = 1;
        return sform;
    }

    private double[] qform(double[] spacing) {
        double[] signed = spacing.clone();
        signed[2] *= pixdim(0) == -1 ? -1 : 1;
        double[] q = new double[6];
        for (int i = 0; i < 6; i++) {
            q[i] = fields.get(Field.QFORM, i);
        }
        return NiftiAffine.ofQuaternion(q[0], q[1], q[2], signed, new double[] {q[3], q[4], q[5]});
    }
}
