package org.segloss.image;

/// A box of voxels on an image's grid. It may reach over the edges, where it repeats the outermost voxels.
///
/// @param z      of its first voxel, negative where it begins outside
/// @param y      as z
/// @param x      as z
/// @param depth  voxels along z
/// @param height voxels along y
/// @param width  voxels along x
public record Window(int z, int y, int x, int depth, int height, int width) {

    public int voxels() {
        return Math.multiplyExact(Math.multiplyExact(depth, height), width);
    }

    /// {@return whether a part of it lies outside of the grid}
    public boolean overhangs(Geometry grid) {
        return z < 0 || y < 0 || x < 0 || z + depth > grid.z() || y + height > grid.y() || x + width > grid.x();
    }

    /// Told which voxel of an image belongs to which of the window.
    public interface Visitor {
        /// @param voxel  number in the window, x fastest
        /// @param source number in the image of the voxel itself, or of the nearest one
        /// @param inside whether the window's voxel lies in the image
        void visit(int voxel, int source, boolean inside);
    }

    /// Visits every voxel of the window, x fastest.
    public void forEach(Geometry grid, Visitor visitor) {
        int voxel = 0;
        for (int k = z; k < z + depth; k++) {
            int atZ = Math.clamp(k, 0, grid.z() - 1);
            for (int j = y; j < y + height; j++) {
                int atY = Math.clamp(j, 0, grid.y() - 1);
                int row = (atZ * grid.y() + atY) * grid.x();
                boolean rowInside = atZ == k && atY == j;
                for (int i = x; i < x + width; i++) {
                    int atX = Math.clamp(i, 0, grid.x() - 1);
                    visitor.visit(voxel++, row + atX, rowInside && atX == i);
                }
            }
        }
    }

    /// Copies all channels of the image to `to`, from `offset` on.
    public void copy(Volume image, float[] to, int offset) {
        float[] values = image.values();
        int voxels = voxels();
        int grid = values.length / image.channels();
        for (int c = 0; c < image.channels(); c++) {
            int start = offset + c * voxels;
            int channel = c * grid;
            forEach(image.geometry(), (voxel, source, _) -> to[start + voxel] = values[channel + source]);
        }
    }
}
