package org.segloss.augment;

/// The shape of a patch, and its lines.
///
/// @param z slices, 1 in a plane
/// @param y rows
/// @param x columns, which lie side by side in memory
public record PatchShape(int z, int y, int x) {
    /// Axes are counted as the shape is written.
    static final int AXES = 3;

    static final int NO_AXIS = -1;

    public PatchShape {
        if (!(z > 0 && y > 0 && x > 0)) {
            throw new IllegalArgumentException(
                    "a patch of %d x %d x %d voxels (z, y, x) has no voxel".formatted(z, y, x));
        }
    }

    public int voxels() {
        return Math.multiplyExact(Math.multiplyExact(z, y), x);
    }

    int edge(int axis) {
        return switch (axis) {
            case 0 -> z;
            case 1 -> y;
            default -> x;
        };
    }

    /// {@return how far apart neighbours along an axis lie in memory}
    int stride(int axis) {
        return switch (axis) {
            case 0 -> y * x;
            case 1 -> x;
            default -> 1;
        };
    }

    /// Told where each line along an axis begins.
    interface Visitor {
        void line(int start);
    }

    void forEachLine(int axis, Visitor visitor) {
        int stride = stride(axis);
        int span = stride * edge(axis);
        for (int outer = 0; outer < voxels(); outer += span) {
            for (int inner = 0; inner < stride; inner++) {
                visitor.line(outer + inner);
            }
        }
    }
}
