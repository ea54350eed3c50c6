package org.segloss.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class DistanceTransformTest {
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    // a square is rounded to float once for each axis, 2^-24 each; the root halves that and is rounded once more
    private static final double RELATIVE = 0x1p-24 * (1.5 + 1) * 1.01;

    /// Lines, planes and volumes, some around the 32 columns of a tile; spacings from even to extreme.
    static final List<Grid> GRIDS = grids();

    private static List<Grid> grids() {
        int[][] shapes = {
            {1, 1, 1},
            {1, 1, 40},
            {1, 40, 1},
            {40, 1, 1},
            {1, 9, 33},
            {9, 1, 31},
            {9, 32, 1},
            {2, 2, 2},
            {2, 11, 64},
            {30, 2, 5},
            {5, 7, 65},
            {7, 8, 9}
        };
        double[][] spacings = {
            {1, 1, 1}, {0.7, 0.7, 1.5}, {0.05, 3, 1000}, {1000, 0.05, 3}, {3, 1000, 0.05}, {1e-9, 1e9, 1}
        };
        List<Grid> grids = new ArrayList<>();
        for (int[] n : shapes) {
            for (double[] d : spacings) {
                grids.add(new Grid(n[0], n[1], n[2], d[0], d[1], d[2]));
            }
        }
        return grids;
    }

    @ParameterizedTest
    @FieldSource("GRIDS")
    void agreesWithTheSearchOfAllPairs(Grid grid) {
        Random random = new Random(1);
        for (double density : new double[] {0, 0.02, 0.1, 0.5, 0.9, 0.98, 0.998, 1}) {
            byte[] mask = random(grid, density, random);
            double[] expected = search(mask, grid);
            float[] distance = DistanceTransform.distance(mask, grid, 1);
            float[] squared = DistanceTransform.squared(mask, grid, 1);
            float[] signed = DistanceTransform.signed(mask, grid, 1);
            for (int i = 0; i < mask.length; i++) {
                double inside = mask[i] == 0 ? 0 : expected[i];
                assertThat((double) distance[i]).isCloseTo(inside, within(inside));
                assertThat(Math.sqrt(squared[i])).isCloseTo(inside, within(inside));
                double both = mask[i] == 0 ? expected[i] : -expected[i];
                assertThat((double) signed[i]).isCloseTo(both, within(both));
            }
        }
    }

    private static Offset<Double> within(double expected) {
        return Offset.offset(Double.isInfinite(expected) ? 0 : RELATIVE * Math.abs(expected));
    }

    @Test
    void squaresOfWholeNumbersAreExact() {
        Grid grid = new Grid(11, 17, 40, 2, 1, 3);
        byte[] mask = random(grid, 0.999, new Random(2));
        double[] expected = search(mask, grid);
        float[] squared = DistanceTransform.squared(mask, grid, 2);
        for (int i = 0; i < mask.length; i++) {
            assertThat(squared[i]).isEqualTo(mask[i] == 0 ? 0 : (float) Math.rint(expected[i] * expected[i]));
        }
    }

    @Test
    void aVoxelAloneIsAsFarAsItsNearestNeighbour() {
        Grid grid = new Grid(5, 6, 7, 3, 2, 4);
        byte[] mask = new byte[5 * 6 * 7];
        int voxel = (2 * 6 + 3) * 7 + 4;
        mask[voxel] = -1;
        float[] expected = new float[mask.length];
        expected[voxel] = 2;
        assertThat(DistanceTransform.distance(mask, grid, 1)).isEqualTo(expected);
        expected[voxel] = 4;
        assertThat(DistanceTransform.squared(mask, grid, 1)).isEqualTo(expected);
        // from the corner: sqrt((2 * 3)² + (3 * 2)² + (4 * 4)²) = sqrt(328)
        float[] signed = DistanceTransform.signed(mask, grid, 1);
        assertThat(signed[0]).isEqualTo((float) Math.sqrt(328));
        assertThat(signed[voxel]).isEqualTo(-2);
        assertThat(signed[voxel + 1]).isEqualTo(4);
    }

    @ParameterizedTest
    @FieldSource("GRIDS")
    void oneKindAloneIsInfinitelyFarFromTheOther(Grid grid) {
        byte[] mask = new byte[(int) grid.voxels()];
        assertThat(DistanceTransform.distance(mask, grid, 2)).containsOnly(0f);
        assertThat(DistanceTransform.squared(mask, grid, 2)).containsOnly(0f);
        assertThat(DistanceTransform.signed(mask, grid, 2)).containsOnly(INFINITY);
        Arrays.fill(mask, (byte) 1);
        assertThat(DistanceTransform.distance(mask, grid, 2)).containsOnly(INFINITY);
        assertThat(DistanceTransform.squared(mask, grid, 2)).containsOnly(INFINITY);
        assertThat(DistanceTransform.signed(mask, grid, 2)).containsOnly(-INFINITY);
    }

    @Test
    void agreesWithScipy() {
        // SciPy 1.17.1: m = np.ones((2, 3, 5)); m[0, 1, 1] = m[1, 2, 4] = 0
        // distance_transform_edt(m, sampling=(2.5, 0.7, 1.5))
        double[] expected = {
            1.6552945357246849,
            0.7,
            1.6552945357246849,
            3.0805843601498726,
            2.8653097563788803,
            1.5,
            0.0,
            1.5,
            2.99833287011299,
            2.596150997149434,
            1.6552945357246849,
            0.7,
            1.6552945357246849,
            2.9154759474226504,
            2.5,
            2.99833287011299,
            2.596150997149434,
            2.99833287011299,
            2.0518284528683193,
            1.4,
            2.9154759474226504,
            2.5,
            2.9154759474226504,
            1.6552945357246849,
            0.7,
            2.99833287011299,
            2.596150997149434,
            2.99833287011299,
            1.5,
            0.0
        };
        byte[] mask = new byte[30];
        Arrays.fill(mask, (byte) 1);
        mask[6] = 0;
        mask[29] = 0;
        float[] distance = DistanceTransform.distance(mask, new Grid(2, 3, 5, 2.5, 0.7, 1.5), 1);
        for (int i = 0; i < 30; i++) {
            assertThat((double) distance[i]).isCloseTo(expected[i], within(expected[i]));
        }
    }

    @ParameterizedTest
    @FieldSource("GRIDS")
    void anyNumberOfThreadsGivesTheSameBits(Grid grid) {
        byte[] mask = random(grid, 0.9, new Random(3));
        for (int threads : new int[] {2, 3, 64}) {
            assertThat(DistanceTransform.distance(mask, grid, threads))
                    .isEqualTo(DistanceTransform.distance(mask, grid, 1));
            assertThat(DistanceTransform.signed(mask, grid, threads))
                    .isEqualTo(DistanceTransform.signed(mask, grid, 1));
        }
    }

    @ParameterizedTest
    @FieldSource("GRIDS")
    void signedIsTheDistanceOfTheOutsideMinusThatOfTheInside(Grid grid) {
        byte[] mask = random(grid, 0.7, new Random(4));
        byte[] complement = new byte[mask.length];
        for (int i = 0; i < mask.length; i++) {
            complement[i] = (byte) (mask[i] == 0 ? 1 : 0);
        }
        float[] inside = DistanceTransform.distance(mask, grid, 1);
        float[] outside = DistanceTransform.distance(complement, grid, 1);
        float[] signed = DistanceTransform.signed(mask, grid, 1);
        for (int i = 0; i < mask.length; i++) {
            assertThat(signed[i]).isEqualTo(outside[i] - inside[i]);
        }
    }

    @Test
    void oneMoreVoxelOutsideMakesNoDistanceLonger() {
        Grid grid = new Grid(6, 10, 37, 1, 0.7, 1.5);
        Random random = new Random(5);
        byte[] mask = random(grid, 0.99, random);
        float[] before = DistanceTransform.squared(mask, grid, 1);
        for (int step = 0; step < 50; step++) {
            mask[random.nextInt(mask.length)] = 0;
            float[] after = DistanceTransform.squared(mask, grid, 1);
            for (int i = 0; i < mask.length; i++) {
                assertThat(after[i]).isLessThanOrEqualTo(before[i]);
            }
            before = after;
        }
    }

    @Test
    void axesMayBeExchanged() {
        int[] n = {6, 11, 35};
        double[] d = {3, 1, 2};
        byte[] mask = random(new Grid(n[0], n[1], n[2], d[0], d[1], d[2]), 0.98, new Random(6));
        float[] expected = DistanceTransform.squared(mask, new Grid(n[0], n[1], n[2], d[0], d[1], d[2]), 1);
        for (int[] axes : new int[][] {{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
            byte[] exchanged = new byte[mask.length];
            int[] from = new int[mask.length];
            int[] at = new int[3];
            int i = 0;
            for (at[axes[0]] = 0; at[axes[0]] < n[axes[0]]; at[axes[0]]++) {
                for (at[axes[1]] = 0; at[axes[1]] < n[axes[1]]; at[axes[1]]++) {
                    for (at[axes[2]] = 0; at[axes[2]] < n[axes[2]]; at[axes[2]]++) {
                        from[i] = (at[0] * n[1] + at[1]) * n[2] + at[2];
                        exchanged[i] = mask[from[i]];
                        i++;
                    }
                }
            }
            Grid grid = new Grid(n[axes[0]], n[axes[1]], n[axes[2]], d[axes[0]], d[axes[1]], d[axes[2]]);
            float[] squared = DistanceTransform.squared(exchanged, grid, 1);
            for (int j = 0; j < from.length; j++) {
                // whole numbers: exact whatever the order of the axes
                assertThat(squared[j]).isEqualTo(expected[from[j]]);
            }
        }
    }

    @Test
    void sliceOfAStackOfEqualSlicesIsAPlaneImage() {
        Grid plane = new Grid(1, 20, 35, 5, 0.7, 1.5);
        byte[] mask = random(plane, 0.95, new Random(7));
        byte[] stack = new byte[3 * mask.length];
        for (int z = 0; z < 3; z++) {
            System.arraycopy(mask, 0, stack, z * mask.length, mask.length);
        }
        float[] signed = DistanceTransform.signed(mask, plane, 1);
        float[] stacked = DistanceTransform.signed(stack, new Grid(3, 20, 35, 5, 0.7, 1.5), 1);
        for (int i = 0; i < stacked.length; i++) {
            // a plane's axes are taken in another order
            double expected = signed[i % mask.length];
            assertThat((double) stacked[i]).isCloseTo(expected, Offset.offset(2 * RELATIVE * Math.abs(expected)));
        }
    }

    @Test
    void theMaskStays() {
        Grid grid = new Grid(3, 4, 5, 1, 1, 1);
        byte[] mask = random(grid, 0.5, new Random(8));
        byte[] before = mask.clone();
        DistanceTransform.distance(mask, grid, 1);
        DistanceTransform.signed(mask, grid, 1);
        assertThat(mask).isEqualTo(before);
    }

    @Test
    void wrongCallsAreRefused() {
        Grid grid = new Grid(2, 3, 4, 1, 1, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DistanceTransform.distance(new byte[25], grid, 1))
                .withMessage("mask has 25 voxels, grid (2, 3, 4) has 24");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> DistanceTransform.distance(new byte[1], new Grid(1 << 11, 1 << 11, 1 << 11, 1, 1, 1), 1))
                .withMessage("mask has 1 voxels, grid (2048, 2048, 2048) has 8589934592");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DistanceTransform.signed(new byte[24], grid, 0))
                .withMessage("threads have to be at least 1, but are 0");
        int rows = (1 << 24) + 1;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DistanceTransform.signed(new byte[2 * rows], new Grid(2, rows, 1, 1, 1, 1), 1))
                .withMessage("a slice has to have at most 16777216 rows, but has 16777217");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Grid(2, 0, 4, 1, 1, 1))
                .withMessage("grid (z, y, x) has to be positive, but is (2, 0, 4)");
        for (double spacing : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e-10, 1e10}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Grid(2, 3, 4, 1, spacing, 1))
                    .withMessage("spacing (z, y, x) has to be from 1e-9 to 1e9 mm, but is (1.0, %s, 1.0)", spacing);
        }
    }

    private static byte[] random(Grid grid, double density, Random random) {
        byte[] mask = new byte[(int) grid.voxels()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (random.nextDouble() < density ? 1 + random.nextInt(255) : 0);
        }
        return mask;
    }

    /// The distance of each voxel to the nearest one of the other kind, by looking at all of them.
    private static double[] search(byte[] mask, Grid grid) {
        double[] distances = new double[mask.length];
        for (int i = 0; i < mask.length; i++) {
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < mask.length; j++) {
                if (mask[i] == 0 != (mask[j] == 0)) {
                    double z = grid.spacingZ() * (i / grid.x() / grid.y() - j / grid.x() / grid.y());
                    double y = grid.spacingY() * (i / grid.x() % grid.y() - j / grid.x() % grid.y());
                    double x = grid.spacingX() * (i % grid.x() - j % grid.x());
                    least = Math.min(least, z * z + y * y + x * x);
                }
            }
            distances[i] = Math.sqrt(least);
        }
        return distances;
    }
}
