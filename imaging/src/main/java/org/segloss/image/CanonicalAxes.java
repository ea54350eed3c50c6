package org.segloss.image;

import java.util.ArrayList;
import java.util.List;

/// Which axis of the body each of a grid's runs along: left to right, back to front, or feet to head.
///
/// As NiBabel has it: the axes are turned to the nearest ones at right angles, and then, from the one that runs most
/// nearly along one of the body's, each takes the nearest that is left. Where two are equally near, the choice depends
/// on where the axes lead, never on the order in which they are stored, so that an image has one canonical form.
///
/// @param rows     for each of a grid's axes the body's, from 0
/// @param backward for each of a grid's axes whether it runs against the body's
/// @see <a href="https://nipy.org/nibabel/reference/nibabel.orientations.html">nibabel.orientations</a>
record CanonicalAxes(int[] rows, boolean[] backward) {
    /// Axes whose cosines differ by less are equally near: headers round them.
    private static final double TIE = 1e-5;

    /// Even axes that nearly lie in a plane are at right angles after some forty.
    private static final int MOST_STEPS = 100;

    /// @param affine 4 x 4, row by row, whose first three columns are independent
    static CanonicalAxes of(double[] affine) {
        double[][] directions = directions(affine);
        var unplaced = new ArrayList<>(List.of(0, 1, 2));
        unplaced.sort((a, b) -> compare(directions[a], directions[b]));
        int[] rows = new int[3];
        boolean[] backward = new boolean[3];
        boolean[] taken = new boolean[3];
        for (int axis : unplaced) {
            int row = nearest(directions[axis], taken);
            taken[row] = true;
            rows[axis] = row;
            backward[axis] = directions[axis][row] < 0;
        }
        return new CanonicalAxes(rows, backward);
    }

    /// The axis that runs most nearly along one of the body's comes first; of equal ones that of the body's first
    /// axis; then, each led along the body's, the one that leads farther to the right, to the front, to the head.
    private static int compare(double[] a, double[] b) {
        int rowA = nearest(a, new boolean[3]);
        int rowB = nearest(b, new boolean[3]);
        double difference = Math.abs(b[rowB]) - Math.abs(a[rowA]);
        if (Math.abs(difference) > TIE) {
            return difference < 0 ? -1 : 1;
        }
        if (rowA != rowB) {
            return rowA - rowB;
        }
        for (int row = 0; row < 3; row++) {
            difference = Math.signum(b[rowB]) * b[row] - Math.signum(a[rowA]) * a[row];
            if (Math.abs(difference) > TIE) {
                return difference < 0 ? -1 : 1;
            }
        }
        return 0;
    }

    private static int nearest(double[] direction, boolean[] taken) {
        int nearest = -1;
        for (int row = 0; row < 3; row++) {
            if (!taken[row] && (nearest < 0 || Math.abs(direction[row]) > Math.abs(direction[nearest]) + TIE)) {
                nearest = row;
            }
        }
        return nearest;
    }

    /// {@return the columns, of length 1 and turned to right angles}: the orthogonal factor of the polar decomposition,
    /// by Newton's iteration, which averages a matrix with the transpose of its inverse
    private static double[][] directions(double[] affine) {
        double[][] columns = new double[3][];
        for (int axis = 0; axis < 3; axis++) {
            double[] column = {affine[axis], affine[4 + axis], affine[8 + axis]};
            double length = Math.sqrt(dot(column, column));
            columns[axis] = new double[] {column[0] / length, column[1] / length, column[2] / length};
        }
        double change = 1;
        for (int step = 0; step < MOST_STEPS && change > 1e-12; step++) {
            double[][] crosses = {
                cross(columns[1], columns[2]), cross(columns[2], columns[0]), cross(columns[0], columns[1])
            };
            double volume = dot(columns[0], crosses[0]);
            change = 0;
            for (int axis = 0; axis < 3; axis++) {
                for (int row = 0; row < 3; row++) {
                    double next = (columns[axis][row] + crosses[axis][row] / volume) / 2;
                    change = Math.max(change, Math.abs(next - columns[axis][row]));
                    columns[axis][row] = next;
                }
            }
        }
        return columns;
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    private static double[] cross(double[] a, double[] b) {
        return new double[] {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    }
}
