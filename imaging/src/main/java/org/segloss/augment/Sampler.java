package org.segloss.augment;

import org.segloss.image.Geometry;
import org.segloss.prep.PreparedCase;

/// An image with its labels, read between the voxels.
///
/// Numbers are interpolated linearly between the eight voxels around a place; over the edges the outermost voxels go
/// on.
/// A label is the one that has the most of these eight weights, of equal ones the smallest.
final class Sampler {
    private static final int CORNERS = 8;

    private final PreparedCase image;
    private final Geometry grid;
    private final int[] voxel = new int[CORNERS];
    private final double[] weight = new double[CORNERS];

    Sampler(PreparedCase image) {
        this.image = image;
        this.grid = image.grid();
    }

    void moveTo(double z, double y, double x) {
        double atZ = Math.clamp(z, 0, grid.z() - 1);
        double atY = Math.clamp(y, 0, grid.y() - 1);
        double atX = Math.clamp(x, 0, grid.x() - 1);
        int k = (int) atZ;
        int j = (int) atY;
        int i = (int) atX;
        double fz = atZ - k;
        double fy = atY - j;
        double fx = atX - i;
        int slice = grid.y() * grid.x();
        int stepZ = k + 1 < grid.z() ? slice : 0;
        int stepY = j + 1 < grid.y() ? grid.x() : 0;
        int stepX = i + 1 < grid.x() ? 1 : 0;
        int first = k * slice + j * grid.x() + i;
        for (int corner = 0; corner < CORNERS; corner++) {
            boolean far = (corner & 4) != 0;
            boolean low = (corner & 2) != 0;
            boolean right = (corner & 1) != 0;
            voxel[corner] = first + (far ? stepZ : 0) + (low ? stepY : 0) + (right ? stepX : 0);
            weight[corner] = (far ? fz : 1 - fz) * (low ? fy : 1 - fy) * (right ? fx : 1 - fx);
        }
    }

    float value(int channel) {
        long start = (long) channel * image.voxels();
        double sum = 0;
        for (int corner = 0; corner < CORNERS; corner++) {
            sum += weight[corner] * image.value(start + voxel[corner]);
        }
        return (float) sum;
    }

    byte label() {
        int best = image.label(voxel[0]);
        boolean same = true;
        for (int corner = 1; corner < CORNERS; corner++) {
            same &= image.label(voxel[corner]) == best;
        }
        if (same) {
            return (byte) best;
        }
        double most = -1;
        for (int corner = 0; corner < CORNERS; corner++) {
            int label = image.label(voxel[corner]);
            double share = share(label);
            if (share > most || (share == most && label < best)) {
                most = share;
                best = label;
            }
        }
        return (byte) best;
    }

    private double share(int label) {
        double sum = 0;
        for (int corner = 0; corner < CORNERS; corner++) {
            if (image.label(voxel[corner]) == label) {
                sum += weight[corner];
            }
        }
        return sum;
    }
}
