package org.segloss.layout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;

/// Finds out by their names which images and segmentations belong together, and which images are channels of
/// one.
///
/// A segmentation may be named as its image; either may have a word for what it is at its beginning or end,
/// as in `a_mask.png` or `image_a.png`; and images may end with the number of their channel, as in
/// `a_0000.nii.gz`. Names that are the same without any of it come first: `a_0000` is a case where there is a
/// segmentation `a_0000`, and a channel of `a` where there is one called `a`.
final class Matching {
    /// An image's place among those of its case.
    private record Part(String id, String channel) {}

    private final Map<String, List<LabelFile>> plain = new LinkedHashMap<>();
    private final Map<String, String> stripped = new HashMap<>();
    private final SortedMap<String, SortedMap<String, Path>> images = new TreeMap<>();
    private final SortedMap<String, List<LabelFile>> labels = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private Matching() {}

    /// @param segmentations of each name
    static Matching of(List<Path> images, Map<String, List<LabelFile>> segmentations, boolean suffixed) {
        var matching = new Matching();
        segmentations.forEach((name, files) -> {
            matching.plain.put(name, files);
            matching.stripped.putIfAbsent(Words.withoutLabelWord(name), name);
        });
        matching.match(images, suffixed);
        return matching;
    }

    private void match(List<Path> files, boolean suffixed) {
        var used = new ArrayList<String>();
        for (Path file : files) {
            String stem = Folder.stem(file);
            Optional<Map.Entry<Part, String>> found = find(stem);
            Part part = found.map(Map.Entry::getKey).orElseGet(() -> alone(stem, suffixed));
            found.ifPresent(entry -> {
                used.add(entry.getValue());
                labels.put(part.id, plain.get(entry.getValue()));
            });
            Path other = images.computeIfAbsent(part.id, _ -> new TreeMap<>()).putIfAbsent(part.channel, file);
            if (other != null) {
                problems.add(Problem.error(
                        file, "there is also " + other.getFileName(), "A case has one file: remove one of the two."));
            }
        }
        plain.forEach((name, own) -> {
            if (!used.contains(name)) {
                String id = Words.withoutLabelWord(name);
                labels.put(used.contains(id) || labels.containsKey(id) ? name : id, own);
            }
        });
    }

    /// {@return the part that an image is, and the name of its segmentation}
    private Optional<Map.Entry<Part, String>> find(String stem) {
        String bare = Words.withoutImageWord(stem);
        List<UnaryOperator<String>> ways = List.of(name -> plain.containsKey(name) ? name : null, stripped::get);
        for (UnaryOperator<String> way : ways) {
            for (String name : List.of(stem, bare)) {
                String whole = way.apply(name);
                if (whole != null) {
                    return Optional.of(Map.entry(new Part(name, ""), whole));
                }
                Matcher channel = Words.CHANNEL.matcher(name);
                String segmentation = channel.matches() ? way.apply(channel.group(1)) : null;
                if (segmentation != null) {
                    return Optional.of(Map.entry(new Part(channel.group(1), channel.group(2)), segmentation));
                }
            }
        }
        return Optional.empty();
    }

    private static Part alone(String stem, boolean suffixed) {
        Matcher channel = Words.CHANNEL.matcher(stem);
        return suffixed && channel.matches() ? new Part(channel.group(1), channel.group(2)) : new Part(stem, "");
    }

    List<Problem> problems() {
        return problems;
    }

    /// {@return the channels that any case has}, sorted; one without a name where images are whole
    List<String> channels() {
        return images.values().stream()
                .flatMap(own -> own.keySet().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /// {@return the cases}
    List<FoundCase> cases(Optional<Side> side) {
        var ids = new TreeMap<String, Boolean>();
        images.keySet().forEach(id -> ids.put(id, true));
        labels.keySet().forEach(id -> ids.put(id, true));
        return ids.keySet().stream()
                .map(id -> new FoundCase(
                        id,
                        List.copyOf(images.getOrDefault(id, new TreeMap<>()).values()),
                        labels.getOrDefault(id, List.of()),
                        side))
                .toList();
    }

    /// {@return segmentations by their names, each one file that holds the labels}; one of two files of the
    /// same name
    /// is a problem
    static Map<String, List<LabelFile>> whole(List<Path> files, List<Problem> problems) {
        return byName(files, Folder::stem, problems);
    }

    private static Map<String, List<LabelFile>> byName(
            List<Path> files, Function<Path, String> name, List<Problem> problems) {
        var byName = new LinkedHashMap<String, List<LabelFile>>();
        for (Path file : files) {
            List<LabelFile> other = byName.putIfAbsent(name.apply(file), List.of(new LabelFile(file)));
            if (other != null) {
                problems.add(Problem.error(
                        file,
                        "there is also " + other.getFirst().file().getFileName(),
                        "A case has one file: remove one of the two."));
            }
        }
        return byName;
    }
}
