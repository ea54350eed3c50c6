package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.segloss.image.LabelMap;
import org.segloss.layout.Problem;

/// Looks at every file of a data set and collects all that is wrong.
public final class Validation {
    /// Air has -1000 Hounsfield units; what other scanners write is hardly ever so far below 0.
    private static final int AIR = -900;

    /// What else a channel of computed tomography may be called, such as `CT scan` or `CBCT`.
    private static final Pattern LIKE_CT =
            Pattern.compile("(?<![a-z])(cb|ld)?ct(?![a-z])|comput", Pattern.CASE_INSENSITIVE);

    private Validation() {}

    /// Reads all images and segmentations, and compares them with each other and with what the data set
    /// declares.
    ///
    /// Errors are what keeps cases from being used: files that are damaged, incomplete pairs, other shapes or
    /// places, labels that are not declared, voxels that are no finite numbers, a `split.json` that does not
    /// fit, or has a subject on two sides. Warnings are what is probably not meant: copies, empty
    /// segmentations, files that are unlike all others, odd headers. Notes are the shares of voxels that
    /// don't count.
    ///
    /// @return nothing if all is well; throws nothing, a folder that is no data set is an error in the list
    public static List<Problem> validate(Path folder) {
        return validate(folder, Reading.PLAIN);
    }

    /// As [#validate(Path)], where whoever uses the folder says more about it.
    public static List<Problem> validate(Path folder, Reading reading) {
        CaseFiles files;
        try {
            files = CaseFiles.find(folder, reading.layout());
        } catch (IOException e) {
            return List.of(problem(folder, e));
        }
        var problems = new ArrayList<>(files.problems());
        SortedSet<Integer> notCounted = LabelNames.ignored(files.json(), reading);
        List<String> structures = LabelFiles.structures(files.entries());
        Marking marking = LabelFiles.marking(files.entries(), reading);
        List<FileFacts> images = facts(files.all(), entry -> !entry.images().isEmpty(), FileFacts::image);
        List<FileFacts> labels = facts(
                files.all(),
                entry -> !entry.labels().isEmpty(),
                entry -> FileFacts.label(entry, structures, marking, notCounted));
        images.forEach(image -> problems.addAll(image.problems()));
        labels.forEach(label -> problems.addAll(label.problems()));
        checkPairs(images, labels, problems);
        checkChannels(images, problems);
        checkTomography(folder, files.json(), images, labels, problems);
        checkLabels(folder, files, structures, reading, labels, problems);
        problems.addAll(Copies.find(images, labels));
        problems.addAll(Outliers.find(images, labels));
        checkIds(folder, files, problems);
        checkSplit(folder, files, labels, problems);
        noteIgnored(folder, notCounted, labels, problems);
        return List.copyOf(problems);
    }

    /// The message begins with the file it is about.
    private static Problem problem(Path folder, IOException e) {
        String message = e.getMessage();
        for (Path file : List.of(
                folder.resolve(DatasetJson.FILE), folder.resolve("split.json"), folder.resolve(Groups.FILE), folder)) {
            if (message.startsWith(file + ": ")) {
                String rest = message.substring(file.toString().length() + 2);
                int end = rest.indexOf(". ");
                return end < 0
                        ? Problem.error(file, rest, "Correct it.")
                        : Problem.error(file, rest.substring(0, end), rest.substring(end + 2));
            }
        }
        return Problem.error(folder, message, "Check the folder.");
    }

    private static List<FileFacts> facts(
            List<Dataset.Entry> cases, Predicate<Dataset.Entry> there, Function<Dataset.Entry, FileFacts> read) {
        // unpacking takes the time, and a file does not need another
        return cases.stream().filter(there).toList().parallelStream().map(read).toList();
    }

    private static void checkPairs(List<FileFacts> images, List<FileFacts> labels, List<Problem> problems) {
        Map<String, FileFacts> byId = labels.stream().collect(Collectors.toMap(FileFacts::id, facts -> facts));
        for (FileFacts image : images) {
            FileFacts label = byId.get(image.id());
            if (label != null
                    && image.geometry().isPresent()
                    && label.geometry().isPresent()) {
                var entry = new Dataset.Entry(image.id(), image.file(), label.file());
                problems.addAll(PairChecks.grids(
                        entry, image.geometry().get(), label.geometry().get()));
            }
        }
    }

    /// Images that look like computed tomography and aren't called anything, or not what is read; and those that
    /// are called so, without anything to take a scale from.
    private static void checkTomography(
            Path folder, DatasetJson json, List<FileFacts> images, List<FileFacts> labels, List<Problem> problems) {
        int channels = images.stream().mapToInt(FileFacts::channels).max().orElse(0);
        try {
            if (channels == 0) {
                return;
            }
            if (!json.tomography(folder, channels).isEmpty()) {
                if (labels.stream().allMatch(label -> label.foreground() == 0)) {
                    problems.add(
                            Problem.warning(
                                    folder,
                                    "no segmentation has a voxel of foreground, from which images of computed tomography get their common scale",
                                    "Training brings each image to a scale of its own instead: check that the segmentations are meant."));
                }
                return;
            }
        } catch (IOException e) {
            problems.add(problem(folder, e));
            return;
        }
        long airy = images.stream().filter(image -> image.least() <= AIR).count();
        String name = json.channels().getOrDefault(0, "");
        boolean unclear = name.isEmpty() || LIKE_CT.matcher(name).find();
        if (channels == 1 && unclear && airy > 0 && 2 * airy >= images.size()) {
            problems.add(Problem.warning(
                    folder,
                    "the numbers of %d of %d images begin at %d or below, as those of computed tomography do%s"
                            .formatted(
                                    airy,
                                    images.size(),
                                    AIR,
                                    name.isEmpty() ? "" : ", but their channel is called '%s'".formatted(name)),
                    "If they are Hounsfield units, write \"%s\": {\"0\": \"%s\"} into %s: training brings all images to one scale then, not each to its own."
                            .formatted(json.channelsKey(), DatasetJson.CT, DatasetJson.FILE)));
        }
    }

    private static void checkChannels(List<FileFacts> images, List<Problem> problems) {
        List<FileFacts> read =
                images.stream().filter(image -> image.geometry().isPresent()).toList();
        int most = read.stream().mapToInt(FileFacts::channels).max().orElse(1);
        for (FileFacts image : read) {
            if (image.channels() != most && !(image.channels() == 1 && most == 3)) {
                problems.add(Problem.error(
                        image.file(),
                        "this image has %d channels, others have %d".formatted(image.channels(), most),
                        "All images of a data set need the same."));
            }
        }
    }

    private static void checkLabels(
            Path folder,
            CaseFiles files,
            List<String> structures,
            Reading reading,
            List<FileFacts> labels,
            List<Problem> problems) {
        ClassLabels classes;
        try {
            classes = LabelNames.of(
                    folder,
                    files.json(),
                    structures,
                    reading.by(LabelFiles.marking(files.entries(), reading)),
                    () -> allValues(labels));
        } catch (IOException e) {
            problems.add(problem(folder, e));
            return;
        }
        var seen = new TreeMap<Integer, Integer>();
        int readable = 0;
        for (FileFacts label : labels) {
            if (label.geometry().isEmpty()) {
                continue;
            }
            readable++;
            problems.addAll(PairChecks.labels(label.file(), label.labels(), classes));
            if (label.foreground() == 0 && label.labels().known() > 0) {
                problems.add(Problem.warning(
                        label.file(),
                        "the segmentation is empty",
                        "Every voxel is background: check that this is meant."));
            }
            label.values().forEach(value -> seen.merge(value, 1, Integer::sum));
        }
        // of classes that overlap most sets are in no file
        int all = classes.marking() == Marking.CLASSES ? classes.names().size() : 0;
        for (int label = 1; label < all && readable > 0; label++) {
            List<Integer> numbers = classes.numbers().get(label);
            if (numbers.stream().noneMatch(seen::containsKey) && !(classes.haveMask() && seen.containsKey(1))) {
                problems.add(Problem.warning(
                        folder,
                        "no segmentation has the label %s (%s)"
                                .formatted(
                                        ClassLabels.text(numbers),
                                        classes.names().get(label)),
                        "Nothing can be learned of it: check " + DatasetJson.FILE + "."));
            }
        }
    }

    private static void noteIgnored(
            Path folder, SortedSet<Integer> ignored, List<FileFacts> labels, List<Problem> problems) {
        String names = ignored.stream().map(LabelMap::text).collect(Collectors.joining(" or "));
        for (FileFacts label : labels) {
            LabelCounts counts = label.labels();
            if (counts.ignored() > 0 && counts.known() == 0) {
                problems.add(Problem.warning(
                        label.file(),
                        "every voxel has an ignored label (%s)".formatted(names),
                        "Nothing is learned of this case, and nothing scored: check that this is meant."));
            } else if (counts.ignored() > 0) {
                problems.add(Problem.note(
                        label.file(),
                        String.format(
                                Locale.ROOT,
                                "%.3g %% of the voxels have an ignored label (%s)",
                                100.0 * counts.ignored() / (counts.ignored() + counts.known()),
                                names),
                        "They are neither learned nor scored."));
            }
        }
        if (!ignored.isEmpty()
                && labels.stream().allMatch(label -> label.labels().ignored() == 0)) {
            problems.add(Problem.note(
                    folder, "no voxel has an ignored label (%s)".formatted(names), "All are learned and scored."));
        }
    }

    private static SortedSet<Integer> values(List<FileFacts> labels) {
        return labels.stream().flatMap(label -> label.values().stream()).collect(Collectors.toCollection(TreeSet::new));
    }

    /// With those that are ignored.
    private static SortedSet<Integer> allValues(List<FileFacts> labels) {
        SortedSet<Integer> values = values(labels);
        labels.forEach(label -> values.addAll(label.labels().ignoredValues()));
        return values;
    }

    /// Names that some file systems cannot hold side by side.
    private static void checkIds(Path folder, CaseFiles files, List<Problem> problems) {
        var seen = new TreeMap<String, String>();
        for (String id : files.ids()) {
            String plain = Normalizer.normalize(id, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
            String other = seen.putIfAbsent(plain, id);
            if (other != null) {
                problems.add(Problem.warning(
                        folder,
                        "the cases '%s' and '%s' differ only in case or accents".formatted(other, id),
                        "They may be one case, and clash on other computers: rename one."));
            }
        }
    }

    private static void checkSplit(Path folder, CaseFiles files, List<FileFacts> labels, List<Problem> problems) {
        Path file = folder.resolve("split.json");
        try {
            Groups groups = Groups.of(folder, files.complete());
            if (!Files.exists(file)) {
                return;
            }
            for (Split split : Split.parse(file, files.complete(), problems)) {
                checkSide(file, "train", split.train(), labels, problems);
                checkSide(file, "test", split.test(), labels, problems);
                for (String leak : groups.leaks(split)) {
                    problems.add(Problem.error(
                            file, leak, "What a network has seen of a subject can't test it: move all to one side."));
                }
            }
        } catch (IOException e) {
            problems.add(problem(folder, e));
        }
    }

    /// A label that occurs, but not among the cases of one side.
    private static void checkSide(
            Path file, String side, List<String> ids, List<FileFacts> labels, List<Problem> problems) {
        SortedSet<Integer> absent = values(labels);
        labels.stream().filter(label -> ids.contains(label.id())).forEach(label -> absent.removeAll(label.values()));
        if (!absent.isEmpty() && !ids.isEmpty()) {
            problems.add(Problem.warning(
                    file,
                    "no case in '%s' has the labels %s, which others have".formatted(side, ClassLabels.text(absent)),
                    "Nothing can be said of them: move a case that has them."));
        }
    }
}
