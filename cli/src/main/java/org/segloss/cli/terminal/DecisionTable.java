package org.segloss.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.segloss.compare.Decisions;
import org.segloss.stat.Pair;
import org.segloss.stat.Standing;

/// What the rules that make labels of probabilities change.
public final class DecisionTable {
    private DecisionTable() {}

    /// {@return lines: each loss's mean by each rule, each pair's verdict by each rule, and whether the loss still
    /// matters}
    public static List<String> of(Decisions decisions) {
        String first = decisions.names().getFirst();
        var family = decisions.families().getFirst();
        var lines = new ArrayList<String>();
        lines.add("%s of %s by decision; + better and - worse than %s:"
                .formatted(family.metric(), family.label(), first));
        var means = new TextTable();
        means.add(head("loss", decisions));
        for (int i = 0; i < decisions.gains().size(); i++) {
            var row = new ArrayList<>(List.of(decisions.gains().get(i).loss()));
            for (int rule = 0; rule < decisions.names().size(); rule++) {
                List<Standing> standings = decisions.standings(rule);
                row.add(standings.isEmpty() ? "-" : number(standings.get(i).mean()) + sign(decisions, i, rule));
            }
            means.add(row);
        }
        lines.addAll(means.lines());
        if (!decisions.pairs(0).isEmpty()) {
            lines.add("");
            var pairs = new TextTable();
            pairs.add(head("pair", decisions));
            for (int i = 0; i < decisions.pairs(0).size(); i++) {
                Pair pair = decisions.pairs(0).get(i);
                var row = new ArrayList<>(List.of("%s beside %s".formatted(pair.a(), pair.b())));
                for (int rule = 0; rule < decisions.names().size(); rule++) {
                    List<Pair> own = decisions.pairs(rule);
                    row.add(
                            own.isEmpty()
                                    ? "-"
                                    : "%s %s"
                                            .formatted(
                                                    VerdictTable.verdict(
                                                            own.get(i).verdict()),
                                                    signed(own.get(i).difference())));
                }
                pairs.add(row);
            }
            lines.addAll(pairs.lines());
        }
        if (!decisions.sentence().isEmpty()) {
            lines.add("");
            lines.add(decisions.sentence());
        }
        return lines;
    }

    private static List<String> head(String first, Decisions decisions) {
        var head = new ArrayList<>(List.of(first));
        head.addAll(decisions.names());
        return head;
    }

    private static String sign(Decisions decisions, int loss, int rule) {
        return decisions
                .besideFirst(loss, rule)
                .map(gain -> switch (gain.verdict()) {
                    case BETTER -> "+";
                    case WORSE -> "-";
                    default -> " ";
                })
                .orElse(" ");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String signed(double value) {
        return String.format(Locale.ROOT, "%+.4f", value);
    }
}
