package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// Several labels that don't count: above the classes, and one of them between the classes' numbers.
class IgnoredLabelsTest {
    private static final List<Task> TASKS = List.of(Task.binary(), Task.multiclass(4));

    static Stream<Arguments> losses() {
        return TASKS.stream().flatMap(task -> Losses.of(task).map(loss -> Arguments.of(task, loss)));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void voxelsOfIgnoredLabelsAreThoseThatAMaskLeavesOut(Task task, Loss loss) {
        // with the first one in a task of four classes, a class is ignored, too
        int[] ignored = {2, 254, 255};
        Problem problem = Problem.random(task, loss, 2, 600, 8);
        int[] known = problem.labels().clone();
        byte[] mask = new byte[known.length];
        for (int i = 0; i < known.length; i++) {
            int label = i % 5 < 3 ? known[i] : ignored[i % 3];
            boolean counts = label < task.classes() && label != 2;
            mask[i] = (byte) (counts ? 1 : 0);
            known[i] = counts ? label : 0;
            problem.labels()[i] = label;
        }
        Problem masked = new Problem(task, problem.shape(), problem.logits(), known);
        Task ignoring = task.ignoring(2, 255).ignoring(254);
        for (boolean lanes : new boolean[] {false, true}) {
            LossEvaluator plain = new LossEvaluator(loss, task, 2, lanes);
            float[] expected = masked.gradient(plain, masked.target().masked(MemorySegment.ofArray(mask)));
            double value = plain.evaluate(masked.prediction(), masked.target().masked(MemorySegment.ofArray(mask)))
                    .value();
            LossEvaluator evaluator = new LossEvaluator(loss, ignoring, 2, lanes);
            for (Target.Type type :
                    List.of(Target.Type.UINT8, Target.Type.INT16, Target.Type.INT32, Target.Type.INT64)) {
                Target target = problem.targetOf(type);
                assertThat(evaluator.evaluate(problem.prediction(), target).value())
                        .isEqualTo(value);
                assertThat(problem.gradient(evaluator, target)).isEqualTo(expected);
            }
        }
    }

    @Test
    void aLabelThatIsNeitherAClassNorIgnoredIsRefused() {
        Problem problem = Problem.random(Task.binary(), 1, 10, 1);
        problem.labels()[3] = 253;
        LossEvaluator evaluator =
                new LossEvaluator(Loss.parse("bce"), Task.binary().ignoring(254, 255));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluator.evaluate(problem.prediction(), problem.target()))
                .withMessageContaining("label 253 at sample 0, voxel 3, but a binary task has the labels 0 to 1;")
                .withMessageEndingWith("declared as an ignored one, on the command line by --ignore");
    }

    @Test
    void probabilitiesHaveNoLabelToIgnore() {
        Problem problem = Problem.random(Task.binary(), 1, 10, 1);
        LossEvaluator evaluator =
                new LossEvaluator(Loss.parse("bce"), Task.binary().ignoring(254, 255));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluator.evaluate(problem.prediction(), problem.softTarget()))
                .withMessageContaining("labels are to be ignored (254, 255)")
                .withMessageContaining("use a mask");
    }
}
