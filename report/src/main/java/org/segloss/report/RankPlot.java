package org.segloss.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.segloss.stat.Compared;
import org.segloss.stat.RankingMethod;
import org.segloss.stat.Standing;

/// How sure each loss's rank is: the ranks that it takes in 95 % of bootstrap samples as a bar, its rank by the mean
/// on it, and those by the other methods as small strokes.
record RankPlot(List<Standing> standings, Compared compared) {
    private static final int ROW = 46;
    private static final int TOP = 4;

    String svg() {
        List<Standing> sorted = standings.stream()
                .sorted(Comparator.comparingInt(RankPlot::rank))
                .toList();
        var scale = new Scale(1, Math.max(2, sorted.size()), 1);
        int bottom = TOP + ROW * sorted.size();
        var svg = new Svg(
                bottom + 22,
                "The rank of each %s, with the ranks that it takes in 95 %% of samples".formatted(compared.one()));
        svg.axis(scale, TOP, bottom);
        for (int r = 0; r < sorted.size(); r++) {
            Standing standing = sorted.get(r);
            double y = TOP + ROW * r + 32;
            svg.text("name", 0, y - 17, "start", standing.loss());
            svg.text("tick", 100, y - 17, "end", "first in " + Numbers.percent(standing.first()));
            svg.line(
                    "range",
                    scale.at(standing.rankRange().low()),
                    y,
                    scale.at(standing.rankRange().high()),
                    y);
            for (Map.Entry<RankingMethod, Integer> method : standing.ranks().entrySet()) {
                if (method.getKey() != RankingMethod.MEAN_THEN_RANK) {
                    double x = scale.at(method.getValue());
                    svg.line("method", x, y - 9, x, y + 9);
                }
            }
            svg.dot("mean", scale.at(rank(standing)), y, 6, "%s: rank %d".formatted(standing.loss(), rank(standing)));
        }
        return svg.end();
    }

    static int rank(Standing standing) {
        return standing.ranks().get(RankingMethod.MEAN_THEN_RANK);
    }
}
