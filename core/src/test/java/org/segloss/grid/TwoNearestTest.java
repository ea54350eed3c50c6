package org.segloss.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwoNearestTest {

    /// The smallest two of the distances that the distance transform has for each object alone.
    @ParameterizedTest
    @CsvSource({"1, 20, 30, 6, 0.02", "8, 9, 10, 4, 0.02", "8, 9, 10, 2, 0.005", "1, 1, 40, 3, 0.1", "5, 6, 7, 9, 0.5"})
    void distancesAreThoseOfEachObjectAlone(int z, int y, int x, int count, double share) {
        Random random = new Random(1);
        for (int time = 0; time < 20; time++) {
            Grid grid = new Grid(z, y, x, 2.5, 1, 0.75);
            int[] objects = new int[z * y * x];
            for (int i = 0; i < objects.length; i++) {
                objects[i] = random.nextDouble() < share ? 1 + random.nextInt(count) : 0;
            }
            double[][] each = new double[count][];
            for (int object = 1; object <= count; object++) {
                byte[] outside = new byte[objects.length];
                for (int i = 0; i < outside.length; i++) {
                    outside[i] = (byte) (objects[i] == object ? 0 : 1);
                }
                float[] distances = DistanceTransform.distance(outside, grid, 1);
                each[object - 1] = new double[objects.length];
                for (int i = 0; i < distances.length; i++) {
                    each[object - 1][i] = distances[i];
                }
            }
            double reach = time % 2 == 0 ? Double.POSITIVE_INFINITY : 3.1;
            TwoNearest nearest = TwoNearest.of(objects, grid, reach, 1 + time % 3);
            for (int i = 0; i < objects.length; i++) {
                int at = i;
                double[] sorted =
                        Arrays.stream(each).mapToDouble(d -> d[at]).sorted().toArray();
                same(nearest.first()[i], sorted[0], reach);
                same(nearest.second()[i], sorted[1], reach);
            }
        }
    }

    private static void same(double actual, double expected, double reach) {
        if (expected > reach || expected == Double.POSITIVE_INFINITY) {
            assertThat(actual).isEqualTo(Double.POSITIVE_INFINITY);
        } else {
            // the transform is in float
            assertThat(actual).isCloseTo(expected, within(3e-7 * expected));
        }
    }

    @Test
    void withoutASecondObjectItIsInfinitelyFar() {
        Grid grid = new Grid(1, 1, 4, 1, 1, 2);
        TwoNearest one = TwoNearest.of(new int[] {0, 7, 7, 0}, grid, 100, 1);
        assertThat(one.first()).containsExactly(2, 0, 0, 2);
        assertThat(one.second()).containsOnly(Double.POSITIVE_INFINITY);
        assertThat(TwoNearest.of(new int[4], grid, 100, 1).first()).containsOnly(Double.POSITIVE_INFINITY);
    }

    @Test
    void objectsOfAnotherSizeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TwoNearest.of(new int[5], new Grid(1, 2, 3, 1, 1, 1), 1, 1))
                .withMessageContainingAll("objects have 5 voxels", "has 6");
    }
}
