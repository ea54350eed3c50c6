package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.golden.GoldenFile;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import tools.jackson.databind.JsonNode;

class SsimTest {
    private static final List<Task> TASKS = VolumeProblems.TASKS;

    /// Every window for itself, with variances as means of squared differences; of all voxels, and where a third of
    /// them is masked out those windows whose middle isn't.
    @ParameterizedTest
    @CsvSource({
        "1, 13, 12, 11, 1.5, false",
        "1, 4, 5, 3, 0.8, false",
        "4, 5, 6, 3, 0.8, false",
        "5, 5, 7, 5, 2, false",
        "1, 13, 12, 11, 1.5, true",
        "4, 5, 6, 3, 0.8, true",
    })
    void everyWindowForItselfGivesTheSameMean(int z, int y, int x, int window, double sigma, boolean masked) {
        Random random = new Random(1);
        double[] p = random.doubles((long) z * y * x).toArray();
        double[] target = random.doubles((long) z * y * x).toArray();
        byte[] mask = new byte[z * y * x];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (masked && random.nextInt(3) == 0 ? 0 : 1);
        }
        double sum = 0;
        int windows = 0;
        int depth = z == 1 ? 1 : window;
        for (int z0 = 0; z0 + depth <= z; z0++) {
            for (int y0 = 0; y0 + window <= y; y0++) {
                for (int x0 = 0; x0 + window <= x; x0++) {
                    if (mask[((z0 + depth / 2) * y + y0 + window / 2) * x + x0 + window / 2] == 0) {
                        continue;
                    }
                    int[] from = {z0, y0, x0};
                    ToDoubleFunction<Values> moment =
                            values -> moment(from, depth, window, sigma, y, x, i -> mask[i] == 0 ? 0 : values.at(i));
                    double w = moment.applyAsDouble(_ -> 1);
                    double mp = moment.applyAsDouble(i -> p[i]) / w;
                    double my = moment.applyAsDouble(i -> target[i]) / w;
                    double sp = moment.applyAsDouble(i -> (p[i] - mp) * (p[i] - mp)) / w;
                    double sy = moment.applyAsDouble(i -> (target[i] - my) * (target[i] - my)) / w;
                    double spy = moment.applyAsDouble(i -> (p[i] - mp) * (target[i] - my)) / w;
                    sum += (2 * mp * my + 1e-4) * (2 * spy + 9e-4) / ((mp * mp + my * my + 1e-4) * (sp + sy + 9e-4));
                    windows++;
                }
            }
        }
        String text = "ssim(window=%d, sigma=%s)".formatted(window, sigma);
        double value = evaluate(text, Task.binary(), p, target, mask, new Shape(1, 1, z, y, x));
        assertThat(value).isCloseTo(1 - sum / windows, within(1e-12));
    }

    private interface Values {
        double at(int i);
    }

    private static double moment(int[] from, int depth, int window, double sigma, int y, int x, Values values) {
        double sum = 0;
        for (int k = 0; k < depth * window * window; k++) {
            int dz = k / (window * window);
            int dy = k / window % window;
            int dx = k % window;
            double r2 = square(dz - depth / 2) + square(dy - window / 2) + square(dx - window / 2);
            sum += Math.exp(-r2 / (2 * sigma * sigma))
                    * values.at(((from[0] + dz) * y + from[1] + dy) * x + from[2] + dx);
        }
        return sum;
    }

    private static double square(double a) {
        return a * a;
    }

    private static double evaluate(String text, Task task, double[] p, double[] y, Shape shape) {
        byte[] all = new byte[(int) (shape.batch() * shape.voxels())];
        Arrays.fill(all, (byte) 1);
        return evaluate(text, task, p, y, all, shape);
    }

    private static double evaluate(String text, Task task, double[] p, double[] y, byte[] mask, Shape shape) {
        var prediction = new Prediction(
                MemorySegment.ofArray(p), Prediction.FloatType.FLOAT64, shape, Prediction.Scale.PROBABILITIES);
        var target = Target.probabilities(MemorySegment.ofArray(y), Target.Type.FLOAT64);
        return new LossEvaluator(Loss.parse(text), task, 2)
                .evaluate(prediction, target.masked(MemorySegment.ofArray(mask)))
                .value();
    }

    /// MONAI 1.5.0, SSIMLoss on float, its own test's numbers.
    @Test
    void monaiIsMet() throws Exception {
        int met = 0;
        for (JsonNode entry : GoldenFile.readForeign("losses-monai.json").get("cases")) {
            if (entry.get("loss").asString().equals("SSIMLoss")) {
                double[] p = Golden.numbers(entry.get("inputs").get("input"));
                double[] y = Golden.numbers(entry.get("inputs").get("target"));
                boolean sum = entry.get("kwargs").get("reduction").asString().equals("sum");
                double value = evaluate("ssim", Task.multilabel(3), p, y, new Shape(2, 3, 1, 16, 16));
                // its float variances are differences of means of squares
                assertThat(value * (sum ? 2 : 1))
                        .isCloseTo(entry.get("recomputed").asDouble(), within(1e-5));
                met++;
            }
        }
        assertThat(met).isEqualTo(2);
    }

    @Test
    void withoutAWindowWhoseMiddleCountsTheLossIsZeroAndFlat() {
        Problem problem = VolumeProblems.random(Task.binary(), new Shape(1, 1, 1, 5, 5), 3);
        byte[] mask = new byte[25];
        Arrays.fill(mask, (byte) 1);
        mask[12] = 0;
        Target target = problem.target().masked(MemorySegment.ofArray(mask));
        LossEvaluator evaluator = new LossEvaluator(Loss.parse("ssim(window=5)"), Task.binary());
        assertThat(evaluator.evaluate(problem.prediction(), target).value()).isZero();
        assertThat(problem.gradient(evaluator, target)).containsOnly(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ssim(window=4) | odd number from 3 to 999, but is 4.0",
                "ssim(window=1) | odd number",
                "ssim(window=5.5) | odd number",
                "ssim(sigma=0) | sigma has to be a number above 0",
                "ssim(k1=0) | k1 has to be",
                "ssim(k2=-1) | k2 has to be"
            })
    void wrongParametersAreRefused(String text, String words) {
        assertThatIllegalArgumentException().isThrownBy(() -> Loss.parse(text)).withMessageContaining(words);
    }

    @Test
    void anImageSmallerThanTheWindowIsRefused() {
        Problem problem = VolumeProblems.random(Task.binary(), new Shape(1, 1, 10, 11, 12), 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LossEvaluator(Loss.parse("ssim"), Task.binary())
                        .evaluate(problem.prediction(), problem.target()))
                .withMessageContainingAll("at least 11 voxels", "(10, 11, 12)", "smaller window");
    }
}
