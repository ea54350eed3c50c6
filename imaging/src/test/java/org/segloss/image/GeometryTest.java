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
    void placesAreCompared() {
        Geometry g = Geometry.identity(2, 2, 2);
        assertThat(g.samePlace(Geometry.scaled(2, 2, 2, 1, 1, 1.0009), 1e-3)).isTrue();
        assertThat(g.samePlace(Geometry.scaled(2, 2, 2, 1, 1, 1.0011), 1e-3)).isFalse();
        assertThat(g.samePlace(Geometry.scaled(2, 2, 2, 1, 1, Double.NaN), 1e-3))
                .isFalse();
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
