package org.segloss.format.nrrd;

import static org.segloss.format.Finding.error;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.segloss.file.Printable;
import org.segloss.format.Finding;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;

/// What an NRRD's header says of its voxels, and all that is wrong with it. Where `readable` is false only
/// the findings mean something.
final class NrrdHeader {
    private static final Set<String> RAW = Set.of("raw");
    private static final Set<String> GZIP = Set.of("gzip", "gz");
    /// Packed worse, or not at all.
    private static final Set<String> TEXT = Set.of("text", "txt", "ascii", "hex");

    private final NrrdText text;
    private final List<Finding> findings;
    private final NrrdAxes axes;
    private Optional<ElementType> type = Optional.empty();
    private Optional<NrrdFiles> files = Optional.empty();
    private Optional<Geometry> geometry = Optional.empty();

    /// @param in at the file's first byte; afterwards at the first one behind the header
    NrrdHeader(InputStream in) throws IOException {
        text = new NrrdText(in);
        findings = new ArrayList<>(text.findings());
        boolean isNrrd = readable();
        axes = isNrrd ? new NrrdAxes(text, findings) : null;
        if (isNrrd) {
            checkType();
            checkEncoding();
            checkSkips();
            files = NrrdFiles.of(text, findings);
            if (readable()) {
                geometry = NrrdPlace.of(text, axes, findings);
            }
        }
    }

    private void checkType() {
        type = NrrdType.of(text.field("type"));
        if (type.isEmpty()) {
            findings.add(error(
                    "the data type is " + text.quoted("type"),
                    "Supported are integers of 8 to 64 bits, float and double: convert the file."));
        } else if (type().bytes() > 1 && !Set.of("little", "big").contains(endian())) {
            findings.add(error(
                    "the order of bytes is %s (endian)".formatted(text.quoted("endian")),
                    "It is little or big: correct the header."));
        }
    }

    private String endian() {
        return text.field("endian").toLowerCase(Locale.ROOT);
    }

    private void checkEncoding() {
        String encoding = encoding();
        if (!RAW.contains(encoding) && !GZIP.contains(encoding)) {
            findings.add(error(
                    TEXT.contains(encoding)
                            ? "the voxels are written as text (encoding: %s)".formatted(Printable.quote(encoding))
                            : "the voxels are packed as %s (encoding)".formatted(text.quoted("encoding")),
                    "Read are raw and gzip: write it anew, for example with SimpleITK, or by"
                            + " 'unu save -f nrrd -e gzip -i OLD -o NEW'."));
        }
    }

    private String encoding() {
        return text.field("encoding").toLowerCase(Locale.ROOT);
    }

    private void checkSkips() {
        for (String field : List.of("line skip", "byte skip")) {
            double skip = text.has(field) ? NrrdText.number(text.field(field)) : 0;
            boolean fromEnd = field.equals("byte skip") && RAW.contains(encoding()) && skip == -1;
            if (!fromEnd && !(skip >= 0 && skip == Math.rint(skip) && skip < 1L << 53)) {
                findings.add(error(
                        "the voxels are to begin behind %s (%s)".formatted(text.quoted(field), field),
                        "It is a whole number from 0 on, or of bytes -1 where they are raw: correct the header."));
            }
        }
    }

    List<Finding> findings() {
        return findings;
    }

    boolean readable() {
        return findings.stream().noneMatch(Finding::isError);
    }

    NrrdText text() {
        return text;
    }

    NrrdAxes axes() {
        return axes;
    }

    /// {@return the bytes of the header}
    long length() {
        return text.length();
    }

    Geometry geometry() {
        return geometry.orElseThrow();
    }

    int channels() {
        return axes.channels();
    }

    ElementType type() {
        return type.orElseThrow();
    }

    ByteOrder order() {
        return endian().equals("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    /// {@return how many bytes the voxels have; a double, since a damaged header may claim any number}
    double bytes() {
        return axes.numbers() * type().bytes();
    }

    boolean isPacked() {
        return GZIP.contains(encoding());
    }

    /// {@return the lines before the voxels of each file, as it is stored}
    long lineSkip() {
        return text.has("line skip") ? (long) NrrdText.number(text.field("line skip")) : 0;
    }

    /// {@return the bytes before the voxels of each file, unpacked; -1 where they are its last}
    long byteSkip() {
        return text.has("byte skip") ? (long) NrrdText.number(text.field("byte skip")) : 0;
    }

    /// {@return the files that the voxels lie in; nothing where they follow the header}
    Optional<NrrdFiles> files() {
        return files;
    }

    /// {@return the segments that 3D Slicer names; none in other files}
    Segments segments() {
        return Segments.of(text.notes(), channels());
    }
}
