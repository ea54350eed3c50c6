package org.segloss.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.segloss.experiment.Comparison;
import org.segloss.fit.Trainer;

/// The table at the end of a comparison.
final class ScoreTable {
    private ScoreTable() {}

    /// {@return lines: loss, mean, SD and each case's Dice; a star at the best mean}
    static List<String> of(Comparison comparison) {
        List<String> cases = comparison.cases();
        var table = new TextTable();
        var head = new ArrayList<>(List.of("loss", "mean", "SD"));
        head.addAll(shortened(cases));
        table.add(head);
        for (Comparison.Result result : comparison.losses()) {
            boolean best = comparison.best().equals(Optional.of(result.loss()));
            var row = new ArrayList<>(List.of((best ? "* " : "  ") + result.loss()));
            if (result.outcome() == Trainer.Status.DIVERGED) {
                row.add("diverged at step " + result.step());
            } else {
                Comparison.Summary dice = result.dice().orElseThrow();
                row.add(number(dice.mean()));
                row.add(number(dice.sd()));
                cases.forEach(id -> row.add(number(dice.cases().getOrDefault(id, Double.NaN))));
            }
            table.add(row);
        }
        return table.lines();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }

    /// The ids without the beginning that they share, which ends before a number or after a sign.
    static List<String> shortened(List<String> ids) {
        if (ids.size() < 2) {
            return ids;
        }
        String prefix = ids.getFirst();
        for (String id : ids) {
            int same = 0;
            while (same < Math.min(prefix.length(), id.length()) && prefix.charAt(same) == id.charAt(same)) {
                same++;
            }
            prefix = prefix.substring(0, same);
        }
        int cut = prefix.length();
        while (cut > 0 && Character.isLetterOrDigit(prefix.charAt(cut - 1))) {
            cut--;
        }
        int start = cut;
        return ids.stream()
                .map(id -> id.substring(start))
                .map(id -> id.length() > 10 ? id.substring(0, 9) + "~" : id)
                .toList();
    }
}
