package org.segloss.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// A list of losses as it is written on the command line: `bce, tversky(fp=0.3, fn=0.7)`.
final class LossTexts {
    /// The five losses of the article that Segloss began from.
    private static final List<String> ARTICLE = List.of("bce", "dice", "tversky", "focal", "bce + log1p(dice)");

    /// As it is given: a compound may leave the background out by itself, which is no mistake of who names it.
    private static final Pattern LEAVES_OUT_BACKGROUND = Pattern.compile("\\bbackground\\s*=\\s*false\\b");

    private LossTexts() {}

    /// {@return the losses of a list; the word `article` in it stands for five}
    ///
    /// @throws IllegalArgumentException if a text between commas is no loss
    static List<Loss> parse(String list) {
        return split(list).stream()
                .flatMap(text -> text.equals("article") ? ARTICLE.stream() : List.of(text).stream())
                .map(Loss::parse)
                .toList();
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
