package org.segloss.score;

import java.util.ArrayList;
import java.util.List;

/// What the pairs of a table were scored to, in short.
///
/// @param lines      for each name, class and metric
/// @param pairs      how many there are
/// @param unreadable how many of them have no score, because an image can't be read or the two don't fit
/// @param reasons    some of why not
public record TableScores(List<Line> lines, long pairs, long unreadable, List<String> reasons) {

    /// @param name      of whose predictions these are
    /// @param label     the class's name
    /// @param values    how many numbers there are
    /// @param undefined how many scores of readable pairs are no number
    /// @param mean      of the numbers
    /// @param median    likewise
    public record Line(
            String name, String label, String metric, long values, long undefined, double mean, double median) {}

    public TableScores {
        lines = List.copyOf(lines);
        reasons = List.copyOf(reasons);
    }

    /// {@return the cells of a table}: its head, then the lines
    public List<List<String>> table() {
        var table = new ArrayList<List<String>>();
        table.add(List.of("name", "class", "metric", "values", "undefined", "mean", "median"));
        for (Line line : lines) {
            table.add(List.of(
                    line.name,
                    line.label,
                    line.metric,
                    Long.toString(line.values),
                    Long.toString(line.undefined),
                    Double.toString(line.mean),
                    Double.toString(line.median)));
        }
        return table;
    }

    /// {@return what is to be known beside the numbers, in sentences}
    public List<String> notes() {
        var notes = new ArrayList<>(List.of("Pairs: %d".formatted(pairs)));
        if (unreadable > 0) {
            notes.add("%d of %d pairs can't be scored; the column 'reason' says why, for example:\n  %s"
                    .formatted(unreadable, pairs, String.join("\n  ", reasons)));
        }
        return notes;
    }
}
