package org.segloss.augment;

/// The lines of a patch along its axes, one after the other.
final class Lines {
    private Lines() {}

    /// Makes one line of numbers from another.
    interface Filter {
        void apply(float[] line, float[] out, int n);
    }

    /// Replaces each line along each axis, the first axis first.
    ///
    /// @param across the axis whose lines stay as they are, or [PatchShape#NO_AXIS]
    static void replace(float[] values, int offset, PatchShape shape, int across, Filter filter) {
        for (int axis = 0; axis < PatchShape.AXES; axis++) {
            int n = shape.edge(axis);
            if (axis == across || n == 1) {
                continue;
            }
            int stride = shape.stride(axis);
            float[] line = new float[n];
            float[] out = new float[n];
            shape.forEachLine(axis, start -> {
                for (int i = 0; i < n; i++) {
                    line[i] = values[offset + start + i * stride];
                }
                filter.apply(line, out, n);
                for (int i = 0; i < n; i++) {
                    values[offset + start + i * stride] = out[i];
                }
            });
        }
    }
}
