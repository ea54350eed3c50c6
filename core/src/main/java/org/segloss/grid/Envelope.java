package org.segloss.grid;

/// Adds an axis to squared distances, one line of voxels at a time.
///
/// ```
/// out(i) = min over j of  in(j) + (spacing (i - j))²
/// ```
///
/// The lower envelope of one parabola for each `j`, found by a scan that keeps a stack of those that win
/// somewhere, and where: Felzenszwalb and Huttenlocher, with Meijster's test, which compares two parabolas
/// where the lower one began to win, so that only a parabola that is pushed costs a product. Winners change
/// at whole voxels; those that win between two voxels only are never pushed.
///
/// A voxel carries the sign of its kind: distances are to voxels of another kind. A line therefore falls
/// into runs of one sign, each on its own, for no voxel beyond the one next to a run can be nearer than
/// that one is. A run of zeros stays. At the edge of the grid a run has no neighbour.
///
/// Heights are compared in double: in float the error would grow with each parabola that beats another one
/// by a rounding. Holds the scratch of one thread.
final class Envelope {
    private final int length;

    /// `(spacing d)²` and `1 / (2 d spacing²)`, for `d` voxels
    private final double[] square;

    private final double[] reciprocal;

    /// Of the voxels, counted from 1: before the first and after the last there is room for one next to a
    /// run.
    private final double[] height;

    /// Of the parabolas on the stack: the voxel of the vertex, the first voxel that is theirs, and the
    /// height there.
    private final int[] vertex;

    private final int[] start;
    private final double[] heightAtStart;

    /// At the first voxel of a parabola its vertex, else 0.
    private final int[] winner;

    Envelope(int length, double spacing) {
        this.length = length;
        square = new double[length + 2];
        reciprocal = new double[length + 2];
        for (int d = 0; d < length + 2; d++) {
            square[d] = spacing * spacing * d * d;
            reciprocal[d] = 1 / (2 * spacing * spacing * d);
        }
        height = new double[length + 2];
        vertex = new int[length + 2];
        start = new int[length + 2];
        heightAtStart = new double[length + 2];
        winner = new int[length + 2];
    }

    /// @param line   squared distances, infinite where there is none yet, with the sign of the voxel's kind
    /// @param first  where the line's first voxel is
    /// @param stride from a voxel of the line to the next
    void add(float[] line, int first, int stride) {
        int from = 0;
        while (from < length) {
            float value = line[first + from * stride];
            if (value == 0) {
                from++;
                continue;
            }
            int to = from + 1;
            // squares are at least 1e-18: no product of two underflows
            while (to < length && value * line[first + to * stride] > 0) {
                to++;
            }
            addRun(line, first + from * stride, stride, from + 1, to, Math.signum(value));
            from = to;
        }
    }

    /// @param first where the run's first voxel is
    /// @param from  the run's first voxel, counted from 1
    /// @param to    the run's last voxel
    private void addRun(float[] line, int first, int stride, int from, int to, float sign) {
        // the voxels next to the run are of another kind
        height[from - 1] = from > 1 ? 0 : Double.POSITIVE_INFINITY;
        for (int i = from, at = first; i <= to; i++, at += stride) {
            height[i] = Math.abs(line[at]);
        }
        height[to + 1] = to < length ? 0 : Double.POSITIVE_INFINITY;

        int top = -1;
        for (int i = from - 1; i <= to + 1; i++) {
            double h = height[i];
            if (h == Double.POSITIVE_INFINITY) {
                continue;
            }
            while (top >= 0 && heightAtStart[top] >= h + square[Math.abs(start[top] - i)]) {
                top--;
            }
            int begin = from;
            if (top >= 0) {
                int below = vertex[top];
                double crossing = (h - height[below]) * reciprocal[i - below] + 0.5 * (i + below);
                // by the test above it isn't before start[top]; a rounding may say so
                double lastBelow = Math.max(crossing, start[top]);
                if (lastBelow >= to) {
                    continue;
                }
                begin = (int) lastBelow + 1;
            }
            top++;
            vertex[top] = i;
            start[top] = begin;
            heightAtStart[top] = h + square[Math.abs(begin - i)];
        }
        if (top < 0) {
            return;
        }
        for (; top >= 0; top--) {
            winner[start[top]] = vertex[top];
        }
        // without a branch at each change of the winner, which no processor foresees
        int nearest = 0;
        for (int i = from, at = first; i <= to; i++, at += stride) {
            nearest = Math.max(nearest, winner[i]);
            winner[i] = 0;
            line[at] = sign * (float) (height[nearest] + square[Math.abs(i - nearest)]);
        }
    }
}
