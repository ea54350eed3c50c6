package org.segloss.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReorientationTest {
    private static final Geometry OBLIQUE =
            new Geometry(2, 3, 4, new double[] {0.6, -0.8, 0, -7, 0.8, 0.6, 0, 3, 0, 0, 2, 5, 0, 0, 0, 1});

    private static float place(Geometry g, int x, int y, int z) {
        double[] m = g.affine();
        double[] place = new double[3];
        for (int row = 0; row < 3; row++) {
            place[row] = m[4 * row] * x + m[4 * row + 1] * y + m[4 * row + 2] * z + m[4 * row + 3];
        }
        return Math.round(10 * place[0]) + 1000 * Math.round(10 * place[1]) + 1_000_000f * Math.round(10 * place[2]);
    }

    /// An image whose voxels hold where they lie.
    private static Volume places(Geometry g) {
        float[] values = new float[(int) g.voxels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = place(g, i % g.x(), i / g.x() % g.y(), i / g.x() / g.y());
        }
        return new Volume(g, 1, values);
    }

    @Test
    void everyOrderAndDirectionIsTurnedSoThatEachVoxelStaysWhereItLies() {
        Volume expected = places(OBLIQUE);
        for (int order = 0; order < StoredGrids.WAYS; order++) {
            Geometry stored = StoredGrids.of(OBLIQUE, order);
            Reorientation way = Reorientation.between(stored, OBLIQUE).orElseThrow();
            Volume image = places(stored);
            assertThat(way.turn(image).geometry()).isEqualTo(OBLIQUE);
            assertThat(way.turn(image).values()).isEqualTo(expected.values());
            byte[] labels = new byte[24];
            int[] numbers = new int[24];
            for (int i = 0; i < 24; i++) {
                numbers[i] = (int) image.values()[i];
                labels[i] = (byte) (numbers[i] % 97);
            }
            assertThat(way.turn(new LabelMap(stored, numbers)).values()).isEqualTo(ints(expected));
            assertThat(way.turn(new Labels(stored, labels)).values()).isEqualTo(bytes(expected));
            NumericArray array = way.turn(NumericArray.of(image.values(), List.of(stored.z(), stored.y(), stored.x())));
            assertThat(array.shape()).containsExactly(4, 3, 2);
            assertThat(array.toFloats()).isEqualTo(expected.values());
        }
    }

    private static int[] ints(Volume image) {
        int[] ints = new int[image.values().length];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = (int) image.values()[i];
        }
        return ints;
    }

    private static byte[] bytes(Volume image) {
        byte[] bytes = new byte[image.values().length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ((int) image.values()[i] % 97);
        }
        return bytes;
    }

    @Test
    void everyChannelIsTurned() {
        Geometry backward = new Geometry(2, 1, 1, new double[] {-1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1});
        Reorientation way =
                Reorientation.between(backward, Geometry.identity(2, 1, 1)).orElseThrow();
        assertThat(way.turn(new Volume(backward, 2, new float[] {1, 2, 3, 4})).values())
                .containsExactly(2, 1, 4, 3);
    }

    @Test
    void whatIsNoOtherOrderOfAxesHasNoWay() {
        assertThat(Reorientation.between(Geometry.identity(2, 3, 4), Geometry.identity(4, 3, 2)))
                .as("of the right shape, but elsewhere")
                .isEqualTo(Optional.empty());
        assertThat(Reorientation.between(OBLIQUE, Geometry.identity(2, 3, 4))).isEmpty();
        assertThat(Reorientation.between(OBLIQUE, OBLIQUE)).isPresent();
    }
}
