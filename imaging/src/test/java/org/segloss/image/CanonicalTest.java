package org.segloss.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.segloss.format.Resources;
import tools.jackson.databind.JsonNode;

class CanonicalTest {
    /// NiBabel 5.4.2: `as_closest_canonical`, `aff2axcodes`; see make-canonical.py.
    @Test
    void whatNibabelMakesOfAnImageIsMadeOfIt() {
        for (JsonNode expected : Resources.json("/org/segloss/image/canonical.json")) {
            var stored = new Geometry(2, 3, 4, Resources.numbers(expected.path("affine")));
            Reorientation way = Reorientation.toCanonical(stored);
            assertThat(stored.orientation())
                    .isEqualTo(expected.path("orientation").asString());
            assertThat(way.to().shapeText())
                    .isEqualTo("%d x %d x %d"
                            .formatted(
                                    expected.path("shape").path(0).asInt(),
                                    expected.path("shape").path(1).asInt(),
                                    expected.path("shape").path(2).asInt()));
            // sums of a few numbers below 100
            assertThat(way.to().affine()).containsExactly(Resources.numbers(expected.path("canonical")), within(1e-12));
            assertThat(numbers(way.turn(counted(stored)))).containsExactly(Resources.numbers(expected.path("voxels")));
        }
    }

    private static Volume counted(Geometry grid) {
        float[] values = new float[(int) grid.voxels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return new Volume(grid, 1, values);
    }

    private static double[] numbers(Volume image) {
        return NumericArray.of(image.values(), List.of(image.values().length)).toDoubles();
    }

    @Test
    void anImageInCanonicalFormIsLeftAsItIs() {
        Geometry oblique =
                new Geometry(2, 3, 4, new double[] {0.8, -0.6, 0, -7, 0.6, 0.8, 0, 3, 0, 0, 2, 5, 0, 0, 0, 1});
        Volume image = counted(oblique);
        Volume turned = Reorientation.toCanonical(oblique).turn(image);
        assertThat(turned.geometry()).isEqualTo(oblique);
        assertThat(turned.values()).isSameAs(image.values());
    }

    /// Turned by 45 degrees about one axis, and all axes as far from one of the body's as from the others: rounded, as
    /// headers are, in the sixth digit.
    @Test
    void axesThatAreEquallyNearAreTakenTheSameHoweverTheyAreStored() {
        double h = Math.sqrt(0.5);
        double t = Math.sqrt(1.0 / 3);
        double s = Math.sqrt(1.0 / 6);
        for (double[] affine : List.of(
                new double[] {h, -h, 0, 1, h, h, 0, 2, 0, 0, 3, 4, 0, 0, 0, 1},
                new double[] {1, 0, 0, 1, 0, 2 * h, -3 * h, 2, 0, 2 * h, 3 * h, 4, 0, 0, 0, 1},
                new double[] {t, h, s, 1, t, -h, s, 2, t, 0, -2 * s, 4, 0, 0, 0, 1})) {
            Volume image = counted(new Geometry(2, 3, 4, affine));
            Volume expected = Reorientation.toCanonical(image.geometry()).turn(image);
            for (int way = 0; way < StoredGrids.WAYS; way++) {
                Geometry there = StoredGrids.of(image.geometry(), way);
                Volume stored = Reorientation.between(image.geometry(), there)
                        .orElseThrow()
                        .turn(image);
                double[] rounded = stored.geometry().affine();
                for (int i = 0; i < 16; i++) {
                    rounded[i] = Math.rint(rounded[i] * 1e6 + (i % 3 - 1)) / 1e6;
                }
                var grid = new Geometry(
                        stored.geometry().x(),
                        stored.geometry().y(),
                        stored.geometry().z(),
                        rounded);
                Volume found = Reorientation.toCanonical(grid).turn(new Volume(grid, 1, stored.values()));
                assertThat(found.values()).isEqualTo(expected.values());
                assertThat(found.geometry().sameGrid(expected.geometry())).isTrue();
            }
        }
    }
}
