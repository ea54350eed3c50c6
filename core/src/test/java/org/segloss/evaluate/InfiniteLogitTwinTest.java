package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// A single infinite logit of a softmax, in every lane that may be special. Runs at every width of a vector.
class InfiniteLogitTwinTest {

    static Stream<Arguments> losses() {
        return Stream.of(Task.multiclass(2), Task.multiclass(3))
                .flatMap(task -> Losses.of(task).map(loss -> Arguments.of(task, loss)));
    }

    /// Problems of a padded block and of a whole one, and of each the first, a middle and the last voxel.
    private interface Claim {
        void of(Problem problem, int voxel);
    }

    private static void forEachLane(Task task, Loss loss, Claim check) {
        for (int voxels : new int[] {40, 64}) {
            Problem problem = Problem.random(task, loss, 1, voxels, 3);
            for (int voxel : new int[] {0, problem.voxels() / 2, problem.voxels() - 1}) {
                check.of(new Problem(task, problem.shape(), problem.logits().clone(), problem.labels()), voxel);
            }
        }
    }

    private static double value(Problem problem, Loss loss, boolean lanes) {
        return new LossEvaluator(loss, problem.task(), 1, lanes)
                .evaluate(lanes ? problem.prediction() : problem.doublePrediction(), problem.target())
                .value();
    }

    /// Without the background's voxels nothing is known of their logits.
    static Stream<Arguments> lossesOfEveryVoxel() {
        return losses().filter(a -> Stream.of("ce(background=false)", "poly(background=false")
                .noneMatch(((Loss) a.get()[1]).text()::contains));
    }

    /// Infinity less infinity: whether the class is the true one or not.
    @ParameterizedTest
    @MethodSource("lossesOfEveryVoxel")
    void plusInfinityIsNoNumber(Task task, Loss loss) {
        forEachLane(task, loss, (problem, voxel) -> {
            for (int c = 0; c < task.channels(); c++) {
                float[] logits = problem.logits().clone();
                logits[c * problem.voxels() + voxel] = Float.POSITIVE_INFINITY;
                Problem broken = new Problem(task, problem.shape(), logits, problem.labels());
                double[] exact = broken.doubleGradient(new LossEvaluator(loss, task, 1, false), broken.target());
                float[] fast = broken.gradient(new LossEvaluator(loss, task, 1, true), broken.target());
                assertThat(value(broken, loss, false)).isNaN();
                assertThat(value(broken, loss, true)).as("voxel %d", voxel).isNaN();
                for (int k = 0; k < task.channels(); k++) {
                    assertThat(exact[k * problem.voxels() + voxel]).isNaN();
                    assertThat(fast[k * problem.voxels() + voxel]).isNaN();
                }
            }
        });
    }

    /// A smoothed target has a share in every class, and a penalty on logits is a function of logits: infinite.
    static Stream<Arguments> lossesOfThePossible() {
        return losses().filter(
                        a -> Stream.of("smoothing", "neighborPenalty").noneMatch(((Loss) a.get()[1]).text()::contains));
    }

    /// A probability of 0, exactly.
    @ParameterizedTest
    @MethodSource("lossesOfThePossible")
    void minusInfinityIsAClassThatCannotBe(Task task, Loss loss) {
        forEachLane(task, loss, (problem, voxel) -> {
            int c = (problem.labels()[voxel] + 1) % task.channels();
            problem.logits()[c * problem.voxels() + voxel] = Float.NEGATIVE_INFINITY;
            double expected = value(problem, loss, false);
            assertThat(expected).isFinite();
            assertThat(value(problem, loss, true)).isCloseTo(expected, within(2e-6 * Math.abs(expected) + 1e-7));
            double[] exact = problem.doubleGradient(new LossEvaluator(loss, task, 1, false), problem.target());
            float[] fast = problem.gradient(new LossEvaluator(loss, task, 1, true), problem.target());
            for (int i = 0; i < exact.length; i++) {
                assertThat(exact[i]).isFinite();
                assertThat((double) fast[i]).isCloseTo(exact[i], within(1e-6 * (1 + Math.abs(exact[i]))));
            }
            assertThat(fast[c * problem.voxels() + voxel]).isZero();
        });
    }

    /// Infinitely wrong where a loss has no bound.
    @ParameterizedTest
    @MethodSource("losses")
    void twinsAgreeHoweverWrongMinusInfinityIs(Task task, Loss loss) {
        forEachLane(task, loss, (problem, voxel) -> {
            problem.logits()[problem.labels()[voxel] * problem.voxels() + voxel] = Float.NEGATIVE_INFINITY;
            double expected = value(problem, loss, false);
            Double actual = value(problem, loss, true);
            if (Double.isFinite(expected)) {
                assertThat(actual).isCloseTo(expected, within(2e-6 * Math.abs(expected) + 1e-7));
            } else {
                // infinity, or NaN where two losses are subtracted
                assertThat(actual).isEqualTo(Double.valueOf(expected));
            }
        });
    }
}
