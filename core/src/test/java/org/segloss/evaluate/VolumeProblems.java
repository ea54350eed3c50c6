package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.segloss.grid.Shape;
import org.segloss.grid.Spacing;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// What every loss that knows where voxels lie is tested on and for.
public final class VolumeProblems {
    public static final List<Task> TASKS = List.of(Task.binary(), Task.multiclass(3), Task.multilabel(2));

    private VolumeProblems() {}

    /// {@return the plain evaluator of a loss}, which needs no vector lanes
    public static LossEvaluator plain(String text, Task task) {
        return new LossEvaluator(Loss.parse(text), task, 1, false);
    }

    public static Problem random(Task task, Shape shape, long seed) {
        Problem flat = Problem.random(task, shape.batch(), (int) shape.voxels(), seed);
        return new Problem(task, shape, flat.logits(), flat.labels());
    }

    /// Of the plain evaluator, logits in double.
    public static void gradientMatchesCentralDifferences(Problem problem, String text) {
        gradientMatchesCentralDifferences(problem, text, problem.target());
    }

    static void gradientMatchesCentralDifferences(Problem problem, String text, Target plain) {
        LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), problem.task(), 1, false);
        Target target = plain.spaced(new Spacing(2, 1, 0.7));
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

    public static Prediction doubles(double[] logits, Shape shape) {
        return new Prediction(
                MemorySegment.ofArray(logits), Prediction.FloatType.FLOAT64, shape, Prediction.Scale.LOGITS);
    }

    /// Whatever they hold; and a volume with a masked margin is the volume without it.
    public static void maskedVoxelsAreNotThere(Problem small, String text) {
        Task task = small.task();
        Shape s = small.shape();
        int z = s.z();
        int y = s.y();
        int x = s.x();
        // a margin of z would make three axes of two
        Shape whole = new Shape(2, task.channels(), z == 1 ? 1 : z + 2, y + 1, x + 3);
        Problem large = random(task, whole, 6);
        byte[] mask = new byte[2 * (int) whole.voxels()];
        int[] places = new int[2 * (int) s.voxels()];
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

    /// The same bits.
    public static void threadsChangeNothing(Problem problem, String text) {
        LossEvaluator one = new LossEvaluator(Loss.parse(text), problem.task(), 1);
        LossEvaluator five = new LossEvaluator(Loss.parse(text), problem.task(), 5);
        assertThat(five.evaluate(problem.prediction(), problem.target()))
                .isEqualTo(one.evaluate(problem.prediction(), problem.target()));
        assertThat(problem.gradient(five, problem.target())).isEqualTo(problem.gradient(one, problem.target()));
    }
}
