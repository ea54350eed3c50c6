package org.segloss.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.segloss.grid.Spacing;
import org.segloss.image.Window;

class WarpTest {
    private static final double QUARTER = Math.PI / 2;

    /// Where in the image the voxel lies that is `offset` (z, y, x) away from the patch's middle.
    private static double[] place(double[][] matrix, float[][] displacement, int... offset) {
        PatchShape shape = new PatchShape(3, 5, 7);
        int voxel = ((1 + offset[0]) * 5 + 2 + offset[1]) * 7 + 3 + offset[2];
        double[] place = new double[3];
        new Warp(shape, new double[] {10, 20, 30}, matrix, displacement).forEach((v, z, y, x) -> {
            if (v == voxel) {
                place[0] = z;
                place[1] = y;
                place[2] = x;
            }
        });
        return place;
    }

    private static double[][] matrix(double[] angles, double scale, int across, Spacing spacing) {
        return Warp.inVoxels(Warp.times(Rotation.matrix(angles), Scaling.matrix(scale, across)), spacing);
    }

    private static double[] turned(double[] angles, double scale, int across, Spacing spacing, int... offset) {
        return place(matrix(angles, scale, across, spacing), new float[0][], offset);
    }

    @Test
    void withoutAngleAndScaleVoxelsStayWhereTheyAre() {
        assertThat(turned(new double[3], 1, PatchShape.NO_AXIS, new Spacing(3, 2, 1), 1, -2, 3))
                .containsExactly(11, 18, 33);
    }

    @Test
    void aQuarterTurnAboutEachAxisTakesTheNextAxisToTheOneAfter() {
        double[] about = {QUARTER, 0, 0};
        assertThat(turned(about, 1, PatchShape.NO_AXIS, Spacing.ONE, 0, 1, 0))
                .containsExactly(new double[] {10, 20, 31}, within(1e-12));
        double[] aboutY = {0, QUARTER, 0};
        assertThat(turned(aboutY, 1, PatchShape.NO_AXIS, Spacing.ONE, 0, 0, 1))
                .containsExactly(new double[] {11, 20, 30}, within(1e-12));
        double[] aboutX = {0, 0, QUARTER};
        assertThat(turned(aboutX, 1, PatchShape.NO_AXIS, Spacing.ONE, 1, 0, 0))
                .containsExactly(new double[] {10, 21, 30}, within(1e-12));
    }

    @Test
    void andTheAxisAfterToTheOtherEndOfTheNext() {
        double[] about = {QUARTER, 0, 0};
        assertThat(turned(about, 1, PatchShape.NO_AXIS, Spacing.ONE, 0, 0, 1))
                .containsExactly(new double[] {10, 19, 30}, within(1e-12));
    }

    @Test
    void millimetresAreTurnedNotVoxels() {
        // a voxel along y is 2 mm, which is 4 voxels of half a millimetre along x
        double[] place = turned(new double[] {QUARTER, 0, 0}, 1, PatchShape.NO_AXIS, new Spacing(3, 2, 0.5), 0, 1, 0);
        assertThat(place).containsExactly(new double[] {10, 20, 34}, within(1e-12));
    }

    @Test
    void aScaleShowsMoreOfTheImageAndInAPlaneLeavesSlices() {
        assertThat(turned(new double[3], 1.5, PatchShape.NO_AXIS, Spacing.ONE, 1, 2, 2))
                .containsExactly(11.5, 23, 33);
        assertThat(turned(new double[3], 1.5, 0, Spacing.ONE, 1, 2, 2)).containsExactly(11, 23, 33);
        assertThat(turned(new double[3], 1.5, 2, Spacing.ONE, 1, 2, 2)).containsExactly(11.5, 23, 32);
    }

    @Test
    void aDisplacementIsAdded() {
        float[][] displacement = {new float[105], new float[105], new float[105]};
        displacement[1][(1 * 5 + 2) * 7 + 3] = -0.25f;
        assertThat(place(matrix(new double[3], 1, PatchShape.NO_AXIS, Spacing.ONE), displacement, 0, 0, 0))
                .containsExactly(10, 19.75, 30);
    }

    @Test
    void twoDisplacementsAddUpAndStayWhatTheyWere() {
        PatchShape shape = new PatchShape(1, 1, 2);
        float[][] first = {{1, 2}, {0, -4}, {0.5f, 8}};
        float[][] second = {{0.25f, 0}, {3, 4}, {-0.5f, 16}};
        var placement = new Placement(shape, PatchShape.NO_AXIS);
        placement.displace(first);
        placement.displace(second);
        placement.displace(second);
        // the patch's middle is half a voxel behind its first one, along x at 10.5
        double[][] places = new double[2][];
        placement
                .in(new Window(30, 20, 10, 1, 1, 2), Spacing.ONE)
                .forEach((voxel, z, y, x) -> places[voxel] = new double[] {z, y, x});
        assertThat(places).isDeepEqualTo(new double[][] {{31.5, 26, 9.5}, {32, 24, 51}});
        assertThat(first).isDeepEqualTo(new float[][] {{1, 2}, {0, -4}, {0.5f, 8}});
        assertThat(second).isDeepEqualTo(new float[][] {{0.25f, 0}, {3, 4}, {-0.5f, 16}});
    }
}
