package org.segloss.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorOrderTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100, 5000, 300_000})
    void theOrderIsThatOfAStableComparisonSort(int length) {
        Random random = new Random(length);
        float[][] planes = new float[3][length];
        for (float[] plane : planes) {
            for (int i = 0; i < length; i++) {
                float error =
                        switch (random.nextInt(8)) {
                            case 0 -> Float.NaN;
                            case 1 -> 0;
                            case 2 -> Float.MIN_VALUE;
                            case 3 -> Float.POSITIVE_INFINITY;
                            // few values, so that there are ties
                            case 4 -> random.nextInt(4) / 4f;
                            default -> (float) Math.exp(20 * random.nextGaussian());
                        };
                plane[i] = Math.copySign(error, random.nextBoolean() ? -1 : 1);
            }
        }
        List<Integer> expected = IntStream.range(0, 3 * length)
                .filter(i -> !Float.isNaN(planes[i / length][i % length]))
                .boxed()
                .sorted(Comparator.comparing(i -> -Math.abs(planes[i / length][i % length])))
                .toList();

        ErrorOrder order = new ErrorOrder();
        float[][] given = Arrays.stream(planes).map(float[]::clone).toArray(float[][]::new);
        int n = sort(order, given);

        assertThat(given).isDeepEqualTo(new float[3][length]);

        assertThat(IntStream.range(0, n).mapToObj(order::voxel)).isEqualTo(expected);
        for (int i = 0; i < n; i++) {
            float error = planes[expected.get(i) / length][expected.get(i) % length];
            assertThat(order.error(i)).isEqualTo(Math.abs(error));
            assertThat(order.isForeground(i)).isEqualTo(Math.copySign(1, error) < 0);
        }
    }

    @Test
    void aShorterListAfterALongerOneIsSortedAlone() {
        ErrorOrder order = new ErrorOrder();
        sort(order, new float[][] {{1, 2, 3, 4, 5}});

        assertThat(sort(order, new float[][] {{0.5f, -0.75f}})).isEqualTo(2);
        assertThat(order.voxel(0)).isEqualTo(1);
        assertThat(order.voxel(1)).isZero();
    }

    private static int sort(ErrorOrder order, float[][] planes) {
        int n = order.split(planes, 2);
        ErrorOrder.Spare spare = new ErrorOrder.Spare();
        for (int part = 0; part < order.parts(); part++) {
            order.sort(part, spare);
        }
        assertThat(order.start(order.parts())).isEqualTo(n);
        int foreground = 0;
        for (int part = 0; part < order.parts(); part++) {
            assertThat(order.foregroundBefore(part)).isEqualTo(foreground);
            for (int i = order.start(part); i < order.start(part + 1); i++) {
                foreground += order.isForeground(i) ? 1 : 0;
            }
        }
        assertThat(order.foregroundBefore(order.parts())).isEqualTo(foreground);
        return n;
    }
}
