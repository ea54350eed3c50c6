package org.segloss.loss;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GarbageTest {
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// An [Evaluation] is 24 bytes, its list of terms 24, and each of up to two terms 32, with as many places for
    /// them: at most 136 bytes. Until it is compiled well an overlap loss makes 32 more for each sample, and a
    /// comparison or two of what it is given a few. An object for each number of the formula, a stream or a list
    /// would be above the bound. What the vectors leave before their loops are compiled is waited for.
    private static final long BOUND = 400;

    @ParameterizedTest
    @CsvSource({
        "bce + dice, 1",
        "ce + dice, 3",
        "tversky, 1",
        "tversky, 3",
        "focal, 1",
        "bce + log1p(dice), 1",
    })
    void aLaterEvaluationLeavesOnlyItsResult(String text, int classes) {
        Task task = classes == 1 ? Task.binary() : Task.multiclass(classes);
        Problem problem = Problem.random(task, 2, 2500, 1);
        Prediction prediction = problem.prediction();
        Target target = problem.target();
        MemorySegment gradient = MemorySegment.ofArray(new float[problem.logits().length]);
        LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), task, 1);

        long least = Long.MAX_VALUE;
        long end = System.nanoTime() + 30_000_000_000L;
        while (least > BOUND && System.nanoTime() < end) {
            long before = MEMORY.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 50; i++) {
                evaluator.evaluate(prediction, target, gradient);
            }
            least = Math.min(least, (MEMORY.getCurrentThreadAllocatedBytes() - before) / 50);
        }
        assertThat(least).isLessThan(BOUND);
    }
}
