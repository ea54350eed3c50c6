package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

/// Small data sets to open, and to spoil.
final class Folders {
    static final Geometry GRID = Geometry.scaled(4, 3, 2, 1, 1, 2.5);

    private Folders() {}

    /// A decathlon folder without dataset.json: cases `a`, `b`, ... with labels 0 to `labels - 1`.
    static Path msd(Path root, int cases, int labels) throws IOException {
        for (int i = 0; i < cases; i++) {
            String name = (char) ('a' + i) + ".nii.gz";
            Images.write(root.resolve("imagesTr").resolve(name), image(i));
            Images.write(root.resolve("labelsTr").resolve(name), label(i, labels));
        }
        return root;
    }

    static Volume image(int seed) {
        float[] values = new float[24];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * (seed + 1) % 7 + 0.5f * seed;
        }
        return new Volume(GRID, 1, values);
    }

    static Labels label(int seed, int labels) {
        byte[] values = new byte[24];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) ((i + seed) % 11 % labels);
        }
        return new Labels(GRID, values);
    }

    static void json(Path root, String labels) throws IOException {
        Files.writeString(root.resolve("dataset.json"), "{\"name\": \"Test\", \"labels\": %s}".formatted(labels));
    }
}
