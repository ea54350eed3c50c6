package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.segloss.file.MessageKinds;
import org.segloss.format.ImageInfo;
import org.segloss.layout.LabelFile;
import org.segloss.layout.Layouts;
import org.segloss.layout.Problem;
import org.segloss.layout.Side;

/// Cases with images and reference segmentations, as found in a folder. Holds paths, no voxels.
///
/// @param name       for people
/// @param dimensions 2 if all images have one slice along an axis, whichever it is, otherwise 3
/// @param channels   of every image
/// @param classes    what they are called, and by which numbers the segmentations mark them
/// @param cases      sorted by id
/// @param tomography the channels that hold numbers of computed tomography, which mean the same in every
///                   image
/// @param layout     how the files are arranged, as [Reading#layout] takes it
/// @param summary    what the folder was understood as, in one sentence for people
public record Dataset(
        String name,
        int dimensions,
        int channels,
        ClassLabels classes,
        List<Entry> cases,
        SortedSet<Integer> tomography,
        String layout,
        String summary) {

    /// What describes a data set, in its folder.
    public static final String JSON = DatasetJson.FILE;

    /// One case's files.
    ///
    /// @param images one, or one for each channel
    /// @param labels one that holds the labels, or one for each class
    /// @param side   what the case is for, where the names of folders say it
    public record Entry(String id, List<Path> images, List<LabelFile> labels, Optional<Side> side) {
        public Entry {
            images = List.copyOf(images);
            labels = List.copyOf(labels);
        }

        /// A case of one image and one segmentation.
        public Entry(String id, Path image, Path label) {
            this(id, List.of(image), List.of(new LabelFile(label)), Optional.empty());
        }

        /// {@return the file that the image is named by}
        public Path image() {
            return images.getFirst();
        }

        /// {@return the first file of the segmentation}
        public Path label() {
            return labels.getFirst().file();
        }

        /// {@return all files of the segmentation}
        public List<Path> labelFiles() {
            return labels.stream().map(LabelFile::file).toList();
        }
    }

    public Dataset {
        cases = List.copyOf(cases);
        tomography = Collections.unmodifiableSortedSet(new TreeSet<>(tomography));
    }

    /// A data set whose files hold the labels themselves.
    public Dataset(String name, int dimensions, int channels, List<String> labels, List<Entry> cases) {
        this(name, dimensions, channels, ClassLabels.of(labels), cases, Collections.emptySortedSet(), "", "");
    }

    /// {@return name of each label; the first is the background}
    public List<String> labels() {
        return classes.names();
    }

    /// {@return the labels of voxels that don't count, none of them a class}
    public SortedSet<Integer> ignored() {
        return classes.ignoredLabels();
    }

    /// Opens a folder in which people keep images and segmentations, in one of the ways that
    /// [org.segloss.layout.Layouts] knows: `imagesTr` and `labelsTr`, `images` and `masks`, a folder for each
    /// case, channels and classes in files of their own; in any of the formats that
    /// [org.segloss.format.Formats#IMAGES] lists.
    ///
    /// Where there is a `dataset.json` it says what the labels are, which of them doesn't count (`ignore`),
    /// and which channels are `CT`, as the decathlon or nnU-Net write it. Where it doesn't say what the
    /// labels are the segmentations are read to see: two values, such as 0 and 255, are background and
    /// foreground; of more each is a class, 0 the background. In a picture each colour is one, black the
    /// background. Images that are part gray and part coloured are all
    /// taken as coloured.
    ///
    /// @throws IOException that says all that is wrong with the folder and the heads of its files
    public static Dataset open(Path folder) throws IOException {
        return open(folder, Reading.PLAIN);
    }

    /// As [#open(Path)], where whoever uses the folder says more about it.
    public static Dataset open(Path folder, Reading reading) throws IOException {
        CaseFiles files = CaseFiles.find(folder, reading.layout());
        stopAtErrors(folder, files.problems());
        List<Entry> cases = files.entries();
        List<ImageInfo> infos = infos(folder, cases);
        boolean flat = infos.stream().allMatch(info -> info.geometry().isPlane());
        SortedSet<Integer> ignored = LabelNames.ignored(files.json(), reading);
        ClassLabels classes = LabelNames.of(
                folder,
                files.json(),
                LabelFiles.structures(cases),
                reading.by(LabelFiles.marking(cases, reading)),
                () -> labelValues(cases, ignored));
        int channels = channels(cases, infos);
        return new Dataset(
                files.json()
                        .name()
                        .orElse(folder.toAbsolutePath()
                                .normalize()
                                .getFileName()
                                .toString()),
                flat ? 2 : 3,
                channels,
                classes,
                cases,
                files.json().tomography(folder, channels),
                files.found().name(),
                Summary.of(files.found(), channels, classes, infos));
    }

    /// {@return whether a file may be read of a data set, by its name in the set's folder}, with slashes
    public static boolean isPart(String name) {
        return Layouts.mayHave(name);
    }

    /// {@return the cases of a folder as [#open] finds them, sorted by id}; none of their files is read
    ///
    /// @param layout as [Reading#layout]
    /// @throws IOException if it is no data set's
    public static List<Entry> entries(Path folder, Optional<String> layout) throws IOException {
        return CaseFiles.find(folder, layout).entries();
    }

    /// {@return the folder of the data set that segmentations belong to, if to one}: they lie in a folder of
    /// its folder
    ///
    /// @param segmentations their folder, or a file in it
    public static Path folderOf(Path segmentations) throws IOException {
        Path folder = Files.isDirectory(segmentations)
                ? segmentations
                : segmentations.toAbsolutePath().resolveSibling("");
        return folder.toRealPath().resolve("..").normalize();
    }

    /// {@return the labels whose voxels don't count, as a folder's `dataset.json` says}; none without that
    /// file, and where it declares no labels by their names
    ///
    /// @throws IOException if the file can't be read, or calls what is no label `ignore`
    public static SortedSet<Integer> ignoredIn(Path folder) throws IOException {
        return DatasetJson.ignored(folder);
    }

    private static void stopAtErrors(Path folder, List<Problem> problems) throws IOException {
        var errors = problems.stream().filter(Problem::isError).toList();
        if (errors.size() == 1) {
            throw new IOException(errors.getFirst().toString());
        }
        if (!errors.isEmpty()) {
            throw new IOException("%s has %d problems:%s"
                    .formatted(
                            folder,
                            errors.size(),
                            listed(errors.stream().map(Problem::toString).toList())));
        }
    }

    private static String listed(List<String> messages) {
        return MessageKinds.lines(messages, MessageKinds.MOST_LINES).stream()
                .map(line -> "\n  " + line)
                .collect(Collectors.joining());
    }

    private static List<ImageInfo> infos(Path folder, List<Entry> cases) throws IOException {
        var infos = new ArrayList<ImageInfo>();
        var failures = new ArrayList<String>();
        for (Entry entry : cases) {
            try {
                infos.add(new ImageFiles(entry.images()).info());
            } catch (IOException e) {
                failures.add(e.getMessage());
            }
        }
        if (failures.size() == 1) {
            throw new IOException(failures.getFirst());
        }
        if (!failures.isEmpty()) {
            throw new IOException(
                    "%s has %d images that cannot be read:%s".formatted(folder, failures.size(), listed(failures)));
        }
        return infos;
    }

    private static int channels(List<Entry> cases, List<ImageInfo> infos) throws IOException {
        int most = infos.stream().mapToInt(ImageInfo::channels).max().orElseThrow();
        for (int i = 0; i < infos.size(); i++) {
            int channels = infos.get(i).channels();
            if (channels != most && !(channels == 1 && most == 3)) {
                throw new IOException(
                        "%s: this image has %d channels, others have %d. All images of a data set need the same."
                                .formatted(cases.get(i).image(), channels, most));
            }
        }
        return most;
    }

    private static SortedSet<Integer> labelValues(List<Entry> cases, Collection<Integer> ignored) throws IOException {
        var values = new TreeSet<Integer>();
        for (Entry entry : cases) {
            var files = new LabelFiles(entry.labels(), List.of(), Optional.of(entry.image()));
            LabelCounts counts = LabelCounts.of(files.scan(), ignored);
            values.addAll(counts.values());
            values.addAll(counts.ignoredValues());
        }
        return values;
    }

    /// {@return the id of each case, in order}
    public List<String> ids() {
        return cases.stream().map(Entry::id).toList();
    }

    /// {@return the case with an id}
    /// @throws IllegalArgumentException if there is none
    public Entry entry(String id) {
        return cases.stream()
                .filter(entry -> entry.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s has no case '%s'; its %d cases are %s to %s"
                        .formatted(
                                name,
                                id,
                                cases.size(),
                                cases.getFirst().id(),
                                cases.getLast().id())));
    }
}
