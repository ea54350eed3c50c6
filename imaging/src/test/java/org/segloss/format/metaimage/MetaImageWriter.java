package org.segloss.format.metaimage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;

/// A program that writes two images to one file in turn until it is killed. In each all numbers are its voxels' width.
final class MetaImageWriter {
    private MetaImageWriter() {}

    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        for (int i = 0; ; i++) {
            int width = 1 + i % 2;
            float[] values = new float[1000];
            Arrays.fill(values, width);
            Images.write(file, new Volume(Geometry.scaled(10, 10, 10, width, width, width), 1, values));
            if (i == 4) {
                System.out.println("writing");
            }
        }
    }
}
