package org.segloss.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.segloss.loss.LossCatalog;
import org.segloss.loss.LossCatalog.Entry;
import org.segloss.loss.LossCatalog.Kind;

/// The page on all losses, and its pictures, as the catalogue has them.
final class LossPages {
    private LossPages() {}

    /// {@return contents by the path inside the folder of the documentation}
    static SortedMap<String, String> all() {
        SortedMap<String, String> pages = new TreeMap<>();
        List<String> blocks = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            List<Entry> entries = entries(kind);
            if (!entries.isEmpty()) {
                blocks.add("## " + heading(kind));
            }
            for (Entry entry : entries) {
                Scene.Curves curves = Scene.curves(entry);
                blocks.add(Section.of(entry, curves.side()));
                pages.put("losses/%s.svg".formatted(entry.name()), Plot.of(entry.name(), curves));
            }
        }
        pages.put(
                "losses.md",
                String.join("\n\n", Introduction.before(), index(), Introduction.after(), String.join("\n\n", blocks))
                        + "\n");
        return pages;
    }

    private static String index() {
        StringBuilder table = new StringBuilder("| kind | loss | in a sentence |\n|---|---|---|\n");
        for (Kind kind : Kind.values()) {
            String first = "[%s](#%s)".formatted(name(kind), anchor(heading(kind)));
            for (Entry entry : entries(kind)) {
                table.append("| %s | [%s](#%s) | %s |\n"
                        .formatted(
                                first,
                                entry.name(),
                                anchor(entry.name()),
                                Section.text(entry.about().summary())));
                first = "";
            }
        }
        return table.toString().stripTrailing();
    }

    private static List<Entry> entries(Kind kind) {
        return LossCatalog.all().stream().filter(e -> e.kind() == kind).toList();
    }

    private static String name(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String heading(Kind kind) {
        String name = name(kind);
        return "%s%s: %s".formatted(name.substring(0, 1).toUpperCase(Locale.ROOT), name.substring(1), kind.text());
    }

    /// {@return what GitHub makes of a heading in the address of its place}
    static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
    }
}
