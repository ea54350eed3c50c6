package org.segloss.benchmarks;

import org.segloss.grid.Grid;

/// Generated masks: `organs` are a few large ellipsoids, `blobs` many small ones, `mostlyInside` is all but few small
/// ones.
final class Masks {
    private final Grid grid;
    private final byte[] voxels;
    private int state = 1;

    private Masks(Grid grid) {
        this.grid = grid;
        voxels = new byte[(int) grid.voxels()];
    }

    static byte[] of(String name, Grid grid) {
        Masks mask = new Masks(grid);
        int least = Math.min(grid.z(), Math.min(grid.y(), grid.x()));
        switch (name) {
            case "organs" -> mask.draw(6, least / 10, least / 3);
            case "blobs" -> mask.draw(mask.voxels.length / 2000, 2, 9);
            case "mostlyInside" -> {
                mask.draw(mask.voxels.length / 100_000, 2, 9);
                for (int i = 0; i < mask.voxels.length; i++) {
                    mask.voxels[i] ^= 1;
                }
            }
            default -> throw new IllegalArgumentException("unknown mask " + name);
        }
        return mask.voxels;
    }

    /// The union of ellipsoids with pseudo-random centres and radii, in whole numbers.
    private void draw(int count, int smallest, int largest) {
        for (int i = 0; i < count; i++) {
            long z = random(grid.z());
            long y = random(grid.y());
            long x = random(grid.x());
            long rz = smallest + random(largest - smallest + 1);
            long ry = smallest + random(largest - smallest + 1);
            long rx = smallest + random(largest - smallest + 1);
            long whole = rz * ry * rx * rz * ry * rx;
            for (long k = Math.max(z - rz, 0); k <= Math.min(z + rz, grid.z() - 1); k++) {
                for (long j = Math.max(y - ry, 0); j <= Math.min(y + ry, grid.y() - 1); j++) {
                    long rest =
                            whole - (k - z) * (k - z) * (whole / (rz * rz)) - (j - y) * (j - y) * (whole / (ry * ry));
                    int row = (int) ((k * grid.y() + j) * grid.x());
                    for (long l = Math.max(x - rx, 0); l <= Math.min(x + rx, grid.x() - 1); l++) {
                        if ((l - x) * (l - x) * (whole / (rx * rx)) <= rest) {
                            voxels[row + (int) l] = 1;
                        }
                    }
                }
            }
        }
    }

    private int random(int bound) {
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF;
        return (state >> 8) % bound;
    }
}
