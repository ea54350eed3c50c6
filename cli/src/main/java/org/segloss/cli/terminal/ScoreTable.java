package org.segloss.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.segloss.compare.Comparison;

/// The table at the end of a comparison.
public final class ScoreTable {
    /// More cases than these have no room on a line.
    private static final int MOST_CASES = 20;

    private ScoreTable() {}

    /// {@return lines: loss, mean, SD and, unless there are many, each case's Dice; a star at the best mean}
    public static List<String> of(Comparison comparison) {
        boolean few = comparison.cases().size() <= MOST_CASES;
        List<String> cases = few ? comparison.cases() : List.of();
        var table = new TextTable();
        var head = new ArrayList<>(List.of("loss", "mean", "SD"));
        List<String> names = few ? comparison.shortCases() : List.of();
        names.forEach(id -> head.add(id.length() > 10 ? id.substring(0, 9) + "~" : id));
        table.add(head);
        for (Comparison.Result result : comparison.losses()) {
            boolean best = comparison.best().equals(Optional.of(result.loss()));
            var row = new ArrayList<>(List.of((best ? "* " : "  ") + result.loss()));
            comparison
                    .race()
                    .flatMap(race -> race.leftAfter(result.loss()))
                    .ifPresent(block -> row.set(0, "%s (left after block %d)".formatted(row.getFirst(), block)));
            switch (result.outcome()) {
                case DIVERGED -> row.add("diverged at step " + result.step());
                case FAILED -> row.add("failed");
                case DONE, LEFT -> {
                    Comparison.Summary dice = result.dice().orElseThrow();
                    row.add(number(dice.mean()));
                    row.add(number(dice.sd()));
                    cases.forEach(id -> row.add(number(dice.cases().getOrDefault(id, Double.NaN))));
                }
            }
            table.add(row);
        }
        return table.lines();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
