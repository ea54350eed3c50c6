package org.segloss.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Lines over the steps of trainings.
///
/// @param unit what is shown, for the axis
record CurvePlot(String title, String unit, List<Line> lines) {
    private static final int HEIGHT = 220;
    private static final int TOP = 22;

    /// @param style  its colour's class in the style sheet, and perhaps `faint`
    /// @param points `step, value`
    record Line(String name, String style, List<double[]> points) {}

    String svg() {
        Scale across = Scale.of(ends(0));
        Scale up = Scale.of(ends(1));
        int bottom = HEIGHT - 22;
        var svg = new Svg(HEIGHT, title);
        for (double tick : up.ticks()) {
            double y = height(up, tick);
            svg.line("grid", 0, y, 100, y);
            svg.text("tick", 0, y - 3, "start", Numbers.tick(tick));
        }
        for (double tick : across.ticks()) {
            double x = across.at(tick);
            svg.text(
                    "tick",
                    x < 10 ? 0 : x > 90 ? 100 : x,
                    bottom + 16,
                    x < 10 ? "start" : x > 90 ? "end" : "middle",
                    Numbers.tick(tick));
        }
        svg.text("tick", 100, 12, "end", unit);
        // what has a slope can't be drawn in percent: a drawing that is stretched, but not the width of its lines
        svg.raw("<svg y=\"%d\" width=\"100%%\" height=\"%d\" viewBox=\"0 0 100 %d\" preserveAspectRatio=\"none\">"
                .formatted(0, HEIGHT, HEIGHT));
        for (Line line : lines) {
            svg.raw("<polyline class=\"curve %s\" points=\"%s\"/>"
                    .formatted(
                            line.style,
                            line.points.stream()
                                    .map(p -> Svg.number(across.at(p[0])) + "," + Svg.number(height(up, p[1])))
                                    .collect(Collectors.joining(" "))));
        }
        return svg.raw("</svg>").end();
    }

    private double[] ends(int column) {
        return lines.stream()
                .flatMap(line -> line.points.stream())
                .mapToDouble(p -> p[column])
                .toArray();
    }

    private static double height(Scale scale, double value) {
        double share = (value - scale.low()) / (scale.high() - scale.low());
        return HEIGHT - 24 - (HEIGHT - 24 - TOP) * share;
    }

    /// {@return the plot of the validation Dice of all trainings, in which the losses' lines may be compared}
    static CurvePlot validation(List<Curve> curves, List<String> losses) {
        return new CurvePlot(
                "Dice on the validation cases over the steps of training",
                "validation Dice",
                curves.stream()
                        .filter(c -> !c.validation().isEmpty())
                        .map(c -> new Line(c.loss(), "s" + losses.indexOf(c.loss()) % 8, c.validation()))
                        .toList());
    }

    /// {@return the plot of the training loss of one loss's trainings}
    static CurvePlot loss(List<Curve> curves, int series) {
        return new CurvePlot(
                "Training loss of " + curves.getFirst().loss(),
                "loss",
                Stream.concat(
                                curves.stream().map(c -> line(c, "faint s" + series % 8, 1)),
                                curves.stream().map(c -> line(c, "s" + series % 8, 2)))
                        .toList());
    }

    private static Line line(Curve curve, String style, int column) {
        return new Line(
                curve.run(),
                style,
                curve.points().stream().map(p -> new double[] {p[0], p[column]}).toList());
    }
}
