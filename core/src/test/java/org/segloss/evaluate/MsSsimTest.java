package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

class MsSsimTest {
    private static final List<Task> TASKS = VolumeProblems.TASKS;

    private static double evaluate(String text, double[] p, double[] y, Shape shape) {
        byte[] all = new byte[p.length];
        Arrays.fill(all, (byte) 1);
        return evaluate(text, p, y, all, shape);
    }

    private static double evaluate(String text, double[] p, double[] y, byte[] mask, Shape shape) {
        var prediction = new Prediction(
                MemorySegment.ofArray(p), Prediction.FloatType.FLOAT64, shape, Prediction.Scale.PROBABILITIES);
        var target = Target.probabilities(MemorySegment.ofArray(y), Target.Type.FLOAT64);
        return new LossEvaluator(Loss.parse(text), Task.binary(), 2)
                .evaluate(prediction, target.masked(MemorySegment.ofArray(mask)))
                .value();
    }

    /// The contrast-structure terms of every window on its own, and [Ssim][org.segloss.loss.volume.Ssim] on
    /// the smallest scale.
    @Test
    void eachScaleByItselfGivesTheSameProduct() {
        Random random = new Random(1);
        double[] p = random.doubles(13 * 12).toArray();
        double[] y = IntStream.range(0, p.length)
                .mapToDouble(i -> 0.7 * p[i] + 0.3 * random.nextDouble())
                .toArray();
        double[] p2 = halved(p, 13, 12);
        double[] y2 = halved(y, 13, 12);
        double[] p3 = halved(p2, 6, 6);
        double[] y3 = halved(y2, 6, 6);
        double ssim = 1 - evaluate("ssim(window=3)", p3, y3, new Shape(1, 1, 1, 3, 3));
        double expected =
                1 - Math.pow(contrast(p, y, 13, 12), 0.2) * Math.pow(contrast(p2, y2, 6, 6), 0.3) * Math.pow(ssim, 0.5);
        double value = evaluate("msSsim(window=3, scales=[0.2, 0.3, 0.5])", p, y, new Shape(1, 1, 1, 13, 12));
        assertThat(value).isCloseTo(expected, within(1e-12));
    }

    private static double[] halved(double[] a, int rows, int columns) {
        double[] half = new double[rows / 2 * (columns / 2)];
        for (int y = 0; y < rows / 2; y++) {
            for (int x = 0; x < columns / 2; x++) {
                int at = 2 * y * columns + 2 * x;
                half[y * (columns / 2) + x] = (a[at] + a[at + 1] + a[at + columns] + a[at + columns + 1]) / 4;
            }
        }
        return half;
    }

    private static double contrast(double[] p, double[] y, int rows, int columns) {
        double[] bell = {Math.exp(-1 / 4.5), 1, Math.exp(-1 / 4.5)};
        double sum = 0;
        for (int r = 0; r + 3 <= rows; r++) {
            for (int c = 0; c + 3 <= columns; c++) {
                double w = 0;
                double mp = 0;
                double my = 0;
                for (int k = 0; k < 9; k++) {
                    int at = (r + k / 3) * columns + c + k % 3;
                    w += bell[k / 3] * bell[k % 3];
                    mp += bell[k / 3] * bell[k % 3] * p[at];
                    my += bell[k / 3] * bell[k % 3] * y[at];
                }
                double sp = 0;
                double sy = 0;
                double spy = 0;
                for (int k = 0; k < 9; k++) {
                    int at = (r + k / 3) * columns + c + k % 3;
                    double weight = bell[k / 3] * bell[k % 3] / w;
                    sp += weight * Math.pow(p[at] - mp / w, 2);
                    sy += weight * Math.pow(y[at] - my / w, 2);
                    spy += weight * (p[at] - mp / w) * (y[at] - my / w);
                }
                sum += (2 * spy + 9e-4) / (sp + sy + 9e-4);
            }
        }
        return sum / ((rows - 2) * (columns - 2));
    }

    @Test
    void oneScaleIsSsim() {
        Random random = new Random(2);
        double[] p = random.doubles(6 * 7 * 8).toArray();
        double[] y = random.doubles(6 * 7 * 8).toArray();
        Shape shape = new Shape(1, 1, 6, 7, 8);
        assertThat(evaluate("msSsim(window=5, scales=1)", p, y, shape))
                .isCloseTo(evaluate("ssim(window=5)", p, y, shape), within(1e-14));
    }

    /// With no weight on the larger scale the smaller one is alone.
    @Test
    void volumesAreHalvedAlongThreeAxes() {
        Random random = new Random(3);
        double[] p = random.doubles(6 * 7 * 8).toArray();
        double[] y = IntStream.range(0, p.length)
                .mapToDouble(i -> 0.7 * p[i] + 0.3 * random.nextDouble())
                .toArray();
        double[] halfP = new double[3 * 3 * 4];
        double[] halfY = new double[3 * 3 * 4];
        for (int z = 0; z < 6; z++) {
            for (int r = 0; r < 6; r++) {
                for (int c = 0; c < 8; c++) {
                    halfP[(z / 2 * 3 + r / 2) * 4 + c / 2] += p[(z * 7 + r) * 8 + c] / 8;
                    halfY[(z / 2 * 3 + r / 2) * 4 + c / 2] += y[(z * 7 + r) * 8 + c] / 8;
                }
            }
        }
        assertThat(evaluate("msSsim(window=3, scales=[0, 1])", p, y, new Shape(1, 1, 6, 7, 8)))
                .isCloseTo(evaluate("ssim(window=3)", halfP, halfY, new Shape(1, 1, 3, 3, 4)), within(1e-12));
    }

    @Test
    void imagesThatRunAgainstEachOtherCostOneAndAreFlat() {
        float[] logits = {-3, 3, -3, 3, -3, 3, -3, 3, -3};
        byte[] labels = {1, 0, 1, 0, 1, 0, 1, 0, 1};
        float[] gradient = new float[9];
        var prediction = Prediction.logits(MemorySegment.ofArray(logits), new Shape(1, 1, 1, 3, 3));
        double value = new LossEvaluator(Loss.parse("msSsim(window=3, scales=[0.5])"), Task.binary())
                .evaluate(prediction, Target.labels(MemorySegment.ofArray(labels)), MemorySegment.ofArray(gradient))
                .value();
        assertThat(value).isEqualTo(1);
        assertThat(gradient).containsOnly(0);
    }

    /// With no weight on the larger scale the smaller one is alone: a voxel of it is the mean of those that count, and
    /// doesn't count itself without one.
    @Test
    void aVoxelOfASmallerScaleIsTheMeanOfThoseThatCount() {
        Random random = new Random(4);
        double[] p = random.doubles(8 * 8).toArray();
        double[] y = IntStream.range(0, p.length)
                .mapToDouble(i -> 0.7 * p[i] + 0.3 * random.nextDouble())
                .toArray();
        byte[] mask = new byte[p.length];
        double[] halfP = new double[16];
        double[] halfY = new double[16];
        byte[] halfMask = new byte[16];
        for (int i = 0; i < 16; i++) {
            int counted = 0;
            for (int part = 0; part < 4; part++) {
                int at = (i / 4 * 2 + part / 2) * 8 + i % 4 * 2 + part % 2;
                mask[at] = (byte) (i == 6 || random.nextInt(3) == 0 ? 0 : 1);
                counted += mask[at];
                halfP[i] += mask[at] * p[at];
                halfY[i] += mask[at] * y[at];
            }
            halfMask[i] = (byte) (counted == 0 ? 0 : 1);
            halfP[i] /= Math.max(1, counted);
            halfY[i] /= Math.max(1, counted);
        }
        assertThat(halfMask).containsOnlyOnce(0);
        assertThat(evaluate("msSsim(window=3, scales=[0, 1])", p, y, mask, new Shape(1, 1, 1, 8, 8)))
                .isPositive()
                .isCloseTo(evaluate("ssim(window=3)", halfP, halfY, halfMask, new Shape(1, 1, 1, 4, 4)), within(1e-12));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "msSsim(window=6) | odd number from 3 to 999, but is 6.0",
                "msSsim(scales=[]) | scales have to be one number at least",
                "msSsim(scales=[0, 0]) | must not all be 0",
                "msSsim(scales=[1, -1]) | each of the scales has to be a number of at least 0",
                "msSsim(sigma=0) | sigma has to be a number above 0"
            })
    void wrongParametersAreRefused(String text, String words) {
        assertThatIllegalArgumentException().isThrownBy(() -> Loss.parse(text)).withMessageContaining(words);
    }

    @Test
    void anImageTooSmallForTheLastScaleIsRefused() {
        Problem problem = VolumeProblems.random(Task.binary(), new Shape(1, 1, 1, 176, 175), 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LossEvaluator(Loss.parse("msSsim"), Task.binary())
                        .evaluate(problem.prediction(), problem.target()))
                .withMessageContainingAll("at least 176 voxels", "5 scales", "(1, 176, 175)", "fewer scales");
    }
}
