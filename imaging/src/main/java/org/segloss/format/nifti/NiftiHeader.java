package org.segloss.format.nifti;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.segloss.format.Affine;
import org.segloss.format.FileChecks;
import org.segloss.format.Finding;
import org.segloss.format.Images;
import org.segloss.format.PlaceChecks;
import org.segloss.format.Text;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;

/// The 348 bytes that a NIfTI-1 file begins with, and all that is wrong with them.
///
/// Nothing is believed on its own: what the header promises is compared with what the file can hold before
/// anybody allocates for it. Where `readable` is false only the findings mean something.
final class NiftiHeader {
    static final int LENGTH = 348;
    /// The length of NIfTI-2's header.
    private static final int LENGTH_2 = 540;
    /// The header and four bytes that say whether extensions follow.
    static final int FIRST_DATA = 352;

    /// Where fields begin.
    private static final int PIXDIM = 76;

    private static final int UNITS = 123;
    private static final int QFORM_CODE = 252;
    private static final int SFORM_CODE = 254;
    private static final int QUATERNION = 256;

    /// The quaternion, its offset and the sform's rows follow one another.
    private static final int AFFINE_END = 328;

    private static final String BROKEN = "The file is damaged or no NIfTI-1 image: get it again, or write it anew.";

    private final ByteBuffer bytes;
    private final List<Finding> findings = new ArrayList<>();
    private final int[] shape = {1, 1, 1};
    private int channels = 1;
    private Optional<NiftiType> type = Optional.empty();
    private double[] affine = new double[16];

    /// @param head the file's first bytes, unpacked: 348 of them, or fewer if there are no more
    /// @param most   bytes that the file can hold at most when it is unpacked
    /// @param memory bytes that Java may take
    NiftiHeader(byte[] head, long most, long memory) {
        bytes = ByteBuffer.wrap(head);
        if (isNifti(head)) {
            checkShape();
            checkType();
            checkScaling();
            if (readable()) {
                checkSize(most, memory);
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
        return Stream.of(size, Integer.reverseBytes(size)).anyMatch(length -> length == LENGTH || length == LENGTH_2);
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

    ElementType type() {
        return type.orElseThrow().element;
    }

    /// Copies what this header says of its grid into another, little-endian one, if that is of the same grid.
    void copyGrid(Geometry grid, byte[] header) {
        if (!readable() || !geometry().equals(grid)) {
            return;
        }
        ByteBuffer to = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        if (dim(0) < 3 && to.getShort(40) == 3) {
            // ITK counts axes: a plane image of two is no slice of three
            to.putShort(40, dim(0));
        }
        for (int at : new int[] {PIXDIM, PIXDIM + 4, PIXDIM + 8, PIXDIM + 12}) {
            to.putFloat(at, bytes.getFloat(at));
        }
        to.put(UNITS, bytes.get(UNITS));
        to.putShort(QFORM_CODE, bytes.getShort(QFORM_CODE));
        to.putShort(SFORM_CODE, bytes.getShort(SFORM_CODE));
        for (int at = QUATERNION; at < AFFINE_END; at += Float.BYTES) {
            to.putFloat(at, bytes.getFloat(at));
        }
    }

    ByteOrder order() {
        return bytes.order();
    }

    /// {@return the bytes before the first voxel}
    long dataOffset() {
        return (long) bytes.getFloat(108);
    }

    /// {@return the numbers that follow}
    long elements() {
        return (long) elementsOrMore();
    }

    private double elementsOrMore() {
        return (double) shape[0] * shape[1] * shape[2] * channels;
    }

    /// {@return what the stored numbers are multiplied by}
    double slope() {
        float slope = bytes.getFloat(112);
        return slope == 0 || Float.isNaN(slope) ? 1 : slope;
    }

    /// {@return what is added to the stored numbers; nothing where there is no slope}
    double intercept() {
        float slope = bytes.getFloat(112);
        return slope == 0 || Float.isNaN(slope) ? 0 : bytes.getFloat(116);
    }

    boolean isScaled() {
        return slope() != 1 || intercept() != 0;
    }

    private boolean isNifti(byte[] head) {
        if (head.length < 4) {
            findings.add(error(
                    head.length == 0 ? "the file is empty" : "the file has %d bytes".formatted(head.length),
                    "A NIfTI-1 file has a header of 348 bytes. Get the file again."));
            return false;
        }
        int size = bytes.getInt(0);
        if (Integer.reverseBytes(size) == LENGTH || Integer.reverseBytes(size) == LENGTH_2) {
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            size = bytes.getInt(0);
        }
        if (size == LENGTH_2) {
            findings.add(error("this is a NIfTI-2 file", "Convert it to NIfTI-1, for example with NiBabel."));
        } else if (size != LENGTH) {
            findings.add(error(
                    "this is no NIfTI-1 image: it begins with %d where a header's size, 348, should be".formatted(size),
                    Images.expected()));
        } else if (head.length < LENGTH) {
            findings.add(error("the file ends after %d bytes, within its header".formatted(head.length), BROKEN));
        } else {
            checkMagic();
        }
        return findings.isEmpty();
    }

    private void checkMagic() {
        int magic = ByteBuffer.wrap(bytes.array(), 344, 4).getInt();
        if (magic == 0x6E693100) {
            findings.add(error(
                    "this is the header of a pair .hdr and .img",
                    "Convert the pair to a single .nii file, for example with NiBabel."));
        } else if (magic != 0x6E2B3100) {
            findings.add(error(
                    "the header does not end with NIfTI-1's mark 'n+1', so this may be an ANALYZE image",
                    "Convert it to NIfTI-1, for example with NiBabel."));
        }
    }

    private short dim(int i) {
        return bytes.getShort(40 + 2 * i);
    }

    private double pixdim(int i) {
        return bytes.getFloat(76 + 4 * i);
    }

    private void checkShape() {
        int axes = dim(0);
        if (axes < 1 || axes > 7) {
            findings.add(error("the header claims %d axes".formatted(axes), "An image has 1 to 7. " + BROKEN));
            return;
        }
        var text = new StringBuilder();
        boolean positive = true;
        int more = 0;
        for (int i = 1; i <= axes; i++) {
            text.append(i == 1 ? "" : " x ").append(dim(i));
            positive &= dim(i) > 0;
            if (i <= 3) {
                shape[i - 1] = dim(i);
            } else if (dim(i) != 1) {
                channels = dim(i);
                more++;
            }
        }
        if (!positive) {
            findings.add(error("the header claims a shape of " + text, "Every axis has at least 1 voxel. " + BROKEN));
        } else if (more > 1) {
            findings.add(error(
                    "the shape is " + text,
                    "Beside x, y and z there may be one more axis, which is taken as channels. Split the file."));
        }
    }

    private void checkType() {
        int code = bytes.getShort(70);
        int bits = bytes.getShort(72);
        type = NiftiType.ofCode(code);
        if (type.isEmpty()) {
            findings.add(error(
                    "the data type is %d (%s)".formatted(code, NiftiType.nameOf(code)),
                    "Supported are integers of 8 to 64 bits, float32 and float64: convert the file."));
        } else if (bits != 8 * type().bytes()) {
            findings.add(error(
                    "the header claims %d bits for a number of type %s".formatted(bits, type()),
                    "It should be %d. ".formatted(8 * type().bytes()) + BROKEN));
        }
    }

    private void checkScaling() {
        float slope = bytes.getFloat(112);
        float intercept = bytes.getFloat(116);
        if (Float.isNaN(slope)) {
            findings.add(warning("scl_slope is NaN", "It is taken as none: the numbers are used as they are stored."));
        } else if (Float.isInfinite(slope) || (slope != 0 && !Float.isFinite(intercept))) {
            findings.add(error(
                    "numbers are to be scaled by %s and shifted by %s".formatted(slope, intercept),
                    "scl_slope and scl_inter have to be finite: correct the header."));
        }
    }

    private void checkSize(long most, long memory) {
        float offset = bytes.getFloat(108);
        if (!(offset >= FIRST_DATA && offset == Math.rint(offset))) {
            findings.add(error(
                    "the voxels are to begin at byte %s (vox_offset)".formatted(Text.number(offset)),
                    "A single NIfTI-1 file has them at byte 352 or later: correct the header."));
            return;
        }
        double need = elementsOrMore() * type().bytes();
        if (offset + need > most) {
            findings.add(error(
                    ("the header promises %s%s voxels of type %s from byte %.0f on, %.0f bytes in all,"
                                    + " but the file can hold no more than %d")
                            .formatted(
                                    shapeText(),
                                    channels > 1 ? " x " + channels : "",
                                    type(),
                                    offset,
                                    offset + need,
                                    most),
                    BROKEN));
        } else if (elementsOrMore() > Integer.MAX_VALUE - 8 || need > Integer.MAX_VALUE - 8) {
            findings.add(error(
                    "the image has %.0f numbers of type %s".formatted(elementsOrMore(), type()),
                    "Images of up to 2 GiB are read: crop it or split it."));
        } else {
            findings.addAll(FileChecks.memory(memoryToRead(need), memory));
        }
    }

    /// The file's bytes, the numbers, where they are scaled the doubles in between, and floats.
    private double memoryToRead(double bytes) {
        return 2 * bytes + elementsOrMore() * (isScaled() ? 8 + 4 : 4);
    }

    private String shapeText() {
        return "%d x %d x %d".formatted(shape[0], shape[1], shape[2]);
    }

    private void checkAffine() {
        double[] spacing = {pixdim(1), pixdim(2), pixdim(3)};
        for (int axis = dim(0); axis < 3; axis++) {
            // an axis that the image does not have may have any width
            spacing[axis] = spacing[axis] > 0 ? spacing[axis] : 1;
        }
        boolean hasSform = bytes.getShort(254) > 0;
        boolean hasQform = bytes.getShort(252) > 0;
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

    private void checkUnit() {
        int unit = bytes.get(123) & 7;
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
            sform[i] = bytes.getFloat(280 + 4 * i);
        }
        sform[15] = 1;
        return sform;
    }

    private double[] qform(double[] spacing) {
        double[] signed = spacing.clone();
        signed[2] *= pixdim(0) == -1 ? -1 : 1;
        double[] offset = {bytes.getFloat(268), bytes.getFloat(272), bytes.getFloat(276)};
        return NiftiAffine.ofQuaternion(bytes.getFloat(256), bytes.getFloat(260), bytes.getFloat(264), signed, offset);
    }
}
