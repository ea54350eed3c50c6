package org.segloss.report;

import java.util.Locale;
import org.segloss.stat.Compared;
import org.segloss.stat.Interval;

/// Numbers as a report shows them.
final class Numbers {
    private Numbers() {}

    /// Three decimals, fewer for large numbers; a dash for what is undefined.
    static String plain(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "∞" : "−∞";
        }
        double size = Math.abs(value);
        int decimals = size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0;
        return minus(String.format(Locale.ROOT, "%." + decimals + "f", value));
    }

    /// As [#plain], with a sign.
    static String signed(double value) {
        String text = plain(value);
        // what rounds to 0 has no sign
        return text.matches("−?[0.]+") ? text.replace("−", "") : value > 0 ? "+" + text : text;
    }

    static String range(Interval interval) {
        return Double.isNaN(interval.low()) ? "–" : signed(interval.low()) + " to " + signed(interval.high());
    }

    /// Two digits; below a thousandth only that it is.
    static String p(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        return value < 0.001 ? "< 0.001" : String.format(Locale.ROOT, value < 0.1 ? "%.3f" : "%.2f", value);
    }

    static String percent(double share) {
        return Math.round(100 * share) + " %";
    }

    /// A number without a tail of zeros, for an axis.
    static String tick(double value) {
        String text = String.format(Locale.ROOT, "%.6f", value).replaceFirst("\\.?0+$", "");
        return minus(text.equals("-0") ? "0" : text);
    }

    private static String minus(String text) {
        return text.replace('-', '−');
    }

    static String count(int number, Compared compared) {
        return "%d %s".formatted(number, number == 1 ? compared.one() : compared.many());
    }

    static String count(int number, String noun) {
        return "%d %s%s".formatted(number, noun, number == 1 ? "" : noun.endsWith("s") ? "es" : "s");
    }
}
