package org.segloss.docs;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.loss.About;
import org.segloss.loss.LossCatalog;
import org.segloss.loss.LossCatalog.Kind;
import org.segloss.loss.LossCatalog.Parameter;
import org.segloss.loss.Reduction;
import org.segloss.loss.TargetOptions;

/// What the page says of one loss.
final class Section {
    private static final Pattern SOURCE = Pattern.compile("(.*), (https?://\\S+)");

    private Section() {}

    static String of(LossCatalog.Entry entry, int side) {
        About about = entry.about();
        List<String> blocks = new ArrayList<>();
        blocks.add("### " + entry.name());
        blocks.add(text(about.summary()));
        blocks.add(formula(entry));
        blocks.add(points(about));
        List<Parameter> own = parameters(entry, false);
        if (!own.isEmpty()) {
            blocks.add(table(own));
        }
        List<Parameter> common = parameters(entry, true);
        if (!common.isEmpty()) {
            blocks.add("[Common options](#%s): %s".formatted(Introduction.OPTIONS, defaults(common)));
        }
        blocks.add("![Loss and gradient of %s](losses/%s.svg)".formatted(entry.name(), entry.name()));
        if (side != Scene.SIDE) {
            blocks.add("The plot is of an image of %d x %d voxels, with larger squares: it takes no smaller one."
                    .formatted(side, side));
        }
        return String.join("\n\n", blocks);
    }

    /// A fenced block, for in one between dollars GitHub takes `\{` and `\,` for Markdown.
    private static String formula(LossCatalog.Entry entry) {
        About about = entry.about();
        if (entry.kind() != Kind.COMPOUND) {
            return fence("math", about.tex()) + "\n\nAs text: `%s`".formatted(about.formula());
        }
        String text = entry.loss().text();
        return fence("", about.formula())
                + (text.equals(about.formula()) ? "" : "\n\nWith the defaults it stands for\n\n" + fence("", text));
    }

    private static String fence(String language, String text) {
        return "```" + language + "\n" + text + "\n```";
    }

    private static String points(About about) {
        String source = text(about.source());
        Matcher link = SOURCE.matcher(about.source());
        if (link.matches()) {
            source = "[%s](%s)".formatted(text(link.group(1)), link.group(2));
        }
        return Stream.of(
                        point("Range", text(about.range())),
                        point("Use", text(about.use())),
                        point("Avoid", text(about.avoid())),
                        point("Cost", text(about.cost())),
                        point("Source", source))
                .flatMap(List::stream)
                .collect(Collectors.joining("\n"));
    }

    private static List<String> point(String name, String text) {
        return text.isEmpty() ? List.of() : List.of("- **%s**: %s".formatted(name, text));
    }

    private static String table(List<Parameter> parameters) {
        return parameters.stream()
                .map(p -> "| `%s` | `%s` | %s |".formatted(p.name(), p.text(), text(p.meaning())))
                .collect(Collectors.joining("\n", "| parameter | default | meaning |\n|---|---|---|\n", ""));
    }

    private static String defaults(List<Parameter> parameters) {
        return parameters.stream()
                .map(p -> "`%s=%s`".formatted(p.name(), p.text()))
                .collect(Collectors.joining(", "));
    }

    /// {@return the parameters that are common options, or the others}
    private static List<Parameter> parameters(LossCatalog.Entry entry, boolean common) {
        List<String> options = Stream.of(entry.standard().getClass().getRecordComponents())
                .map(RecordComponent::getType)
                .filter(type -> type == TargetOptions.class || type == Reduction.class)
                .flatMap(type -> Stream.of(type.getRecordComponents()))
                .map(RecordComponent::getName)
                .toList();
        return entry.parameters().stream()
                .filter(p -> options.contains(p.name()) == common)
                .toList();
    }

    /// {@return plain text as Markdown that shows it}
    static String text(String plain) {
        return plain.replaceAll("[\\\\`*_|\\[\\]<>$]", "\\\\$0");
    }
}
