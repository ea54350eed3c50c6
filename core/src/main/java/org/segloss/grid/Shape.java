package org.segloss.grid;

/// The shape of a batch of predictions: `(batch, class, z, y, x)`, x fastest. Images in two dimensions have `z = 1`.
///
/// @param batch   samples, at least 1
/// @param classes channels of the prediction, at least 1
/// @param z       slices, at least 1
/// @param y       rows, at least 1
/// @param x       columns, at least 1
public record Shape(int batch, int classes, int z, int y, int x) {
    public Shape {
        if (!(batch > 0 && classes > 0 && z > 0 && y > 0 && x > 0)) {
            throw new IllegalArgumentException(
                    "shape (batch, class, z, y, x) has to be positive, but is (%d, %d, %d, %d, %d)"
                            .formatted(batch, classes, z, y, x));
        }
    }

    /// {@return the voxels of one sample}
    public long voxels() {
        return Math.multiplyExact((long) z * y, (long) x);
    }

    /// {@return the numbers in the whole batch: batch times classes times voxels}
    public long elements() {
        return Math.multiplyExact((long) batch * classes, voxels());
    }

    @Override
    public String toString() {
        return "(%d, %d, %d, %d, %d)".formatted(batch, classes, z, y, x);
    }
}
