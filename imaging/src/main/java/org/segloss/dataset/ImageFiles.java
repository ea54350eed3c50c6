package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.segloss.format.ImageInfo;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;
import org.segloss.image.Reorientation;
import org.segloss.image.Volume;
import org.segloss.layout.Problem;

/// The files of an image: one, or several that hold its channels, in their order. All have the same voxels;
/// where the axes of one are stored in another order or direction, it is turned to the first.
///
/// @param files at least one
public record ImageFiles(List<Path> files) {
    public ImageFiles {
        files = List.copyOf(files);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("an image needs a file");
        }
    }

    public static ImageFiles of(Path file) {
        return new ImageFiles(List.of(file));
    }

    /// {@return the file that an image is named by, and whose grid it has}
    public Path first() {
        return files.getFirst();
    }

    /// {@return what the files say of themselves, without their voxels}
    /// @throws IOException that names a file, and what is wrong with it
    public ImageInfo info() throws IOException {
        int channels = 0;
        Geometry grid = null;
        for (Path file : files) {
            ImageInfo info = Images.info(file);
            channels += info.channels();
            grid = grid == null ? info.geometry() : grid;
            Optional<Problem> other = otherGrid(file, info.geometry(), grid);
            if (other.isPresent()) {
                throw new IOException(other.get().toString());
            }
        }
        return new ImageInfo(grid, channels);
    }

    /// {@return the image}
    /// @throws IOException that says all that is wrong with the files; no voxel may be NaN or infinite
    public Volume read() throws IOException {
        return inspect().orThrow().volume();
    }

    /// Reads the files and collects all that is wrong with them.
    Inspected inspect() {
        var problems = new ArrayList<Problem>();
        var scans = new ArrayList<Scan>();
        for (Path file : files) {
            ReadResult result = Images.inspect(file);
            result.findings().forEach(finding -> problems.add(Problem.of(file, finding)));
            result.scan().ifPresent(scan -> {
                problems.addAll(PairChecks.numbers(file, scan));
                scans.add(scan);
                otherGrid(file, scan.geometry(), scans.getFirst().geometry()).ifPresent(problems::add);
            });
        }
        boolean whole = scans.size() == files.size()
                && scans.stream().allMatch(scan -> way(scan, scans.getFirst()).isPresent());
        return new Inspected(problems, whole ? Optional.of(stacked(scans)) : Optional.empty());
    }

    private static Optional<Reorientation> way(Scan from, Scan to) {
        return Reorientation.between(from.geometry(), to.geometry());
    }

    private Optional<Problem> otherGrid(Path file, Geometry grid, Geometry first) {
        if (Reorientation.between(grid, first).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                grid.sameShape(first)
                        ? Problem.error(
                                file,
                                "it has the affine %s, but %s, another channel of the same image, %s"
                                        .formatted(grid.affineText(), first().getFileName(), first.affineText()),
                                "All channels need the same to a fiftieth of a voxel: check that they belong together, and bring them to one grid.")
                        : Problem.error(
                                file,
                                "it has %s voxels, but %s, another channel of the same image, %s"
                                        .formatted(grid.shapeText(), first().getFileName(), first.shapeText()),
                                "All channels need the same shape: check that they belong together, and bring them to one grid."));
    }

    private static Scan stacked(List<Scan> scans) {
        Scan first = scans.getFirst();
        if (scans.size() == 1) {
            return first;
        }
        int channels = scans.stream().mapToInt(Scan::channels).sum();
        Geometry grid = first.geometry();
        float[] values = new float[Math.toIntExact(Math.multiplyExact(channels, grid.voxels()))];
        int filled = 0;
        for (Scan scan : scans) {
            float[] own = way(scan, first).orElseThrow().turn(scan.volume()).values();
            System.arraycopy(own, 0, values, filled, own.length);
            filled += own.length;
        }
        return new Scan(grid, channels, NumericArray.of(values, Images.shape(grid, channels)));
    }
}
