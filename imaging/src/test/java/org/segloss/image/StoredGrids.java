package org.segloss.image;

/// A grid as programs may store it: its axes in any of the six orders, each in either direction.
public final class StoredGrids {
    /// How many ways there are.
    public static final int WAYS = 48;

    private static final int[][] ORDERS = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    private StoredGrids() {}

    /// {@return the same voxels in another order, by hand}: the first voxel is at the end of what runs backward
    ///
    /// @param way from 0 to 47; 0 is the grid itself
    public static Geometry of(Geometry grid, int way) {
        int[] axes = ORDERS[way / 8];
        int[] size = {grid.x(), grid.y(), grid.z()};
        double[] m = grid.affine();
        double[] affine = new double[16];
        affine[15] = 1;
        for (int row = 0; row < 3; row++) {
            affine[4 * row + 3] = m[4 * row + 3];
            for (int axis = 0; axis < 3; axis++) {
                double step = m[4 * row + axes[axis]];
                boolean backward = (way >> axis & 1) > 0;
                affine[4 * row + axis] = backward ? -step : step;
                affine[4 * row + 3] += backward ? (size[axes[axis]] - 1) * step : 0;
            }
        }
        return new Geometry(size[axes[0]], size[axes[1]], size[axes[2]], affine);
    }
}
