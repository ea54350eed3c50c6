package org.segloss.dataset;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.segloss.file.AtomicFile;
import org.segloss.file.Csv;

/// What is known of cases beside their subjects: the scanner, the site, the size of a lesion.
///
/// @param byColumn for each column of a table, in its order, the value of each case that has one
public record CaseColumns(Map<String, Map<String, String>> byColumn) {
    public static final CaseColumns NONE = new CaseColumns(Map.of());
    private static final String CASE = "case";
    private static final Set<String> OTHERS = Set.of(CASE, "group", "subject");

    public CaseColumns {
        Map<String, Map<String, String>> copy = new LinkedHashMap<>();
        byColumn.forEach((column, values) -> copy.put(column, Collections.unmodifiableMap(new TreeMap<>(values))));
        byColumn = Collections.unmodifiableMap(copy);
    }

    /// Reads the columns of a table but `case`, `group` and `subject`. Cases are named as [Groups#read] takes them; a
    /// field that is empty, `NA` or `NaN` says nothing.
    ///
    /// @throws IOException that names the file and what is wrong with it: no column `case` or no other one, none of
    ///     the cases, a case with two values in one column
    public static CaseColumns read(Path file, List<String> ids) throws IOException {
        List<NamedCsvRecord> lines;
        try {
            lines = Csv.read(file);
        } catch (RuntimeException e) {
            throw new IOException("%s: this is no table (%s). Correct it.".formatted(file, e.getMessage()), e);
        }
        List<String> header = lines.isEmpty() ? List.of() : lines.getFirst().getHeader();
        if (!header.contains(CASE) || OTHERS.containsAll(header)) {
            throw new IOException(
                    "%s: %s. Its first line has to be case and what is known of cases, such as case,scanner,sex."
                            .formatted(
                                    file,
                                    lines.isEmpty()
                                            ? "there are no lines below the first"
                                            : header.contains(CASE)
                                                    ? "beside the case and its group there is no column"
                                                    : "there is no column 'case', only '%s'"
                                                            .formatted(String.join("', '", header))));
        }
        CaseColumns columns = of(file, lines, ids);
        if (columns.byColumn.values().stream().allMatch(Map::isEmpty)) {
            throw new IOException("%s: it has none of the cases, which are %s. Name them as their files."
                    .formatted(file, Groups.some(ids)));
        }
        return columns;
    }

    static CaseColumns of(Path file, List<NamedCsvRecord> lines, List<String> ids) throws IOException {
        Map<String, String> names = Groups.names(ids);
        Map<String, Map<String, String>> byColumn = new LinkedHashMap<>();
        for (NamedCsvRecord line : lines) {
            String id = line.findField(CASE)
                    .map(name -> Groups.named(Csv.text(name.strip()), names))
                    .orElse(null);
            for (String column : line.getHeader()) {
                if (column.isBlank() || OTHERS.contains(column)) {
                    continue;
                }
                Map<String, String> values = byColumn.computeIfAbsent(column, _ -> new TreeMap<>());
                String value = Csv.text(line.getField(column).strip());
                if (id == null || value.isEmpty() || value.equalsIgnoreCase("na") || value.equalsIgnoreCase("nan")) {
                    continue;
                }
                String other = values.put(id, value);
                if (other != null && !other.equals(value)) {
                    throw new IOException("%s: the case '%s' has '%s' and '%s' in the column '%s'. Leave one."
                            .formatted(file, id, other, value, column));
                }
            }
        }
        return new CaseColumns(byColumn);
    }

    /// {@return these columns of some cases}; none where no case has a value
    public CaseColumns of(Set<String> ids) {
        Map<String, Map<String, String>> some = new LinkedHashMap<>();
        byColumn.forEach((column, values) -> {
            Map<String, String> own = new TreeMap<>(values);
            own.keySet().retainAll(ids);
            some.put(column, own);
        });
        return some.values().stream().allMatch(Map::isEmpty) ? NONE : new CaseColumns(some);
    }

    public boolean isEmpty() {
        return byColumn.isEmpty();
    }

    /// Writes a table that [#read] reads.
    public void write(Path file) throws IOException {
        var ids = new TreeSet<String>();
        byColumn.values().forEach(values -> ids.addAll(values.keySet()));
        AtomicFile.write(file, out -> {
            CsvWriter csv = CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            var header = new ArrayList<>(List.of(CASE));
            byColumn.keySet().forEach(column -> header.add(Csv.cell(column)));
            csv.writeRecord(header);
            for (String id : ids) {
                var fields = new ArrayList<>(List.of(Csv.cell(id)));
                byColumn.values().forEach(values -> fields.add(Csv.cell(values.getOrDefault(id, ""))));
                csv.writeRecord(fields);
            }
            csv.flush();
        });
    }
}
