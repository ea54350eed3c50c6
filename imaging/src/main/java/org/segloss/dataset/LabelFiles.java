package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;
import org.segloss.image.LabelMap;
import org.segloss.image.NumericArray;
import org.segloss.image.Reorientation;
import org.segloss.layout.LabelFile;
import org.segloss.layout.Problem;

/// The files of a segmentation: one whose numbers are the labels, or one for each class, in which all
/// numbers but 0 mark its voxels.
///
/// @param structures names of the classes that have files of their own, from label 1 on; empty where one file
///                   has all
/// @param image      that the segmentation is of, if it is known
/// @param marking    how they say what a voxel is
public record LabelFiles(List<LabelFile> files, List<String> structures, Optional<Path> image, Marking marking) {
    public LabelFiles {
        files = List.copyOf(files);
        structures = List.copyOf(structures);
    }

    /// A segmentation in which a voxel has one class.
    public LabelFiles(List<LabelFile> files, List<String> structures, Optional<Path> image) {
        this(files, structures, image, Marking.CLASSES);
    }

    /// A segmentation in one file, whose numbers are the labels.
    public static LabelFiles of(Path file) {
        return new LabelFiles(List.of(new LabelFile(file)), List.of(), Optional.empty());
    }

    /// {@return the file that the segmentation is named by}
    public Path first() {
        return files.getFirst().file();
    }

    /// {@return whether the numbers of one file are the labels}
    public boolean isWhole() {
        return files.size() == 1 && files.getFirst().structure().isEmpty();
    }

    /// {@return the names of the classes that have files of their own in any case, or that files name in
    /// themselves, sorted}
    public static List<String> structures(List<Dataset.Entry> cases) {
        return cases.stream()
                .flatMap(entry -> entry.labels().stream())
                .flatMap(label ->
                        label.structure().isPresent() ? label.structure().stream() : names(label).values().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /// {@return how segmentations say what a voxel is}: where there are raters, by them
    static Marking marking(List<Dataset.Entry> cases, Reading reading) {
        boolean raters =
                cases.stream().flatMap(entry -> entry.labels().stream()).anyMatch(LabelFile::rater);
        return raters ? Marking.RATERS : reading.marking();
    }

    /// Reads the files and collects all that is wrong with them. Where there are several, each voxel has the
    /// number of the class that marks it.
    Inspected inspect() {
        if (isWhole()) {
            var problems = new ArrayList<Problem>();
            Optional<Scan> scan = scan(files.getFirst().file(), problems).map(this::byName);
            return new Inspected(
                    problems, marking == Marking.PROBABILITIES ? scan.flatMap(s -> steps(s, problems)) : scan);
        }
        return new Merged().of(files);
    }

    /// {@return the labels}; in a mask of 0 and 255, 255 becomes 1
    /// @throws IOException that says all that is wrong with the files
    public LabelMap read(Collection<Integer> ignored) throws IOException {
        return scan().labelMap(ignored);
    }

    /// {@return what the files hold, which are numbers of labels}
    /// @throws IOException that says all that is wrong with the files
    Scan scan() throws IOException {
        Scan scan = inspect().orThrow();
        Inspected.throwErrors(
                "",
                scan.numberFindings().stream()
                        .map(finding -> Problem.of(files.getFirst().file(), finding))
                        .toList());
        return scan;
    }

    /// {@return labels by their names, where the file has these}: its numbers may be others than in another file
    private Scan byName(Scan scan) {
        SortedMap<Integer, String> names = structures.isEmpty() ? new TreeMap<>() : names(files.getFirst());
        if (names.isEmpty() || !scan.labelFindings().isEmpty()) {
            return scan;
        }
        byte[] labels = scan.labels().values().clone();
        for (int i = 0; i < labels.length; i++) {
            String name = names.get(labels[i] & 0xFF);
            labels[i] = name == null ? labels[i] : (byte) (structures.indexOf(name) + 1);
        }
        return new Scan(scan.geometry(), 1, NumericArray.of(labels, Images.shape(scan.geometry(), 1)));
    }

    /// {@return what a file calls its labels, by their numbers}; nothing where it doesn't, or can't be read
    private static SortedMap<Integer, String> names(LabelFile file) {
        try {
            return Images.labelNames(file.file());
        } catch (IOException _) {
            // is said where it is read
            return new TreeMap<>();
        }
    }

    /// {@return probabilities as numbers of steps}; nothing where some are none
    private Optional<Scan> steps(Scan scan, List<Problem> problems) {
        NumericArray values = scan.values();
        double most = 0;
        for (long i = 0; i < values.size(); i++) {
            double value = values.get(i);
            if (!(value >= 0)) {
                most = Double.NaN;
                break;
            }
            most = Math.max(most, value);
        }
        double one =
                switch (values.type()) {
                    case UINT8 -> most > 1 ? 255 : 1;
                    case UINT16 -> most > 1 ? 65535 : 1;
                    default -> 1;
                };
        // a share that was computed in float may be a little above 1
        if (scan.channels() != 1 || !(most <= one * (1 + 1e-5))) {
            problems.add(Problem.error(
                    files.getFirst().file(),
                    Double.isNaN(most)
                            ? "it holds numbers below 0, or NaN"
                            : "it has %d channels with numbers up to %s".formatted(scan.channels(), most),
                    "Expected are probabilities: one channel of numbers from 0 to 1, or from 0 to 255 in bytes."));
            return Optional.empty();
        }
        byte[] steps = new byte[Math.toIntExact(values.size())];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = (byte) Math.round(Math.min(values.get(i) / one, 1) * ClassLabels.PROBABILITY_STEPS);
        }
        return Optional.of(new Scan(scan.geometry(), 1, NumericArray.of(steps, Images.shape(scan.geometry(), 1))));
    }

    private Optional<Scan> scan(Path file, List<Problem> problems) {
        ReadResult result = image.isPresent() ? Images.inspectLabels(file, image.get()) : Images.inspectLabels(file);
        result.findings().forEach(finding -> problems.add(Problem.of(file, finding)));
        return result.scan();
    }

    /// One segmentation of many masks.
    private final class Merged {
        private final List<Problem> problems = new ArrayList<>();
        private Optional<Geometry> grid = Optional.empty();
        private byte[] labels = {};
        /// Where masks overlap: the two files' classes, and in how many voxels.
        private final Map<String, Integer> overlaps = new TreeMap<>();

        Inspected of(List<LabelFile> files) {
            files.forEach(this::add);
            overlaps.forEach(
                    (classes, voxels) -> problems.add(
                            Problem.error(
                                    files.getFirst().file().getParent(),
                                    "%d voxels belong to %s".formatted(voxels, classes),
                                    "A voxel has one class: take it from all files but one, leave a class out, or say --overlap that voxels have several.")));
            boolean usable = grid.isPresent() && problems.stream().noneMatch(Problem::isError);
            return new Inspected(
                    problems,
                    usable
                            ? Optional.of(new Scan(grid.get(), 1, NumericArray.of(labels, Images.shape(grid.get(), 1))))
                            : Optional.empty());
        }

        private void add(LabelFile file) {
            Optional<Scan> found = scan(file.file(), problems);
            if (found.isEmpty()) {
                return;
            }
            if (!structures.contains(name(file))) {
                problems.add(Problem.error(
                        file.file(),
                        "this is a segmentation of '%s'".formatted(name(file)),
                        "The classes are %s: take the file away.".formatted(String.join(", ", structures))));
                return;
            }
            Scan scan = found.get();
            var findings = scan.labelFindings();
            findings.forEach(finding -> problems.add(Problem.of(file.file(), finding)));
            if (grid.isEmpty()) {
                grid = Optional.of(scan.geometry());
                labels = new byte[Math.toIntExact(scan.geometry().voxels())];
            }
            Optional<Reorientation> way = Reorientation.between(scan.geometry(), grid.get());
            if (way.isEmpty()) {
                problems.add(Problem.error(
                        file.file(),
                        "it is on another grid than the files of the other classes",
                        "All files of a segmentation need the same grid: check that they belong together."));
            } else if (findings.isEmpty()
                    && marking == Marking.RATERS
                    && scan.labelMap(List.of()).labels().size() > 1) {
                problems.add(Problem.error(
                        file.file(),
                        "this rater's mask has the labels %s"
                                .formatted(scan.labelMap(List.of()).labels()),
                        "Several raters are learned where each marks one class: keep one."));
            } else if (findings.isEmpty()) {
                mark(way.get().turn(scan.labels()).values(), name(file));
            }
        }

        private void mark(byte[] mask, String name) {
            int index = structures.indexOf(name);
            byte label = (byte) (marking.isSumOfFiles() ? 1 << index : index + 1);
            for (int voxel = 0; voxel < mask.length; voxel++) {
                if (mask[voxel] == 0) {
                    continue;
                }
                if (marking.isSumOfFiles()) {
                    labels[voxel] |= label;
                    continue;
                }
                if (labels[voxel] != 0 && labels[voxel] != label) {
                    overlaps.merge(
                            "%s and to %s".formatted(structures.get((labels[voxel] & 0xFF) - 1), name),
                            1,
                            Integer::sum);
                }
                labels[voxel] = label;
            }
        }

        private String name(LabelFile file) {
            return file.structure().orElseThrow();
        }
    }
}
