package org.segloss.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

/// Three images of a bright cube, `cube_1` to `cube_3`, small enough to train on in a test.
final class Cubes {
    private Cubes() {}

    static Path write(Path folder) throws IOException {
        Geometry grid = Geometry.scaled(8, 8, 8, 1, 1, 1.5);
        for (int number = 1; number <= 3; number++) {
            float[] image = new float[512];
            byte[] label = new byte[512];
            for (int i = 0; i < 512; i++) {
                int x = i % 8;
                int y = i / 8 % 8;
                int z = i / 64;
                boolean inside = x >= number && x < number + 3 && y >= 2 && y < 6 && z >= 2 && z < 6;
                label[i] = (byte) (inside ? 1 : 0);
                image[i] = (inside ? 100 : 0) + i * 37 % 11;
            }
            Images.write(folder.resolve("images/cube_%d.nii.gz".formatted(number)), new Volume(grid, 1, image));
            Images.write(folder.resolve("masks/cube_%d.nii.gz".formatted(number)), new Labels(grid, label));
        }
        return folder;
    }
}
