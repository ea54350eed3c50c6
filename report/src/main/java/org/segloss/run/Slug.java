package org.segloss.run;

import java.util.Locale;
import java.util.regex.Pattern;
import org.segloss.file.Sha256;

/// A text as the name of a file or folder, on every operating system.
public final class Slug {
    private static final int LONGEST = 80;
    private static final Pattern OTHERS = Pattern.compile("[^a-z0-9.-]+");
    private static final Pattern SIGNS = Pattern.compile("-{2,}");
    private static final Pattern ENDS = Pattern.compile("^[.-]+|[.-]+$");

    private Slug() {}

    /// {@return `text` in lower-case letters, digits, `.` and `-`}, for example `bce-plus-log1p-dice` for
    /// `bce + log1p(dice)`. Different texts may share a slug where they differ in case or in spaces.
    public static String of(String text) {
        String words = text.toLowerCase(Locale.ROOT)
                .replace("+", " plus ")
                .replace("*", " times ")
                .replace(" - ", " minus ");
        String joined = SIGNS.matcher(OTHERS.matcher(words).replaceAll("-")).replaceAll("-");
        String slug = ENDS.matcher(joined).replaceAll("");
        if (slug.isEmpty()) {
            return Sha256.of(text).substring(0, 12);
        }
        if (slug.length() > LONGEST) {
            return slug.substring(0, LONGEST - 9) + "-" + Sha256.of(text).substring(0, 8);
        }
        return slug;
    }
}
