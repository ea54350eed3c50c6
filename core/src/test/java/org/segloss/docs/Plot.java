package org.segloss.docs;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.segloss.docs.Scene.Point;

/// The plot of a loss as SVG: its value and its gradient, each with an axis of its own, in two panels.
///
/// The background is transparent, and each colour has a contrast of at least 3.9 to white and to the near black
/// of dark pages: an image doesn't always learn which of the two it is on.
final class Plot {
    private static final int WIDTH = 600;
    private static final int HEIGHT = 190;

    private static final int LEFT = 48;
    private static final int RIGHT = 250;
    private static final int TOP = 30;
    private static final int BOTTOM = 146;

    private static final String STYLE = """
            text { font: 11px sans-serif; fill: #777c84 }
            text.value { fill: #1f7ae0 }
            text.gradient { fill: #d0601a }
            line, polyline { fill: none; stroke-width: 2; stroke-linejoin: round }
            line.value, polyline.value { stroke: #1f7ae0 }
            line.gradient, polyline.gradient { stroke: #d0601a; stroke-dasharray: 5 3 }
            line.grid { stroke: #777c84; stroke-opacity: 0.35; stroke-width: 1 }
            """;

    private final StringBuilder svg = new StringBuilder();

    private Plot() {}

    static String of(String name, Scene.Curves curves) {
        Plot plot = new Plot();
        plot.line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">"
                        .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT));
        plot.line("<title>%s: loss and gradient</title>".formatted(name));
        plot.line("<style>\n" + STYLE + "</style>");
        plot.voxel(curves.voxel());
        plot.size(curves.size());
        plot.line("</svg>");
        return plot.svg.toString();
    }

    private void voxel(List<Point> points) {
        line("<g>");
        panel(points, p -> p, "d loss / d logit");
        for (String tick : List.of("0", "0.5", "1")) {
            xTick(Double.parseDouble(tick), tick);
        }
        text(middle(), HEIGHT - 8, "middle", "", "probability of one foreground voxel");
        line("</g>");
    }

    private void size(List<Point> points) {
        line("<g transform=\"translate(%d)\">".formatted(WIDTH / 2));
        panel(points, side -> side / Scene.LARGEST, "sum of |d loss / d logit|");
        for (int side : new int[] {2, 4, 8, 12}) {
            BigDecimal percent = BigDecimal.valueOf(100L * side * side)
                    .divide(BigDecimal.valueOf((long) Scene.SIDE * Scene.SIDE), 0, RoundingMode.HALF_UP);
            xTick((double) side / Scene.LARGEST, percent.toString());
        }
        text(middle(), HEIGHT - 8, "middle", "", "foreground, % of all voxels");
        line("</g>");
    }

    private void panel(List<Point> points, DoubleUnaryOperator share, String gradientName) {
        Axis values = Axis.of(points.stream().map(Point::value).toList());
        Axis gradients = Axis.of(points.stream().map(Point::gradient).toList());
        for (BigDecimal tick : values.ticks()) {
            double y = y(values.share(tick.doubleValue()));
            segment("grid", LEFT, y, RIGHT, y);
            text(LEFT - 5, y + 4, "end", "value", Axis.text(tick));
        }
        for (BigDecimal tick : gradients.ticks()) {
            double y = y(gradients.share(tick.doubleValue()));
            segment("grid", RIGHT, y, RIGHT + 4, y);
            text(RIGHT + 6, y + 4, "start", "gradient", Axis.text(tick));
        }
        segment("value", LEFT, 14, LEFT + 18, 14);
        text(LEFT + 22, 18, "start", "value", "loss");
        segment("gradient", LEFT + 58, 14, LEFT + 76, 14);
        text(LEFT + 80, 18, "start", "gradient", gradientName);
        curve("value", points, share, values, Point::value);
        curve("gradient", points, share, gradients, Point::gradient);
    }

    private void curve(
            String style, List<Point> points, DoubleUnaryOperator share, Axis axis, ToDoubleFunction<Point> number) {
        line("<polyline class=\"%s\" points=\"%s\"/>"
                .formatted(
                        style,
                        points.stream()
                                .map(p -> number(x(share.applyAsDouble(p.x()))) + ","
                                        + number(y(axis.share(number.applyAsDouble(p)))))
                                .collect(Collectors.joining(" "))));
    }

    private void xTick(double share, String text) {
        segment("grid", x(share), BOTTOM, x(share), BOTTOM + 4);
        text(x(share), BOTTOM + 16, "middle", "", text);
    }

    private static double middle() {
        return (LEFT + RIGHT) / 2.0;
    }

    private static double x(double share) {
        return LEFT + share * (RIGHT - LEFT);
    }

    private static double y(double share) {
        return BOTTOM - share * (BOTTOM - TOP);
    }

    private void segment(String style, double x1, double y1, double x2, double y2) {
        line("<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>"
                .formatted(style, number(x1), number(y1), number(x2), number(y2)));
    }

    private void text(double x, double y, String anchor, String style, String text) {
        String styled = style.isEmpty() ? "" : " class=\"%s\"".formatted(style);
        line("<text%s x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>"
                .formatted(styled, number(x), number(y), anchor, text));
    }

    /// {@return a coordinate with one decimal}
    ///
    /// Coordinates halfway between two such numbers are common, as 12.25 is, and the last bits of a value differ
    /// between processors. So these bits are rounded away first.
    static String number(double coordinate) {
        BigDecimal exact = new BigDecimal(coordinate).setScale(6, RoundingMode.HALF_EVEN);
        BigDecimal rounded = exact.setScale(1, RoundingMode.HALF_UP).stripTrailingZeros();
        return rounded.signum() == 0 ? "0" : rounded.toPlainString();
    }

    private void line(String text) {
        svg.append(text).append('\n');
    }
}
