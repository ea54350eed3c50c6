package org.segloss.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.segloss.grid.Shape;
import org.segloss.grid.Spacing;

/// What every loss that knows where voxels lie is tested on and for.
final class VolumeProblems {
    static final List<Task> TASKS = List.of(Task.binary(), Task.multiclass(3), Task.multilabel(2));

    private VolumeProblems() {}

    /// {@return each task with each shape and each loss}
    ///
    /// @param shapes two samples, z, y, x
    static Stream<Arguments> all(List<int[]> shapes, String... losses) {
        return TASKS.stream()
                .flatMap(task -> shapes.stream()
                        .flatMap(s -> Stream.of(losses)
                                .map(loss ->
                                        Arguments.of(task, new Shape(2, task.channels(), s[0], s[1], s[2]), loss))));
    }

    static Problem random(Task task, Shape shape, long seed) {
        Problem flat = Problem.random(task, shape.batch(), (int) shape.voxels(), seed);
        return new Problem(task, shape, flat.logits(), flat.labels());
    }

    /// The same problem with logits that lean to its target.
    static Problem leaning(Problem problem) {
        MemorySegment y = problem.softTarget().data();
        float[] logits = problem.logits().clone();
        for (int i = 0; i < logits.length; i++) {
            logits[i] = logits[i] / 3 + 4 * y.getAtIndex(ValueLayout.JAVA_FLOAT, i) - 2;
        }
        return new Problem(problem.task(), problem.shape(), logits, problem.labels());
    }

    /// Of the plain evaluator, logits in double.
    static void gradientMatchesCentralDifferences(Problem problem, String text) {
        LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), problem.task(), 2, false);
        Target target = problem.target().spaced(new Spacing(2, 1, 0.7));
        double[] logits = problem.doublePrediction().data().toArray(ValueLayout.JAVA_DOUBLE);
        Prediction prediction = doubles(logits, problem.shape());
        double[] gradient = new double[logits.length];
        evaluator.evaluate(prediction, target, MemorySegment.ofArray(gradient));
        double h = 0x1p-17;
        for (int i = 0; i < logits.length; i++) {
            double at = logits[i];
            logits[i] = at + h;
            double up = evaluator.evaluate(prediction, target).value();
            logits[i] = at - h;
            double down = evaluator.evaluate(prediction, target).value();
            logits[i] = at;
            // truncation h² and cancellation 1e-16 / h are both about 1e-10, for values and derivatives of about 1
            double size = 1 + Math.abs(up);
            assertThat(gradient[i]).as("logit %d", i).isCloseTo((up - down) / (2 * h), within(5e-9 * size));
        }
        assertThat(Arrays.stream(gradient).map(Math::abs).max().orElseThrow())
                .as("or the test would see nothing")
                .isGreaterThan(1e-6);
    }

    static Prediction doubles(double[] logits, Shape shape) {
        return new Prediction(
                MemorySegment.ofArray(logits), Prediction.FloatType.FLOAT64, shape, Prediction.Scale.LOGITS);
    }

    /// Whatever they hold; and a volume with a masked margin is the volume without it.
    static void maskedVoxelsAreNotThere(Task task, String text, int z, int y, int x) {
        Shape inside = new Shape(2, task.channels(), z, y, x);
        // a margin of z would make three axes of two
        Shape whole = new Shape(2, task.channels(), z == 1 ? 1 : z + 2, y + 1, x + 3);
        Problem small = random(task, inside, 5);
        Problem large = random(task, whole, 6);
        byte[] mask = new byte[2 * (int) whole.voxels()];
        int[] places = new int[2 * (int) inside.voxels()];
        int top = z == 1 ? 0 : 1;
        for (int i = 0; i < places.length; i++) {
            int b = i / (z * y * x);
            int line = i / x % (y * z);
            places[i] = ((b * whole.z() + line / y + top) * whole.y() + line % y + 1) * whole.x() + i % x + 2;
            mask[places[i]] = 1;
            large.labels()[places[i]] = small.labels()[i];
        }
        for (int i = 0; i < large.logits().length; i++) {
            large.logits()[i] = i % 2 == 0 ? Float.NaN : Float.NEGATIVE_INFINITY;
        }
        for (int i = 0; i < small.logits().length; i++) {
            large.logits()[place(i, places, task.channels(), small, large)] = small.logits()[i];
        }
        Target masked = large.target().masked(MemorySegment.ofArray(mask));
        for (boolean lanes : new boolean[] {false, true}) {
            LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), task, 2, lanes);
            double expected =
                    evaluator.evaluate(small.prediction(), small.target()).value();
            assertThat(evaluator.evaluate(large.prediction(), masked).value())
                    .isCloseTo(expected, within(1e-6 * (1 + Math.abs(expected))));
            float[] gradient = large.gradient(evaluator, masked);
            float[] without = small.gradient(evaluator, small.target());
            for (int i = 0; i < without.length; i++) {
                int at = place(i, places, task.channels(), small, large);
                assertThat(gradient[at]).isCloseTo(without[i], within(1e-5f * Math.abs(without[i]) + 1e-7f));
                gradient[at] = 0;
            }
            assertThat(gradient).containsOnly(0);
        }
    }

    private static int place(int i, int[] places, int channels, Problem small, Problem large) {
        int n = (int) small.shape().voxels();
        int b = i / n / channels;
        int c = i / n % channels;
        int m = (int) large.shape().voxels();
        return places[b * n + i % n] - b * m + (b * channels + c) * m;
    }

    /// Nothing, everything, one voxel; and a prediction that is sure of it, or knows nothing.
    static void edgesAreFinite(Task task, String text, int z, int y, int x) {
        Shape shape = new Shape(2, task.channels(), z, y, x);
        int n = 2 * (int) shape.voxels();
        int[] none = new int[n];
        int[] all = new int[n];
        Arrays.fill(all, task.classes() - 1);
        int[] one = new int[n];
        one[n / 3] = task.classes() - 1;
        int[] mixed = new Random(1).ints(n, 0, task.classes()).toArray();
        for (int[] labels : List.of(none, all, one, mixed)) {
            Problem problem = new Problem(task, shape, new float[(int) shape.elements()], labels);
            MemorySegment y1 = problem.softTarget().data();
            for (float sure : new float[] {100, 0, -100}) {
                for (int i = 0; i < problem.logits().length; i++) {
                    problem.logits()[i] = y1.getAtIndex(ValueLayout.JAVA_FLOAT, i) > 0 ? sure : -sure;
                }
                for (boolean lanes : new boolean[] {false, true}) {
                    LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), task, 2, lanes);
                    double value = evaluator
                            .evaluate(problem.prediction(), problem.target())
                            .value();
                    assertThat(value).isFinite();
                    if (sure == 100) {
                        assertThat(value).as("perfect").isCloseTo(0, within(1e-6));
                    }
                    for (float g : problem.gradient(evaluator, problem.target())) {
                        assertThat(g).isFinite();
                    }
                }
            }
        }
    }

    /// A sample that is masked out, in a batch that is one.
    static void aSampleWithoutVoxelsHasNoPart(Task task, String text, int z, int y, int x) {
        Problem problem = random(task, new Shape(2, task.channels(), z, y, x), 7);
        int n = (int) problem.shape().voxels();
        byte[] mask = new byte[2 * n];
        Arrays.fill(mask, n, 2 * n, (byte) 1);
        String batch =
                text.endsWith(")") ? text.substring(0, text.length() - 1) + ", batch=true)" : text + "(batch=true)";
        LossEvaluator evaluator = new LossEvaluator(Loss.parse(batch), task, 1);
        Target target = problem.target().masked(MemorySegment.ofArray(mask));
        assertThat(evaluator.evaluate(problem.prediction(), target).value()).isFinite();
        float[] gradient = problem.gradient(evaluator, target);
        for (int i = 0; i < gradient.length; i++) {
            assertThat(gradient[i]).isFinite();
            assertThat(i < gradient.length / 2 && gradient[i] != 0).isFalse();
        }
    }

    /// The same bits.
    static void threadsChangeNothing(Problem problem, String text) {
        LossEvaluator one = new LossEvaluator(Loss.parse(text), problem.task(), 1);
        LossEvaluator five = new LossEvaluator(Loss.parse(text), problem.task(), 5);
        assertThat(five.evaluate(problem.prediction(), problem.target()))
                .isEqualTo(one.evaluate(problem.prediction(), problem.target()));
        assertThat(problem.gradient(five, problem.target())).isEqualTo(problem.gradient(one, problem.target()));
    }
}
