package org.segloss.dataset;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.segloss.file.Sha256;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;

/// What validation keeps of a file once its voxels are gone.
///
/// @param geometry  present if the file could be read
/// @param hash      of the voxels, not of the packed file: copies may be packed in another way
/// @param least     number of an image
/// @param range     largest number minus the least, of an image
/// @param histogram voxels with each label, of a segmentation
record FileFacts(
        String id,
        Path file,
        List<Problem> problems,
        Optional<Geometry> geometry,
        int channels,
        String hash,
        double least,
        double range,
        long[] histogram) {

    static FileFacts read(String id, Path file, boolean isLabel) {
        ReadResult inspection = isLabel ? Images.inspectLabels(file) : Images.inspect(file);
        var problems = new ArrayList<Problem>();
        inspection.findings().forEach(finding -> problems.add(Problem.of(file, finding)));
        if (inspection.scan().isEmpty()) {
            return new FileFacts(id, file, problems, Optional.empty(), 0, "", 0, 0, new long[256]);
        }
        Scan scan = inspection.scan().get();
        if (isLabel) {
            return label(id, file, scan, problems);
        }
        List<Problem> bad = PairChecks.numbers(file, scan);
        problems.addAll(bad);
        double[] ends = bad.isEmpty() ? ends(scan.values().toFloats()) : new double[] {Double.NaN, Double.NaN};
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
                new long[256]);
    }

    private static FileFacts label(String id, Path file, Scan scan, List<Problem> problems) {
        scan.labelFindings().forEach(finding -> problems.add(Problem.of(file, finding)));
        boolean usable = problems.stream().noneMatch(Problem::isError);
        long[] histogram = usable ? scan.labels().histogram() : new long[256];
        Optional<Geometry> geometry = usable ? Optional.of(scan.geometry()) : Optional.empty();
        return new FileFacts(id, file, problems, geometry, scan.channels(), hash(scan), 0, 0, histogram);
    }

    private static double[] ends(float[] values) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        return new double[] {least, most};
    }

    private static String hash(Scan scan) {
        MessageDigest digest = Sha256.digest();
        String form = scan.geometry().shapeText() + scan.values().type();
        digest.update(form.getBytes(StandardCharsets.UTF_8));
        digest.update(scan.values().littleEndian());
        return Sha256.hex(digest);
    }

    /// {@return the labels that occur}; in a mask of 0 and 255, 255 counts as 1
    List<Integer> values() {
        if (PairChecks.isMask(histogram)) {
            return histogram[0] > 0 ? List.of(0, 1) : List.of(1);
        }
        return IntStream.range(0, 256)
                .filter(value -> histogram[value] > 0)
                .boxed()
                .toList();
    }

    /// {@return voxels that are not background}
    long foreground() {
        long sum = 0;
        for (int value = 1; value < 256; value++) {
            sum += histogram[value];
        }
        return sum;
    }
}
