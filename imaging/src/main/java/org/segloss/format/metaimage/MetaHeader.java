package org.segloss.format.metaimage;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.segloss.file.Printable;
import org.segloss.format.Finding;
import org.segloss.format.Images;
import org.segloss.format.PlaceChecks;
import org.segloss.format.Text;
import org.segloss.format.VoxelFile;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;

/// The lines `key = value` that a MetaImage begins with, and all that is wrong with them. Where `readable` is false
/// only the findings mean something.
final class MetaHeader {
    /// No header that other programs write comes near.
    private static final int LONGEST = 1 << 16;

    private static final String LAST = "ElementDataFile";
    private static final String PACKED_SIZE = "CompressedDataSize";
    private static final Pattern START = Pattern.compile("\\s*(ObjectType|NDims|Comment)\\s*=");
    /// Keys that say how many voxels there are and where they lie, in MetaIO's order.
    private static final List<String> GRID = List.of(
            "TransformMatrix",
            "Rotation",
            "Orientation",
            "Offset",
            "Position",
            "Origin",
            "CenterOfRotation",
            "AnatomicalOrientation",
            "DistanceUnits",
            "ElementSpacing",
            "DimSize",
            "ElementSize");

    private static final String BROKEN = "The file is damaged or no MetaImage: get it again, or write it anew.";

    private final Map<String, String> fields = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final int[] shape = {1, 1, 1};
    private int length;
    private int axes;
    private long channels = 1;
    private Optional<ElementType> type = Optional.empty();
    private double[] affine = new double[16];

    /// @param in at the file's first byte; afterwards at the first one behind the header
    MetaHeader(InputStream in) throws IOException {
        if (readLines(in)) {
            checkKind();
            checkShape();
            checkType();
            if (readable()) {
                checkPlace();
            }
        }
    }

    /// {@return whether a file that begins so is a MetaImage}
    static boolean isStart(byte[] head) {
        return START.matcher(new String(head, StandardCharsets.ISO_8859_1)).lookingAt();
    }

    /// What a header says of its grid.
    ///
    /// @param axes  how many it has
    /// @param lines the others that say where voxels lie
    record Grid(int axes, String lines) {}

    /// {@return what this header says of a grid, word for word}; nothing if it is of another one, or counts channels
    /// among its axes
    Optional<Grid> grid(Geometry grid) {
        if (!readable() || axes > 3 || !geometry().equals(grid)) {
            return Optional.empty();
        }
        return Optional.of(new Grid(
                axes,
                GRID.stream()
                        .filter(fields::containsKey)
                        .map(key -> "%s = %s\n".formatted(key, fields.get(key)))
                        .collect(Collectors.joining())));
    }

    List<Finding> findings() {
        return findings;
    }

    boolean readable() {
        return findings.stream().noneMatch(Finding::isError);
    }

    /// {@return the bytes of the header}
    int length() {
        return length;
    }

    Geometry geometry() {
        return new Geometry(shape[0], shape[1], shape[2], affine);
    }

    int channels() {
        return (int) channels;
    }

    /// {@return whether the channels of a voxel stand side by side}, and not one channel behind the other
    boolean isInterleaved() {
        return axes < 4;
    }

    ElementType type() {
        return type.orElseThrow();
    }

    /// {@return how many bytes the voxels have; a double, since a damaged header may claim any number}
    double bytes() {
        return (double) shape[0] * shape[1] * shape[2] * channels * type().bytes();
    }

    ByteOrder order() {
        return isTrue("BinaryDataByteOrderMSB", "ElementByteOrderMSB") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    boolean isPacked() {
        return isTrue("CompressedData");
    }

    /// {@return the bytes that the voxels are packed to, 0 where the header doesn't say it}
    long packedSize() {
        return whole(PACKED_SIZE, 0);
    }

    /// {@return what the header says of the bytes that the voxels are packed to, to be quoted}
    String packedSizeText() {
        return text(PACKED_SIZE);
    }

    /// {@return the bytes before the voxels in a file of their own; -1 where the voxels are its last bytes}
    long skip() {
        return whole("HeaderSize", 0);
    }

    boolean isLocal() {
        return isLocal(dataFile());
    }

    /// {@return the file of the voxels beside the header, nothing if the header has none that may be read}
    Optional<Path> companion(Path header) {
        return canName(dataFile()) ? Optional.of(header.resolveSibling(dataFile())) : Optional.empty();
    }

    /// {@return what the header says of where the voxels lie}
    String dataFile() {
        return fields.getOrDefault(LAST, "");
    }

    /// {@return whether a header can say that its voxels are in a file of this name}: what is written follows the rule
    /// of what is read. A name leads to no other folder, and stands for the one file alone.
    static boolean canName(String name) {
        return VoxelFile.isPlain(name) && !isOfMany(name) && !isLocal(name) && name.equals(name.strip());
    }

    private static boolean isOfMany(String name) {
        return name.startsWith("LIST") || name.contains("%");
    }

    private static boolean isLocal(String name) {
        return name.equalsIgnoreCase("LOCAL");
    }

    private boolean readLines(InputStream in) throws IOException {
        while (!fields.containsKey(LAST)) {
            var bytes = new ByteArrayOutputStream();
            int next = in.read();
            for (; next >= 0 && next != '\n' && length < LONGEST; next = in.read()) {
                bytes.write(next);
                length++;
            }
            length++;
            if (next >= 0 && next != '\n') {
                findings.add(error("the header has no line '%s = ...' in its first 64 KiB".formatted(LAST), BROKEN));
                return false;
            }
            String line = bytes.toString(StandardCharsets.UTF_8);
            if (next < 0 && line.isEmpty()) {
                findings.add(error(
                        length == 1 ? "the file is empty" : "the header ends without a line '%s = ...'".formatted(LAST),
                        BROKEN));
                return false;
            }
            int at = line.indexOf('=');
            if (at >= 0) {
                fields.put(line.substring(0, at).strip(), line.substring(at + 1).strip());
            } else if (!line.isBlank()) {
                findings.add(error(
                        "a line of the header is no 'key = value': %s".formatted(Printable.quote(line)),
                        fields.isEmpty() ? Images.expected() : BROKEN));
                return false;
            }
        }
        return true;
    }

    private void checkKind() {
        String object = fields.getOrDefault("ObjectType", "Image");
        if (!object.equals("Image")) {
            findings.add(error("this is a meta object of the type " + Printable.quote(object), Images.expected()));
        }
        if (fields.containsKey("BinaryData") && !isTrue("BinaryData")) {
            findings.add(error(
                    "the voxels are written as text (BinaryData = False)",
                    "Write them in binary, for example with SimpleITK."));
        }
        String file = dataFile();
        if (isOfMany(file)) {
            findings.add(error(
                    "the voxels are in many files (ElementDataFile = %s)".formatted(Printable.quote(file)),
                    "Write the image as one .mha file, for example with SimpleITK."));
        } else if (!isLocal() && !canName(file)) {
            findings.add(error(
                    "the voxels are to be in the file '%s'".formatted(Printable.quote(file)),
                    "It has to lie in the header's folder, and its name has to be given without one."));
        }
        if (skip() < -1 || (isLocal() && skip() > 0)) {
            findings.add(error(
                    "the voxels are to begin behind %s bytes (HeaderSize)".formatted(text("HeaderSize")),
                    "Correct the header."));
        }
        String unit = fields.getOrDefault("DistanceUnits", "mm");
        if (!unit.equals("mm")) {
            findings.add(warning(
                    "lengths are in " + Printable.quote(unit),
                    "They are taken as millimetres: convert the header where distances matter."));
        }
        if (number("ElementToIntensityFunctionSlope", 1) != 1 || number("ElementToIntensityFunctionOffset", 0) != 0) {
            findings.add(warning(
                    "numbers are to be scaled by %s and shifted by %s"
                            .formatted(
                                    Text.number(number("ElementToIntensityFunctionSlope", 1)),
                                    Text.number(number("ElementToIntensityFunctionOffset", 0))),
                    "They are used as they are stored, as ITK does: write the scaled numbers where they matter."));
        }
    }

    private void checkShape() {
        axes = Math.clamp(whole("NDims", 0), 0, 100);
        double[] sizes = numbers("DimSize");
        if (axes < 1 || axes > 4 || sizes.length != axes) {
            findings.add(error(
                    "the header claims %s axes (NDims) of the lengths %s (DimSize)"
                            .formatted(text("NDims"), text("DimSize")),
                    "An image has 2 or 3 axes and a length for each, or 4, of which the last is taken as channels."));
            return;
        }
        channels = whole("ElementNumberOfChannels", 1);
        boolean fits = channels >= 1 && channels <= Integer.MAX_VALUE;
        for (double size : sizes) {
            fits &= size >= 1 && size <= Integer.MAX_VALUE && size == Math.rint(size);
        }
        if (!fits) {
            findings.add(error(
                    "the header claims a shape of %s with %s channels"
                            .formatted(
                                    text("DimSize"),
                                    fields.containsKey("ElementNumberOfChannels")
                                            ? text("ElementNumberOfChannels")
                                            : "1"),
                    "Every axis has at least 1 voxel, and a voxel 1 channel. " + BROKEN));
            return;
        }
        if (axes == 4 && channels > 1) {
            findings.add(error(
                    "the image has 4 axes and %d channels".formatted(channels),
                    "Beside x, y and z there may be one more axis, which is taken as channels. Split the file."));
            return;
        }
        for (int axis = 0; axis < Math.min(axes, 3); axis++) {
            shape[axis] = (int) sizes[axis];
        }
        channels = axes == 4 ? (long) sizes[3] : channels;
    }

    private void checkType() {
        // the form of numbers with several channels in old files
        String name = fields.getOrDefault("ElementType", "").replaceFirst("_ARRAY$", "");
        type = Optional.ofNullable(
                switch (name) {
                    case "MET_CHAR" -> ElementType.INT8;
                    case "MET_UCHAR" -> ElementType.UINT8;
                    case "MET_SHORT" -> ElementType.INT16;
                    case "MET_USHORT" -> ElementType.UINT16;
                    // 32 bits, whatever a long is to a compiler
                    case "MET_INT", "MET_LONG" -> ElementType.INT32;
                    case "MET_UINT", "MET_ULONG" -> ElementType.UINT32;
                    case "MET_LONG_LONG" -> ElementType.INT64;
                    case "MET_ULONG_LONG" -> ElementType.UINT64;
                    case "MET_FLOAT" -> ElementType.FLOAT32;
                    case "MET_DOUBLE" -> ElementType.FLOAT64;
                    default -> null;
                });
        if (type.isEmpty()) {
            findings.add(error(
                    "the data type is %s".formatted(text("ElementType")),
                    "Supported are integers of 8 to 64 bits, float32 and float64: convert the file."));
        }
    }

    /// {@return the name of a type in a header}
    static String nameOf(ElementType type) {
        return switch (type) {
            case INT8 -> "MET_CHAR";
            case BOOL, UINT8 -> "MET_UCHAR";
            case INT16 -> "MET_SHORT";
            case UINT16 -> "MET_USHORT";
            case INT32 -> "MET_INT";
            case UINT32 -> "MET_UINT";
            case INT64 -> "MET_LONG_LONG";
            case UINT64 -> "MET_ULONG_LONG";
            case FLOAT32 -> "MET_FLOAT";
            case FLOAT64 -> "MET_DOUBLE";
        };
    }

    /// MetaImage's millimetres grow to the left, the back and the top, an affine's to the right, the front and the top.
    private void checkPlace() {
        double[] spacing = numbers(fields.containsKey("ElementSpacing") ? "ElementSpacing" : "ElementSize");
        double[] offset = numbers("Offset", "Position", "Origin");
        double[] matrix = numbers("TransformMatrix", "Rotation", "Orientation");
        if ((spacing.length != 0 && spacing.length != axes)
                || (offset.length != 0 && offset.length != axes)
                || (matrix.length != 0 && matrix.length != axes * axes)) {
            findings.add(error(
                    "an image of %d axes has %d numbers for its spacing, %d for its offset and %d for its directions"
                            .formatted(axes, spacing.length, offset.length, matrix.length),
                    "There should be %d, %d and %d: correct the header.".formatted(axes, axes, axes * axes)));
            return;
        }
        double[] widths = {1, 1, 1};
        affine[15] = 1;
        for (int column = 0; column < 3; column++) {
            boolean there = column < axes;
            double step = there && spacing.length > 0 ? spacing[column] : 1;
            for (int row = 0; row < 3; row++) {
                // the matrix holds one axis of voxels behind the other
                double direction =
                        there && row < axes && matrix.length > 0 ? matrix[column * axes + row] : row == column ? 1 : 0;
                affine[4 * row + column] = toRas(row, direction * step);
            }
            affine[4 * column + 3] = toRas(column, there && offset.length > 0 ? offset[column] : 0);
            widths[column] = Math.abs(step);
        }
        findings.addAll(PlaceChecks.of(affine, widths, "ElementSpacing"));
    }

    private static double toRas(int row, double value) {
        // 0 stays 0 and does not become -0
        return row < 2 ? 0 - value : value;
    }

    /// {@return what the header has for a key, to be quoted}
    private String text(String key) {
        return Printable.quote(fields.getOrDefault(key, "nothing"));
    }

    private boolean isTrue(String... keys) {
        for (String key : keys) {
            String value = fields.getOrDefault(key, "");
            if (value.startsWith("T") || value.startsWith("t") || value.startsWith("1")) {
                return true;
            }
        }
        return false;
    }

    /// {@return a whole number; what is none is one that no check lets pass}
    private long whole(String key, long absent) {
        double value = number(key, absent);
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? (long) value : Long.MIN_VALUE;
    }

    private double number(String key, double absent) {
        if (!fields.containsKey(key)) {
            return absent;
        }
        double[] numbers = numbers(key);
        return numbers.length == 1 ? numbers[0] : Double.NaN;
    }

    /// {@return the numbers of the first of these keys that is there; NaN where one is no number}
    private double[] numbers(String... keys) {
        for (String key : keys) {
            String value = fields.getOrDefault(key, "");
            if (!value.isEmpty()) {
                String[] words = value.split("\\s+", 101);
                double[] numbers = new double[words.length];
                for (int i = 0; i < words.length; i++) {
                    try {
                        numbers[i] = Double.parseDouble(words[i]);
                    } catch (NumberFormatException _) {
                        numbers[i] = Double.NaN;
                    }
                }
                return numbers;
            }
        }
        return new double[0];
    }
}
