package org.segloss.report;

import java.util.Locale;

/// A drawing that fills the width that it is given: x is in percent of it, y and all sizes in pixels. So its text is
/// readable on a telephone, too, and on paper. Colours are those of the style sheet's classes.
final class Svg {
    private final StringBuilder out = new StringBuilder();

    /// @param name what is told of it to those who don't see it
    Svg(int height, String name) {
        out.append("<svg class=\"plot\" width=\"100%%\" height=\"%d\" role=\"img\" aria-label=\"%s\">"
                .formatted(height, escaped(name)));
    }

    /// A drawing that repeats what the text beside it says.
    Svg(int height) {
        out.append("<svg class=\"plot\" width=\"100%%\" height=\"%d\" aria-hidden=\"true\">".formatted(height));
    }

    Svg line(String style, double x1, double y1, double x2, double y2) {
        out.append("<line class=\"%s\" x1=\"%s%%\" y1=\"%s\" x2=\"%s%%\" y2=\"%s\"/>"
                .formatted(style, number(x1), number(y1), number(x2), number(y2)));
        return this;
    }

    Svg rect(String style, double x1, double x2, double y, double height) {
        out.append("<rect class=\"%s\" x=\"%s%%\" y=\"%s\" width=\"%s%%\" height=\"%s\"/>"
                .formatted(style, number(x1), number(y), number(Math.max(0, x2 - x1)), number(height)));
        return this;
    }

    /// @param title what is shown where the pointer rests on it
    Svg dot(String style, double x, double y, double radius, String title) {
        out.append("<circle class=\"%s\" cx=\"%s%%\" cy=\"%s\" r=\"%s\"><title>%s</title></circle>"
                .formatted(style, number(x), number(y), number(radius), escaped(title)));
        return this;
    }

    /// A diamond, which a dot is told from without colours.
    Svg diamond(String style, double x, double y, double radius) {
        double r = radius;
        out.append(
                "<svg x=\"%s%%\" y=\"%s\" overflow=\"visible\"><path class=\"%s\" d=\"M%s 0 0 %s -%s 0 0 -%sz\"/></svg>"
                        .formatted(number(x), number(y), style, number(r), number(r), number(r), number(r)));
        return this;
    }

    /// @param anchor `start`, `middle` or `end`
    Svg text(String style, double x, double y, String anchor, String text) {
        out.append("<text class=\"%s\" x=\"%s%%\" y=\"%s\" text-anchor=\"%s\">%s</text>"
                .formatted(style, number(x), number(y), anchor, escaped(text)));
        return this;
    }

    /// Lines and labels for an axis's numbers.
    Svg axis(Scale scale, double top, double bottom) {
        for (double tick : scale.ticks()) {
            double x = scale.at(tick);
            line("grid", x, top, x, bottom);
            String anchor = x < 10 ? "start" : x > 90 ? "end" : "middle";
            text("tick", x < 10 ? 0 : x > 90 ? 100 : x, bottom + 16, anchor, Numbers.tick(tick));
        }
        return this;
    }

    Svg raw(String svg) {
        out.append(svg);
        return this;
    }

    String end() {
        return out.append("</svg>").toString();
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.?0+$", "");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
