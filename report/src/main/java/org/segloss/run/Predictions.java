package org.segloss.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.segloss.format.Formats;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.loss.Task;

/// The files that predicted segmentations are written to.
public final class Predictions {
    private Predictions() {}

    /// {@return the file of a case, in the format of its image if that holds labels}
    public static Path file(Path folder, String id, Path image) {
        return folder.resolve(id
                + Formats.LABELS
                        .named(image)
                        .map(format -> format.endings().getFirst())
                        .orElse(Formats.LABELS.ownEnding()));
    }

    /// Writes labels on their grid, where any program finds their image. A binary picture has 0 and 255, to be looked
    /// at.
    ///
    /// @param image the file that the labels are of, if they are of one; where it stores their plane along another
    ///              axis, they are stored so, too
    public static void write(Path file, Labels labels, Task.Kind kind, Optional<Path> image) throws IOException {
        Labels written = kind == Task.Kind.BINARY ? Images.mask(file, labels) : labels;
        if (image.isPresent()) {
            Geometry stored = Images.info(image.get()).geometry();
            boolean plane = stored.asPlane().equals(labels.geometry());
            Images.writeLike(image.get(), file, plane ? new Labels(stored, written.values()) : written);
        } else {
            Images.write(file, written);
        }
    }

    /// Reads labels; in a binary task they are 0 and 1, whatever stands in the file for 1.
    ///
    /// @param grid of the case; where it is a plane that the file stores along another axis, the labels are on it
    /// too
    public static Labels read(Path file, Task.Kind kind, Geometry grid) throws IOException {
        Labels stored = Images.readLabels(file);
        Labels labels = stored.geometry().sameShape(grid) ? stored : stored.asPlane();
        return kind == Task.Kind.BINARY ? labels.foreground() : labels;
    }
}
