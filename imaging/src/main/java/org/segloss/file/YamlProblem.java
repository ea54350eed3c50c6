package org.segloss.file;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What is wrong with the notation of a YAML file, and where, in words for whoever wrote it: the parser's own are about
/// its tokens.
///
/// @param place `line 3, column 7: `; empty where the parser doesn't know
record YamlProblem(String place, String words) {
    private static final Pattern MARK = Pattern.compile("in reader, line (\\d+), column (\\d+)");

    private record Kind(String sign, String words) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("could not find expected ':'", "a colon is missing after a name"),
            new Kind("found unexpected end of stream", "a quote is opened here and never closed"),
            new Kind(
                    "found unknown escape character",
                    "within double quotes a backslash begins a sign; put the text in single quotes"),
            new Kind("'\\t(TAB)'", "a tab stands where spaces have to"),
            new Kind("that cannot start any token", "a text begins with a sign that means something; put it in quotes"),
            new Kind("mapping values are not allowed here", "a second colon; put a text that has one in quotes"),
            new Kind("while parsing a flow", "a comma or a closing bracket is missing"),
            new Kind("special characters are not allowed", "it has control characters"),
            new Kind("while parsing a block", "its indentation is wrong, or there is a bracket too much"));

    /// {@return the problem that a parser's message is about, if it is one of YAML}
    static Optional<YamlProblem> of(String message) {
        Optional<Kind> known =
                KINDS.stream().filter(kind -> message.contains(kind.sign)).findFirst();
        List<MatchResult> marks = MARK.matcher(message).results().toList();
        if (known.isEmpty() && marks.isEmpty()) {
            return Optional.empty();
        }
        String place = "";
        if (!marks.isEmpty()) {
            // what was begun and not ended is to be mended where it begins
            boolean begun =
                    known.filter(kind -> message.startsWith("while scanning")).isPresent();
            MatchResult mark = begun ? marks.getFirst() : marks.getLast();
            place = "line %s, column %s: ".formatted(mark.group(1), mark.group(2));
        }
        return Optional.of(new YamlProblem(
                place, known.map(Kind::words).orElse("its indentation, a colon, a quote or a bracket is wrong")));
    }
}
