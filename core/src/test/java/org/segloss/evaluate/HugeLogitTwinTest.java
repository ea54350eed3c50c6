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
