package org.segloss.io;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Tables in text files, whose first line names the columns.
public final class Csv {
    private Csv() {}

    /// {@return the lines of a table but the first}; its fields stand between commas, or between semicolons or tabs if
    /// the
    /// first line has more of them.
    ///
    /// @throws IllegalArgumentException if a line has fewer or more fields than the first, as the last one of a
    /// file that
    ///                                  was cut off
    /// @throws RuntimeException         if it is no table for another reason
    public static List<NamedCsvRecord> read(Path file) throws IOException {
        var lines = new ArrayList<NamedCsvRecord>();
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder()
                .fieldSeparator(separator(file))
                .allowMissingFields(true)
                .allowExtraFields(true)
                .detectBomHeader(true)
                .ofNamedCsvRecord(file)) {
            for (NamedCsvRecord line : csv) {
                int columns = line.getHeader().size();
                if (line.getFieldCount() != columns) {
                    throw new IllegalArgumentException("line %d: it has %d fields, but there are %d columns"
                            .formatted(line.getStartingLineNumber(), line.getFieldCount(), columns));
                }
                lines.add(line);
            }
        }
        return lines;
    }

    private static String separator(Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String first = Objects.requireNonNullElse(lines.readLine(), "");
            // of equally many the last one
            return Stream.of("\t", ";", ",")
                    .max(Comparator.comparing(separator -> first.split(separator, -1).length))
                    .orElseThrow();
        } catch (MalformedInputException _) {
            // what is wrong with it is said when it is read
            return ",";
        }
    }
}
