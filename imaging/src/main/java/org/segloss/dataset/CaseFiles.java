package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.file.InputFile;
import org.segloss.format.Formats;
import org.segloss.format.Images;
import org.segloss.layout.Found;
import org.segloss.layout.FoundCase;
import org.segloss.layout.LabelFile;
import org.segloss.layout.Layouts;
import org.segloss.layout.Problem;

/// The images and segmentations that lie in a data set's folder, by case, and what is wrong with their names.
///
/// @param problems pairs that are not complete, files that are not read
record CaseFiles(Path root, DatasetJson json, Found found, List<Problem> problems) {

    /// @param layout which reading of the folder is taken where there are several
    /// @throws IOException if the folder is no data set at all
    static CaseFiles find(Path root, Optional<String> layout) throws IOException {
        InputFile.checkFolder(root, "the folder of a data set");
        DatasetJson json = DatasetJson.read(root);
        Found found =
                Layouts.find(root, json.suffixed(), List.copyOf(json.channels().values()), layout);
        var files = new CaseFiles(root, json, found, new ArrayList<>(found.problems()));
        files.noteUnread();
        files.checkPairs();
        return files;
    }

    /// {@return the ids that have both files}
    List<String> complete() {
        return entries().stream().map(Dataset.Entry::id).toList();
    }

    /// {@return the cases}, those without an image or a segmentation too
    List<Dataset.Entry> all() {
        return found.cases().stream().map(CaseFiles::entry).toList();
    }

    /// {@return the cases that have both}
    List<Dataset.Entry> entries() {
        return found.cases().stream()
                .filter(FoundCase::isComplete)
                .map(CaseFiles::entry)
                .toList();
    }

    private static Dataset.Entry entry(FoundCase one) {
        return new Dataset.Entry(one.id(), one.images(), one.labels(), one.side());
    }

    /// {@return all ids}
    SortedSet<String> ids() {
        return found.cases().stream().map(FoundCase::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private void noteUnread() throws IOException {
        var others = new ArrayList<>(found.unread());
        if (!others.isEmpty()) {
            for (FoundCase one : found.cases()) {
                for (Path file : Stream.concat(
                                one.images().stream(), one.labels().stream().map(LabelFile::file))
                        .toList()) {
                    others.removeAll(Images.files(file));
                }
            }
        }
        others.stream().collect(Collectors.groupingBy(Path::getParent)).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> problems.add(Problem.warning(
                        entry.getKey(),
                        "%d of the files are no images, the first is %s"
                                .formatted(
                                        entry.getValue().size(),
                                        entry.getValue().getFirst().getFileName()),
                        "They are not read: images end with %s.".formatted(Formats.IMAGES.endings()))));
    }

    private void checkPairs() {
        if (found.cases().isEmpty()) {
            problems.add(Problem.error(
                    root, "there are no cases", "Put images and segmentations of the same names into its folders."));
        }
        for (FoundCase one : found.cases()) {
            if (one.labels().isEmpty()) {
                problems.add(Problem.error(
                        one.images().getFirst(),
                        "this image has no segmentation",
                        "Add one of the same name, or remove the image."));
            } else if (one.images().isEmpty()) {
                problems.add(Problem.error(
                        one.labels().getFirst().file(),
                        "this segmentation has no image",
                        "Add one of the same name, or remove the segmentation."));
            }
        }
        checkDeclared();
    }

    /// What `dataset.json` says against what is there.
    private void checkDeclared() {
        Path file = root.resolve(DatasetJson.FILE);
        Collection<String> ids = ids();
        List<String> listed = json.training().stream()
                .map(id -> ids.contains(id) ? id : id.replaceFirst("_\\d{4}$", ""))
                .toList();
        List<String> missing = listed.stream().filter(id -> !ids.contains(id)).toList();
        if (!missing.isEmpty()) {
            problems.add(Problem.error(
                    file,
                    "it lists %s without files: %s"
                            .formatted(
                                    Layouts.count(missing.size(), "case"),
                                    Layouts.examples(missing.stream()
                                            .map(id -> id.isBlank() ? "one without a name" : id)
                                            .toList())),
                    "Add the files, or remove the cases from the list."));
        }
        List<String> unlisted = ids.stream()
                .filter(id -> !listed.isEmpty() && !listed.contains(id))
                .toList();
        if (!unlisted.isEmpty()) {
            problems.add(Problem.warning(
                    file,
                    "it does not list %s that %s files: %s"
                            .formatted(
                                    Layouts.count(unlisted.size(), "case"),
                                    unlisted.size() == 1 ? "has" : "have",
                                    Layouts.examples(unlisted)),
                    "They are used like the others: take their files away, or add them to the list."));
        }
        int there = complete().size();
        if (json.cases().isPresent() && json.cases().getAsInt() != there && missing.isEmpty() && unlisted.isEmpty()) {
            problems.add(Problem.warning(
                    file,
                    "numTraining is %d, but there are %s"
                            .formatted(json.cases().getAsInt(), Layouts.count(there, "case")),
                    "All that are there are used: check that none is missing, or correct the number."));
        }
        int channels = found.channels().size();
        if (channels > 1 && !json.channels().isEmpty() && json.channels().size() != channels) {
            problems.add(Problem.error(
                    file,
                    "it names %s (%s), but cases have files of %d: %s"
                            .formatted(
                                    Layouts.count(json.channels().size(), "channel"),
                                    String.join(", ", json.channels().values()),
                                    channels,
                                    String.join(", ", found.channels())),
                    "Correct %s, or take the files away.".formatted(json.channelsKey())));
        }
    }
}
