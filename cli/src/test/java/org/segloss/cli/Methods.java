package org.segloss.cli;

import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.cli.CommandLineTest.Call;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

/// Boxes of two labels that two methods put in the wrong place.
abstract class Methods {
    static final int CASES = 8;
    static final Geometry GRID = Geometry.scaled(12, 8, 6, 1, 1, 2);

    @TempDir
    Path folder;

    Path reference;
    Path images;
    Path good;
    Path bad;
    Path out;

    @BeforeEach
    void write() throws IOException {
        reference = folder.resolve("labelsTs");
        images = folder.resolve("imagesTs");
        good = folder.resolve("good");
        bad = folder.resolve("bad");
        out = folder.resolve("runs/mine");
        for (int i = 0; i < CASES; i++) {
            write(reference, i, 0);
            write(good, i, i % 2);
            write(bad, i, 1 + i % 3);
            float[] image = new float[12 * 8 * 6];
            for (int v = 0; v < image.length; v++) {
                image[v] = v * 37 % 101;
            }
            Images.write(images.resolve(id(i) + "_0000.nii.gz"), new Volume(GRID, 1, image));
        }
    }

    static String id(int number) {
        return "case_%02d".formatted(number);
    }

    /// Two boxes, moved along x by so many voxels.
    static void write(Path place, int number, int moved) throws IOException {
        Images.write(place.resolve(id(number) + ".nii.gz"), boxes(number, moved));
    }

    static Labels boxes(int number, int moved) {
        byte[] labels = new byte[12 * 8 * 6];
        for (int v = 0; v < labels.length; v++) {
            int x = v % 12 - moved;
            int y = v / 12 % 8;
            int z = v / 96;
            if (x >= 1 && x < 5 + number % 3 && y >= 2 && y < 6 && z >= 1 && z < 5) {
                labels[v] = (byte) (x < 3 ? 1 : 2);
            }
        }
        return new Labels(GRID, labels);
    }

    Call score(Object... more) {
        return segloss(Stream.concat(Stream.of("score", "--reference", reference, "--out", out), Arrays.stream(more))
                .toArray());
    }

    /// What people read of the page.
    String page() throws IOException {
        return Files.readString(out.resolve("report.html"))
                .replaceAll("(?s)<(script|style)\\b.*?</\\1>", "")
                .replaceAll("data:[^\"]*", "");
    }
}
