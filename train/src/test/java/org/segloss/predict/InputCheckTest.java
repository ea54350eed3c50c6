package org.segloss.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.segloss.fit.Toy;
import org.segloss.grid.Spacing;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;

class InputCheckTest {
    private static final InputCheck PLANE = new InputCheck(2, 1, new Spacing(1, 0.5, 0.5));
    private static final InputCheck SPACE = new InputCheck(3, 1, new Spacing(3, 1, 1));

    private static Volume image(int z, int channels, double x, double y, double thick) {
        return new Volume(Geometry.scaled(4, 4, z, x, y, thick), channels, new float[16 * z * channels]);
    }

    private static void refused(InputCheck check, Volume image, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check.fitted(image))
                .withMessageContaining(why);
    }

    @Test
    void aNetworkOfPlanesTakesNoVolumesAndOneOfVolumesNoPlanes() {
        refused(PLANE, image(7, 1, 0.5, 0.5, 1), "the image has 7 slices, but the network was trained on single ones");
        refused(SPACE, image(1, 1, 1, 1, 3), "the image is a single slice, but the network was trained on volumes");
        assertThat(PLANE.fitted(image(1, 1, 0.5, 0.5, 70)).channels()).isEqualTo(1);
        assertThat(PLANE.doubt(image(1, 1, 0.5, 0.5, 70).geometry())).isEmpty();
    }

    /// A plane is one along whichever axis it is stored, and how thick it is says nothing.
    @Test
    void aSliceAlongAnyAxisIsAPlane() {
        for (Geometry grid :
                new Geometry[] {Geometry.scaled(4, 1, 6, 0.5, 70, 0.5), Geometry.scaled(1, 4, 6, 70, 0.5, 0.5)}) {
            Volume image = new Volume(grid, 1, new float[24]);
            assertThat(PLANE.fitted(image)).isEqualTo(image);
            assertThat(PLANE.doubt(grid)).isEmpty();
            refused(SPACE, image, "the image is a single slice, but the network was trained on volumes");
        }
    }

    @Test
    void voxelsFarFromTheNetworksAreRefusedOrDoubted() {
        // micrometres that were taken for millimetres, and the other way round
        refused(SPACE, image(7, 1, 0.006, 0.006, 0.018), "of 0.01800 x 0.006000 x 0.006000 mm, those of the network");
        refused(SPACE, image(7, 1, 1000, 1000, 3000), "correct the spacing or the units");
        Volume thin = image(7, 1, 1, 1, 0.5);
        assertThat(SPACE.fitted(thin)).isEqualTo(thin);
        assertThat(SPACE.doubt(thin.geometry()))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("of 0.5000 x 1.000 x 1.000 mm", "of 3.000 x 1.000 x 1.000 mm"));
        assertThat(SPACE.doubt(image(7, 1, 0.5, 4, 5).geometry())).isEmpty();
    }

    /// By hand: stored as (y, z, x), from left to right.
    @Test
    void aVolumeIsTurnedToTheOrientationOfTrainingAndMeasuredThere() {
        double[] affine = {0, 0, 1, 0, 1, 0, 0, 0, 0, 40, 0, 0, 0, 0, 0, 1};
        Volume stored =
                new Volume(new Geometry(2, 3, 2, affine), 1, new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
        Volume fitted = SPACE.fitted(stored);
        assertThat(fitted.geometry()).isEqualTo(Geometry.scaled(2, 2, 3, 1, 1, 40));
        assertThat(fitted.values()).containsExactly(1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 12);
        assertThat(SPACE.doubt(fitted.geometry()))
                .hasValueSatisfying(why -> assertThat(why).contains("of 40.00 x 1.000 x 1.000 mm"));
        // none of a plane
        Volume plane = new Volume(
                new Geometry(2, 2, 1, new double[] {-0.5, 0, 0, 0, 0, -0.5, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}),
                1,
                new float[4]);
        assertThat(PLANE.fitted(plane)).isEqualTo(plane);
    }

    @Test
    void channelsHaveToBeTheNetworksButForAPictureWithoutColour() {
        refused(SPACE, image(7, 2, 1, 1, 3), "the image has 2 channels, but the network was trained with 1");
        var colour = new InputCheck(2, 3, Spacing.ONE);
        assertThat(colour.fitted(image(1, 1, 1, 1, 1)).channels()).isEqualTo(3);
        refused(new InputCheck(3, 3, Spacing.ONE), image(7, 1, 1, 1, 1), "the image has 1 channel, but");
        assertThat(InputCheck.of(Toy.plan("dice", 1))).isEqualTo(new InputCheck(3, 1, Spacing.ONE));
    }
}
