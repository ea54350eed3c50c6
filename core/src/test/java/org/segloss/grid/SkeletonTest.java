package org.segloss.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SkeletonTest {

    private static Grid grid(int z, int y, int x) {
        return new Grid(z, y, x, 1, 1, 1);
    }

    private static byte[] image(String... rows) {
        byte[] image = new byte[rows.length * rows[0].length()];
        for (int i = 0; i < image.length; i++) {
            image[i] = (byte) (rows[i / rows[0].length()].charAt(i % rows[0].length()) == '#' ? 1 : 0);
        }
        return image;
    }

    @Test
    void aBarBecomesALineAlongItsMiddle() {
        assertThat(Skeleton.of(
                        image(
                                "............", // what is outside stays so
                                ".##########.",
                                ".##########.",
                                ".##########.",
                                "............"),
                        grid(1, 5, 12)))
                .isEqualTo(image(
                        "............", // a bar's ends are ends of a line once its sides are gone
                        "............",
                        ".##########.",
                        "............",
                        "............"));
    }

    @Test
    void aRingBecomesARingOfOneVoxel() {
        assertThat(Skeleton.of(
                        image(
                                "#######", // all the way to the edge of the grid
                                "#######", "##...##", "##...##", "##...##", "#######", "#######"),
                        grid(1, 7, 7)))
                .satisfies(ring -> {
                    Grid grid = grid(1, 7, 7);
                    assertThat(components(ring, grid, true)).isEqualTo(1);
                    assertThat(components(ring, grid, false)).isEqualTo(2);
                    for (int i = 0; i < 49; i++) {
                        assertThat(ring[i] == 0 || neighbours(ring, grid, i) == 2)
                                .isTrue();
                    }
                });
    }

    /// A bar along each axis: no voxel has more than two neighbours, two have one, and the bar is still
    /// long.
    @ParameterizedTest
    @CsvSource({"20, 5, 5", "5, 20, 5", "5, 5, 20", "4, 20, 6", "1, 4, 20", "1, 20, 5"})
    void thickLinesBecomeLinesOfOneVoxel(int z, int y, int x) {
        Grid grid = grid(z == 1 ? 1 : z + 2, y + 2, x + 2);
        byte[] mask = new byte[(int) grid.voxels()];
        for (int i = 0; i < z * y * x; i++) {
            mask[((i / x / y + (z == 1 ? 0 : 1)) * grid.y() + i / x % y + 1) * grid.x() + i % x + 1] = 1;
        }
        byte[] line = Skeleton.of(mask, grid);
        int[] on = IntStream.range(0, line.length).filter(i -> line[i] != 0).toArray();
        assertThat(on).hasSizeBetween(14, 20);
        assertThat(Arrays.stream(on).map(i -> neighbours(line, grid, i)).filter(n -> n == 1))
                .hasSize(2);
        assertThat(Arrays.stream(on).map(i -> neighbours(line, grid, i))).allMatch(n -> n == 1 || n == 2);
    }

    /// A ball with a cavity keeps it, a torus its hole, a voxel stays, nothing is nothing.
    @Test
    void shapesKeepWhatTheyAreInThreeDimensions() {
        Grid grid = grid(15, 15, 15);
        byte[] shell = mask(grid, i -> within(grid, i, 3.5, 6.5));
        byte[] thin = Skeleton.of(shell, grid);
        assertThat(components(thin, grid, false)).isEqualTo(2);
        byte[] torus = mask(grid, i -> {
            double ring = Math.hypot(i / 15 % 15 - 7, i % 15 - 7) - 4.5;
            return Math.hypot(ring, i / 225 - 7) < 2.2;
        });
        byte[] circle = Skeleton.of(torus, grid);
        assertThat(IntStream.range(0, circle.length).filter(i -> circle[i] != 0).map(i -> neighbours(circle, grid, i)))
                .hasSizeBetween(16, 40)
                .allMatch(n -> n == 2);
        byte[] ball = mask(grid, i -> within(grid, i, -1, 6));
        assertThat(IntStream.range(0, ball.length).filter(i -> Skeleton.of(ball, grid)[i] != 0))
                .hasSizeLessThan(4);
        byte[] voxel = mask(grid, i -> i == 1000);
        assertThat(Skeleton.of(voxel, grid)).isEqualTo(voxel);
        assertThat(Skeleton.of(new byte[3375], grid)).isEqualTo(new byte[3375]);
    }

    private static byte[] mask(Grid grid, IntPredicate isInside) {
        byte[] mask = new byte[(int) grid.voxels()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (isInside.test(i) ? 1 : 0);
        }
        return mask;
    }

    private static boolean within(Grid grid, int i, double from, double to) {
        double r = Math.sqrt(Math.pow(i / grid.x() / grid.y() - grid.z() / 2, 2)
                + Math.pow(i / grid.x() % grid.y() - grid.y() / 2, 2)
                + Math.pow(i % grid.x() - grid.x() / 2, 2));
        return r >= from && r <= to;
    }

    /// Components inside and outside, and with the Euler characteristic the tunnels too.
    @ParameterizedTest
    @CsvSource({"1, 20, 23, 40", "9, 10, 11, 60", "2, 9, 30, 20"})
    void randomBlobsKeepTheirTopology(int z, int y, int x, int times) {
        Grid grid = grid(z, y, x);
        Random random = new Random(1);
        for (int time = 0; time < times; time++) {
            byte[] mask = blobs(grid, random, 0.2 + 0.6 * random.nextDouble());
            byte[] thin = Skeleton.of(mask, grid);
            for (int i = 0; i < mask.length; i++) {
                assertThat(thin[i]).isLessThanOrEqualTo(mask[i]);
            }
            assertThat(components(thin, grid, true)).isEqualTo(components(mask, grid, true));
            assertThat(components(thin, grid, false)).isEqualTo(components(mask, grid, false));
            assertThat(euler(thin, grid)).isEqualTo(euler(mask, grid));
            assertThat(Skeleton.of(thin, grid)).as("again").isEqualTo(thin);
        }
    }

    private static byte[] blobs(Grid grid, Random random, double share) {
        byte[] noise = new byte[(int) grid.voxels()];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) (random.nextDouble() < share ? 1 : 0);
        }
        byte[] mask = new byte[noise.length];
        boolean smooth = random.nextBoolean();
        for (int i = 0; i < mask.length; i++) {
            mask[i] = smooth ? (byte) (neighbours(noise, grid, i) > (grid.z() == 1 ? 4 : 13) ? 1 : 0) : noise[i];
        }
        return mask;
    }

    private static int neighbours(byte[] mask, Grid grid, int i) {
        int n = 0;
        for (int k = 0; k < 27; k++) {
            n += k != 13 && at(mask, grid, i, k / 9 - 1, k / 3 % 3 - 1, k % 3 - 1) ? 1 : 0;
        }
        return n;
    }

    private static boolean at(byte[] mask, Grid grid, int i, int dz, int dy, int dx) {
        int z = i / grid.x() / grid.y() + dz;
        int y = i / grid.x() % grid.y() + dy;
        int x = i % grid.x() + dx;
        return z >= 0
                && y >= 0
                && x >= 0
                && z < grid.z()
                && y < grid.y()
                && x < grid.x()
                && mask[(z * grid.y() + y) * grid.x() + x] != 0;
    }

    /// Of the mask, 26-connected, or of what is outside in a grid with a margin, 6-connected.
    private static int components(byte[] mask, Grid grid, boolean inside) {
        // in two dimensions a margin in z would join what is outside
        int margin = grid.z() == 1 ? 0 : 1;
        Grid wide = grid(grid.z() + 2 * margin, grid.y() + 2, grid.x() + 2);
        byte[] left = new byte[(int) wide.voxels()];
        Arrays.fill(left, (byte) (inside ? 0 : 1));
        for (int i = 0; i < mask.length; i++) {
            int at = ((i / grid.x() / grid.y() + margin) * wide.y() + i / grid.x() % grid.y() + 1) * wide.x()
                    + i % grid.x()
                    + 1;
            left[at] = (byte) (mask[i] != 0 == inside ? 1 : 0);
        }
        int components = 0;
        for (int i = 0; i < left.length; i++) {
            if (left[i] != 0) {
                components++;
                ArrayDeque<Integer> queue = new ArrayDeque<>();
                queue.add(i);
                left[i] = 0;
                while (!queue.isEmpty()) {
                    int v = queue.remove();
                    for (int k = 0; k < 27; k++) {
                        int dz = k / 9 - 1;
                        int dy = k / 3 % 3 - 1;
                        int dx = k % 3 - 1;
                        if ((inside || Math.abs(dz) + Math.abs(dy) + Math.abs(dx) == 1)
                                && at(left, wide, v, dz, dy, dx)) {
                            int w = v + (dz * wide.y() + dy) * wide.x() + dx;
                            left[w] = 0;
                            queue.add(w);
                        }
                    }
                }
            }
        }
        return components;
    }

    /// Of the closed cubes: corners - edges + faces - cubes. 26-connected, as these are.
    private static int euler(byte[] mask, Grid grid) {
        int euler = 0;
        int[] size = {2 * grid.z() + 1, 2 * grid.y() + 1, 2 * grid.x() + 1};
        boolean[] cell = new boolean[size[0] * size[1] * size[2]];
        for (int i = 0; i < mask.length; i++) {
            for (int k = 0; k < 27 && mask[i] != 0; k++) {
                int z = 2 * (i / grid.x() / grid.y()) + k / 9;
                int y = 2 * (i / grid.x() % grid.y()) + k / 3 % 3;
                int x = 2 * (i % grid.x()) + k % 3;
                cell[(z * size[1] + y) * size[2] + x] = true;
            }
        }
        for (int i = 0; i < cell.length; i++) {
            int dimension = i / size[2] / size[1] % 2 + i / size[2] % size[1] % 2 + i % size[2] % 2;
            euler += cell[i] ? (dimension % 2 == 0 ? 1 : -1) : 0;
        }
        return euler;
    }

    @Test
    void aMaskOfAnotherSizeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Skeleton.of(new byte[5], grid(1, 2, 3)))
                .withMessageContainingAll("mask has 5 voxels", "has 6");
    }
}
