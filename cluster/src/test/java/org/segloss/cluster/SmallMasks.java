package org.segloss.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;

/// Label maps of blocks at places that a seed decides.
final class SmallMasks {
    private static final int SIDE = 14;

    private SmallMasks() {}

    static void write(Path file, long seed) throws IOException {
        var random = new Random(seed);
        byte[] voxels = new byte[SIDE * SIDE * SIDE];
        for (int block = 0; block < 4; block++) {
            byte label = (byte) (1 + block % 2);
            int size = 3 + random.nextInt(4);
            int z = random.nextInt(SIDE - size);
            int y = random.nextInt(SIDE - size);
            int x = random.nextInt(SIDE - size);
            for (int i = 0; i < size * size * size; i++) {
                voxels[((z + i / size / size) * SIDE + y + i / size % size) * SIDE + x + i % size] = label;
            }
        }
        Images.write(file, new Labels(Geometry.identity(SIDE, SIDE, SIDE), voxels));
    }
}
