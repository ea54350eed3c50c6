package org.segloss.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.grid.Grid;

/// A distance that equals a bound but for rounding is within it; one that is farther is not.
class SlackTest {
    private static final int LENGTH = 24;

    private static double score(String id, byte[] prediction, byte[] reference, Grid grid) {
        Metric metric = Metric.parse(id);
        return new Scorer(List.of(metric), Policy.DEFAULT)
                .score(prediction, reference, grid, 1)
                .get(metric)
                .value();
    }

    /// A bar of eight voxels from a place on.
    private static byte[] bar(int from) {
        byte[] bar = new byte[LENGTH];
        for (int i = from; i < from + 8; i++) {
            bar[i] = 1;
        }
        return bar;
    }

    /// Grids whose voxels lie along each axis, with the spacing as a double, as a float, which a file has, and as six
    /// digits of a text.
    private static List<Grid> grids(double spacing) {
        double text = Double.parseDouble(String.format(Locale.ROOT, "%.6g", spacing));
        return DoubleStream.of(spacing, (float) spacing, text)
                .boxed()
                .flatMap(s -> List.of(
                        new Grid(1, 1, LENGTH, 9, 9, s),
                        new Grid(1, LENGTH, 1, 9, s, 9),
                        new Grid(LENGTH, 1, 1, s, 9, 9))
                        .stream())
                .toList();
    }

    /// By hand: bars that are `n` voxels apart have all of their surface at most `n` voxels from the other, and some
    /// of it that far.
    @ParameterizedTest
    @ValueSource(strings = {"0.1", "0.2", "0.3", "0.4", "0.6", "0.7", "0.8", "1.1", "1.2", "2.2", "0.488281", "3.3"})
    void aToleranceOfWholeVoxelsHoldsThemHoweverTheirSizeIsRounded(String spacing) {
        for (int n = 1; n <= 6; n++) {
            String bound =
                    new BigDecimal(spacing).multiply(BigDecimal.valueOf(n)).toString();
            double beyond = Double.parseDouble(bound) * (1 - 1e-5);
            for (Grid grid : grids(Double.parseDouble(spacing))) {
                for (String metric : List.of("nsd@", "nsd_surfel@")) {
                    assertThat(score(metric + bound, bar(4 + n), bar(4), grid))
                            .as("%s%s of %s", metric, bound, grid)
                            .isEqualTo(1);
                    assertThat(score(metric + beyond, bar(4 + n), bar(4), grid))
                            .as("%s%s of %s", metric, beyond, grid)
                            .isLessThan(1);
                }
            }
        }
    }

    /// By hand: across the corner of a voxel, √(0.3² + 0.4²) = 0.5 mm.
    @ParameterizedTest
    @CsvSource({"0.5, 1", "0.49999, 0"})
    void aToleranceHoldsADiagonalHoweverItIsRounded(double tolerance, double share) {
        for (Grid grid : List.of(new Grid(1, 4, 4, 1, 0.3, 0.4), new Grid(1, 4, 4, 1, 0.3f, 0.4f))) {
            byte[] p = new byte[16];
            byte[] r = new byte[16];
            p[5] = 1;
            r[10] = 1;
            assertThat(score("nsd@" + tolerance, p, r, grid)).isEqualTo(share);
        }
    }

    /// A plane of 7 x 7 voxels with a hole in the middle: the four beside it are 1 voxel from outside, the four across
    /// its corners √2 = 1.41421356....
    @ParameterizedTest
    @CsvSource({"1.4142135623730951, 8", "1.4142134, 8", "1.414, 4"})
    void aBorderHoldsADiagonalHoweverItIsRounded(double width, int border) {
        var grid = new Grid(1, 9, 9, 1, 1, 1);
        byte[] r = new byte[81];
        Arrays.fill(r, (byte) 1);
        byte[] p = r.clone();
        p[40] = 0;
        // the rim of the image is the border of both: by that, a corner lies no farther than its edge
        int rim = 32;
        assertThat(score("biou@" + width, p, r, grid)).isEqualTo(rim / (double) (rim + border));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3, 1.1})
    void theBoxOfACalibrationHoldsWholeVoxels(double spacing) {
        byte[] r = bar(8);
        float[] p = new float[LENGTH];
        Arrays.fill(p, 0.5f);
        for (Grid grid : grids(spacing)) {
            for (int n = 1; n <= 6; n++) {
                Metric metric = new BoxCalibrationError(n * spacing);
                double gap = Math.abs(0.5 * (8 + 2 * n) - 8) / (8 + 2 * n);
                assertThat(new Scorer(List.of(metric), Policy.DEFAULT)
                                .score(r, r, grid, Optional.of(p), 1)
                                .get(metric)
                                .value())
                        .isCloseTo(gap, within(1e-15));
            }
        }
    }
}
