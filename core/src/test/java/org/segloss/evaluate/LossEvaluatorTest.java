package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

class LossEvaluatorTest {

    static Stream<Arguments> losses() {
        return Losses.TASKS.stream().flatMap(task -> Losses.of(task).map(loss -> Arguments.of(task, loss)));
    }

    /// p = 0.8 and 0.4 with y = 1 and 0, by hand.
    @ParameterizedTest
    @CsvSource({
        "bce, 0.36698458754", // (-ln 0.8 - ln 0.6) / 2
        "gce(q=0.5), 0.330976139759", // 2 - sqrt 0.8 - sqrt 0.6
        "poly, 0.666984587540", // ce + (0.2 + 0.4) / 2
        "jaccard(smooth=0), 0.428571428571", // 1 - 0.8 / (1.2 + 1 - 0.8)
        "'focalTversky(fp=0.3, fn=0.7, gamma=2, smooth=0)', 0.060163759345", // the square of tversky's
        "'fbeta(beta=2, smooth=0)', 0.230769230769", // 1 - 5*0.8 / (4*1 + 1.2)
        "logDice(smooth=0), 0.318453731119", // -ln(1.6 / 2.2)
        "logCoshDice(smooth=0), 0.036737991417", // ln cosh 0.2727
        "ce, 0.36698458754",
        // (0.04*0.22314355 + 0.16*0.51082562) / (0.04 + 0.16)
        "'focal(alpha=[], gamma=2, reduction=normalized)', 0.453289209276",
        // p = 0.6 of the background is above the threshold 0.5: ((0.2/0.5)^2*0.22314355 + (0.4/0.5)^2*0.51082562) / 2
        "'ohem(threshold=0.7, minKept=1)', 0.510825623766", // 0.8 is sure
        "'ohem(threshold=0.9, minKept=1)', 0.366984587540",
        "'ohem(threshold=0.5, minKept=1)', 0.510825623766", // none is below, and the worst is kept
        "'combo(alpha=0.3, beta=0.8)', 0.233010218015", // 0.3 (0.8 ce1 + 0.2 ce0) / 2 + 0.7 dice
        "powerCe(gamma=0.5), 0.593550694216", // (sqrt ce1 + sqrt ce0) / 2
        "expLog, 0.713061618358", // 0.8 (-log D)^0.3 + 0.2 (ce1^0.3 + ce0^0.3) / 2
        "unifiedFocal, 0.320366508685", // 0.5 (0.4 0.4^0.5 ce0 + 0.6 ce1) / 2 + 0.5 (1 - TI)^0.5
        // clipped, the voxel of 0.8 has 0.7: (0.09*0.35667494 + 0.16*0.51082562) / (0.09 + 0.16)
        "'focal(alpha=[], gamma=2, clip=0.3, reduction=normalized)', 0.455331379028",
        "'focal(alpha=[], gamma=2, threshold=0.5)', 0.181315683710",
        "dice(smooth=0), 0.2727272727273", // 1 - 1.6 / 2.2
        "squaredDice(smooth=0), 0.1111111111111", // 1 - 1.6 / (0.8 + 1)
        "'tversky(fp=0.3, fn=0.7, smooth=0)', 0.2452830188679", // 1 - 0.8 / (0.8 + 0.3*0.4 + 0.7*0.2)
        "'focal(alpha=0.25, gamma=2, reduction=sum)', 0.0635305104", // 0.25*0.04*0.22314355 + 0.75*0.16*0.51082562
        "log1p(dice(smooth=0)), 0.2411620568"
    })
    void valuesByHand(String text, double expected) {
        assertThat(onProbabilities(text, 0.8, 0.4)).isCloseTo(expected, within(1e-9));
        assertThat(onLogits(text, Math.log(0.8 / 0.2), Math.log(0.4 / 0.6))).isCloseTo(expected, within(1e-9));
    }

    /// Where the logarithm would have no bound.
    @Test
    void withoutAnyOverlapLogDiceIsFlat() {
        double[] gradient = new double[2];
        var prediction = new Prediction(
                MemorySegment.ofArray(new double[] {-100, 100}),
                Prediction.FloatType.FLOAT64,
                new Shape(1, 1, 1, 1, 2),
                Prediction.Scale.LOGITS);
        double value = new LossEvaluator(Loss.parse("logDice(smooth=0)"), Task.binary())
                .evaluate(
                        prediction,
                        Target.labels(MemorySegment.ofArray(new byte[] {1, 0})),
                        MemorySegment.ofArray(gradient))
                .value();

        assertThat(value).isCloseTo(-Math.log(1e-7), within(1e-12));
        assertThat(gradient).containsExactly(0, 0);
    }

    /// One pass or two.
    @ParameterizedTest
    @CsvSource({"ce, 1", "dice, 1", "ce, 0.5"})
    void aRampIsAWeightThatGoesWithTheTraining(String text, double factor) {
        Problem problem = Problem.random(Task.binary(), 2, 30, 11);
        LossEvaluator ramped =
                new LossEvaluator(Loss.parse("%s*ramp(0.5, 2)*%s".formatted(factor, text)), problem.task(), 1);
        float[] plain = problem.gradient(new LossEvaluator(Loss.parse(text), problem.task(), 1), problem.target());
        double value = new LossEvaluator(Loss.parse(text), problem.task(), 1)
                .evaluate(problem.prediction(), problem.target())
                .value();
        for (double progress : new double[] {0, 0.5, 1}) {
            double weight = factor * (0.5 + 1.5 * progress);
            float[] gradient = new float[plain.length];
            Evaluation evaluation =
                    ramped.evaluate(problem.prediction(), problem.target(), MemorySegment.ofArray(gradient), progress);
            assertThat(evaluation.value()).isCloseTo(weight * value, within(1e-9));
            for (int i = 0; i < plain.length; i++) {
                assertThat((double) gradient[i]).isCloseTo(weight * plain[i], within(1e-8));
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ramped.evaluate(
                        problem.prediction(), problem.target(), MemorySegment.ofArray(new float[plain.length]), 1.5))
                .withMessageContaining("progress has to be from 0 to 1, but is 1.5");
    }

    private static double onProbabilities(String text, double... p) {
        return evaluate(text, Prediction.Scale.PROBABILITIES, p);
    }

    private static double onLogits(String text, double... z) {
        return evaluate(text, Prediction.Scale.LOGITS, z);
    }

    private static double evaluate(String text, Prediction.Scale scale, double... numbers) {
        var prediction = new Prediction(
                MemorySegment.ofArray(numbers), Prediction.FloatType.FLOAT64, new Shape(1, 1, 1, 1, 2), scale);
        return new LossEvaluator(Loss.parse(text), Task.binary())
                .evaluate(prediction, Target.labels(MemorySegment.ofArray(new byte[] {1, 0})))
                .value();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void gradientMatchesCentralDifferences(Task task, Loss loss) {
        Problem problem = Problem.random(task, loss, 2, 9, 1);
        LossEvaluator plain = new LossEvaluator(loss, task, 1, false);
        double[] gradient = problem.doubleGradient(plain, problem.target());
        MemorySegment logits = problem.doublePrediction().data();
        Prediction prediction =
                new Prediction(logits, Prediction.FloatType.FLOAT64, problem.shape(), Prediction.Scale.LOGITS);
        double h = 0x1p-17;
        for (int i = 0; i < gradient.length; i++) {
            double at = logits.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
            logits.setAtIndex(ValueLayout.JAVA_DOUBLE, i, at + h);
            double up = plain.evaluate(prediction, problem.target()).value();
            logits.setAtIndex(ValueLayout.JAVA_DOUBLE, i, at - h);
            double down = plain.evaluate(prediction, problem.target()).value();
            logits.setAtIndex(ValueLayout.JAVA_DOUBLE, i, at);
            // truncation h^2 and cancellation 1e-16 / h are both about 1e-10
            assertThat(gradient[i]).as("logit %d", i).isCloseTo((up - down) / (2 * h), within(2e-9));
        }
    }

    static Stream<Arguments> sigmoidLosses() {
        // the hinge of Lovász is of logits
        return losses().filter(a -> ((Task) a.get()[0]).kind() != Task.Kind.MULTICLASS
                && !((Loss) a.get()[1]).text().contains("lovasz"));
    }

    static Stream<Arguments> softmaxLosses() {
        // a penalty on logits is of logits
        return losses().filter(a -> ((Task) a.get()[0]).kind() == Task.Kind.MULTICLASS
                && !((Loss) a.get()[1]).text().contains("neighborPenalty"));
    }

    static Stream<Arguments> meansOverSamples() {
        // voxels that weigh differently have one mean over the batch
        return losses().filter(a -> Stream.of(
                        "log1p",
                        "pow",
                        "topk",
                        "ohem",
                        "batch",
                        "sum",
                        "normalized",
                        "ce(background",
                        "focal(background",
                        "weightBy")
                .noneMatch(((Loss) a.get()[1]).text()::contains));
    }

    /// Clips, smoothed labels and an uneven smooth keep a rest, a constant stays; a boundary loss is least below 0, and
    /// a penalty on logits wants small ones.
    static Stream<Arguments> lossesThatReachZero() {
        return losses().filter(a -> Stream.of("clip", "smoothing", "+ 3", "smooth=0.001", "boundary", "neighborPenalty")
                .noneMatch(((Loss) a.get()[1]).text()::contains));
    }

    @ParameterizedTest
    @MethodSource("sigmoidLosses")
    void gradientOfProbabilitiesTimesTheActivationsDerivativeIsTheGradientOfLogits(Task task, Loss loss) {
        Problem problem = Problem.random(task, loss, 2, 9, 2);
        LossEvaluator evaluator = new LossEvaluator(loss, task, 1);
        double[] byLogits = problem.doubleGradient(evaluator, problem.target());
        double[] p = Arrays.stream(problem.doublePrediction().data().toArray(ValueLayout.JAVA_DOUBLE))
                .map(z -> 1 / (1 + Math.exp(-z)))
                .toArray();
        double[] byProbabilities = new double[p.length];
        evaluator.evaluate(probabilities(p, problem.shape()), problem.target(), MemorySegment.ofArray(byProbabilities));
        for (int i = 0; i < p.length; i++) {
            assertThat(byProbabilities[i] * p[i] * (1 - p[i])).isCloseTo(byLogits[i], within(1e-12));
        }
    }

    @ParameterizedTest
    @MethodSource("softmaxLosses")
    void logitsAndTheirSoftmaxHaveOneValueAndGradient(Task task, Loss loss) {
        Problem problem = Problem.random(task, loss, 2, 9, 2);
        int n = (int) problem.shape().voxels();
        double[] z = problem.doublePrediction().data().toArray(ValueLayout.JAVA_DOUBLE);
        double[] p = new double[z.length];
        for (int b = 0; b < 2; b++) {
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int c = 0; c < task.channels(); c++) {
                    sum += Math.exp(z[(b * task.channels() + c) * n + i]);
                }
                for (int c = 0; c < task.channels(); c++) {
                    p[(b * task.channels() + c) * n + i] = Math.exp(z[(b * task.channels() + c) * n + i]) / sum;
                }
            }
        }
        LossEvaluator evaluator = new LossEvaluator(loss, task, 1);
        double expected =
                evaluator.evaluate(problem.doublePrediction(), problem.target()).value();
        assertThat(evaluator
                        .evaluate(probabilities(p, problem.shape()), problem.target())
                        .value())
                .isCloseTo(expected, within(1e-12));

        double[] byLogits = problem.doubleGradient(evaluator, problem.target());
        double[] byP = new double[p.length];
        evaluator.evaluate(probabilities(p, problem.shape()), problem.target(), MemorySegment.ofArray(byP));
        for (int b = 0; b < 2; b++) {
            for (int i = 0; i < n; i++) {
                // dp_k/dz_c = p_k ([k = c] - p_c)
                double mean = 0;
                for (int k = 0; k < task.channels(); k++) {
                    int at = (b * task.channels() + k) * n + i;
                    mean += p[at] * byP[at];
                }
                for (int c = 0; c < task.channels(); c++) {
                    int at = (b * task.channels() + c) * n + i;
                    assertThat(p[at] * (byP[at] - mean)).isCloseTo(byLogits[at], within(1e-12));
                }
            }
        }
    }

    private static Prediction probabilities(double[] p, Shape shape) {
        return new Prediction(
                MemorySegment.ofArray(p), Prediction.FloatType.FLOAT64, shape, Prediction.Scale.PROBABILITIES);
    }

    @ParameterizedTest
    @MethodSource("meansOverSamples")
    void aBatchIsTheMeanOfItsSamples(Task task, Loss loss) {
        Problem both = Problem.random(task, loss, 2, 50, 3);
        LossEvaluator evaluator = new LossEvaluator(loss, task);
        double mean = (evaluator.evaluate(sample(both, 0), target(both, 0)).value()
                        + evaluator.evaluate(sample(both, 1), target(both, 1)).value())
                / 2;
        assertThat(evaluator.evaluate(both.prediction(), both.softTarget()).value())
                .isCloseTo(mean, within(1e-6));
    }

    private static Prediction sample(Problem problem, int b) {
        long bytes = problem.prediction().data().byteSize() / 2;
        Shape s = problem.shape();
        return Prediction.logits(
                problem.prediction().data().asSlice(b * bytes, bytes), new Shape(1, s.classes(), s.z(), s.y(), s.x()));
    }

    private static Target target(Problem problem, int b) {
        MemorySegment all = problem.softTarget().data();
        return Target.probabilities(all.asSlice(b * all.byteSize() / 2, all.byteSize() / 2));
    }

    /// Of losses that don't know where voxels lie, for whom a masked volume is a smaller one.
    static Stream<Arguments> lossesWithoutPlace() {
        return losses().filter(a -> Stream.of(
                        "boundary",
                        "hausdorff",
                        "distanceCe",
                        "clDice",
                        "neighborPenalty",
                        "borderCe",
                        "Recall",
                        "ssim",
                        "Ssim")
                .noneMatch(((Loss) a.get()[1]).text()::contains));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void logitsOfMaskedVoxelsChangeNothing(Task task, Loss loss) {
        Problem problem = Problem.random(task, loss, 2, 60, 5);
        Problem other = new Problem(task, problem.shape(), problem.logits().clone(), problem.labels());
        int n = problem.voxels();
        byte[] mask = new byte[2 * n];
        Arrays.fill(mask, (byte) 1);
        for (int b = 0; b < 2; b++) {
            mask[n * b + 31] = 0;
            for (int c = 0; c < task.channels(); c++) {
                other.logits()[(b * task.channels() + c) * n + 31] = c == 0 ? Float.NaN : Float.POSITIVE_INFINITY;
            }
        }
        for (boolean lanes : new boolean[] {false, true}) {
            LossEvaluator evaluator = new LossEvaluator(loss, task, 1, lanes);
            Target target = problem.target().masked(MemorySegment.ofArray(mask));
            assertThat(other.gradient(evaluator, target)).isEqualTo(problem.gradient(evaluator, target));
            assertThat(problem.gradient(evaluator, target)[31]).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("lossesWithoutPlace")
    void maskedVoxelsChangeNothingAndHaveNoGradient(Task task, Loss loss) {
        Problem small = Problem.random(task, 1, 40, 4);
        Problem large = Problem.random(task, 1, 60, 5);
        for (int c = 0; c < task.channels(); c++) {
            System.arraycopy(small.logits(), c * 40, large.logits(), c * 60, 40);
            large.logits()[c * 60 + 50] = c == 0 ? Float.NaN : Float.POSITIVE_INFINITY;
        }
        System.arraycopy(small.labels(), 0, large.labels(), 0, 40);
        byte[] mask = new byte[60];
        Arrays.fill(mask, 0, 40, (byte) 1);
        Target masked = large.target().masked(MemorySegment.ofArray(mask));
        for (boolean lanes : new boolean[] {false, true}) {
            LossEvaluator evaluator = new LossEvaluator(loss, task, 1, lanes);
            // the padding adds zeros in another grouping of the lanes
            assertThat(evaluator.evaluate(large.prediction(), masked).value())
                    .isCloseTo(
                            evaluator
                                    .evaluate(small.prediction(), small.target())
                                    .value(),
                            within(1e-6));
            float[] expected = small.gradient(evaluator, small.target());
            float[] gradient = large.gradient(evaluator, masked);
            for (int c = 0; c < task.channels(); c++) {
                for (int i = 0; i < 60; i++) {
                    float e = i < 40 ? expected[c * 40 + i] : 0;
                    assertThat(gradient[c * 60 + i]).isCloseTo(e, within(Math.abs(e) * 1e-5f + 1e-9f));
                    assertThat(i >= 40 && gradient[c * 60 + i] != 0).isFalse();
                }
            }
        }
    }

    @Test
    void anIgnoredLabelActsAsAMask() {
        Problem problem = Problem.random(Task.multiclass(3), 1, 100, 6);
        byte[] mask = new byte[100];
        byte[] labels = new byte[100];
        for (int i = 0; i < 100; i++) {
            mask[i] = (byte) (i % 3 == 0 ? 0 : 1);
            labels[i] = (byte) (i % 3 == 0 ? 255 : problem.labels()[i]);
        }
        Loss loss = Loss.parse("ce + dice");
        double masked = new LossEvaluator(loss, Task.multiclass(3))
                .evaluate(problem.prediction(), problem.target().masked(MemorySegment.ofArray(mask)))
                .value();
        assertThat(new LossEvaluator(loss, Task.multiclass(3).ignoring(255))
                        .evaluate(problem.prediction(), Target.labels(MemorySegment.ofArray(labels)))
                        .value())
                .isEqualTo(masked);
    }

    @Test
    void withoutAVoxelThatCountsAMeanIsZeroAndFlat() {
        Problem problem = Problem.random(Task.binary(), 1, 20, 7);
        Target none = problem.target().masked(MemorySegment.ofArray(new byte[20]));
        LossEvaluator evaluator = new LossEvaluator(Loss.parse("bce + dice + focal"), Task.binary());
        assertThat(evaluator.evaluate(problem.prediction(), none).value()).isZero();
        assertThat(problem.gradient(evaluator, none)).containsOnly(0);
    }

    @ParameterizedTest
    @MethodSource("lossesThatReachZero")
    void perfectPredictionsAreWorthNothingAndFinite(Task task, Loss loss) {
        Problem problem = Problem.random(task, loss, 2, 64, 8);
        MemorySegment y = problem.softTarget().data();
        for (int i = 0; i < problem.logits().length; i++) {
            problem.logits()[i] = y.getAtIndex(ValueLayout.JAVA_FLOAT, i) > 0 ? 80 : -80;
        }
        for (boolean lanes : new boolean[] {false, true}) {
            LossEvaluator evaluator = new LossEvaluator(loss, task, 1, lanes);
            assertThat(evaluator
                            .evaluate(problem.prediction(), problem.target())
                            .value())
                    .isCloseTo(0, within(1e-6));
            for (float g : problem.gradient(evaluator, problem.target())) {
                assertThat(g).isFinite();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void oneVoxelAndOneClassAreFinite(Task task, Loss loss) {
        for (int voxels : new int[] {1, 33}) {
            Problem problem = Problem.random(task, loss, 1, voxels, 9);
            for (int label = 0; label < task.classes(); label++) {
                Arrays.fill(problem.labels(), label);
                for (boolean lanes : new boolean[] {false, true}) {
                    LossEvaluator evaluator = new LossEvaluator(loss, task, 1, lanes);
                    assertThat(evaluator
                                    .evaluate(problem.prediction(), problem.target())
                                    .value())
                            .isFinite();
                    for (float g : problem.gradient(evaluator, problem.target())) {
                        assertThat(g).isFinite();
                    }
                }
            }
        }
    }

    @Test
    void logitsOfSureVoxelsKeepTheirGradient() {
        // in probabilities, -80 has rounded to 0 in float and would be lost behind any clip
        float[] gradient = new float[1];
        var prediction = Prediction.logits(MemorySegment.ofArray(new float[] {-80}), new Shape(1, 1, 1, 1, 1));
        Target one = Target.labels(MemorySegment.ofArray(new byte[] {1}));
        double value = new LossEvaluator(Loss.parse("bce"), Task.binary())
                .evaluate(prediction, one, MemorySegment.ofArray(gradient))
                .value();
        assertThat(value).isEqualTo(80);
        assertThat(gradient[0]).isEqualTo(-1);
    }

    @Test
    void clippedVoxelsHaveNoGradient() {
        float[] logits = {-20, 0, 20};
        var prediction = Prediction.logits(MemorySegment.ofArray(logits), new Shape(1, 1, 1, 1, 3));
        Target target = Target.labels(MemorySegment.ofArray(new byte[] {1, 1, 0}));
        for (String text : new String[] {"bce(clip=1e-5)", "focal(clip=1e-5)"}) {
            for (boolean lanes : new boolean[] {false, true}) {
                float[] gradient = new float[3];
                new LossEvaluator(Loss.parse(text), Task.binary(), 1, lanes)
                        .evaluate(prediction, target, MemorySegment.ofArray(gradient));
                assertThat(gradient[0]).isZero();
                assertThat(gradient[1]).isNegative();
                assertThat(gradient[2]).isZero();
            }
        }
    }
}
