package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

class HausdorffErosionTest {
    private static final List<Task> TASKS = VolumeProblems.TASKS;

    /// Errors of 1 in three columns of a 3 x 5 image, by hand.
    ///
    /// ```
    /// sums of 5     less 2.5         rescaled
    /// 1 3 4 3 1     0 .5 1.5 .5 0    0 .2 .6 .2 0
    /// 1 4 5 4 1     0 1.5 2.5 1.5 0  0 .6  1 .6 0
    /// 1 3 4 3 1     0 .5 1.5 .5 0    0 .2 .6 .2 0
    /// ```
    ///
    /// 4.2 together. The next sums are 1.4 and 2 in the upper row and 2 and 3.4 in the middle one: only the
    /// last is above 2.5, and it is 1 when rescaled. After it there is nothing.
    @Test
    void twoErosionsByHand() {
        double[] p = {0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0};
        Shape shape = new Shape(1, 1, 1, 3, 5);
        assertThat(onNothing("hausdorffErosion(iterations=1)", p, shape)).isCloseTo(4.2 / 15, within(1e-12));
        assertThat(onNothing("hausdorffErosion(iterations=2)", p, shape)).isCloseTo((4.2 + 4 * 1) / 15, within(1e-12));
        assertThat(onNothing("hausdorffErosion(iterations=7, alpha=1)", p, shape))
                .isCloseTo((4.2 + 2 * 1) / 15, within(1e-12));
    }

    /// In 2 x 2 x 2 voxels all have 4 of 7, of which 4/7 - 1/2 is left; the next erosion leaves nothing.
    @Test
    void alikeVoxelsAreNotRescaled() {
        double[] p = new double[8];
        Arrays.fill(p, 1);
        assertThat(onNothing("hausdorffErosion", p, new Shape(1, 1, 2, 2, 2))).isCloseTo(1.0 / 14, within(1e-12));
    }

    private static double onNothing(String text, double[] p, Shape shape) {
        var prediction = new Prediction(
                MemorySegment.ofArray(p), Prediction.FloatType.FLOAT64, shape, Prediction.Scale.PROBABILITIES);
        return new LossEvaluator(Loss.parse(text), Task.binary(), 2)
                .evaluate(prediction, Target.labels(MemorySegment.ofArray(new byte[p.length])))
                .value();
    }

    /// Every stage as a new map of a padded volume.
    @ParameterizedTest
    @CsvSource({"1, 9, 8", "5, 6, 7"})
    void aPaddedVolumeErodedVoxelByVoxelGivesTheSame(int z, int y, int x) {
        Problem problem = VolumeProblems.random(Task.binary(), new Shape(1, 1, z, y, x), 3);
        int slice = (y + 2) * (x + 2);
        int[] steps = z == 1 ? new int[] {0, 1, -1, x + 2, -x - 2} : new int[] {0, 1, -1, x + 2, -x - 2, slice, -slice};
        int[] places = new int[z * y * x];
        double[] e = new double[(z + 2) * slice];
        for (int i = 0; i < places.length; i++) {
            places[i] = (i / (x * y) + 1) * slice + (i / x % y + 1) * (x + 2) + i % x + 1;
            e[places[i]] = Math.pow(1 / (1 + Math.exp(-problem.logits()[i])) - problem.labels()[i], 2);
        }
        double sum = 0;
        for (int k = 1; k <= 4; k++) {
            double[] eroded = new double[e.length];
            for (int at : places) {
                for (int step : steps) {
                    eroded[at] += e[at + step] / steps.length;
                }
                eroded[at] = Math.max(0, eroded[at] - 0.5);
            }
            double max = Arrays.stream(places).mapToDouble(i -> eroded[i]).max().orElseThrow();
            double min = Arrays.stream(places).mapToDouble(i -> eroded[i]).min().orElseThrow();
            for (int at : places) {
                eroded[at] = max > min ? (eroded[at] - min) / (max - min) : eroded[at];
                sum += k * k * eroded[at];
            }
            e = eroded;
        }
        LossEvaluator evaluator =
                new LossEvaluator(Loss.parse("hausdorffErosion(iterations=4)"), Task.binary(), 2, false);
        assertThat(evaluator
                        .evaluate(problem.doublePrediction(), problem.target())
                        .value())
                .isCloseTo(sum / places.length, within(1e-12));
    }

    /// Where the smallest is above 0 it has a gradient too.
    @ParameterizedTest
    @FieldSource("TASKS")
    void gradientMatchesCentralDifferencesWhereEveryVoxelIsEroded(Task task) {
        Problem problem = VolumeProblems.random(task, new Shape(1, task.channels(), 3, 2, 3), 5);
        Arrays.fill(problem.labels(), task.classes() - 1);
        MemorySegment y = problem.softTarget().data();
        for (int i = 0; i < problem.logits().length; i++) {
            problem.logits()[i] /= 10;
            problem.logits()[i] += y.getAtIndex(ValueLayout.JAVA_FLOAT, i) > 0 ? -4 : 3;
        }
        // a corner has 4 of 7 squares, above 1/2 while these are about 0.9
        VolumeProblems.gradientMatchesCentralDifferences(problem, "hausdorffErosion(iterations=1)");
        VolumeProblems.gradientMatchesCentralDifferences(problem, "hausdorffErosion");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hausdorffErosion(alpha=-1) | alpha has to be a number of at least 0",
                "hausdorffErosion(iterations=0) | whole number from 1 to 1000, but are 0.0",
                "hausdorffErosion(iterations=2.5) | whole number from 1 to 1000"
            })
    void wrongParametersAreRefused(String text, String words) {
        assertThatIllegalArgumentException().isThrownBy(() -> Loss.parse(text)).withMessageContaining(words);
    }
}
