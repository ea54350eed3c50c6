package org.segloss.layout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// A folder for each case, as BraTS and TotalSegmentator have it: a file for each channel, `x-t1c.nii.gz`,
/// and `x-seg.nii.gz`; or one image and a folder `segmentations` with a file for each class. The folders may
/// lie in
/// `train`, `val` and `test`.
final class CaseFolders implements Layout {
    /// So many cases have a class of a name on average, or files are objects of one class, each with a name
    /// of its own.
    private static final double SHARED = 1.5;

    /// The images of a case, by the names of their channels.
    record Channels(SortedMap<String, Path> byName) {

        /// {@return images of a case by what their names say besides its own name}
        static Channels of(String id, List<Path> images) {
            var byName = new TreeMap<String, Path>();
            if (images.size() == 1) {
                byName.put("", images.getFirst());
            } else {
                images.forEach(image -> byName.put(Parts.withoutId(id, Folder.stem(image)), image));
            }
            return new Channels(byName);
        }
    }

    @Override
    public List<Found> find(Folder root, Conventions conventions) throws IOException {
        var parts = new ArrayList<Found>();
        for (Path folder : root.folders()) {
            Optional<Side> side = Side.of(Folder.name(folder));
            if (side.isPresent()) {
                parts.add(read(Folder.list(folder), side));
            }
        }
        if (parts.stream().noneMatch(part -> part.complete() > 0)) {
            parts.clear();
            parts.add(read(withoutSides(root), Optional.empty()));
        }
        Found all = Parts.joined("case-folders", "", parts);
        if (all.complete() == 0) {
            return List.of();
        }
        boolean structures = all.cases().stream()
                .flatMap(one -> one.labels().stream())
                .anyMatch(label -> label.structure().isPresent()
                        && Folder.name(label.file().getParent()).equals("segmentations"));
        String words = Words.areSequences(all.channels())
                ? "BraTS folders"
                : structures ? "TotalSegmentator folders" : "a folder for each case";
        return List.of(new Found("case-folders", words, all.channels(), all.cases(), all.unread(), all.problems()));
    }

    private static Folder withoutSides(Folder root) {
        List<Path> folders = root.folders().stream()
                .filter(folder -> Side.of(Folder.name(folder)).isEmpty())
                .toList();
        return new Folder(root.path(), root.images(), folders, root.others());
    }

    private static Found read(Folder root, Optional<Side> side) throws IOException {
        Map<String, Channels> channels = new LinkedHashMap<>();
        Map<String, List<LabelFile>> labels = new LinkedHashMap<>();
        var unread = new ArrayList<Path>();
        for (Path path : root.folders()) {
            Folder folder = Folder.list(path);
            String id = Folder.name(path);
            var images = new ArrayList<Path>();
            var own = new ArrayList<LabelFile>();
            for (Path file : folder.images()) {
                if (Words.saysLabel(Parts.withoutId(id, Folder.stem(file)))) {
                    own.add(new LabelFile(file));
                } else {
                    images.add(file);
                }
            }
            for (Path inner : folder.folders()) {
                if (Words.isLabelFolder(Folder.name(inner))) {
                    Folder.list(inner)
                            .images()
                            .forEach(file ->
                                    own.add(new LabelFile(file, Optional.of(Parts.withoutId(id, Folder.stem(file))))));
                } else if (Words.isImageFolder(Folder.name(inner))) {
                    images.addAll(Folder.list(inner).images());
                }
            }
            if (images.isEmpty() && own.isEmpty()) {
                continue;
            }
            unread.addAll(folder.others());
            channels.put(id, Channels.of(id, images));
            if (!own.isEmpty()) {
                labels.put(id, own);
            }
        }
        return together(channels, oneOfEach(labels), side, new ArrayList<>(), unread);
    }

    /// Where one file holds the labels, files of single classes beside it say the same again. Where no name
    /// is that of
    /// a class, for each case has others, the files are objects of one class.
    private static Map<String, List<LabelFile>> oneOfEach(Map<String, List<LabelFile>> labels) {
        var cases = new HashMap<String, Integer>();
        labels.values().stream()
                .flatMap(List::stream)
                .flatMap(label -> label.structure().stream())
                .forEach(name -> cases.merge(name, 1, Integer::sum));
        double mean =
                cases.values().stream().mapToInt(Integer::intValue).average().orElse(0);
        boolean objects = labels.size() > 1 && mean < SHARED;
        var chosen = new LinkedHashMap<String, List<LabelFile>>();
        labels.forEach((id, files) -> {
            List<LabelFile> whole =
                    files.stream().filter(file -> file.structure().isEmpty()).toList();
            List<LabelFile> left = whole.isEmpty() ? files : whole;
            chosen.put(
                    id,
                    objects && whole.isEmpty()
                            ? left.stream()
                                    .map(file -> new LabelFile(file.file(), Optional.of("object")))
                                    .toList()
                            : left);
        });
        return chosen;
    }

    /// {@return cases by their folders}; one that lacks a channel that others have is a problem
    static Found together(
            Map<String, Channels> channels,
            Map<String, List<LabelFile>> labels,
            Optional<Side> side,
            List<Problem> problems,
            List<Path> unread) {
        var names = new TreeSet<String>();
        channels.values().forEach(one -> names.addAll(one.byName.keySet()));
        var cases = new ArrayList<FoundCase>();
        var ids = new LinkedHashSet<>(channels.keySet());
        ids.addAll(labels.keySet());
        for (String id : ids) {
            Channels own = channels.getOrDefault(id, new Channels(new TreeMap<>()));
            List<LabelFile> files = labels.getOrDefault(id, List.of());
            long whole =
                    files.stream().filter(file -> file.structure().isEmpty()).count();
            if (whole > 1) {
                problems.add(Problem.error(
                        files.getFirst().file().getParent(),
                        "%d files may be the segmentation of %s: %s"
                                .formatted(
                                        whole,
                                        id,
                                        String.join(
                                                ", ",
                                                files.stream()
                                                        .map(file -> Folder.name(file.file()))
                                                        .toList())),
                        "A case has one, or a folder 'segmentations' with a file for each class: remove the others."));
            }
            cases.add(new FoundCase(id, List.copyOf(own.byName.values()), files, side));
        }
        return Parts.of(names.size() > 1 ? List.copyOf(names) : List.of(), cases, unread, problems);
    }
}
