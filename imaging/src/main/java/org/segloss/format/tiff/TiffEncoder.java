package org.segloss.format.tiff;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.segloss.format.Formats;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// Writes slices as the pages of a TIFF file, one behind the other.
final class TiffEncoder {
    /// What offsets of 32 bits reach, less what the directories take.
    private static final long MOST = 0xF000_0000L;

    private static final int PIECE = 1 << 18;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int RATIONAL = 5;

    private final Geometry grid;
    private final int channels;
    private final byte[] numbers;
    private final ElementType type;
    private final boolean ome;

    /// @throws IllegalArgumentException if there are more numbers than fit
    TiffEncoder(Geometry grid, int channels, NumericArray values, boolean ome) {
        if (values.data().byteSize() > Math.min(MOST, Integer.MAX_VALUE - 8)) {
            throw new IllegalArgumentException("a TIFF is written with up to 2 GiB, but these are %d bytes; write %s"
                    .formatted(values.data().byteSize(), Formats.IMAGES.ownEnding()));
        }
        this.grid = grid;
        this.channels = channels;
        type = values.type();
        numbers = values.littleEndian();
        this.ome = ome;
    }

    void writeTo(OutputStream out) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        out.write(head.put((byte) 'I')
                .put((byte) 'I')
                .putShort((short) 42)
                .putInt(8)
                .array());
        long at = 8;
        int planes = channels * grid.z();
        for (int page = 0; page < planes; page++) {
            // ImageJ reads channels first
            int plane = ome ? page : page % channels * grid.z() + page / channels;
            List<byte[]> pieces = pieces(plane);
            byte[] directory = directory(at, pieces, page == 0 ? description() : "", page == planes - 1);
            out.write(directory);
            at += directory.length;
            for (byte[] piece : pieces) {
                out.write(piece);
                at += piece.length;
            }
        }
    }

    private int rowBytes() {
        return grid.x() * type.bytes();
    }

    private int rows() {
        return Math.clamp(PIECE / rowBytes(), 1, grid.y());
    }

    private List<byte[]> pieces(int plane) throws IOException {
        List<byte[]> pieces = new ArrayList<>();
        var deflater = new Deflater();
        try {
            for (int y = 0; y < grid.y(); y += rows()) {
                deflater.reset();
                var packed = new ByteArrayOutputStream();
                try (var out = new DeflaterOutputStream(packed, deflater)) {
                    out.write(
                            numbers, (plane * grid.y() + y) * rowBytes(), Math.min(rows(), grid.y() - y) * rowBytes());
                }
                // offsets are even
                if (packed.size() % 2 != 0) {
                    packed.write(0);
                }
                pieces.add(packed.toByteArray());
            }
        } finally {
            deflater.end();
        }
        return pieces;
    }

    /// The tags in their order, and behind them what has no room in them.
    private final class Directory {
        private final ByteBuffer tags;
        private final ByteArrayOutputStream more = new ByteArrayOutputStream();
        private final long behind;

        Directory(long at, int count) {
            tags = ByteBuffer.allocate(2 + 12 * count + 4).order(ByteOrder.LITTLE_ENDIAN);
            tags.putShort((short) count);
            behind = at + tags.capacity();
        }

        void number(int tag, int type, int number) {
            tags.putShort((short) tag).putShort((short) type).putInt(1).putInt(number);
        }

        void bytes(int tag, int type, int count, byte[] bytes) {
            tags.putShort((short) tag).putShort((short) type).putInt(count);
            if (bytes.length <= 4) {
                tags.put(bytes).put(new byte[4 - bytes.length]);
            } else {
                tags.putInt((int) (behind + more.size()));
                more.writeBytes(bytes);
                if (bytes.length % 2 != 0) {
                    more.write(0);
                }
            }
        }

        void longs(int tag, long[] longs) {
            ByteBuffer all = ByteBuffer.allocate(4 * longs.length).order(ByteOrder.LITTLE_ENDIAN);
            for (long number : longs) {
                all.putInt((int) number);
            }
            bytes(tag, LONG, longs.length, all.array());
        }

        /// As near as two numbers of 31 bits come.
        void fraction(int tag, double value) {
            long denominator = (long) Math.min(1_000_000_000, Integer.MAX_VALUE / Math.max(value, 1e-9));
            denominator = value == Math.rint(value) && value < Integer.MAX_VALUE ? 1 : Math.max(denominator, 1);
            ByteBuffer both = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            both.putInt((int) Math.round(value * denominator)).putInt((int) denominator);
            bytes(tag, RATIONAL, 1, both.array());
        }

        byte[] end(boolean last, long dataBytes) {
            long next = behind + more.size() + dataBytes;
            tags.putInt(last ? 0 : (int) next);
            byte[] all = new byte[tags.capacity() + more.size()];
            System.arraycopy(tags.array(), 0, all, 0, tags.capacity());
            System.arraycopy(more.toByteArray(), 0, all, tags.capacity(), more.size());
            return all;
        }
    }

    private byte[] directory(long at, List<byte[]> pieces, String description, boolean last) {
        byte[] text = (description + "\0").getBytes(StandardCharsets.UTF_8);
        boolean said = !description.isEmpty();
        boolean sized = !isUnknown();
        int count = 11 + (said ? 1 : 0) + (sized ? 3 : 0);
        long data = 0;
        long[] counts = new long[pieces.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = pieces.get(i).length;
            data += counts[i];
        }
        // the sizes of what lies behind the tags are known before what it says is
        long more = (said && text.length > 4 ? text.length + text.length % 2 : 0)
                + (counts.length > 1 ? 8L * counts.length : 0)
                + (sized ? 16 : 0);
        long[] offsets = new long[counts.length];
        long offset = at + 2 + 12L * count + 4 + more;
        for (int i = 0; i < counts.length; i++) {
            offsets[i] = offset;
            offset += counts[i];
        }
        var directory = new Directory(at, count);
        directory.number(256, LONG, grid.x());
        directory.number(257, LONG, grid.y());
        directory.number(258, SHORT, 8 * type.bytes());
        directory.number(259, SHORT, TiffPage.DEFLATE);
        directory.number(262, SHORT, 1);
        if (said) {
            directory.bytes(270, 2, text.length, text);
        }
        directory.longs(273, offsets);
        directory.number(277, SHORT, 1);
        directory.number(278, LONG, rows());
        directory.longs(279, counts);
        if (sized) {
            directory.fraction(282, unit() / grid.spacing()[0]);
            directory.fraction(283, unit() / grid.spacing()[1]);
        }
        directory.number(284, SHORT, 1);
        if (sized) {
            // ImageJ's unit stands in the description
            directory.number(296, SHORT, 1);
        }
        directory.number(339, SHORT, format());
        return directory.end(last, data);
    }

    private int format() {
        return switch (type) {
            case FLOAT32, FLOAT64 -> 3;
            case INT8, INT16, INT32, INT64 -> 2;
            case BOOL, UINT8, UINT16, UINT32, UINT64 -> 1;
        };
    }

    /// {@return whether the size is that of pictures, which don't say theirs}
    private boolean isUnknown() {
        double[] s = grid.spacing();
        return s[0] == 1 && s[1] == 1 && s[2] == 1;
    }

    /// {@return the millimetres of the unit that is written}
    private double unit() {
        return grid.spacing()[0] < 0.1 ? 1e-3 : 1;
    }

    private String description() {
        return ome ? omeXml() : imageJ();
    }

    private String imageJ() {
        var text = new StringBuilder("ImageJ=1.54f\nimages=%d\n".formatted(channels * grid.z()));
        if (channels > 1) {
            text.append("channels=%d\n".formatted(channels));
        }
        if (grid.z() > 1) {
            text.append("slices=%d\n".formatted(grid.z()));
        }
        if (channels > 1) {
            text.append("hyperstack=true\nmode=grayscale\n");
        }
        if (!isUnknown()) {
            text.append("unit=%s\nspacing=%s\n"
                    .formatted(unit() == 1 ? "mm" : "micron", Double.toString(grid.spacing()[2] / unit())));
        }
        return text.append("loop=false\n").toString();
    }

    private String omeXml() {
        double[] s = grid.spacing();
        String sizes = isUnknown()
                ? ""
                : " PhysicalSizeX=\"%s\" PhysicalSizeXUnit=\"mm\" PhysicalSizeY=\"%s\" PhysicalSizeYUnit=\"mm\" PhysicalSizeZ=\"%s\" PhysicalSizeZUnit=\"mm\""
                        .formatted(s[0], s[1], s[2]);
        var text = new StringBuilder("""
                <?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="%s" SizeX="%d" SizeY="%d" SizeZ="%d" SizeC="%d" SizeT="1"%s>""".formatted(omeType(), grid.x(), grid.y(), grid.z(), channels, sizes));
        for (int channel = 0; channel < channels; channel++) {
            text.append("<Channel ID=\"Channel:0:%d\" SamplesPerPixel=\"1\"/>".formatted(channel));
        }
        return text.append("<TiffData/></Pixels></Image></OME>").toString();
    }

    private String omeType() {
        return switch (type) {
            case FLOAT32 -> "float";
            case FLOAT64 -> "double";
            case BOOL -> "uint8";
            default -> type.toString();
        };
    }
}
