package org.segloss.design;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segloss.loss.Loss;

/// Losses of which the best on the validation cases stands for all, written as one with alternatives:
///
/// ```
/// tversky(fp=0.3|0.5|0.7)     focal(gamma=1|2) + 0.5|1*dice
/// ```
///
/// Several places with alternatives give every combination. A loss without any is a family of one.
///
/// @param text    as it is written, which [#parse] reads
/// @param members no two alike, the alternatives of the last place changing first
public record LossFamily(String text, List<Loss> members) {
    /// A number may have a sign in its exponent.
    private static final String ALTERNATIVE = "(?:[-.\\d]+[eE][-+]?\\d+|[^\\s|=,()*+]+)";
    private static final Pattern ALTERNATIVES = Pattern.compile(ALTERNATIVE + "(?:\\s*\\|\\s*" + ALTERNATIVE + ")+");
    /// More are a typing mistake.
    private static final int MOST = 1000;

    public LossFamily {
        members = List.copyOf(members);
    }

    /// {@return a loss alone}
    public static LossFamily of(Loss loss) {
        return new LossFamily(loss.text(), List.of(loss));
    }

    /// Reads what [#text] says.
    ///
    /// @throws IllegalArgumentException if a member is no loss, or there twice
    public static LossFamily parse(String given) {
        Matcher found = ALTERNATIVES.matcher(given);
        if (!found.find()) {
            return of(Loss.parse(given));
        }
        var texts = new ArrayList<String>();
        expand(given, texts);
        List<Loss> members = texts.stream().map(Loss::parse).toList();
        var seen = new HashSet<Loss>();
        for (Loss member : members) {
            if (!seen.add(member)) {
                throw new IllegalArgumentException("%s is twice in %s".formatted(member.text(), given));
            }
        }
        String written = given.replaceAll("\\s*\\|\\s*", "|")
                .replaceAll("\\s*=\\s*", "=")
                .replaceAll("\\s*,\\s*", ", ")
                .replaceAll("\\(\\s+", "(")
                .replaceAll("\\s+\\)", ")")
                .replaceAll("\\s+", " ")
                .strip();
        return new LossFamily(written, members);
    }

    private static void expand(String text, List<String> into) {
        Matcher found = ALTERNATIVES.matcher(text);
        if (!found.find()) {
            into.add(text);
            if (into.size() > MOST) {
                throw new IllegalArgumentException("a family has at most %d members".formatted(MOST));
            }
            return;
        }
        for (String one : found.group().split("\\|")) {
            expand(text.substring(0, found.start()) + one.strip() + text.substring(found.end()), into);
        }
    }

    /// {@return whether there is something to choose}
    public boolean competes() {
        return members.size() > 1;
    }
}
