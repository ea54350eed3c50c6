package org.segloss.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.segloss.stat.Quantiles;

/// Values as dots, a row a loss, over the box from the first to the third quartile with the median and the mean. Lines
/// join the dots of one case, so that it is seen whether all cases change alike.
///
/// @param rows  each with one value for each name
/// @param names of the cases, or of the seeds
record Dots(String title, List<Row> rows, List<String> names) {
    private static final int ROW = 58;
    private static final int TOP = 4;
    /// More lines than this are one grey mass.
    private static final int MOST_LINES = 60;
    /// More dots than this on a line hide one another, and a page of a million is none that a browser shows.
    private static final int MOST_DOTS = 1000;

    /// @param values NaN where there is none
    record Row(String loss, double[] values) {
        double[] sorted() {
            return Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
        }
    }

    String svg() {
        Scale scale = Scale.of(
                rows.stream().flatMapToDouble(row -> Arrays.stream(row.values)).toArray());
        int bottom = TOP + ROW * rows.size();
        var svg = new Svg(bottom + 22, title);
        svg.axis(scale, TOP, bottom);
        for (int r = 0; r < rows.size(); r++) {
            box(svg, scale, rows.get(r), y(r));
        }
        if (names.size() <= MOST_LINES) {
            for (int r = 0; r + 1 < rows.size(); r++) {
                join(svg, scale, r);
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            dots(svg, scale, rows.get(r), y(r));
            svg.text("name", 0, y(r) - 22, "start", rows.get(r).loss);
        }
        return svg.end();
    }

    /// {@return which of so many have a dot: each, every second, every third ...}
    static int every(int names) {
        return Math.max(1, Math.ceilDiv(names, MOST_DOTS));
    }

    private static double y(int row) {
        return TOP + ROW * row + 38;
    }

    private void box(Svg svg, Scale scale, Row row, double y) {
        double[] sorted = row.sorted();
        if (sorted.length < 2) {
            return;
        }
        svg.line("whisker", scale.at(sorted[0]), y, scale.at(sorted[sorted.length - 1]), y);
        svg.rect("box", scale.at(Quantiles.of(sorted, 0.25)), scale.at(Quantiles.of(sorted, 0.75)), y - 12, 24);
        double median = scale.at(Quantiles.of(sorted, 0.5));
        svg.line("median", median, y - 12, median, y + 12);
    }

    private void join(Svg svg, Scale scale, int row) {
        double[] here = rows.get(row).values;
        double[] next = rows.get(row + 1).values;
        for (int i = 0; i < names.size(); i++) {
            if (Double.isFinite(here[i]) && Double.isFinite(next[i])) {
                svg.line("join", scale.at(here[i]), y(row), scale.at(next[i]), y(row + 1));
            }
        }
    }

    private void dots(Svg svg, Scale scale, Row row, double y) {
        for (int i = 0; i < names.size(); i += every(names.size())) {
            if (Double.isFinite(row.values[i])) {
                svg.dot(
                        "dot",
                        scale.at(row.values[i]),
                        y,
                        4,
                        "%s, %s: %s".formatted(row.loss, names.get(i), Numbers.plain(row.values[i])));
            }
        }
        Arrays.stream(row.values)
                .filter(Double::isFinite)
                .average()
                .ifPresent(mean -> svg.diamond("mean", scale.at(mean), y, 6));
    }

    /// {@return the cases that are not drawn for a loss, since its value is no finite number}
    long undefined() {
        return rows.stream()
                .flatMap(row -> Stream.of(Arrays.stream(row.values).boxed().toArray(Double[]::new)))
                .filter(value -> !Double.isFinite(value))
                .count();
    }
}
