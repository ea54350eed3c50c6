package org.segloss.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.design.LossFamily;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.loss.Loss;
import org.segloss.loss.LossCatalog;
import org.segloss.loss.Task;
import org.segloss.run.Progress;

/// A list of losses as it is written on the command line: `bce, tversky(fp=0.3, fn=0.7)`.
final class LossTexts {
    /// The five losses of the article that Segloss began from.
    private static final List<String> ARTICLE = List.of("bce", "dice", "tversky", "focal", "bce + log1p(dice)");

    /// As it is given: a compound may leave the background out by itself, which is no mistake of who names it.
    private static final Pattern LEAVES_OUT_BACKGROUND = Pattern.compile("\\bbackground\\s*=\\s*false\\b");

    private LossTexts() {}

    private static final String ALL = "all";

    /// {@return the losses of a list; the word `article` in it stands for five, and `all` for every loss by its
    /// defaults}
    ///
    /// @throws IllegalArgumentException if a text between commas is no loss
    static List<Loss> parse(String list) {
        return families(list).stream()
                .flatMap(family -> family.members().stream())
                .toList();
    }

    /// As [#parse], where each may be a [family][LossFamily].
    static List<LossFamily> families(String list) {
        return split(list).stream()
                .flatMap(text -> text.equals(ALL) ? named().map(LossFamily::of) : parsed(text))
                .toList();
    }

    private static Stream<LossFamily> parsed(String text) {
        return (text.equals("article") ? ARTICLE : List.of(text)).stream().map(LossFamily::parse);
    }

    private static Stream<Loss> named() {
        return LossCatalog.all().stream().map(LossCatalog.Entry::loss);
    }

    /// {@return those that the list has because of the word `all` alone}: they may be left out
    static Set<Loss> optional(String list) {
        List<String> texts = split(list);
        Set<Loss> optional = texts.contains(ALL) ? named().collect(Collectors.toSet()) : new HashSet<>();
        texts.stream()
                .filter(text -> !text.equals(ALL))
                .flatMap(LossTexts::parsed)
                .flatMap(family -> family.members().stream())
                .forEach(optional::remove);
        return optional;
    }

    /// As [#parse], but of those that `all` stands for without what makes no sense for a task, which is said, and
    /// without what the list names beside it.
    static List<LossFamily> suiting(String list, Task task, Progress progress) {
        Set<Loss> optional = optional(list);
        var losses = new ArrayList<LossFamily>();
        for (String text : split(list)) {
            if (text.equals(ALL)) {
                named().filter(loss -> optional.contains(loss) && suits(loss, task, progress))
                        .map(LossFamily::of)
                        .forEach(losses::add);
            } else {
                parsed(text).forEach(losses::add);
            }
        }
        return losses;
    }

    private static boolean suits(Loss loss, Task task, Progress progress) {
        try {
            var _ = new LossEvaluator(loss, task);
            return true;
        } catch (IllegalArgumentException e) {
            progress.say("Left out: %s (%s)".formatted(loss.text(), e.getMessage()));
            return false;
        }
    }

    /// {@return a warning of each text that leaves out a class which the task doesn't have}
    static List<String> warnings(List<String> texts, Task.Kind kind) {
        return texts.stream()
                .filter(text -> kind != Task.Kind.MULTICLASS
                        && LEAVES_OUT_BACKGROUND.matcher(text).find())
                .map(text ->
                        "Warning: background=false changes nothing in %s: a %s task has no class for the background"
                                .formatted(text, kind.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    /// {@return the texts between those commas that are not in parentheses}
    static List<String> split(String list) {
        var texts = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < list.length(); i++) {
            switch (list.charAt(i)) {
                case '(' -> depth++;
                case ')' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        texts.add(list.substring(start, i).strip());
                        start = i + 1;
                    }
                }
                default -> {}
            }
        }
        texts.add(list.substring(start).strip());
        return texts;
    }
}
