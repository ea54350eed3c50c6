package org.segloss.file;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Tables in text files, whose first line names the columns.
public final class Csv {
    /// What spreadsheets take for the beginning of one; a text that is marked already is marked once more, so that it
    /// is read back as it was.
    private static final Pattern FORMULA = Pattern.compile("'*[=+\\-@\t\r]");

    private static final Pattern LINE = Pattern.compile("line (\\d+)");

    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private Csv() {}

    /// {@return the lines of a table but the first}; its fields stand between commas, or between semicolons or tabs if
    /// the first line has more of them.
    ///
    /// @throws IllegalArgumentException if it isn't in UTF-8, or is no table, or a line has fewer or more fields
    /// than
    ///     the first, as the last one of a file that was cut off; names the line
    public static List<NamedCsvRecord> read(Path file) throws IOException {
        var lines = new ArrayList<NamedCsvRecord>();
        read(file, lines::add);
        return lines;
    }

    /// As [#read(Path)], but hands on each line when it is read: of a million lines the fields take a gigabyte.
    public static void read(Path file, Consumer<NamedCsvRecord> lines) throws IOException {
        try {
            read(content(file), lines);
        } catch (CsvParseException e) {
            throw new IllegalArgumentException(problem(e), e);
        }
    }

    /// The reader's own words are about its methods and limits.
    private static String problem(CsvParseException e) {
        if (e.getCause() instanceof IllegalArgumentException) {
            return "line 1: it names a column twice";
        }
        Matcher line = LINE.matcher(String.valueOf(e.getMessage()));
        boolean quote = String.valueOf(e.getCause()).contains("after closing quote");
        return "line %s: %s"
                .formatted(
                        line.find() ? line.group(1) : "1",
                        quote
                                ? "something follows a closing quote; within quotes a quote is written twice"
                                : "it is too long");
    }

    private static void read(String text, Consumer<NamedCsvRecord> lines) {
        String separator = separator(text);
        for (NamedCsvRecord line : CsvReader.builder()
                .fieldSeparator(separator)
                .allowMissingFields(true)
                .allowExtraFields(true)
                .ofNamedCsvRecord(text)) {
            int columns = line.getHeader().size();
            if (line.getFieldCount() != columns) {
                throw new IllegalArgumentException("line %d: it has %d fields, but there are %d columns%s"
                        .formatted(
                                line.getStartingLineNumber(),
                                line.getFieldCount(),
                                columns,
                                line.getFieldCount() > columns && separator.equals(",")
                                        ? "; numbers have a decimal point, and a text with a comma stands in quotes"
                                        : ""));
            }
            lines.accept(line);
        }
    }

    /// {@return a text as a cell of a table}: one that a spreadsheet would run as a formula has a `'` in front, as
    /// spreadsheets themselves mark a text
    public static String cell(String text) {
        return FORMULA.matcher(text).lookingAt() && !NUMBER.matcher(text).matches() ? "'" + text : text;
    }

    /// {@return the text of a [#cell]}
    public static String text(String cell) {
        return cell.startsWith("'") && FORMULA.matcher(cell).lookingAt() ? cell.substring(1) : cell;
    }

    /// Spreadsheets put a byte order mark first.
    private static String content(Path file) throws IOException {
        InputFile.check(file, "a table as a CSV file");
        try {
            String text = Files.readString(file);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "it is not in UTF-8, perhaps in Latin-1 or UTF-16; save it as CSV in UTF-8", e);
        }
    }

    private static String separator(String text) {
        String first = text.lines().findFirst().orElse("");
        // of equally many the last one
        return Stream.of("\t", ";", ",")
                .max(Comparator.comparing(separator -> first.split(separator, -1).length))
                .orElseThrow();
    }
}
