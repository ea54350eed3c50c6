package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.segloss.format.Scan;
import org.segloss.image.Labels;
import org.segloss.image.Reorientation;
import org.segloss.image.Volume;
import org.segloss.layout.Problem;

/// A case in memory.
///
/// @param image with the channels of its data set
/// @param label on the image's grid, with labels from 0 to the last one of its data set; voxels of all labels
///              that are ignored have the largest of these
/// @param file  of the image; nothing if it was never in one
public record Case(String id, Volume image, Labels label, Optional<Path> file) {

    /// A case that comes from no file.
    public Case(String id, Volume image, Labels label) {
        this(id, image, label, Optional.empty());
    }

    /// {@return the same case as a plane of z, if it has one slice along another axis}
    public Case asPlane() {
        return new Case(id, image.asPlane(), label.asPlane(), file);
    }

    private Case canonical() {
        Reorientation way = Reorientation.toCanonical(image.geometry());
        return new Case(id, way.turn(image), way.turn(label), file);
    }

    /// {@return the same case in a binary task}, where all labels are the foreground but those that are
    /// ignored
    public Case binary(Collection<Integer> ignored) {
        return new Case(id, image, label.foreground(ignored), file);
    }

    /// Reads both files and checks that they belong together: the same voxels by
    /// [org.segloss.image.Geometry#sameGrid], labels that the data set declares, no voxel of the image NaN or
    /// infinite. However their axes are stored, volumes are brought to the one orientation that networks see
    /// ([Reorientation#toCanonical]). In a data set of two dimensions the one slice is along z, and its voxels
    /// stay in their order.
    ///
    /// @throws IOException that names the case, the files and all that is wrong with them
    public static Case read(Dataset dataset, Dataset.Entry entry) throws IOException {
        Inspected image = new ImageFiles(entry.images()).inspect();
        Inspected label = new LabelFiles(
                        entry.labels(),
                        dataset.classes().structures(),
                        Optional.of(entry.image()),
                        dataset.classes().marking())
                .inspect();
        var problems = new ArrayList<>(image.problems());
        problems.addAll(label.problems());
        if (image.scan().isPresent() && label.scan().isPresent()) {
            problems.addAll(
                    check(dataset, entry, image.scan().get(), label.scan().get()));
        }
        Inspected.throwErrors("case " + entry.id() + ": ", problems);
        Volume volume = withChannels(image.orThrow().volume(), dataset.channels());
        Labels stored = dataset.classes().labels(label.orThrow());
        Labels turned = Reorientation.between(stored.geometry(), volume.geometry())
                .orElseThrow()
                .turn(stored);
        var found = new Case(entry.id(), volume, turned, Optional.of(entry.image()));
        return dataset.dimensions() == 2 ? found.asPlane() : found.canonical();
    }

    private static List<Problem> check(Dataset dataset, Dataset.Entry entry, Scan image, Scan label) {
        var problems = new ArrayList<Problem>();
        problems.addAll(PairChecks.grids(entry, image.geometry(), label.geometry()));
        label.numberFindings().forEach(finding -> problems.add(Problem.of(entry.label(), finding)));
        if (problems.stream().noneMatch(Problem::isError)) {
            LabelCounts counts = LabelCounts.of(label, dataset.classes().ignored());
            problems.addAll(PairChecks.labels(entry.label(), counts, dataset.classes()));
        }
        if (image.channels() != dataset.channels() && image.channels() != 1) {
            problems.add(Problem.error(
                    entry.image(),
                    "this image has %d channels".formatted(image.channels()),
                    "The others of the data set have %d.".formatted(dataset.channels())));
        }
        return problems;
    }

    /// A gray image among coloured ones is the same in all channels.
    private static Volume withChannels(Volume image, int channels) {
        return image.channels() == channels ? image : image.repeated(channels);
    }
}
