package org.segloss.loss.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.evaluate.Golden;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.evaluate.Target;
import org.segloss.evaluate.VolumeProblems;
import org.segloss.golden.GoldenFile;
import org.segloss.grid.Grid;
import org.segloss.grid.Shape;
import org.segloss.grid.Skeleton;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;
import tools.jackson.databind.JsonNode;

class SkeletonRecallTest {
    private static final List<Task> TASKS = VolumeProblems.TASKS;

    private static VolumeLoss.Field field(double[] values, double[] target, Grid grid) {
        boolean[] counts = new boolean[values.length];
        Arrays.fill(counts, true);
        return new VolumeLoss.Field(values, target, counts, values.length, grid, 1);
    }

    /// A line of 5 voxels is its own skeleton: the tube is the line, as it must not leave the class.
    @Test
    void aLineByHand() {
        double[] p = {0.9, 0.8, 0.1, 0.6, 0.6, 0.7};
        double[] y = {1, 1, 1, 1, 1, 0};
        VolumeLoss.Field field = field(p, y, new Grid(1, 1, 6, 1, 1, 1));
        // sum p k = 3
        assertThat(new SkeletonRecall().at(field)).isCloseTo(1 - 4.0 / 6, within(1e-12));
        double derivative = -1.0 / 6;
        assertThat(field.values()).containsExactly(derivative, derivative, derivative, derivative, derivative, 0);
    }

    /// A bar of 9 rows has a line in its middle; two steps to each side make it 5 rows.
    @Test
    void aTubeIsTwoStepsThick() {
        double[] y = new double[11 * 30];
        for (int i = 0; i < y.length; i++) {
            y[i] = i / 30 > 0 && i / 30 < 10 && i % 30 > 0 && i % 30 < 29 ? 1 : 0;
        }
        byte[] tube = SkeletonRecall.tube(field(y.clone(), y, new Grid(1, 11, 30, 1, 1, 1)));
        for (int row = 0; row < 11; row++) {
            assertThat(tube[row * 30 + 15]).as("row %d", row).isEqualTo((byte) (row >= 3 && row <= 7 ? 1 : 0));
        }
    }

    /// Two steps along axes are a sum of two: naively, on balls, whose skeletons are short lines.
    @ParameterizedTest
    @CsvSource({"1, 9, 11", "7, 8, 9"})
    void theTubeIsWhatIsInReachOfTheSkeletonInTheClass(int z, int y, int x) {
        Grid grid = new Grid(z, y, x, 1, 1, 1);
        double[] target = new double[z * y * x];
        byte[] mask = new byte[target.length];
        for (int i = 0; i < target.length; i++) {
            double r = Math.hypot(i / x / y - z / 2, Math.hypot((i / x) % y - 4, i % x - 4));
            mask[i] = (byte) (r < 3.2 || i % x == 1 ? 1 : 0);
            target[i] = mask[i] * 0.6;
        }
        byte[] skeleton = Skeleton.of(mask, grid);
        byte[] tube = SkeletonRecall.tube(field(target.clone(), target, grid));
        int all = 0;
        for (int i = 0; i < tube.length; i++) {
            boolean near = false;
            for (int j = 0; j < tube.length; j++) {
                int steps =
                        Math.abs(i / x / y - j / x / y) + Math.abs((i / x) % y - (j / x) % y) + Math.abs(i % x - j % x);
                near |= skeleton[j] != 0 && steps <= 2;
            }
            assertThat(tube[i]).isEqualTo((byte) (near && mask[i] != 0 ? 1 : 0));
            all += tube[i];
        }
        assertThat(all)
                .isLessThan(IntStream.range(0, mask.length).map(i -> mask[i]).sum());
    }

    /// The authors' SoftSkeletonRecallLoss with the skeleton given. It is 1 less.
    @Test
    void theAuthorsAreMet() throws Exception {
        JsonNode golden = GoldenFile.read("losses-peers.json");
        double[] z = Golden.numbers(golden.get("z3"));
        double[] skeleton = Golden.numbers(golden.get("sk3"));
        JsonNode entry = null;
        for (JsonNode candidate : golden.get("entries")) {
            entry = candidate.get("name").asString().equals("skeleton recall") ? candidate : entry;
        }
        double[] grad = Golden.numbers(entry.get("grad"));
        int n = 60;
        double value = 0;
        for (int b = 0; b < 2; b++) {
            double[][] p = new double[3][n];
            double[][] derivative = new double[3][n];
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int c = 0; c < 3; c++) {
                    p[c][i] = Math.exp(z[(b * 3 + c) * n + i]);
                    sum += p[c][i];
                }
                for (int c = 0; c < 3; c++) {
                    p[c][i] /= sum;
                }
            }
            for (int c = 1; c < 3; c++) {
                byte[] k = new byte[n];
                for (int i = 0; i < n; i++) {
                    k[i] = (byte) (skeleton[b * n + i] == c ? 1 : 0);
                }
                derivative[c] = p[c].clone();
                VolumeLoss.Field field = field(derivative[c], new double[n], new Grid(3, 4, 5, 1, 1, 1));
                value += new SkeletonRecall().at(List.of(field), List.of(k)) / 4;
            }
            for (int i = 0; i < n; i++) {
                double mean = p[1][i] * derivative[1][i] + p[2][i] * derivative[2][i];
                for (int c = 0; c < 3; c++) {
                    assertThat(p[c][i] * (derivative[c][i] - mean) / 4)
                            .isCloseTo(grad[(b * 3 + c) * n + i], within(1e-9));
                }
            }
        }
        assertThat(value - 1).isCloseTo(entry.get("value").asDouble(), within(1e-9));
    }

    /// Sums of both samples: (0.5 * 2 + 0.2 * 1) / 3.
    @Test
    void samplesOfABatchAreSummedUp() {
        double half = Math.log(0.5 / 0.5);
        double fifth = Math.log(0.2 / 0.8);
        var prediction = VolumeProblems.doubles(new double[] {half, half, 3, fifth, 3, 3}, new Shape(2, 1, 1, 1, 3));
        double value = new LossEvaluator(Loss.parse("skeletonRecall(batch=true, smooth=0)"), Task.binary())
                .evaluate(prediction, Target.labels(MemorySegment.ofArray(new byte[] {1, 1, 0, 1, 0, 0})))
                .value();
        assertThat(value).isCloseTo(1 - 1.2 / 3, within(1e-12));
    }

    @Test
    void anAbsentClassCostsWhatAveragingSays() {
        var prediction = VolumeProblems.doubles(new double[] {0, 0, 0}, new Shape(1, 1, 1, 1, 3));
        Target none = Target.labels(MemorySegment.ofArray(new byte[3]));
        for (String text : List.of("smooth=1", "smooth=0", "absent=ignore")) {
            assertThat(new LossEvaluator(Loss.parse("skeletonRecall(" + text + ")"), Task.binary())
                            .evaluate(prediction, none)
                            .value())
                    .isZero();
        }
        assertThat(new LossEvaluator(Loss.parse("skeletonRecall(absent=penalize)"), Task.binary())
                        .evaluate(prediction, none)
                        .value())
                .isCloseTo(0.5, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "skeletonRecall(smooth=-1) | smooth has to be a number of at least 0",
                "skeletonRecall(alpha=1) | skeletonRecall has: smooth, background"
            })
    void wrongParametersAreRefused(String text, String words) {
        assertThatIllegalArgumentException().isThrownBy(() -> Loss.parse(text)).withMessageContaining(words);
    }
}
