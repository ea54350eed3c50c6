package org.segloss.layout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.format.Formats;

/// The Brain Imaging Data Structure: `sub-1/anat/sub-1_T1w.nii.gz`, perhaps with sessions, and segmentations
/// beside the images or below `derivatives`, as
/// `derivatives/labels/sub-1/anat/sub-1_label-lesion_mask.nii.gz`.
///
/// @see <a href="https://bids-specification.readthedocs.io">the specification</a>
final class Bids implements Layout {
    private static final Pattern SUBJECT = Pattern.compile("sub-[^_]+");
    private static final Pattern CASE = Pattern.compile("(sub-[^_]+(?:_ses-[^_]+)?)_(?:.*_)?([^_]+)");
    private static final String DERIVATIVES = "derivatives";

    @Override
    public List<Found> find(Folder root, Conventions conventions) throws IOException {
        List<Path> subjects = root.folders().stream()
                .filter(folder -> SUBJECT.matcher(Folder.name(folder)).matches())
                .toList();
        if (subjects.isEmpty()) {
            return List.of();
        }
        Map<String, TreeMap<String, Path>> images = new LinkedHashMap<>();
        Map<String, List<LabelFile>> labels = new LinkedHashMap<>();
        for (Path subject : subjects) {
            for (Path file : images(subject)) {
                Matcher name = CASE.matcher(Folder.stem(file));
                if (!name.matches()) {
                    continue;
                }
                if (isSegmentation(Folder.stem(file))) {
                    labels.computeIfAbsent(name.group(1), _ -> new ArrayList<>())
                            .add(new LabelFile(file));
                } else {
                    images.computeIfAbsent(name.group(1), _ -> new TreeMap<>()).putIfAbsent(name.group(2), file);
                }
            }
        }
        Optional<Path> derivatives = root.folder(DERIVATIVES);
        if (derivatives.isPresent()) {
            for (Path file : images(derivatives.get())) {
                Matcher name = CASE.matcher(Folder.stem(file));
                if (name.matches() && isSegmentation(Folder.stem(file))) {
                    labels.computeIfAbsent(name.group(1), _ -> new ArrayList<>())
                            .add(new LabelFile(file));
                }
            }
        }
        Map<String, CaseFolders.Channels> channels = new LinkedHashMap<>();
        images.forEach((id, own) -> channels.put(
                id,
                own.size() == 1
                        ? CaseFolders.Channels.of(id, List.copyOf(own.values()))
                        : new CaseFolders.Channels(own)));
        Found all = CaseFolders.together(channels, labels, Optional.empty(), new ArrayList<>(), new ArrayList<>());
        Found named = Parts.joined("bids", "BIDS folders", List.of(all));
        return named.complete() > 0 ? List.of(named) : List.of();
    }

    private static boolean isSegmentation(String stem) {
        return Words.saysLabel(stem) || stem.contains("label-");
    }

    private static List<Path> images(Path folder) throws IOException {
        // subject, session, kind of data, file; below derivatives one or two folders more
        try (Stream<Path> files = Files.walk(folder, 6)) {
            return files.filter(file -> Formats.IMAGES.include(file) && Files.isRegularFile(file))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }
}
