package org.segloss.cli.cluster;

import java.util.regex.Pattern;

/// Texts in commands that a shell is given.
public final class ShellWord {
    private static final Pattern PLAIN = Pattern.compile("[\\w/.,:+@%-]+");

    private ShellWord() {}

    /// {@return a word for the shell that is just this text}, as people would write it
    public static String of(String text) {
        return PLAIN.matcher(text).matches() ? text : quoted(text);
    }

    /// {@return a word for the shell that is just this text}
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
