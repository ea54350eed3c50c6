package org.segloss.grid;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How much surface passes between eight neighbouring voxels, in mm².
///
/// The surface is that of marching cubes: it crosses an edge of the cube between eight voxel centres in the middle
/// where one end is inside and the other outside, and the crossings are joined over the cube's faces to closed
/// polygons. Where a face has two inside corners across, each is cut off on its own; the four or fewer corners
/// that are of one kind count as the inside. A polygon that isn't plane is cut into the fan of triangles that is
/// largest in a cube. That gives the areas that the code of Nikolov et al. (2018) has in a table, for any
/// spacing.
///
/// @see <a href="https://arxiv.org/abs/1809.04430">Nikolov et al. (2018), Deep learning to achieve clinically
///     applicable segmentation of head and neck anatomy for radiotherapy</a>
final class SurfelAreas {
    private static final int CORNERS = 8;
    private static final double[] CUBE = {1, 1, 1};

    private SurfelAreas() {}

    /// {@return the area for each set of inside corners}; the corner `4 z + 2 y + x` is that bit of the index
    static double[] of(double spacingZ, double spacingY, double spacingX) {
        double[] spacing = {spacingZ, spacingY, spacingX};
        double[] areas = new double[1 << CORNERS];
        for (int code = 0; code < areas.length; code++) {
            int inside = Integer.bitCount(code) <= CORNERS / 2 ? code : ~code & 0xFF;
            for (List<Integer> polygon : polygons(inside)) {
                areas[code] += area(polygon, largestFan(polygon), spacing);
            }
        }
        return areas;
    }

    /// A crossing is named by the two corners of its edge, `8 a + b` with `a < b`.
    private static List<List<Integer>> polygons(int inside) {
        int[][] joined = new int[CORNERS * CORNERS][];
        for (int axis = 0; axis < 3; axis++) {
            int step = 1 << axis;
            int u = 1 << (axis + 1) % 3;
            int v = 1 << (axis + 2) % 3;
            for (int corner : new int[] {0, step}) {
                face(new int[] {corner, corner + u, corner + u + v, corner + v}, inside, joined);
            }
        }
        var polygons = new ArrayList<List<Integer>>();
        for (int crossing = 0; crossing < joined.length; crossing++) {
            var polygon = new ArrayList<Integer>();
            int at = crossing;
            while (joined[at] != null) {
                polygon.add(at);
                int[] next = joined[at];
                joined[at] = null;
                at = joined[next[0]] != null ? next[0] : next[1];
            }
            if (!polygon.isEmpty()) {
                polygons.add(polygon);
            }
        }
        return polygons;
    }

    /// Joins the crossings of a face's edges.
    private static void face(int[] ring, int inside, int[][] joined) {
        int[] crossings = new int[4];
        int count = 0;
        for (int i = 0; i < 4; i++) {
            int a = ring[i];
            int b = ring[(i + 1) % 4];
            if ((inside >> a & 1) != (inside >> b & 1)) {
                crossings[count++] = CORNERS * Math.min(a, b) + Math.max(a, b);
            }
        }
        if (count == 2) {
            join(crossings[0], crossings[1], joined);
        } else if (count == 4) {
            // the crossing i is between the corners i and i + 1
            int first = inside >> ring[0] & 1;
            join(crossings[first == 1 ? 3 : 0], crossings[first == 1 ? 0 : 1], joined);
            join(crossings[first == 1 ? 1 : 2], crossings[first == 1 ? 2 : 3], joined);
        }
    }

    private static void join(int a, int b, int[][] joined) {
        joined[a] = joined[a] == null ? new int[] {b, b} : new int[] {joined[a][0], b};
        joined[b] = joined[b] == null ? new int[] {a, a} : new int[] {joined[b][0], a};
    }

    /// {@return the corner of the polygon that the fan's triangles share}
    private static int largestFan(List<Integer> polygon) {
        int best = 0;
        double largest = 0;
        for (int from = 0; from < polygon.size(); from++) {
            double area = area(polygon, from, CUBE);
            // equal but for a rounding isn't larger
            if (area > largest + 1e-9) {
                largest = area;
                best = from;
            }
        }
        return best;
    }

    private static double area(List<Integer> polygon, int from, double[] spacing) {
        int n = polygon.size();
        double area = 0;
        for (int i = 1; i < n - 1; i++) {
            double[] a = point(polygon.get(from), spacing);
            double[] b = point(polygon.get((from + i) % n), spacing);
            double[] c = point(polygon.get((from + i + 1) % n), spacing);
            area += triangle(a, b, c);
        }
        return area;
    }

    private static double triangle(double[] a, double[] b, double[] c) {
        double squares = 0;
        for (int i = 0; i < 3; i++) {
            int j = (i + 1) % 3;
            double cross = (b[i] - a[i]) * (c[j] - a[j]) - (b[j] - a[j]) * (c[i] - a[i]);
            squares += cross * cross;
        }
        return Math.sqrt(squares) / 2;
    }

    private static double[] point(int crossing, double[] spacing) {
        double[] point = new double[3];
        Arrays.setAll(point, axis -> {
            int bit = 2 - axis;
            int ends = (crossing / CORNERS >> bit & 1) + (crossing % CORNERS >> bit & 1);
            return spacing[axis] * ends / 2;
        });
        return point;
    }
}
