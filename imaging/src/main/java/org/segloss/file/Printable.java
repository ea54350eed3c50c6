package org.segloss.file;

import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Text that came out of a file, made fit for a terminal: whoever wrote the file must not steer the screen of whoever
/// reads about it.
public final class Printable {
    /// So much tells people which line is meant.
    private static final int LONGEST = 60;

    private Printable() {}

    /// {@return a piece of a file to be quoted within a sentence}: without space around it, cut to 60 characters, and
    /// with `\\u001b` and its like in place of what is no visible character
    public static String quote(String text) {
        String plain = text.strip();
        int[] points = plain.codePoints().limit(LONGEST + 1L).toArray();
        return points.length <= LONGEST
                ? escaped(plain, _ -> false)
                : escaped(new String(points, 0, LONGEST), _ -> false) + "...";
    }

    /// {@return a message with the same replacements as in [#quote], but whole and with its line breaks}
    public static String message(String text) {
        if (text.contains("\r\n")) {
            return Stream.of(text.split("\r\n", -1)).map(Printable::message).collect(Collectors.joining("\r\n"));
        }
        return escaped(text, point -> point == '\n' || point == '\t');
    }

    /// {@return a text with the same replacements as in [#quote], but whole}: what is to be on one line stays there
    public static String line(String text) {
        return escaped(text, _ -> false);
    }

    private static String escaped(String text, IntPredicate kept) {
        IntPredicate shown = point -> isVisible(point) || kept.test(point);
        if (all(text, shown)) {
            return text;
        }
        var plain = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (shown.test(point)) {
                plain.appendCodePoint(point);
            } else {
                for (char half : Character.toChars(point)) {
                    plain.append("\\u%04x".formatted((int) half));
                }
            }
        });
        return plain.toString();
    }

    /// Most texts are long and plain.
    private static boolean all(String text, IntPredicate shown) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                int point = text.codePointAt(i);
                if (!shown.test(point)) {
                    return false;
                }
                i += Character.charCount(point) - 1;
            }
        }
        return true;
    }

    private static boolean isVisible(int point) {
        return switch (Character.getType(point)) {
            // format characters turn the direction of writing, or hide
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
