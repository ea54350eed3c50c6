package org.segloss.format.nrrd;

import static org.segloss.format.Finding.warning;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.segloss.format.Affine;
import org.segloss.format.Finding;
import org.segloss.format.Images;
import org.segloss.format.Scan;
import org.segloss.image.Decoder;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// A box of voxels of a larger grid.
///
/// @param x voxels of the grid before the box's first, below 0 where the box begins outside
record Part(int x, int y, int z) {

    /// {@return where a box lies in a grid; nothing where its voxels are none of the grid's continued}
    static Optional<Part> of(Geometry box, Geometry grid) {
        double[] m = grid.affine();
        double[] apart = new double[3];
        for (int row = 0; row < 3; row++) {
            apart[row] = box.affine()[4 * row + 3] - m[4 * row + 3];
        }
        long[] offset = new long[3];
        for (int column = 0; column < 3; column++) {
            // Cramer's rule
            double[] replaced = m.clone();
            for (int row = 0; row < 3; row++) {
                replaced[4 * row + column] = apart[row];
            }
            offset[column] = Math.round(Affine.determinant(replaced) / Affine.determinant(m));
            if (Math.abs(offset[column]) > Integer.MAX_VALUE / 2) {
                return Optional.empty();
            }
        }
        double[] moved = m.clone();
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                moved[4 * row + 3] += m[4 * row + column] * offset[column];
            }
        }
        return box.sameGrid(new Geometry(box.x(), box.y(), box.z(), moved))
                ? Optional.of(new Part((int) offset[0], (int) offset[1], (int) offset[2]))
                : Optional.empty();
    }

    /// {@return the labels of the box on the grid, 0 around them}
    Scan onGrid(Scan box, Geometry grid, List<Finding> findings) {
        Geometry here = box.geometry();
        if (x == 0 && y == 0 && z == 0 && here.sameShape(grid)) {
            return box;
        }
        NumericArray labels = box.values();
        int width = labels.type().bytes();
        MemorySegment room = Decoder.room(labels.type(), (int) grid.voxels());
        int first = Math.max(0, -x);
        int length = Math.min(here.x(), grid.x() - x) - first;
        for (int k = Math.max(0, -z); k < Math.min(here.z(), grid.z() - z); k++) {
            for (int j = Math.max(0, -y); j < Math.min(here.y(), grid.y() - y) && length > 0; j++) {
                long from = ((long) k * here.y() + j) * here.x() + first;
                long to = ((long) (z + k) * grid.y() + y + j) * grid.x() + x + first;
                MemorySegment.copy(labels.data(), from * width, room, to * width, (long) length * width);
            }
        }
        var onGrid = new NumericArray(Images.shape(grid, 1), labels.type(), room);
        long outside = labelled(labels) - labelled(onGrid);
        if (outside > 0) {
            findings.add(warning(
                    "%d voxels with labels lie outside of the image".formatted(outside),
                    "They are left out: check that the segmentation belongs to it."));
        }
        return new Scan(grid, 1, onGrid);
    }

    private static long labelled(NumericArray labels) {
        return LongStream.range(0, labels.size())
                .filter(i -> labels.get(i) != 0)
                .count();
    }
}
