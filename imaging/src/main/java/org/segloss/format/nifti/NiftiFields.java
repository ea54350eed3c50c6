package org.segloss.format.nifti;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The numbers of a NIfTI header by their names, wherever an edition of the standard has them.
///
/// @param edition 1 or 2
/// @param bytes   of the header, in its byte order
record NiftiFields(int edition, ByteBuffer bytes) {
    /// Of NIfTI-1's header, which is the number that it begins with.
    static final int LENGTH = 348;
    /// Of NIfTI-2's.
    static final int LENGTH_2 = 540;
    /// NIfTI-2's mark goes on so: programs that change the ends of lines break it.
    private static final byte[] LINE_ENDS = {'\r', '\n', 0x1A, '\n'};

    /// How a number is stored.
    private enum Form {
        BYTE(1),
        SHORT(2),
        INT(4),
        LONG(8),
        FLOAT(4),
        DOUBLE(8);

        final int width;

        Form(int width) {
            this.width = width;
        }
    }

    /// One number, or several that follow one another.
    enum Field {
        /// The number of axes and the length of each.
        DIM(Form.SHORT, 40, Form.LONG, 16),
        DATATYPE(Form.SHORT, 70, Form.SHORT, 12),
        BITPIX(Form.SHORT, 72, Form.SHORT, 14),
        /// The qform's handedness and the voxels' width along each axis.
        PIXDIM(Form.FLOAT, 76, Form.DOUBLE, 104),
        VOX_OFFSET(Form.FLOAT, 108, Form.LONG, 168),
        SCL_SLOPE(Form.FLOAT, 112, Form.DOUBLE, 176),
        SCL_INTER(Form.FLOAT, 116, Form.DOUBLE, 184),
        UNITS(Form.BYTE, 123, Form.INT, 500),
        QFORM_CODE(Form.SHORT, 252, Form.INT, 344),
        SFORM_CODE(Form.SHORT, 254, Form.INT, 348),
        /// Three numbers of the rotation, and where it takes the first voxel.
        QFORM(Form.FLOAT, 256, Form.DOUBLE, 352),
        /// The upper three rows of the affine.
        SFORM(Form.FLOAT, 280, Form.DOUBLE, 400);

        private final Form form1;
        private final int at1;
        private final Form form2;
        private final int at2;

        Field(Form form1, int at1, Form form2, int at2) {
            this.form1 = form1;
            this.at1 = at1;
            this.form2 = form2;
            this.at2 = at2;
        }
    }

    /// {@return an empty header, little-endian, with room for the four bytes that say that no extensions follow}
    static NiftiFields empty(int edition) {
        int length = edition == 1 ? LENGTH : LENGTH_2;
        ByteBuffer bytes = ByteBuffer.allocate(length + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0, length);
        return new NiftiFields(edition, bytes);
    }

    int length() {
        return edition == 1 ? LENGTH : LENGTH_2;
    }

    /// {@return the first byte that voxels may have in a file that they share with the header}
    int firstData() {
        return length() + Integer.BYTES;
    }

    double get(Field field) {
        return get(field, 0);
    }

    /// {@return a number as a double; whole ones beyond 2^53 are rounded}
    double get(Field field, int i) {
        int at = at(field, i);
        return switch (form(field)) {
            case BYTE -> bytes.get(at);
            case SHORT -> bytes.getShort(at);
            case INT -> bytes.getInt(at);
            case LONG -> bytes.getLong(at);
            case FLOAT -> bytes.getFloat(at);
            case DOUBLE -> bytes.getDouble(at);
        };
    }

    void put(Field field, double value) {
        put(field, 0, value);
    }

    void put(Field field, int i, double value) {
        int at = at(field, i);
        switch (form(field)) {
            case BYTE -> bytes.put(at, (byte) value);
            case SHORT -> bytes.putShort(at, (short) value);
            case INT -> bytes.putInt(at, (int) value);
            case LONG -> bytes.putLong(at, (long) value);
            case FLOAT -> bytes.putFloat(at, (float) value);
            case DOUBLE -> bytes.putDouble(at, value);
        }
    }

    private Form form(Field field) {
        return edition == 1 ? field.form1 : field.form2;
    }

    private int at(Field field, int i) {
        return (edition == 1 ? field.at1 : field.at2) + i * form(field).width;
    }

    /// {@return whether this is marked as the header of one file or of a pair, `n+` or `ni` and the edition}
    boolean isMarked(String start) {
        byte[] mark = (start + edition + "\0").getBytes(StandardCharsets.US_ASCII);
        int at = markAt();
        return Arrays.equals(bytes.array(), at, at + mark.length, mark, 0, mark.length);
    }

    /// {@return whether a copy as text has changed what follows NIfTI-2's mark}
    boolean isCopiedAsText() {
        byte[] after = Arrays.copyOfRange(bytes.array(), 8, 12);
        return edition == 2 && !Arrays.equals(after, LINE_ENDS) && !Arrays.equals(after, new byte[4]);
    }

    void mark(String start) {
        bytes.put(markAt(), (start + edition).getBytes(StandardCharsets.US_ASCII));
        if (edition == 2) {
            bytes.put(8, LINE_ENDS);
        }
    }

    private int markAt() {
        return edition == 1 ? 344 : 4;
    }
}
