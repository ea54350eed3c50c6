package org.segloss.loss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads the text form of a loss by recursive descent.
///
/// ```
/// sum    = ["+" | "-"] term { ("+" | "-") term }
/// term   = factor { "*" factor }             at most one factor is not a number
/// factor = number | "(" sum ")" | "log1p" "(" sum ")" | "pow" "(" sum "," number ")"
///        | "ramp" "(" number "," number ")"
///        | name [ "(" parameter { "," parameter } ")" ]
/// parameter = name "=" value
/// value  = ["-"] number | word | "[" [ value { "," value } ] "]"
/// ```
final class LossParser {
    // deeper texts are no losses, and would end in a stack overflow
    private static final int DEEPEST = 100;

    private final String text;
    private int at;
    private int depth;

    LossParser(String text) {
        this.text = text;
    }

    Loss parse() {
        Loss loss = sum();
        if (at < text.length()) {
            throw error(at, "expected '+', '-', '*' or the end, found '%s'".formatted(text.charAt(at)));
        }
        return loss;
    }

    private Loss sum() {
        if (++depth > DEEPEST + 1) {
            throw error(at, "more than %d parentheses inside one another".formatted(DEEPEST));
        }
        List<Loss.Term> terms = new ArrayList<>();
        boolean minus = accept('-');
        if (!minus) {
            accept('+');
        }
        do {
            terms.add(new Loss.Term(minus ? -1 : 1, term()));
            minus = accept('-');
        } while (minus || accept('+'));
        depth--;
        return refusedAt(at, () -> Loss.Sum.of(terms));
    }

    private Loss term() {
        double weight = 1;
        Optional<Loss> found = Optional.empty();
        List<double[]> ramps = new ArrayList<>();
        do {
            int start = skip();
            if (word("ramp")) {
                ramps.add(ramp());
                continue;
            }
            Loss factor = factor();
            if (factor instanceof Loss.Constant(var value)) {
                weight *= value;
            } else if (found.isEmpty()) {
                found = Optional.of(factor);
            } else {
                throw error(start, "a product of two losses; one of the factors has to be a number");
            }
        } while (accept('*'));
        Loss scheduled = found.orElse(new Loss.Constant(1));
        for (double[] ramp : ramps.reversed()) {
            scheduled = scheduled.ramp(ramp[0], ramp[1]);
        }
        Loss loss = scheduled;
        double factor = weight;
        return refusedAt(at, () -> loss.times(factor));
    }

    private double[] ramp() {
        expect('(');
        double from = signed();
        expect(',');
        double to = signed();
        expect(')');
        return new double[] {from, to};
    }

    private double signed() {
        return accept('-') ? -number() : number();
    }

    private Loss factor() {
        int start = skip();
        if (accept('(')) {
            Loss inner = sum();
            expect(')');
            return inner;
        }
        if (start < text.length() && (Character.isDigit(text.charAt(start)) || text.charAt(start) == '.')) {
            return new Loss.Constant(number());
        }
        String name = word();
        if (name.isEmpty()) {
            throw error(start, "expected a loss or a number, found " + found(start) + "; " + known());
        }
        if (name.equals("log1p")) {
            expect('(');
            Loss inner = sum();
            expect(')');
            return inner.log1p();
        }
        if (name.equals("pow")) {
            expect('(');
            Loss inner = sum();
            expect(',');
            double exponent = signed();
            expect(')');
            return refusedAt(start, () -> inner.pow(exponent));
        }
        LossCatalog.Entry entry = LossCatalog.named(name)
                .orElseThrow(() -> error(start, "unknown loss '%s'; %s".formatted(name, known())));
        return leaf(entry, start);
    }

    /// Takes a word if it comes next.
    private boolean word(String expected) {
        int start = skip();
        if (word().equals(expected)) {
            return true;
        }
        at = start;
        return false;
    }

    private Loss leaf(LossCatalog.Entry entry, int start) {
        List<Object> values = new ArrayList<>(LossParameters.values(entry.standard()));
        List<String> names =
                entry.parameters().stream().map(LossCatalog.Parameter::name).toList();
        Set<String> seen = new HashSet<>();
        if (accept('(') && !accept(')')) {
            do {
                int here = skip();
                String name = word();
                int index = index(name, names, values);
                if (index < 0) {
                    throw error(here, unknownParameter(entry, name, names, here));
                }
                if (!seen.add(name)) {
                    throw error(here, "parameter '%s' is given twice".formatted(name));
                }
                expect('=');
                values.set(
                        index,
                        values.get(index) instanceof Smooth smooth
                                ? smooth(name, names.get(index), smooth)
                                : value(entry, index, values.get(index)));
            } while (accept(','));
            expect(')');
        }
        return refusedAt(
                start,
                () -> LossCatalog.Entry.loss(
                        LossParameters.create(entry.standard().getClass(), values)));
    }

    /// {@return which parameter is named}, or -1; `smooth` has parts with names of their own
    private static int index(String name, List<String> names, List<Object> values) {
        for (int i = 0; i < names.size(); i++) {
            boolean part = values.get(i) instanceof Smooth
                    && (name.equals(names.get(i) + "Num") || name.equals(names.get(i) + "Den"));
            if (name.equals(names.get(i)) || part) {
                return i;
            }
        }
        return -1;
    }

    private Smooth smooth(String name, String whole, Smooth before) {
        int start = skip();
        double value = signed();
        try {
            return name.equals(whole)
                    ? Smooth.of(value)
                    : name.endsWith("Num") ? new Smooth(value, before.den()) : new Smooth(before.num(), value);
        } catch (IllegalArgumentException e) {
            throw error(start, e.getMessage());
        }
    }

    /// What a loss says of its parameters, with the place in the text.
    private Loss refusedAt(int position, Supplier<Loss> loss) {
        try {
            return loss.get();
        } catch (IllegalArgumentException e) {
            throw error(position, e.getMessage());
        }
    }

    private String unknownParameter(LossCatalog.Entry entry, String name, List<String> names, int here) {
        String given =
                name.isEmpty() ? "expected name=value, found " + found(here) : "unknown parameter '%s'".formatted(name);
        String known = names.isEmpty()
                ? "%s has no parameters".formatted(entry.name())
                : "%s has: %s".formatted(entry.name(), String.join(", ", names));
        String other = name
                + entry.name().substring(0, 1).toUpperCase(Locale.ROOT)
                + entry.name().substring(1);
        return given + "; " + known
                + LossCatalog.named(other)
                        .map(e -> "; %s is a loss of its own".formatted(e.name()))
                        .orElse("")
                + (name.equals("background") ? whyNoBackground(entry) : "");
    }

    /// Why a loss doesn't have an option that most have.
    private static String whyNoBackground(LossCatalog.Entry entry) {
        if (entry.standard() instanceof Compound compound) {
            return "; it stands for %s, whose parts have options of their own"
                    .formatted(compound.expand().text());
        }
        String why = entry.about().noBackground();
        return why.isEmpty() ? "" : "; " + why;
    }

    /// A value of the same type as the default that it replaces.
    private Object value(LossCatalog.Entry entry, int index, Object standard) {
        String name = entry.name() + " " + entry.parameters().get(index).name();
        int start = skip();
        if (standard instanceof Enum<?> choice) {
            String word = word();
            return Arrays.stream(choice.getDeclaringClass().getEnumConstants())
                    .filter(c -> c.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst()
                    .orElseThrow(() -> error(
                            start,
                            "%s is one of %s, found '%s'"
                                    .formatted(
                                            name,
                                            Arrays.stream(choice.getDeclaringClass()
                                                            .getEnumConstants())
                                                    .map(LossCatalog::text)
                                                    .collect(Collectors.joining(", ")),
                                            word)));
        }
        if (standard instanceof Boolean) {
            String word = word();
            if (!word.equals("true") && !word.equals("false")) {
                throw error(start, "%s is true or false, found '%s'".formatted(name, word));
            }
            return Boolean.valueOf(word);
        }
        if (standard instanceof List) {
            return list(name, LossParameters.depth(entry.standard().getClass(), index));
        }
        return signed();
    }

    /// A list of numbers or of lists; in place of a list of one number the number.
    private List<Object> list(String name, int depth) {
        int start = skip();
        boolean isList = start < text.length() && text.charAt(start) == '[';
        if (!isList && depth > 1) {
            throw error(start, "%s is a list of lists, found %s".formatted(name, found(start)));
        }
        return isList ? inBrackets(name, depth) : List.of(signed());
    }

    private List<Object> inBrackets(String name, int depth) {
        if (!accept('[')) {
            throw error(at, "%s is a list of lists, such as [[0, 1], [1, 0]], found %s".formatted(name, found(at)));
        }
        List<Object> values = new ArrayList<>();
        if (!accept(']')) {
            do {
                values.add(depth > 1 ? inBrackets(name, depth - 1) : (Object) signed());
            } while (accept(','));
            expect(']');
        }
        return values;
    }

    private double number() {
        int start = skip();
        int end = start;
        while (end < text.length()
                && (Character.isLetterOrDigit(text.charAt(end))
                        || text.charAt(end) == '.'
                        || ("+-".indexOf(text.charAt(end)) >= 0
                                && end > start
                                && "eE".indexOf(text.charAt(end - 1)) >= 0))) {
            end++;
        }
        String digits = text.substring(start, end);
        at = end;
        if (!digits.matches("(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?")) {
            throw error(start, "expected a number, found " + (digits.isEmpty() ? found(start) : "'" + digits + "'"));
        }
        double value = Double.parseDouble(digits);
        if (!Double.isFinite(value)) {
            throw error(start, "the number %s is too large".formatted(digits));
        }
        return value;
    }

    private String word() {
        int start = skip();
        int end = start;
        while (end < text.length()
                && (Character.isLetter(text.charAt(end)) || (end > start && Character.isDigit(text.charAt(end))))) {
            end++;
        }
        at = end;
        return text.substring(start, end);
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw error(at, "expected '%s', found %s".formatted(c, found(at)));
        }
    }

    private boolean accept(char c) {
        skip();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            skip();
            return true;
        }
        return false;
    }

    private int skip() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private String found(int position) {
        return position < text.length() ? "'" + text.charAt(position) + "'" : "the end";
    }

    private static String known() {
        return "known: "
                + Stream.concat(
                                LossCatalog.all().stream().map(LossCatalog.Entry::name),
                                Stream.of("log1p(...)", "pow(..., exponent)", "ramp(from, to)*..."))
                        .collect(Collectors.joining(", "))
                + LossCatalog.problem().map("; "::concat).orElse("");
    }

    private IllegalArgumentException error(int position, String message) {
        return new IllegalArgumentException(
                "%s%n    %s%n    %s^".formatted(message, text.replaceAll("\\s", " "), " ".repeat(position)));
    }
}
