package org.segloss.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;

/// Array files of any kind that is known here, told apart by their content.
public final class NumericArrays {
    private NumericArrays() {}

    /// {@return the numbers of an .npy file in its own shape, or of a NIfTI-1 or PNG image in the shape `(z, y,
    /// x)` or `(channel, z, y, x)`}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static NumericArray read(Path file) throws IOException {
        List<Finding> findings = FileChecks.readable(file);
        if (!findings.isEmpty()) {
            throw Inspection.failure(file, findings);
        }
        return isNpy(file) ? Npy.read(file) : Images.inspect(file).orThrow().values();
    }

    /// As [#read], for labels and masks: of a PNG image they are the numbers in the file, of a palette its
    /// indices, and in a mask of 0 and 255, 255 becomes 1.
    ///
    /// @throws IOException that names the file, what is wrong with it, and what to do
    public static NumericArray readLabels(Path file) throws IOException {
        if (!Images.isPng(file)) {
            return read(file);
        }
        Labels labels = Png.readLabels(file);
        return NumericArray.of(
                labels.values(),
                List.of(1, labels.geometry().y(), labels.geometry().x()));
    }

    private static boolean isNpy(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(6);
        }
        return Npy.isSignature(head) || file.toString().endsWith(".npy");
    }
}
