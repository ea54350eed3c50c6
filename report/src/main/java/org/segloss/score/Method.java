package org.segloss.score;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A method that segments, known by what it predicted.
///
/// @param given  its name as it was given
/// @param name   what it is called beside others: the name that was given, without what says the seed
/// @param seed   0 where the name says none
/// @param folder of its predictions
public record Method(String given, String name, long seed, Path folder) {

    /// Reads `NAME=FOLDER`. The name ends at the first `=` outside parentheses, so that
    /// `tversky(fp=0.3)=FOLDER` is what it looks like.
    ///
    /// @throws IllegalArgumentException that quotes what is wrong
    public static Method parse(String text) {
        int end = end(text);
        if (end < 0) {
            throw new IllegalArgumentException(
                    "'%s' is no method: NAME=FOLDER was expected, such as mine=%s".formatted(text, text));
        }
        String name = text.substring(0, end).strip();
        String folder = text.substring(end + 1);
        if (name.isEmpty() || folder.isBlank()) {
            throw new IllegalArgumentException(
                    "'%s' has no %s: NAME=FOLDER was expected".formatted(text, name.isEmpty() ? "name" : "folder"));
        }
        try {
            return new Method(name, name, 0, Path.of(folder));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'%s' can't be a folder: %s".formatted(folder, e.getReason()), e);
        }
    }

    private static int end(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '(' -> depth++;
                case ')' -> depth--;
                case '=' -> {
                    if (depth <= 0) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        // a parenthesis that isn't closed hides none
        return depth > 0 ? text.indexOf('=') : -1;
    }

    /// {@return methods of which those are one that differ by what a rule finds in their names}: what it finds is the
    /// seed, and is taken out of the name
    ///
    /// @param rule whose first parenthesis holds a whole number
    /// @throws IllegalArgumentException if the rule has no parenthesis, finds no number in a name, leaves
    ///     nothing of one, or finds other seeds of one method than of another
    public static List<Method> seeds(List<Method> methods, Pattern rule) {
        var found = new ArrayList<Method>();
        for (Method method : methods) {
            Matcher matcher = rule.matcher(method.given);
            if (matcher.groupCount() < 1) {
                throw new IllegalArgumentException(
                        "--seeds: the rule %s has no parenthesis around what is the seed, as in '-seed(\\d+)$'"
                                .formatted(rule));
            }
            if (!matcher.find() || matcher.group(1) == null || !matcher.group(1).matches("\\d{1,18}")) {
                throw new IllegalArgumentException(
                        "--seeds: the rule %s finds no whole number in the name '%s'; methods are compared on the same seeds, so each name has to say its own"
                                .formatted(rule, method.given));
            }
            String name = (method.given.substring(0, matcher.start()) + method.given.substring(matcher.end())).strip();
            if (name.isEmpty()) {
                throw new IllegalArgumentException(
                        "--seeds: the rule %s leaves nothing of the name '%s'".formatted(rule, method.given));
            }
            found.add(new Method(method.given, name, Long.parseLong(matcher.group(1)), method.folder));
        }
        checkSameSeeds(found);
        return found;
    }

    private static void checkSameSeeds(List<Method> methods) {
        Map<String, SortedSet<Long>> seeds = new LinkedHashMap<>();
        methods.forEach(method ->
                seeds.computeIfAbsent(method.name, _ -> new TreeSet<>()).add(method.seed));
        if (seeds.values().stream().distinct().count() > 1) {
            throw new IllegalArgumentException(
                    "--seeds: methods are compared on the same seeds, but there are %s; add the predictions that are missing, or leave a seed out"
                            .formatted(seeds.entrySet().stream()
                                    .map(e -> "%s with %s"
                                            .formatted(
                                                    e.getKey(),
                                                    e.getValue().stream()
                                                            .map(String::valueOf)
                                                            .collect(Collectors.joining(", "))))
                                    .collect(Collectors.joining("; "))));
        }
    }

    /// @throws IllegalArgumentException if two have one name, and one seed
    public static void checkDiffer(List<Method> methods) {
        Map<List<Object>, Method> known = new LinkedHashMap<>();
        for (Method method : methods) {
            Method other = known.put(List.of(method.name, method.seed), method);
            if (other != null) {
                throw new IllegalArgumentException(
                        "two methods are named '%s'%s, the predictions in %s and in %s; give each a name of its own"
                                .formatted(
                                        method.name,
                                        method.given.equals(method.name) ? "" : " with the seed " + method.seed,
                                        other.folder,
                                        method.folder));
            }
        }
    }
}
