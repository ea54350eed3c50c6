package org.segloss.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(6);
        }
        boolean npy = Npy.isSignature(head) || file.toString().endsWith(".npy");
        return npy ? Npy.read(file) : Images.inspect(file).orThrow().values();
    }
}
