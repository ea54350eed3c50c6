package org.segloss.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class GeometryTest {

    @Test
    void spacingIsTheLengthOfTheAffinesColumns() {
        // columns (0, 3, 4), (2, 0, 0), (0, 0, -1.5)
        var g = new Geometry(2, 3, 4, new double[] {0, 2, 0, 9, 3, 0, 0, 9, 4, 0, -1.5, 9, 0, 0, 0, 1});
        assertThat(g.spacing()).containsExactly(5, 2, 1.5);
        assertThat(g.spacingText()).isEqualTo("5 x 2 x 1.5 mm");
        assertThat(g.shapeText()).isEqualTo("2 x 3 x 4");
        assertThat(g.affineText()).isEqualTo("[0 2 0 9; 3 0 0 9; 4 0 -1.5 9]");
        assertThat(g.voxels()).isEqualTo(24);
    }

    @Test
    void gridsAreEqualByContentAndKeepTheirNumbers() {
        double[] affine = Geometry.identity(1, 1, 1).affine();
        var g = new Geometry(2, 3, 4, affine);
        affine[3] = 7;
        g.affine()[3] = 8;
        assertThat(g).isEqualTo(Geometry.identity(2, 3, 4)).hasSameHashCodeAs(Geometry.identity(2, 3, 4));
        assertThat(g).isNotEqualTo(Geometry.scaled(2, 3, 4, 1, 1, 2)).isNotEqualTo(Geometry.identity(2, 4, 3));
    }

    @Test
    void gridsAreTheSameWhereNoVoxelIsAFiftiethOfOneAway() {
        Geometry g = Geometry.scaled(101, 2, 2, 0.5, 1, 4);
        assertThat(g.sameGrid(g)).isTrue();
        assertThat(g.sameGrid(Geometry.scaled(101, 2, 1, 0.5, 1, 4))).isFalse();
        // the last of x is 100 voxels from the first, and so 0.01 and 0.03 voxels off
        assertThat(g.sameGrid(Geometry.scaled(101, 2, 2, 0.50005, 1, 4))).isTrue();
        assertThat(g.sameGrid(Geometry.scaled(101, 2, 2, 0.50015, 1, 4))).isFalse();
        // of 4 mm 0.06 are 0.015 voxels, of 0.5 mm 0.12
        assertThat(g.sameGrid(moved(g, 0, 0, 0.06))).isTrue();
        assertThat(g.sameGrid(moved(g, 0.06, 0, 0))).isFalse();
        assertThat(g.sameGrid(moved(g, 0.004, 0.004, 0.004))).isTrue();
        assertThat(g.sameGrid(moved(g, 0, Double.NaN, 0))).isFalse();
        assertThat(g.sameGrid(Geometry.scaled(101, 2, 2, 0.5, 1, Double.NaN))).isFalse();
    }

    /// An axis of one voxel has no direction and no length.
    @Test
    void theThicknessOfASingleSliceIsNoPlace() {
        assertThat(Geometry.scaled(5, 5, 1, 1, 1, 1).sameGrid(Geometry.scaled(5, 5, 1, 1, 1, -3)))
                .isTrue();
    }

    private static Geometry moved(Geometry g, double x, double y, double z) {
        double[] affine = g.affine();
        affine[3] += x;
        affine[7] += y;
        affine[11] += z;
        return new Geometry(g.x(), g.y(), g.z(), affine);
    }

    @Test
    void wrongSizesAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Geometry.identity(2, 0, 2))
                .withMessageContaining("2 x 0 x 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Volume(Geometry.identity(2, 2, 2), 2, new float[8]))
                .withMessage("2 channels of 2 x 2 x 2 voxels need 16 numbers, but 8 were given");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Labels(Geometry.identity(2, 2, 2), new byte[7]))
                .withMessageContaining("need 8 labels, but 7");
    }
}
