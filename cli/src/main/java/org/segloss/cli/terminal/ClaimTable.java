package org.segloss.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.segloss.compare.SummaryTable;
import org.segloss.stat.PublishedResults.Method;

/// What published means and standard deviations can claim.
public final class ClaimTable {
    private ClaimTable() {}

    /// {@return lines: each method with its interval and the probabilities that the claimed first is better, then those
    /// that it is the first, and in words what that means}
    public static List<String> of(SummaryTable summary) {
        Method claimed = summary.claimed();
        var lines = new ArrayList<String>();
        lines.add("Is %s truly the first? How probable it is that it is better, by the correlation of the scores:"
                .formatted(claimed.name()));
        var table = new TextTable();
        boolean own = summary.others().stream()
                .anyMatch(i -> summary.correlations().get(i).isPresent());
        var head = new ArrayList<>(List.of("method", "mean", "SD", "n", "95 % interval"));
        summary.range().forEach(r -> head.add(number("%.2f", r)));
        if (own) {
            head.add("by the table");
        }
        table.add(head);
        for (int i = 0; i < summary.methods().size(); i++) {
            Method method = summary.methods().get(i);
            int place = i;
            var row = new ArrayList<>(List.of(
                    method.name(),
                    number("%.4g", method.mean()),
                    number("%.3g", method.sd()),
                    Integer.toString(method.cases()),
                    "%s to %s"
                            .formatted(
                                    number("%.4g", method.interval().low()),
                                    number("%.4g", method.interval().high()))));
            for (double r : summary.range()) {
                row.add(i == summary.first() ? "" : share(summary.better(i, r)));
            }
            if (own) {
                row.add(summary.correlations()
                        .get(i)
                        .filter(_ -> place != summary.first())
                        .map(r -> "%s at %s".formatted(share(summary.better(place, r)), number("%.2f", r)))
                        .orElse(""));
            }
            table.add(row);
        }
        var all = new ArrayList<>(List.of("the first of all", "", "", "", ""));
        summary.range().forEach(r -> all.add(share(summary.isFirst(r))));
        OptionalDouble byTable = summary.isFirst();
        if (own) {
            all.add(byTable.isPresent() ? share(byTable.getAsDouble()) : "");
        }
        table.add(all);
        lines.addAll(table.lines());
        lines.add("");
        lines.add(verdict(summary));
        if (!summary.isPaired()) {
            lines.add(
                    "The methods were tested on different numbers of cases, so not on the same: their scores don't correlate, and the cases may differ in more than chance.");
        }
        lines.add(
                "This knows the test cases alone: how much other seeds or training sets would change, and whether the method was chosen by these cases, it does not.");
        return lines;
    }

    private static String verdict(SummaryTable summary) {
        String name = summary.claimed().name();
        OptionalDouble byTable = summary.isFirst();
        if (byTable.isPresent()) {
            return "By the correlations of the table %s is truly the first with a probability of %s: %s."
                    .formatted(name, share(byTable.getAsDouble()), sure(byTable.getAsDouble()));
        }
        double least = summary.isFirst(summary.range().getFirst());
        if (!summary.isPaired()) {
            return "%s is truly the first with a probability of %s: %s.".formatted(name, share(least), sure(least));
        }
        double most = summary.isFirst(summary.range().getLast());
        OptionalDouble enough = summary.enough();
        String bound;
        if (enough.isEmpty()) {
            bound = "at no correlation up to 0.99 the claim is sure to 95 %";
        } else if (enough.getAsDouble() == 0) {
            bound = "the claim is sure to 95 % whatever the correlation";
        } else {
            bound = "the claim is sure to 95 %% where the scores correlate by %s or more"
                    .formatted(number("%.2f", enough.getAsDouble()));
        }
        return "%s is truly the first with a probability of %s, if its scores don't correlate with those of the others, to %s, at a correlation of %s; %s."
                .formatted(
                        name,
                        share(least),
                        share(most),
                        number("%.2f", summary.range().getLast()),
                        bound);
    }

    private static String sure(double p) {
        return p >= SummaryTable.SURE
                ? "the claim is sure to 95 %"
                : "the claim is false with a probability of " + share(1 - p);
    }

    private static String share(double p) {
        return p > 0.999 && p < 1 ? "> 0.999" : p < 0.001 ? "< 0.001" : number("%.3f", p);
    }

    private static String number(String format, double number) {
        return String.format(Locale.ROOT, format, number);
    }
}
