package org.segloss.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.segloss.stat.BayesianSignedRank;
import org.segloss.stat.Interval;
import org.segloss.stat.Verdict;

/// A forest plot: paired differences with their intervals, a row a pair, around the band of differences that don't
/// matter.
///
/// @param rows   the most important first
/// @param margin half the band's width; NaN for none
public record Forest(List<Row> rows, double margin, Scale scale) {
    private static final int HEIGHT = 30;

    /// How `a` differs from `b`.
    ///
    /// @param interval  95 %
    /// @param posterior how probable it is that `a` is better, equivalent and worse
    /// @param retrained 95 % if other seeds or training sets are drawn, too; unknown with one of each
    /// @param unsettled whether longer training may change it
    public record Row(
            String a,
            String b,
            double difference,
            Interval interval,
            Interval retrained,
            double p,
            BayesianSignedRank posterior,
            Verdict verdict,
            boolean unsettled) {

        public String differenceText() {
            return Numbers.signed(difference);
        }

        public String intervalText() {
            return Numbers.range(interval);
        }

        public String pText() {
            return Numbers.p(p);
        }

        public String posteriorText() {
            return posterior.text();
        }

        public String style() {
            return Wording.style(verdict);
        }

        public String verdictText() {
            return Wording.verdict(verdict) + (unsettled ? ", not converged" : "");
        }
    }

    static Forest of(List<Row> rows, double margin) {
        double[] cases = ends(Stream.concat(
                rows.stream().flatMap(row -> Stream.of(row.interval, new Interval(row.difference, row.difference))),
                Stream.of(new Interval(0, 0), new Interval(-margin, margin))));
        // what another training might do can be so much that nothing else would be seen: twice the width has to do
        Scale narrow = Scale.of(cases);
        double room = (narrow.high() - narrow.low()) / 2;
        double[] retrained = ends(rows.stream().map(Row::retrained));
        double[] all = Arrays.copyOf(cases, cases.length + retrained.length);
        for (int i = 0; i < retrained.length; i++) {
            all[cases.length + i] = Double.isNaN(retrained[i])
                    ? Double.NaN
                    : Math.clamp(retrained[i], narrow.low() - room, narrow.high() + room);
        }
        return new Forest(rows, margin, Scale.of(all));
    }

    private static double[] ends(Stream<Interval> intervals) {
        return intervals
                .flatMap(i -> Stream.of(i.low(), i.high()))
                .mapToDouble(x -> x)
                .toArray();
    }

    /// {@return whether there are differences that don't matter}
    public boolean hasMargin() {
        return !Double.isNaN(margin);
    }

    /// {@return a row's drawing}
    public String strip(Row row) {
        var svg = new Svg(HEIGHT);
        double middle = HEIGHT / 2.0;
        band(svg, HEIGHT);
        if (!Double.isNaN(row.retrained.low())) {
            svg.line("whisker", cut(row.retrained.low()), middle, cut(row.retrained.high()), middle);
        }
        if (!Double.isNaN(row.interval.low())) {
            svg.line(
                    "interval " + row.style(),
                    scale.at(row.interval.low()),
                    middle,
                    scale.at(row.interval.high()),
                    middle);
        }
        return svg.diamond("estimate " + row.style(), scale.at(row.difference), middle, 6)
                .end();
    }

    /// At the plot's edge for what lies beyond it.
    private double cut(double value) {
        return Math.clamp(scale.at(value), 0, 100);
    }

    /// {@return the axis below the rows}
    public String axis() {
        var svg = new Svg(24);
        for (double tick : scale.ticks()) {
            double x = scale.at(tick);
            svg.line("grid", x, 0, x, 5);
            svg.text(
                    "tick",
                    x < 6 ? 0 : x > 94 ? 100 : x,
                    18,
                    x < 6 ? "start" : x > 94 ? "end" : "middle",
                    Numbers.tick(tick));
        }
        return svg.end();
    }

    private void band(Svg svg, int height) {
        if (!Double.isNaN(margin)) {
            svg.rect("band", scale.at(-margin), scale.at(margin), 0, height);
        }
        svg.line("zero", scale.at(0), 0, scale.at(0), height);
    }
}
