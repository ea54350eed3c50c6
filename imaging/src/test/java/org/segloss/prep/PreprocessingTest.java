package org.segloss.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.segloss.grid.Spacing;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.random.CounterRandom;

class PreprocessingTest {

    /// Noise in a box, 0 around it.
    private static Volume boxed(Geometry grid, int fromZ, int fromY, int fromX, int toZ, int toY, int toX) {
        float[] values = new float[(int) grid.voxels()];
        CounterRandom random = CounterRandom.of(1, "boxed");
        for (int k = fromZ; k < toZ; k++) {
            for (int j = fromY; j < toY; j++) {
                for (int i = fromX; i < toX; i++) {
                    values[(k * grid.y() + j) * grid.x() + i] = (float) (5 + random.nextGaussian());
                }
            }
        }
        return new Volume(grid, 1, values);
    }

    /// A ball of label 1 around a smaller one of label 2.
    private static Labels ball(Geometry grid, double radius) {
        byte[] labels = new byte[(int) grid.voxels()];
        double[] mm = grid.spacing();
        for (int i = 0; i < labels.length; i++) {
            double x = (i % grid.x() - (grid.x() - 1) / 2.0) * mm[0];
            double y = (i / grid.x() % grid.y() - (grid.y() - 1) / 2.0) * mm[1];
            double z = (i / (grid.x() * grid.y()) - (grid.z() - 1) / 2.0) * mm[2];
            double r = Math.sqrt(x * x + y * y + z * z);
            labels[i] = (byte) (r < radius / 2 ? 2 : r < radius ? 1 : 0);
        }
        return new Labels(grid, labels);
    }

    @Test
    void theSpacingIsTheMedianOfEachAxis() {
        var preprocessing = Preprocessing.of(Fingerprint.of(
                3,
                1,
                List.of(
                        Geometry.scaled(9, 9, 9, 1, 1, 5),
                        Geometry.scaled(9, 9, 9, 2, 1, 1),
                        Geometry.scaled(9, 9, 9, 3, 1, 3))));
        assertThat(preprocessing.spacing()).isEqualTo(new Spacing(3, 1, 2));
    }

    @Test
    void aScaleThatIsNoneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scaled(new IntensityScale(3, 3, 3, 1)))
                .withMessageContaining("low below high and a positive deviation, not low 3.0, high 3.0");
        assertThatIllegalArgumentException().isThrownBy(() -> scaled(new IntensityScale(0, 1, 0, 0)));
        assertThatIllegalArgumentException().isThrownBy(() -> scaled(new IntensityScale(0, 1, Double.NaN, 1)));
    }

    @Test
    void whatIsDoneToIntensitiesIsSaidInWords() {
        String given = "channel 0 clipped to -1.0 … 2.5, less 0.5, divided by 3.0";
        Preprocessing scaled = scaled(new IntensityScale(-1, 2.5, 0.5, 3));
        assertThat(scaled.intensities(1)).isEqualTo(given);
        assertThat(scaled.intensities(2)).isEqualTo(given + "; others to mean 0 and deviation 1 in each image");
        assertThat(new Preprocessing(Spacing.ONE).intensities(2)).isEqualTo("to mean 0 and deviation 1 in each image");
    }

    private static Preprocessing scaled(IntensityScale scale) {
        return new Preprocessing(Spacing.ONE, new TreeMap<>(Map.of(0, scale)));
    }

    @Test
    void withNothingToCropOrToResampleOnlyTheScaleChanges() {
        Geometry grid = Geometry.scaled(7, 6, 5, 1, 1.005, 2);
        Volume image = boxed(grid, 0, 0, 0, 5, 6, 7);
        Labels labels = ball(grid, 3);
        Preprocessing.Prepared prepared = new Preprocessing(new Spacing(2, 1, 1)).apply(image);

        assertThat(prepared.image().values())
                .isEqualTo(Normalization.apply(image, Map.of()).values());
        assertThat(prepared.labels(labels)).isEqualTo(labels.values());
        assertThat(prepared.back(prepared.image().values(), 0, 9))
                .isEqualTo(prepared.image().values());
    }

    @Test
    void zerosAroundAreCroppedAndComeBack() {
        Geometry grid = Geometry.identity(12, 10, 8);
        Volume image = boxed(grid, 1, 2, 3, 6, 9, 7);
        byte[] values = new byte[(int) grid.voxels()];
        values[(1 * 10 + 2) * 12 + 3] = 4;
        Preprocessing.Prepared prepared = new Preprocessing(Spacing.ONE).apply(image);
        Geometry cropped = prepared.image().geometry();

        assertThat(cropped.shapeText()).isEqualTo("4 x 7 x 5");
        assertThat(prepared.labels(new Labels(grid, values))[0]).isEqualTo((byte) 4);
        float[] ones = new float[3 + 140];
        java.util.Arrays.fill(ones, 3, 143, 1);
        float[] back = prepared.back(ones, 3, 0.25f);
        for (int i = 0; i < back.length; i++) {
            assertThat(back[i]).isEqualTo(image.values()[i] == 0 ? 0.25f : 1);
        }
    }

    @Test
    void ofEquallyStrongLabelsTheSmallestWins() {
        Geometry grid = Geometry.scaled(2, 1, 1, 1.5, 1, 1);
        Preprocessing.Prepared prepared = new Preprocessing(Spacing.ONE).apply(new Volume(grid, 1, new float[] {1, 2}));
        assertThat(prepared.labels(new Labels(grid, new byte[] {7, 3}))).containsExactly(7, 3, 3);
    }

    @Test
    void anImageOfZerosStaysWhole() {
        Volume image = new Volume(Geometry.identity(4, 3, 2), 1, new float[24]);
        assertThat(new Preprocessing(Spacing.ONE).apply(image).image().values())
                .hasSize(24)
                .containsOnly(0);
    }

    @Test
    void aBallIsTheSameBallOnAnotherGridAndBack() {
        Geometry grid = Geometry.scaled(40, 40, 20, 1, 1, 2);
        Labels labels = ball(grid, 15);
        Preprocessing.Prepared prepared =
                new Preprocessing(new Spacing(1, 1.25, 1.25)).apply(boxed(grid, 0, 0, 0, 20, 40, 40));
        assertThat(prepared.image().geometry().shapeText()).isEqualTo("32 x 32 x 40");
        assertThat(prepared.image().geometry().spacing()).containsExactly(new double[] {1.25, 1.25, 1}, within(1e-12));

        byte[] seen = prepared.labels(labels);
        byte[] expected = ball(prepared.image().geometry(), 15).values();
        assertThat(differ(seen, expected)).as("of a ball drawn there").isLessThan(0.035);
        float[] inner = new float[seen.length];
        for (int i = 0; i < seen.length; i++) {
            inner[i] = seen[i] == 2 ? 1 : 0;
        }
        float[] back = prepared.back(inner, 0, 0);
        byte[] rounded = new byte[back.length];
        byte[] two = new byte[back.length];
        for (int i = 0; i < back.length; i++) {
            rounded[i] = (byte) (back[i] >= 0.5f ? 1 : 0);
            two[i] = (byte) (labels.values()[i] == 2 ? 1 : 0);
        }
        assertThat(differ(rounded, two)).isLessThan(0.01);
    }

    private static double differ(byte[] a, byte[] b) {
        int differ = 0;
        for (int i = 0; i < a.length; i++) {
            differ += a[i] == b[i] ? 0 : 1;
        }
        return (double) differ / a.length;
    }

    @Test
    void slicesFarApartAreNotMixed() {
        Geometry grid = Geometry.scaled(8, 8, 4, 1, 1, 5);
        float[] values = new float[256];
        for (int i = 0; i < values.length; i++) {
            values[i] = 1 + i / 64;
        }
        Volume prepared = new Preprocessing(new Spacing(2.5, 1, 1))
                .apply(new Volume(grid, 1, values))
                .image();
        assertThat(prepared.geometry().z()).isEqualTo(8);
        // 1, 1, 2, 2, ...; a cubic would make eight different ones
        assertThat(prepared.values()[0]).isEqualTo(prepared.values()[64]);
        assertThat(prepared.values()[128]).isEqualTo(prepared.values()[192]).isNotEqualTo(prepared.values()[0]);
    }

    /// The one slice of two that is nearest would be half a slice away from where the labels are.
    @Test
    void thickSlicesThatBecomeThickerStayWhereTheyAre() {
        float[] upwards = new float[128];
        float[] downwards = new float[128];
        for (int i = 0; i < 128; i++) {
            int slice = i / 16;
            upwards[i] = 1 + slice * slice;
            downwards[112 - 16 * slice + i % 16] = upwards[i];
        }
        float[] up = coarser(upwards);
        float[] down = coarser(downwards);
        for (int i = 0; i < 64; i++) {
            assertThat(down[48 - 16 * (i / 16) + i % 16]).isEqualTo(up[i], within(1e-5f));
        }
    }

    private static float[] coarser(float[] values) {
        return new Preprocessing(new Spacing(6, 1, 1))
                .apply(new Volume(Geometry.scaled(4, 4, 8, 1, 1, 3), 1, values))
                .image()
                .values();
    }

    @Test
    void theThicknessOfAPlaneMattersToNothing() {
        float[] values = new float[256];
        for (int i = 0; i < values.length; i++) {
            values[i] = 1 + i * 37 % 101;
        }
        float[][] seen = new float[2][];
        for (int i = 0; i < 2; i++) {
            Geometry grid = Geometry.scaled(16, 16, 1, 10, 10, i == 0 ? 1 : 10);
            seen[i] = new Preprocessing(new Spacing(1, 6, 6))
                    .apply(new Volume(grid, 1, values))
                    .image()
                    .values();
        }
        assertThat(seen[0]).isEqualTo(seen[1]);
    }

    @Test
    void theGridOfTheCroppedImageIsKnownBefore() {
        Volume image = boxed(Geometry.scaled(12, 10, 8, 1, 2, 3), 1, 2, 3, 6, 9, 7);
        var preprocessing = new Preprocessing(new Spacing(3, 1, 1));
        Geometry cropped = Preprocessing.cropped(image);
        assertThat(cropped).isEqualTo(Geometry.scaled(4, 7, 5, 1, 2, 3));
        assertThat(preprocessing.shape(cropped)).containsExactly(5, 14, 4);
        assertThat(preprocessing.apply(image).image().geometry().shapeText()).isEqualTo("4 x 14 x 5");
    }
}
