package org.segloss.dicom.labels;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/// Polygons in a plane, whose inside is where a line to the outside crosses them an odd number of times (even-odd).
///
/// @param outlines `x, y` of point after point, in pixels; the last point is joined with the first
record Polygons(List<double[]> outlines) {

    /// Visits the pixels of a plane whose centres lie inside, row by row. A centre on an edge is inside at
    /// the polygon's left and upper edges, and outside at the others, so that polygons side by side share no
    /// pixel.
    ///
    /// @param inside gets the pixel `row * columns + column`
    void fill(int columns, int rows, IntConsumer inside) {
        double top = Double.POSITIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        int points = 0;
        for (double[] outline : outlines) {
            points += outline.length / 2;
            for (int i = 1; i < outline.length; i += 2) {
                top = Math.min(top, outline[i]);
                bottom = Math.max(bottom, outline[i]);
            }
        }
        double[] crossings = new double[points];
        for (int row = (int) Math.max(0, Math.ceil(top)); row < rows && row <= bottom; row++) {
            int n = crossings(row, crossings);
            Arrays.sort(crossings, 0, n);
            for (int i = 0; i + 1 < n; i += 2) {
                int last = (int) Math.min(columns, Math.ceil(crossings[i + 1]));
                for (int column = (int) Math.max(0, Math.ceil(crossings[i])); column < last; column++) {
                    inside.accept(row * columns + column);
                }
            }
        }
    }

    /// {@return how often edges cross a row}
    ///
    /// @param at gets the columns
    private int crossings(int row, double[] at) {
        int n = 0;
        for (double[] outline : outlines) {
            int end = outline.length;
            for (int i = 0; i < end; i += 2) {
                double x1 = outline[i];
                double y1 = outline[i + 1];
                double x2 = outline[(i + 2) % end];
                double y2 = outline[(i + 3) % end];
                if (y1 <= row != y2 <= row) {
                    at[n++] = x1 + (row - y1) / (y2 - y1) * (x2 - x1);
                }
            }
        }
        return n;
    }
}
