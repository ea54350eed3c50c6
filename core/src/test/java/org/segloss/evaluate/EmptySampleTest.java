package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// A sample of which no voxel counts is as good as none.
class EmptySampleTest {

    static Stream<Arguments> losses() {
        return LossEvaluatorTest.losses();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aMaskedSampleChangesNeitherValueNorGradientOfTheOthers(Task task, Loss loss) {
        for (int empty : new int[] {0, 1}) {
            Problem both = Problem.random(task, loss, 2, 60, 3);
            Problem one = sample(both, 1 - empty);
            byte[] mask = new byte[both.labels().length];
            Arrays.fill(mask, (1 - empty) * both.voxels(), (2 - empty) * both.voxels(), (byte) 1);
            check(both, both.target().masked(MemorySegment.ofArray(mask)), one, empty, loss);
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void anIgnoredSampleChangesNeitherValueNorGradientOfTheOthers(Task task, Loss loss) {
        if (task.kind() == Task.Kind.MULTILABEL) {
            return;
        }
        Task ignoring = task.ignoring(7);
        for (int empty : new int[] {0, 1}) {
            Problem both = Problem.random(ignoring, loss, 2, 60, 3);
            Problem one = sample(both, 1 - empty);
            Arrays.fill(both.labels(), empty * both.voxels(), (empty + 1) * both.voxels(), 7);
            check(both, both.target(), one, empty, loss);
        }
    }

    private static void check(Problem both, Target target, Problem one, int empty, Loss loss) {
        for (boolean lanes : new boolean[] {false, true}) {
            LossEvaluator evaluator = new LossEvaluator(loss, both.task(), 1, lanes);
            double expected = evaluator.evaluate(one.prediction(), one.target()).value();
            // nothing but zeros is added; on lanes a loop for voxels that all count sums floats in another order
            double tolerance = lanes ? 1e-6 * Math.abs(expected) : 0;
            assertThat(evaluator.evaluate(both.prediction(), target).value()).isEqualTo(expected, within(tolerance));
            float[] gradient = both.gradient(evaluator, target);
            float[] expectedGradient = one.gradient(evaluator, one.target());
            int n = expectedGradient.length;
            for (int i = 0; i < n; i++) {
                float g = expectedGradient[i];
                assertThat(gradient[(1 - empty) * n + i]).isEqualTo(g, within(lanes ? 1e-5f * Math.abs(g) + 1e-9f : 0));
            }
            assertThat(Arrays.copyOfRange(gradient, empty * n, (empty + 1) * n)).containsOnly(0);
        }
    }

    private static Problem sample(Problem both, int b) {
        Shape s = both.shape();
        int n = both.logits().length / 2;
        return new Problem(
                both.task(),
                new Shape(1, s.classes(), s.z(), s.y(), s.x()),
                Arrays.copyOfRange(both.logits(), b * n, (b + 1) * n),
                Arrays.copyOfRange(both.labels(), b * both.voxels(), (b + 1) * both.voxels()));
    }

    /// A constant stays, and what is made of 0.
    @ParameterizedTest
    @MethodSource("losses")
    void whereNothingCountsALossIsThatOfZeros(Task task, Loss loss) {
        Problem problem = Problem.random(task, loss, 2, 60, 3);
        Target target = problem.target().masked(MemorySegment.ofArray(new byte[problem.labels().length]));
        for (boolean lanes : new boolean[] {false, true}) {
            LossEvaluator evaluator = new LossEvaluator(loss, task, 1, lanes);
            assertThat(evaluator.evaluate(problem.prediction(), target).value()).isEqualTo(ofZeros(loss));
            assertThat(problem.gradient(evaluator, target)).containsOnly(0);
        }
    }

    private static double ofZeros(Loss loss) {
        return switch (loss) {
            case Loss.Sum(var terms) ->
                terms.stream()
                        .mapToDouble(term -> term.weight() * ofZeros(term.loss()))
                        .sum();
            case Loss.Constant(var constant) -> constant;
            case Loss.Log1p(var inner) -> Math.log1p(ofZeros(inner));
            case Loss.Pow(var inner, var exponent) -> Math.pow(ofZeros(inner), exponent);
            case Loss.Ramp ramp -> ofZeros(ramp.inner());
            case Loss.Leaf _ -> 0;
        };
    }

    /// By hand: one voxel of foreground with p = 1/2 and one of background with p = 1/2.
    /// `dice(smooth=0)` is 1 - 2 (1/2) / (1 + 1) = 1/2; the second sample has no voxel that counts.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "dice(smooth=0)",
                "dice(smoothNum=0, smoothDen=1e-12, absent=penalize)",
                "dice(smooth=0, batch=true)"
            })
    void diceIsThatOfTheSamplesThatCount(String text) {
        Prediction prediction = Prediction.logits(MemorySegment.ofArray(new float[4]), new Shape(2, 1, 1, 1, 2));
        Target target = Target.labels(MemorySegment.ofArray(new byte[] {1, 0, 9, 9}));
        double value = new LossEvaluator(Loss.parse(text), Task.binary().ignoring(9))
                .evaluate(prediction, target)
                .value();
        assertThat(value).isEqualTo(0.5, within(1e-9));
    }

    /// By hand: of the classes 0 and 1 the first is all that is left of the target, with p = 1/2 at each of two voxels;
    /// `dice(smooth=0)` of it is 1 - 2 (1/2 + 1/2) / (1 + 2) = 1/3, and class 1, which no voxel that counts has,
    /// costs its mean probability of 1/2: (1/3 + 1/2) / 2.
    @Test
    void aClassThatIsIgnoredWhereverItIsIsAbsent() {
        Prediction prediction = Prediction.logits(MemorySegment.ofArray(new float[6]), new Shape(1, 2, 1, 1, 3));
        Target target = Target.labels(MemorySegment.ofArray(new byte[] {0, 0, 9}));
        double value = new LossEvaluator(
                        Loss.parse("dice(smooth=0, absent=penalize)"),
                        Task.multiclass(2).ignoring(9))
                .evaluate(prediction, target)
                .value();
        assertThat(value).isEqualTo(5 / 12.0, within(1e-7));
    }
}
