package org.segloss.format.nrrd;

import static org.segloss.format.Finding.error;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segloss.file.Printable;
import org.segloss.format.Finding;
import org.segloss.format.Images;

/// The lines that an NRRD begins with: fields `name: value`, notes `key:=value`, and perhaps a list of files.
final class NrrdText {
    static final String BROKEN = "The file is damaged or no NRRD: get it again, or write it anew.";

    /// Segmentations of a hundred segments come to a tenth of it.
    private static final int LONGEST = 1 << 20;

    private static final Pattern MAGIC = Pattern.compile("NRRD(\\d{4})");
    private static final Pattern FIELD = Pattern.compile("([^:=]+?):(?:\\s+(.*))?");
    private static final Pattern PART = Pattern.compile("\"[^\"]*\"|\\([^)]*\\)|[^\\s\"(]+");
    /// Other names of fields, without spaces.
    private static final Map<String, String> NAMES = Map.of(
            "datafile", "data file",
            "lineskip", "line skip",
            "byteskip", "byte skip",
            "centers", "centerings",
            "axismins", "axis mins",
            "axismaxs", "axis maxs");

    private final Map<String, String> fields = new LinkedHashMap<>();
    private final Map<String, String> notes = new LinkedHashMap<>();
    private final List<String> files = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private long length;

    /// @param in at the file's first byte; afterwards at the first one behind the header
    NrrdText(InputStream in) throws IOException {
        String magic = line(in);
        Matcher version = MAGIC.matcher(magic);
        if (!version.matches()) {
            findings.add(error(
                    length == 0 ? "the file is empty" : "this is no NRRD: it begins with " + Printable.quote(magic),
                    Images.expected()));
        } else if (Integer.parseInt(version.group(1)) > 5) {
            findings.add(error(
                    "this is version %d of NRRD".formatted(Integer.parseInt(version.group(1))),
                    "Known are 1 to 5: write it anew, for example with SimpleITK."));
        } else {
            lines(in);
        }
    }

    static boolean isStart(byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1).startsWith("NRRD000");
    }

    private void lines(InputStream in) throws IOException {
        while (true) {
            long before = length;
            String line = line(in);
            boolean ends = line.isEmpty();
            if (length > LONGEST) {
                findings.add(error("the header has no end in its first MiB", BROKEN));
                return;
            }
            // the header of voxels in files beside it need not end with an empty line
            if (ends && length == before && !isDetached()) {
                findings.add(error("the header ends without an empty line", BROKEN));
            }
            if (ends) {
                return;
            }
            if (isList()) {
                files.add(line.strip());
            } else if (!line.startsWith("#")) {
                add(line);
            }
        }
    }

    private void add(String line) {
        int note = line.indexOf(":=");
        Matcher field = FIELD.matcher(line);
        if (note > 0 && line.indexOf(": ") != line.indexOf(':')) {
            notes.put(line.substring(0, note), line.substring(note + 2));
        } else if (field.matches()) {
            String name = field.group(1).strip().toLowerCase(Locale.ROOT);
            fields.put(
                    NAMES.getOrDefault(name, name),
                    field.group(2) == null ? "" : field.group(2).strip());
        } else if (findings.isEmpty()) {
            findings.add(
                    error("a line of the header is no 'field: value': %s".formatted(Printable.quote(line)), BROKEN));
        }
    }

    /// {@return a line without its end; an empty one where there is none}
    private String line(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        int next = in.read();
        for (; next >= 0 && next != '\n' && length <= LONGEST; next = in.read()) {
            bytes.write(next);
            length++;
        }
        length += next >= 0 ? 1 : 0;
        String line = bytes.toString(StandardCharsets.UTF_8);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private boolean isDetached() {
        return fields.containsKey("data file");
    }

    /// {@return whether the names of the files of voxels follow}
    boolean isList() {
        return field("data file").startsWith("LIST");
    }

    List<Finding> findings() {
        return findings;
    }

    /// {@return the bytes of the header}
    long length() {
        return length;
    }

    boolean has(String field) {
        return fields.containsKey(field);
    }

    /// {@return the value of a field, empty where there is none}
    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /// {@return the words of a field, of which texts in quotes and vectors in brackets are each one}
    List<String> parts(String name) {
        return PART.matcher(field(name)).results().map(part -> part.group()).toList();
    }

    /// {@return the numbers of a field; NaN where one is no number}
    double[] numbers(String name) {
        return parts(name).stream().mapToDouble(NrrdText::number).toArray();
    }

    static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }

    /// {@return what the header has for a field, to be quoted}
    String quoted(String name) {
        return Printable.quote(has(name) ? field(name) : "nothing");
    }

    /// {@return what programs have added, such as the names of segments}
    Map<String, String> notes() {
        return notes;
    }

    /// {@return the names of a list of files}
    List<String> files() {
        return files;
    }
}
