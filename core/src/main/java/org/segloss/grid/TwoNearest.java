package org.segloss.grid;

import java.util.Arrays;
import org.segloss.kernel.Pool;
import org.segloss.kernel.Workers;

/// Of each voxel the distances to the two objects that are nearest, in millimetres between voxel centres.
///
/// Axis by axis, as [DistanceTransform] does it, but with the two nearest objects of each voxel instead of
/// one distance: the two nearest of a voxel are among the two nearest of the voxels of its line. The line is
/// searched to both sides until it is farther than what has been found. Exact in double.
///
/// @param first  to the nearest object, 0 in it; infinite if it is farther than `reach`
/// @param second to the nearest of the other objects; infinite if it is farther than `reach`
/// @param object the number of the nearest object, 0 if there is none; of several the one that is nearest along z, and
///               then along y
public record TwoNearest(double[] first, double[] second, int[] object) {

    /// @param objects for each voxel the number of the object that it is part of, above 0, or 0
    /// @param reach   how far to look, in millimetres: what is farther away is infinitely far
    /// @param threads at least 1
    public static TwoNearest of(int[] objects, Grid grid, double reach, int threads) {
        if (objects.length != grid.voxels()) {
            throw new IllegalArgumentException("objects have %d voxels, grid (%d, %d, %d) has %d"
                    .formatted(objects.length, grid.z(), grid.y(), grid.x(), grid.voxels()));
        }
        Found found = new Found(objects.length);
        for (int i = 0; i < objects.length; i++) {
            found.distance[i] = objects[i] == 0 ? Double.POSITIVE_INFINITY : 0;
            found.object[i] = objects[i];
        }
        int slice = grid.y() * grid.x();
        found.along(grid.x(), 1, grid.spacingX(), reach, threads);
        found.along(grid.y(), grid.x(), grid.spacingY(), reach, threads);
        found.along(grid.z(), slice, grid.spacingZ(), reach, threads);
        for (double[] squares : new double[][] {found.distance, found.other}) {
            for (int i = 0; i < squares.length; i++) {
                double distance = Math.sqrt(squares[i]);
                squares[i] = distance <= reach ? distance : Double.POSITIVE_INFINITY;
            }
        }
        return new TwoNearest(found.distance, found.other, found.object);
    }

    /// The two nearest of some voxels, so far.
    private static final class Found {
        /// Squared.
        private final double[] distance;

        private final double[] other;
        private final int[] object;
        private final int[] otherObject;

        Found(int voxels) {
            distance = new double[voxels];
            other = new double[voxels];
            object = new int[voxels];
            otherObject = new int[voxels];
            Arrays.fill(other, Double.POSITIVE_INFINITY);
        }

        /// Looks along an axis.
        ///
        /// @param length of the axis
        /// @param stride from a voxel to the next
        void along(int length, int stride, double spacing, double reach, int threads) {
            Workers.run(distance.length / length, threads, new Pool<>(() -> new Found(length)), (line, number) -> {
                int from = number / stride * stride * length + number % stride;
                boolean any = false;
                for (int i = 0; i < length; i++) {
                    line.copy(this, from + i * stride, i);
                    any |= line.object[i] != 0;
                }
                for (int i = 0; i < length && any; i++) {
                    search(line, i, from + i * stride, spacing, reach);
                }
            });
        }

        private void copy(Found source, int from, int to) {
            distance[to] = source.distance[from];
            other[to] = source.other[from];
            object[to] = source.object[from];
            otherObject[to] = source.otherObject[from];
        }

        private void search(Found line, int i, int at, double spacing, double reach) {
            int last = line.distance.length - 1;
            for (int steps = 1; steps <= Math.max(i, last - i); steps++) {
                double square = spacing * steps * (spacing * steps);
                if (spacing * steps > reach || square >= other[at]) {
                    break;
                }
                for (int j = i - steps; j <= i + steps; j += 2 * steps) {
                    if (j >= 0 && j <= last && line.distance[j] + square < other[at]) {
                        add(at, line.distance[j] + square, line.object[j]);
                        add(at, line.other[j] + square, line.otherObject[j]);
                    }
                }
            }
        }

        private void add(int at, double square, int candidate) {
            if (candidate == object[at]) {
                distance[at] = Math.min(distance[at], square);
            } else if (square < distance[at]) {
                other[at] = distance[at];
                otherObject[at] = object[at];
                distance[at] = square;
                object[at] = candidate;
            } else if (square < other[at]) {
                other[at] = square;
                otherObject[at] = candidate;
            }
        }
    }
}
