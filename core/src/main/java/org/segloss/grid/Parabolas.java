package org.segloss.grid;

/// For each voxel of a line the voxel that is nearest, given what the way to each costs already.
///
/// ```
/// nearest(i) = argmin over j of  height(j) + (spacing (i - j))²
/// ```
///
/// The lower envelope of one parabola for each `j`, as in [Envelope], which has no use for the voxel that wins.
/// Holds the scratch of one thread.
final class Parabolas {
    /// To be filled in: squared distances, infinite where there is none.
    final double[] height;

    /// The answer.
    final int[] nearest;

    /// `(spacing d)²` and `1 / (2 d spacing²)`, for `d` voxels
    private final double[] square;

    private final double[] reciprocal;

    /// Of the parabolas on the stack: the voxel of the vertex, the first voxel that is theirs, and the height there.
    private final int[] vertex;

    private final int[] start;
    private final double[] heightAtStart;

    Parabolas(int length, double spacing) {
        height = new double[length];
        nearest = new int[length];
        square = new double[length];
        reciprocal = new double[length];
        for (int d = 0; d < length; d++) {
            square[d] = spacing * spacing * d * d;
            reciprocal[d] = 1 / (2 * spacing * spacing * d);
        }
        vertex = new int[length];
        start = new int[length];
        heightAtStart = new double[length];
    }

    /// {@return whether there is any height}; without one there is no answer either.
    boolean find() {
        int last = height.length - 1;
        int top = -1;
        for (int i = 0; i <= last; i++) {
            double h = height[i];
            if (h == Double.POSITIVE_INFINITY) {
                continue;
            }
            while (top >= 0 && heightAtStart[top] >= h + square[Math.abs(start[top] - i)]) {
                top--;
            }
            int begin = 0;
            if (top >= 0) {
                int below = vertex[top];
                double crossing = (h - height[below]) * reciprocal[i - below] + 0.5 * (i + below);
                // by the test above it isn't before start[top]; a rounding may say so
                double lastBelow = Math.max(crossing, start[top]);
                if (lastBelow >= last) {
                    continue;
                }
                begin = (int) lastBelow + 1;
            }
            top++;
            vertex[top] = i;
            start[top] = begin;
            heightAtStart[top] = h + square[Math.abs(begin - i)];
        }
        for (int t = 0; t <= top; t++) {
            int end = t < top ? start[t + 1] : last + 1;
            for (int i = start[t]; i < end; i++) {
                nearest[i] = vertex[t];
            }
        }
        return top >= 0;
    }
}
