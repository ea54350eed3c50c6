package org.segloss.dataset;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.segloss.file.Sha256;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;
import org.segloss.layout.Problem;

/// What validation keeps of a file once its voxels are gone.
///
/// @param geometry  present if the file could be read
/// @param hash      of the voxels, not of the packed file: copies may be packed in another way
/// @param least     number of an image
/// @param range     largest number minus the least, of an image
/// @param labels    of a segmentation
record FileFacts(
        String id,
        Path file,
        List<Problem> problems,
        Optional<Geometry> geometry,
        int channels,
        String hash,
        double least,
        double range,
        LabelCounts labels) {

    static FileFacts image(Dataset.Entry entry) {
        return image(entry.id(), new ImageFiles(entry.images()));
    }

    private static FileFacts image(String id, ImageFiles files) {
        Path file = files.first();
        Inspected inspection = files.inspect();
        var problems = new ArrayList<>(inspection.problems());
        if (inspection.scan().isEmpty()) {
            return new FileFacts(id, file, problems, Optional.empty(), 0, "", 0, 0, LabelCounts.NONE);
        }
        Scan scan = inspection.scan().get();
        double[] ends = ends(scan.values().toFloats());
        double range = ends[1] - ends[0];
        if (range == 0) {
            problems.add(Problem.warning(
                    file, "every voxel of the image has the same number", "There is nothing to see: check the file."));
        }
        return new FileFacts(
                id,
                file,
                problems,
                Optional.of(scan.geometry()),
                scan.channels(),
                hash(scan),
                ends[0],
                range,
                LabelCounts.NONE);
    }

    /// @param marking as [LabelFiles#marking]
    static FileFacts label(Dataset.Entry entry, List<String> structures, Marking marking, Collection<Integer> ignored) {
        String id = entry.id();
        Path file = entry.label();
        Inspected inspection = new LabelFiles(
                        entry.labels(), structures, entry.images().stream().findFirst(), marking)
                .inspect();
        var problems = new ArrayList<>(inspection.problems());
        if (inspection.scan().isEmpty()) {
            return new FileFacts(id, file, problems, Optional.empty(), 0, "", 0, 0, LabelCounts.NONE);
        }
        Scan scan = inspection.scan().get();
        scan.numberFindings().forEach(finding -> problems.add(Problem.of(file, finding)));
        boolean usable = problems.stream().noneMatch(Problem::isError);
        LabelCounts labels = usable ? LabelCounts.of(scan, ignored) : LabelCounts.NONE;
        Optional<Geometry> geometry = usable ? Optional.of(scan.geometry()) : Optional.empty();
        return new FileFacts(id, file, problems, geometry, scan.channels(), hash(scan), 0, 0, labels);
    }

    /// {@return the least and the largest number}; NaN where one of them isn't finite
    private static double[] ends(float[] values) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        return Float.isFinite(most - least) ? new double[] {least, most} : new double[] {Double.NaN, Double.NaN};
    }

    private static String hash(Scan scan) {
        MessageDigest digest = Sha256.digest();
        String form = scan.geometry().shapeText() + scan.values().type();
        digest.update(form.getBytes(StandardCharsets.UTF_8));
        digest.update(scan.values().littleEndian());
        return Sha256.hex(digest);
    }

    /// {@return the labels that occur and count}; in a mask of 0 and 255, 255 counts as 1
    List<Integer> values() {
        return labels.values();
    }

    /// {@return voxels that are not background}
    long foreground() {
        return labels.foreground();
    }
}
