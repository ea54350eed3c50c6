package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
/// @param overlap    whether a voxel may be of several classes: then its label is the sum of `2^k` over its
/// classes k,
///                   from 0 on
public record LabelFiles(List<LabelFile> files, List<String> structures, Optional<Path> image, boolean overlap) {
    public LabelFiles {
        files = List.copyOf(files);
        structures = List.copyOf(structures);
    }

    /// A segmentation in which a voxel has one class.
    public LabelFiles(List<LabelFile> files, List<String> structures, Optional<Path> image) {
        this(files, structures, image, false);
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

    /// {@return the names of the classes that have files of their own in any case, sorted}
    public static List<String> structures(List<Dataset.Entry> cases) {
        return cases.stream()
                .flatMap(entry -> entry.labels().stream())
                .flatMap(label -> label.structure().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /// Reads the files and collects all that is wrong with them. Where there are several, each voxel has the
    /// number of the class that marks it.
    Inspected inspect() {
        if (isWhole()) {
            var problems = new ArrayList<Problem>();
            return new Inspected(problems, scan(files.getFirst().file(), problems));
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
            } else if (findings.isEmpty()) {
                mark(way.get().turn(scan.labels()).values(), name(file));
            }
        }

        private void mark(byte[] mask, String name) {
            int index = structures.indexOf(name);
            byte label = (byte) (overlap ? 1 << index : index + 1);
            for (int voxel = 0; voxel < mask.length; voxel++) {
                if (mask[voxel] == 0) {
                    continue;
                }
                if (overlap) {
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
