package org.segloss.layout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.segloss.format.Formats;
import org.segloss.format.ImageFormat;
import org.segloss.format.Images;

/// Folders as hospitals keep them: series of slices, and segmentations that say in themselves which series
/// they were made on. Names mean nothing; a case is named by the folders that its series lies in.
final class SeriesFolders implements Layout {
    /// Folders further down are none of a data set's.
    private static final int DEEPEST = 8;

    @Override
    public List<Found> find(Folder root, Conventions conventions) throws IOException {
        var tree = new Tree();
        tree.walk(root, 0);
        return tree.images.isEmpty() || tree.labels.isEmpty() ? List.of() : List.of(tree.found(root.path()));
    }

    /// What lies in a folder and in those below it.
    private static final class Tree {
        /// By what they are known by.
        private final Map<String, List<Path>> images = new LinkedHashMap<>();
        /// With what the images are known by that they were made on.
        private final Map<Path, Set<String>> labels = new LinkedHashMap<>();

        private final List<Problem> problems = new ArrayList<>();

        void walk(Folder folder, int depth) throws IOException {
            if (Formats.IMAGES.isImageFolder(folder.path())) {
                // its files are one image, or one segmentation, but there may be others in folders beside them
                add(folder.path());
            } else {
                Stream.concat(
                                folder.images().stream().filter(file -> !Files.isDirectory(file) && mayBe(file)),
                                folder.others().stream())
                        .forEach(this::add);
            }
            if (depth < DEEPEST) {
                for (Path inner : Stream.concat(
                                folder.images().stream().filter(Files::isDirectory), folder.folders().stream())
                        .toList()) {
                    walk(Folder.list(inner), depth + 1);
                }
            }
        }

        /// {@return whether a file's name asks for a format whose segmentations name their images}
        private static boolean mayBe(Path file) {
            return Formats.IMAGES.named(file).filter(ImageFormat::needsImage).isPresent();
        }

        private void add(Path file) {
            Images.identity(file)
                    .ifPresent(identity -> images.computeIfAbsent(identity, _ -> new ArrayList<>())
                            .add(file));
            Set<String> of = Images.labelled(file);
            if (!of.isEmpty()) {
                labels.put(file, of);
            }
        }

        Found found(Path root) {
            Map<Path, List<LabelFile>> byImage = labelsByImage();
            var whole = images.values().stream().flatMap(List::stream).toList();
            long bare =
                    whole.stream().filter(image -> !byImage.containsKey(image)).count();
            if (bare > 0 && !byImage.isEmpty()) {
                problems.add(Problem.note(
                        root,
                        "%s without a segmentation".formatted(Layouts.count(Math.toIntExact(bare), "image")),
                        "They are left out: 'segloss predict' takes them."));
            }
            var cases = new ArrayList<FoundCase>();
            var names = names(root, byImage.keySet());
            byImage.forEach((image, files) ->
                    cases.add(new FoundCase(names.get(image), List.of(image), files, Optional.empty())));
            cases.sort(Comparator.comparing(FoundCase::id));
            return new Found(
                    "series", "series with segmentations that name them", List.of(), cases, List.of(), problems);
        }

        private Map<Path, List<LabelFile>> labelsByImage() {
            var byImage = new TreeMap<Path, List<LabelFile>>();
            var lost = new ArrayList<Path>();
            labels.forEach((file, of) -> {
                Optional<Path> image = of.stream()
                        .flatMap(identity -> images.getOrDefault(identity, List.of()).stream())
                        .max(Comparator.comparingInt(candidate -> shared(candidate, file)));
                image.ifPresentOrElse(
                        own -> byImage.computeIfAbsent(own, _ -> new ArrayList<>())
                                .add(new LabelFile(file)),
                        () -> lost.add(file));
            });
            if (!lost.isEmpty()) {
                problems.add(Problem.warning(
                        lost.getFirst().getParent(),
                        "%s made on a series that isn't here: %s"
                                .formatted(
                                        lost.size() == 1 ? "1 segmentation was" : lost.size() + " segmentations were",
                                        Layouts.examples(
                                                lost.stream().map(Folder::name).toList())),
                        "They are left out: add their series."));
            }
            byImage.values().forEach(files -> {
                if (files.size() > 1) {
                    problems.add(Problem.error(
                            files.getFirst().file(),
                            "%d segmentations were made on one series: %s"
                                    .formatted(
                                            files.size(),
                                            Layouts.examples(files.stream()
                                                    .map(one -> Folder.name(one.file()))
                                                    .toList())),
                            "A case has one: take the others away."));
                }
            });
            return byImage;
        }

        /// Copies of a series are told apart by where they lie.
        private static int shared(Path one, Path other) {
            int names = 0;
            while (names < Math.min(one.getNameCount(), other.getNameCount())
                    && one.getName(names).equals(other.getName(names))) {
                names++;
            }
            return names;
        }

        /// {@return the first folder below the root that each image lies in, or all of them where that is not
        /// enough}
        private static Map<Path, String> names(Path root, Set<Path> images) {
            var count = new HashMap<String, Integer>();
            images.forEach(image -> count.merge(first(root, image), 1, Integer::sum));
            var names = new HashMap<Path, String>();
            for (Path image : images) {
                String first = first(root, image);
                var all = new LinkedHashSet<String>();
                root.relativize(image).forEach(part -> all.add(Formats.IMAGES.withoutEnding(part)));
                names.put(image, count.get(first) == 1 ? first : String.join("_", all));
            }
            return names;
        }

        private static String first(Path root, Path image) {
            return image.equals(root)
                    ? Folder.name(root.toAbsolutePath().normalize())
                    : Formats.IMAGES.withoutEnding(root.relativize(image).getName(0));
        }
    }
}
