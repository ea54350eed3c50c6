package org.segloss.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.segloss.compare.Comparison;
import org.segloss.stat.Pair;
import org.segloss.stat.Verdict;

/// Every loss beside every other: what is said of the row's loss beside the column's.
public record VerdictMap(List<Row> rows) {
    public record Row(String loss, List<Cell> cells) {}

    /// @param style the verdict's class; empty where nothing was compared
    public record Cell(String style, String sign, String p, String effect, String words) {
        /// {@return this, of losses that had not converged}
        Cell unsettled() {
            return new Cell(style, sign + Wording.UNSETTLED, p, effect, words + ", not converged");
        }

        static final Cell NONE = new Cell("", "", "", "", "not compared");
    }

    /// @param comparison that the pairs are of
    static VerdictMap of(Comparison comparison, List<String> losses, List<Pair> pairs) {
        var rows = new ArrayList<Row>();
        for (String row : losses) {
            rows.add(new Row(
                    row,
                    losses.stream()
                            .map(column -> cell(row, column, pairs)
                                    .map(cell -> comparison.isOpen(row, column) ? cell.unsettled() : cell)
                                    .orElse(Cell.NONE))
                            .toList()));
        }
        return new VerdictMap(rows);
    }

    private static Optional<Cell> cell(String row, String column, List<Pair> pairs) {
        return pairs.stream()
                .flatMap(pair -> pair.a().equals(row) && pair.b().equals(column)
                        ? Optional.of(cell(row, column, pair, pair.verdict(), 1)).stream()
                        : pair.b().equals(row) && pair.a().equals(column)
                                ? Optional.of(cell(row, column, pair, Wording.turned(pair.verdict()), -1)).stream()
                                : Optional.<Cell>empty().stream())
                .findFirst();
    }

    private static Cell cell(String row, String column, Pair pair, Verdict verdict, int direction) {
        double effect = direction * pair.test().rankBiserial();
        return new Cell(
                Wording.style(verdict),
                Wording.sign(verdict),
                Numbers.p(pair.adjustedP()),
                Numbers.signed(effect).replaceFirst("\\d$", ""),
                "%s beside %s: %s, adjusted p %s, rank-biserial correlation %s"
                        .formatted(
                                row,
                                column,
                                Wording.verdict(verdict),
                                Numbers.p(pair.adjustedP()),
                                Numbers.signed(effect)));
    }
}
