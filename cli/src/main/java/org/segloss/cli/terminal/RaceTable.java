package org.segloss.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.segloss.compare.Comparison;
import org.segloss.compare.Race;

/// How a race went: who left after which block, and why.
public final class RaceTable {
    private RaceTable() {}

    /// {@return lines, the first one empty: those that left, then who is still in, and what was saved; nothing
    /// without a race}
    public static List<String> of(Comparison comparison) {
        var lines = new ArrayList<String>();
        comparison.race().ifPresent(race -> {
            lines.add("");
            lines.addAll(left(race));
            lines.add(race.sentence());
            lines.add("After the race " + race.selection());
        });
        return lines;
    }

    private static List<String> left(Race race) {
        if (race.left().isEmpty()) {
            return List.of();
        }
        var table = new TextTable();
        table.add(List.of("left the race", "after block", "mean", "behind", "by", "p", "at most"));
        for (Race.Left left : race.left()) {
            Race.Leaving gone = left.leaving();
            table.add(List.of(
                    gone.loss(),
                    Integer.toString(left.block()),
                    String.format(Locale.ROOT, "%.4f", gone.mean()),
                    gone.rival(),
                    String.format(Locale.ROOT, "%.4f", gone.ahead()),
                    String.format(Locale.ROOT, "%.2g", gone.p()),
                    String.format(Locale.ROOT, "%.2g", gone.level())));
        }
        var lines = new ArrayList<>(table.lines());
        lines.add("");
        return lines;
    }
}
