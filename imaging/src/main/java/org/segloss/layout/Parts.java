package org.segloss.layout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/// Readings of the parts of a folder, put together.
final class Parts {
    private Parts() {}

    /// {@return a part, which has no name of its own}
    static Found of(List<String> channels, List<FoundCase> cases, List<Path> unread, List<Problem> problems) {
        return new Found("", "", channels, cases, unread, problems);
    }

    /// {@return all parts as one reading}; a case that two of them have is a problem
    static Found joined(String name, String words, List<Found> parts) {
        var channels = new LinkedHashSet<String>();
        var cases = new ArrayList<FoundCase>();
        var unread = new ArrayList<Path>();
        var problems = new ArrayList<Problem>();
        for (Found part : used(parts, problems)) {
            channels.addAll(part.channels());
            cases.addAll(part.cases());
            unread.addAll(part.unread());
            problems.addAll(part.problems());
        }
        var byId = new TreeMap<String, FoundCase>();
        for (FoundCase one : cases) {
            FoundCase other = byId.putIfAbsent(one.id(), one);
            if (other != null) {
                problems.add(Problem.error(
                        file(one),
                        "the case %s is also %s".formatted(one.id(), file(other)),
                        "Each case is on one side: remove or rename one of the two."));
            }
        }
        cases.sort(Comparator.comparing(FoundCase::id));
        return new Found(name, words, List.copyOf(channels), cases, unread, problems);
    }

    /// Images for testing are often given without segmentations, for whoever predicts them: where other parts
    /// have some, such a part is left out.
    private static List<Found> used(List<Found> parts, List<Problem> problems) {
        if (parts.stream().noneMatch(part -> part.complete() > 0)) {
            return parts;
        }
        for (Found part : parts) {
            if (isUnlabelled(part)) {
                problems.add(Problem.note(
                        file(part.cases().getFirst()).getParent(),
                        "%s without a segmentation"
                                .formatted(Layouts.count(part.cases().size(), "image")),
                        "They are left out: 'segloss predict' takes them."));
            }
        }
        return parts.stream().filter(part -> !isUnlabelled(part)).toList();
    }

    private static boolean isUnlabelled(Found part) {
        return !part.cases().isEmpty()
                && part.cases().stream()
                        .allMatch(one -> one.labels().isEmpty() && one.side().isPresent());
    }

    private static Path file(FoundCase one) {
        return one.images().isEmpty()
                ? one.labels().getFirst().file()
                : one.images().getFirst();
    }

    /// {@return what a file's name says besides the name of its case in front}
    static String withoutId(String id, String stem) {
        String small = stem.toLowerCase(Locale.ROOT);
        if (!small.startsWith(id.toLowerCase(Locale.ROOT)) || stem.length() == id.length()) {
            return stem;
        }
        String rest = stem.substring(id.length());
        return rest.matches("[-_. ].+") ? rest.substring(1) : stem;
    }
}
