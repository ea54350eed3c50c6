package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segloss.format.Images;
import org.segloss.format.Png;
import org.segloss.image.Labels;
import org.segloss.loss.Task;

/// The files that predicted segmentations are written to.
public final class Predictions {
    private static final Pattern ENDING = Pattern.compile("\\.(nii\\.gz|nii|png)$", Pattern.CASE_INSENSITIVE);

    private Predictions() {}

    /// {@return the file of a case: a PNG for a PNG image, otherwise NIfTI}
    public static Path file(Path folder, String id, Path image) {
        return folder.resolve(id + (ending(image).equalsIgnoreCase(".png") ? ".png" : ".nii.gz"));
    }

    /// {@return a file's name without `.nii.gz`, `.nii` or `.png`, in letters of either case}
    public static String id(Path file) {
        return name(file).substring(0, name(file).length() - ending(file).length());
    }

    /// {@return whether a file is an image by its name; hidden files are none}
    public static boolean isImage(Path file) {
        return !name(file).startsWith(".") && !ending(file).isEmpty();
    }

    private static String ending(Path file) {
        Matcher found = ENDING.matcher(name(file));
        return found.find() ? found.group() : "";
    }

    private static String name(Path file) {
        return Objects.requireNonNull(file.getFileName(), "a file has a name").toString();
    }

    /// Writes labels on their grid. A binary PNG has 0 and 255, to be looked at.
    public static void write(Path file, Labels labels, Task.Kind kind) throws IOException {
        if (kind == Task.Kind.BINARY && name(file).endsWith(".png")) {
            Png.writeMask(file, labels);
        } else {
            Images.write(file, labels);
        }
    }

    /// Reads labels; in a binary task they are 0 and 1, whatever stands in the file for 1.
    public static Labels read(Path file, Task.Kind kind) throws IOException {
        Labels labels = Images.readLabels(file);
        return kind == Task.Kind.BINARY ? Experiment.anyLabel(labels) : labels;
    }
}
