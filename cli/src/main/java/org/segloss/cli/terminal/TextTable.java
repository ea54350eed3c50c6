package org.segloss.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import org.segloss.file.Printable;

/// Text in columns: the first to the left, all others to the right.
public final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable() {}

    /// A row may be shorter than the others; its last cell may then be longer than its column.
    public void add(List<String> row) {
        rows.add(row.stream().map(Printable::line).toList());
    }

    public List<String> lines() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            int fitted = row.size() == columns ? columns : row.size() - 1;
            for (int i = 0; i < fitted; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String pad = " ".repeat(Math.max(0, widths[i] - row.get(i).length()));
            boolean left = i == 0 || (i == row.size() - 1 && row.size() < widths.length);
            line.append(i == 0 ? "" : "  ").append(left ? row.get(i) + pad : pad + row.get(i));
        }
        return line.toString().stripTrailing();
    }
}
