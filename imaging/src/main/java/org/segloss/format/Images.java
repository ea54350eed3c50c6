package org.segloss.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.segloss.image.Geometry;
import org.segloss.image.LabelMap;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

/// Image files of any kind that is known here, NIfTI-1 or PNG, told apart by their content.
public final class Images {
    private static final List<String> ENDINGS = List.of(".nii.gz", ".nii", ".png");

    private Images() {}

    /// {@return a file's name without the ending that says its form, `.nii.gz`, `.nii` or `.png` in small or
    /// large letters; the whole name if it has no such ending}
    public static String withoutEnding(Path file) {
        String name = file.getFileName().toString();
        for (String ending : ENDINGS) {
            if (hasEnding(file, ending)) {
                return name.substring(0, name.length() - ending.length());
            }
        }
        return name;
    }

    static boolean hasEnding(Path file, String ending) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ending);
    }

    /// {@return an image}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static Volume read(Path file) throws IOException {
        return inspect(file).orThrow().volume();
    }

    /// {@return an image in which every voxel has a finite number}
    /// @throws IOException as [#read], or with the count and the first of the voxels that are NaN or infinite
    public static Volume readFinite(Path file) throws IOException {
        Volume image = read(file);
        float[] values = image.values();
        int bad = 0;
        int first = 0;
        for (int i = values.length - 1; i >= 0; i--) {
            if (!Float.isFinite(values[i])) {
                bad++;
                first = i;
            }
        }
        if (bad > 0) {
            Geometry grid = image.geometry();
            throw new IOException(
                    "%s: %d voxels are NaN or infinite, the first is voxel (x, y, z) = (%d, %d, %d); replace them by finite numbers"
                            .formatted(
                                    file,
                                    bad,
                                    first % grid.x(),
                                    first / grid.x() % grid.y(),
                                    first / (grid.x() * grid.y()) % grid.z()));
        }
        return image;
    }

    /// {@return a segmentation with the labels that the file has; in a mask of 0 and 255, 255 becomes 1}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static Labels readLabels(Path file) throws IOException {
        return isPng(file) ? Png.readLabels(file) : Nifti.readLabels(file);
    }

    /// {@return a segmentation with labels of any size, such as an atlas; in a mask of 0 and 255, 255 becomes 1}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static LabelMap readLabelMap(Path file) throws IOException {
        Scan scan = inspectLabels(file).orThrow();
        var findings = scan.labelFindings(Integer.MAX_VALUE);
        if (!findings.isEmpty()) {
            throw Inspection.failure(file, findings);
        }
        return scan.labelMap();
    }

    /// Reads a file and collects all that is wrong with it; throws nothing.
    public static Inspection inspect(Path file) {
        return isPng(file) ? Png.inspect(file) : Nifti.inspect(file);
    }

    /// As [#inspect], for a file that is a segmentation: the numbers of a palette image are its indices, and
    /// scaled numbers a warning.
    public static Inspection inspectLabels(Path file) {
        return isPng(file) ? Png.inspectLabels(file) : Nifti.inspectLabels(file);
    }

    /// {@return what a file is said to hold, without its voxels}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static ImageInfo info(Path file) throws IOException {
        return isPng(file) ? Png.info(file) : Nifti.info(file);
    }

    /// Writes a segmentation in the form that the file's name asks for, `.png`, `.nii` or `.nii.gz`.
    public static void write(Path file, Labels labels) throws IOException {
        checkForm(file, labels.geometry());
        if (hasEnding(file, ".png")) {
            Png.write(file, labels);
        } else {
            Nifti.write(file, labels);
        }
    }

    /// @throws IllegalArgumentException if the form that a file's name asks for can't hold a segmentation on a grid
    public static void checkForm(Path file, Geometry grid) {
        if (hasEnding(file, ".png")) {
            Png.checkForm(grid);
        } else if (!hasEnding(file, ".nii") && !hasEnding(file, ".nii.gz")) {
            throw new IllegalArgumentException(file + " should end with .png, .nii or .nii.gz");
        }
    }

    static Labels labels(Inspection inspection) throws IOException {
        Scan scan = inspection.orThrow();
        var findings = scan.labelFindings();
        if (!findings.isEmpty()) {
            throw Inspection.failure(inspection.file(), findings);
        }
        return scan.maskLabels();
    }

    static boolean isPng(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return PngHeader.isSignature(in.readNBytes(8));
        } catch (IOException _) {
            // whoever reads it next says why it cannot be read
            return false;
        }
    }
}
