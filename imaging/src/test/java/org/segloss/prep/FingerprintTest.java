package org.segloss.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.segloss.dataset.Case;
import org.segloss.dataset.ClassLabels;
import org.segloss.dataset.Dataset;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

class FingerprintTest {
    private static Dataset dataset(int channels, Integer... tomography) {
        return new Dataset(
                "body",
                3,
                channels,
                ClassLabels.of(List.of("background", "organ"), List.of(7)),
                List.of(),
                new TreeSet<>(Arrays.asList(tomography)),
                "",
                "");
    }

    /// @param value of a voxel, or of one of the second channel, which come after all of the first
    private static Case row(int voxels, int channels, IntUnaryOperator value, IntUnaryOperator label) {
        float[] values = new float[voxels * channels];
        byte[] labels = new byte[voxels];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.applyAsInt(i);
            labels[i % voxels] = (byte) label.applyAsInt(i % voxels);
        }
        Geometry grid = Geometry.identity(voxels, 1, 1);
        return new Case("row", new Volume(grid, channels, values), new Labels(grid, labels));
    }

    @Test
    void theScaleIsThatOfAllForegrounds() {
        Case one = row(12_000, 1, i -> i * i % 997 - 1000, i -> i % 5 == 0 ? 0 : 1);
        Case other = row(60, 1, i -> 7 * i - 100, _ -> 2);
        IntensityScale scale =
                Fingerprint.of(dataset(1, 0), List.of(one, other)).scales().get(0);
        // NumPy 2.4.6: np.percentile, np.clip, mean, std of all foreground voxels
        assertThat(scale.low()).isCloseTo(-996.705, within(1e-9));
        assertThat(scale.high()).isCloseTo(-4.0, within(1e-9));
        assertThat(scale.mean()).isCloseTo(-499.7485036231884, within(1e-9));
        assertThat(scale.deviation()).isCloseTo(294.1428773532156, within(1e-9));
    }

    /// Labels of 7 are ignored.
    @Test
    void whatIsIgnoredIsNoForeground() {
        Case one = row(12_000, 1, i -> i % 7 == 0 ? 5000 : i % 997, i -> i % 7 == 0 ? 0 : 1);
        Case ignoring = row(12_000, 1, i -> i % 7 == 0 ? 5000 : i % 997, i -> i % 7 == 0 ? 7 : 1);
        assertThat(Fingerprint.of(dataset(1, 0), List.of(ignoring)).scales())
                .isEqualTo(Fingerprint.of(dataset(1, 0), List.of(one)).scales());
    }

    @Test
    void aLargeForegroundCountsLikeTenThousandVoxelsFromAllOfIt() {
        Case large = row(1_000_000, 1, i -> i % 100, _ -> 1);
        Case small = row(2_500, 1, _ -> 1000, _ -> 1);
        IntensityScale scale =
                Fingerprint.of(dataset(1, 0), List.of(large, small)).scales().get(0);
        // a fifth is 1000, and of the others each number from 0 to 99 is about as frequent: their mean has an
        // SD of 0.3
        assertThat(scale.high()).isEqualTo(1000);
        assertThat(scale.mean()).isCloseTo((4 * 49.5 + 1000) / 5, within(1.0));
    }

    @Test
    void onlyChannelsOfTomographyHaveOne() {
        Case two = row(8, 2, i -> i < 8 ? i : 100 * i, i -> i % 2);
        assertThat(Fingerprint.of(dataset(2), List.of(two)).scales()).isEmpty();
        IntensityScale second =
                Fingerprint.of(dataset(2, 1), List.of(two)).scales().get(1);
        assertThat(second.mean()).isCloseTo(1200, within(1e-9));
        assertThat(Fingerprint.of(dataset(2, 1), List.of(two)).scales()).containsOnlyKeys(1);
    }

    @Test
    void foregroundsWithoutAnythingToScaleHaveNone() {
        Case empty = row(8, 1, i -> i, _ -> 0);
        Case constant = row(8, 1, i -> i < 4 ? 5 : i, i -> i < 4 ? 1 : 0);
        assertThat(Fingerprint.of(dataset(1, 0), List.of(empty)).scales()).isEmpty();
        assertThat(Fingerprint.of(dataset(1, 0), List.of(empty, constant)).scales())
                .isEmpty();
    }

    @Test
    void aMedianIsTheNumberOfSomeImage() {
        assertThat(Fingerprint.upperMedian(DoubleStream.of(5, 1, 2))).isEqualTo(2);
        assertThat(Fingerprint.upperMedian(DoubleStream.of(5, 1))).isEqualTo(5);
        assertThat(Fingerprint.upperMedian(DoubleStream.of(4, 1, 3, 2))).isEqualTo(3);
    }
}
