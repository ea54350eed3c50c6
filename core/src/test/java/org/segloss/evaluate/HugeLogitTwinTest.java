package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// Finite logits as large as a float holds.
class HugeLogitTwinTest {

    static Stream<Arguments> losses() {
        return LossEvaluatorTest.losses();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void lanesDoNotOverflowWhereDoublesDoNot(Task task, Loss loss) {
        for (float huge : new float[] {1e20f, 1e38f, 3e38f}) {
            Problem problem = Problem.random(task, loss, 2, 60, 8);
            Random random = new Random(9);
            for (int i = 0; i < problem.logits().length; i++) {
                problem.logits()[i] = random.nextBoolean() ? huge : -huge;
            }
            LossEvaluator plain = new LossEvaluator(loss, task, 1, false);
            LossEvaluator lanes = new LossEvaluator(loss, task, 1, true);
            double expected =
                    plain.evaluate(problem.prediction(), problem.target()).value();
            assertThat(lanes.evaluate(problem.prediction(), problem.target()).value())
                    .as("value at %s", huge)
                    .isCloseTo(expected, within(1e-5 * Math.abs(expected) + 1e-6));
            float[] exact = problem.gradient(plain, problem.target());
            float[] fast = problem.gradient(lanes, problem.target());
            for (int i = 0; i < exact.length; i++) {
                assertThat(fast[i])
                        .as("logit %d of %s", i, huge)
                        .isCloseTo(exact[i], within(1e-5f * Math.abs(exact[i]) + 1e-6f));
            }
        }
    }

    private static final float[] FINITE = {0, 1e20f, -1e20f, 1e30f, -1e30f, 3e38f, -3e38f, Float.MAX_VALUE, 2, -2};
    private static final float[] ANY = {
        0, 1e30f, -1e30f, 3e38f, -3e38f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN
    };

    @ParameterizedTest
    @MethodSource("losses")
    void twinsAgreeOnAnyMixture(Task task, Loss loss) {
        for (int round = 0; round < 6; round++) {
            Problem problem = Problem.random(task, loss, 2, round % 2 == 0 ? 60 : 64, 8);
            Random random = new Random(round);
            // all of them, one in ten, and one alone
            float[] from = round < 3 ? FINITE : ANY;
            int rare = new int[] {1, 10, problem.logits().length / 2}[round % 3];
            for (int i = 0; i < problem.logits().length; i++) {
                if (random.nextInt(rare) == 0) {
                    problem.logits()[i] = from[random.nextInt(from.length)];
                }
            }
            agree(problem, loss, "round " + round);
        }
    }

    /// Where doubles are no numbers floats aren't either, and where they are infinite floats are as well.
    private static void agree(Problem problem, Loss loss, String round) {
        LossEvaluator plain = new LossEvaluator(loss, problem.task(), 1, false);
        LossEvaluator lanes = new LossEvaluator(loss, problem.task(), 1, true);
        near(
                lanes.evaluate(problem.prediction(), problem.target()).value(),
                plain.evaluate(problem.prediction(), problem.target()).value(),
                1e-6,
                "value of " + round);
        float[] exact = problem.gradient(plain, problem.target());
        float[] fast = problem.gradient(lanes, problem.target());
        // errors that floats can't tell apart may have another order
        boolean ordered = Stream.of("lovasz", "Erosion").noneMatch(loss.text()::contains);
        double largest = 1;
        for (float g : exact) {
            largest = Float.isFinite(g) ? Math.max(largest, Math.abs(g)) : largest;
        }
        for (int i = 0; i < exact.length; i++) {
            if (ordered || !Float.isFinite(exact[i])) {
                near(fast[i], exact[i], 1e-6 * largest, "logit %d of %s".formatted(i, round));
            } else {
                assertThat(fast[i]).as("logit %d of %s", i, round).isFinite();
            }
        }
    }

    private static void near(double actual, double expected, double tolerance, String where) {
        if (Double.isFinite(expected)) {
            assertThat(actual).as(where).isCloseTo(expected, within(1e-5 * Math.abs(expected) + tolerance));
        } else {
            assertThat((Double) actual).as(where).isEqualTo((Double) expected);
        }
    }

    /// By hand: two classes share the probability, and the third has none.
    @Test
    void theLargestLogitsOfASoftmaxMayBeEqual() {
        float[] logits = {1e20f, 1e20f, -1e20f};
        for (boolean lanes : new boolean[] {false, true}) {
            double value = new LossEvaluator(Loss.parse("ce"), Task.multiclass(3), 1, lanes)
                    .evaluate(
                            Prediction.logits(MemorySegment.ofArray(logits), new Shape(1, 3, 1, 1, 1)),
                            Target.labels(MemorySegment.ofArray(new byte[1])))
                    .value();
            assertThat(value).isEqualTo(Math.log(2), within(1e-7));
        }
    }
}
