package org.segloss.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.segloss.image.Geometry;
import org.segloss.image.Window;

class TilesTest {

    private static List<Integer> alongX(int window, int edge) {
        return new Tiles(1, 1, window)
                .over(Geometry.identity(edge, 1, 1)).stream().map(Window::x).toList();
    }

    @Test
    void windowsOverlapByHalfOrMoreFromTheFirstVoxelToTheLast() {
        assertThat(alongX(8, 16)).containsExactly(0, 4, 8);
        assertThat(alongX(8, 17)).containsExactly(0, 3, 6, 9);
        assertThat(alongX(8, 9)).containsExactly(0, 1);
        assertThat(alongX(1, 3)).containsExactly(0, 1, 2);
    }

    @Test
    void oneWindowStandsAroundAnImageThatIsNoLarger() {
        assertThat(alongX(8, 8)).containsExactly(0);
        assertThat(alongX(8, 5)).containsExactly(-1);
        assertThat(alongX(8, 1)).containsExactly(-3);
    }

    @Test
    void anImageThatIsHardlyLargerThanThePatchIsTakenWhole() {
        int[] patch = {1, 32, 40};

        assertThat(Tiles.of(patch, new int[] {1, 4, 4}, Geometry.identity(47, 40, 1)))
                .isEqualTo(new Tiles(1, 40, 48));
        assertThat(Tiles.of(patch, new int[] {1, 4, 4}, Geometry.identity(49, 41, 1)))
                .isEqualTo(new Tiles(1, 32, 40));
        // a voxel more than the patch, but a window of half as much again
        assertThat(Tiles.of(patch, new int[] {1, 16, 16}, Geometry.identity(40, 33, 1)))
                .isEqualTo(new Tiles(1, 32, 48));
        assertThat(Tiles.of(patch, new int[] {1, 4, 4}, Geometry.identity(40, 7, 3)))
                .isEqualTo(new Tiles(1, 32, 40));
        assertThat(new Tiles(1, 40, 48).over(Geometry.identity(47, 40, 1))).hasSize(1);
    }

    @Test
    void weightsFallFromTheCentreAndAreNeverNothing() {
        float[] weights = new Tiles(1, 1, 64).weights();

        assertThat(weights[31]).isEqualTo(weights[32]);
        for (int i = 0; i < 31; i++) {
            assertThat(weights[i]).isPositive().isLessThan(weights[i + 1]).isEqualTo(weights[63 - i]);
        }
        // one standard deviation, 8 voxels, from the centre at 31.5: exp(-1/2) between voxels 39 and 40
        assertThat(weights[39]).isGreaterThan((float) Math.exp(-0.5));
        assertThat(weights[40]).isLessThan((float) Math.exp(-0.5));
        for (float weight : new Tiles(256, 16, 16).weights()) {
            assertThat(weight).isGreaterThan(1e-12f);
        }
    }
}
