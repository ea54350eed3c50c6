package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

class GarbageTest {
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// An [Evaluation] is 24 bytes, its list of terms 24, and each of up to two terms 32, with as many places for
    /// them: at most 136 bytes. Until it is compiled well an overlap loss makes 32 more for each sample, and a
    /// comparison or two of what it is given a few. An object for each number of the formula, a stream or a list
    /// would be above the bound. What the vectors leave before their loops are compiled is waited for.
    private static final long BOUND = 400;

    /// Evaluations in a row, of all threads together.
    private static final int EVALUATIONS = 50;

    @ParameterizedTest
    @CsvSource({
        "bce + dice, 1",
        "ce + dice, 3",
        "tversky, 1",
        "tversky, 3",
        "focal, 1",
        "bce + log1p(dice), 1",
        "topk, 1",
        "topk, 3",
        "ohem(minKept=10), 3",
        "lovasz, 1",
        "lovasz, 3",
        "'lovasz(background=false, batch=true, absent=penalize)', 3",
        "dice(classes=together), 3",
        "'jaccard(batch=true, classes=together)', 3",
        "dice(batch=true), 3",
        "'wassersteinDice(matrix=[[0, 1, 2], [1, 0, 1], [2, 1, 0]], batch=true)', 3",
    })
    void aLaterEvaluationLeavesOnlyItsResult(String text, int classes) {
        Task task = classes == 1 ? Task.binary() : Task.multiclass(classes);
        Problem problem = Problem.random(task, 2, 2500, 1);
        assertThat(garbage(text, problem, problem.prediction(), 4 * problem.logits().length, 1))
                .isLessThan(BOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"topk", "ohem(minKept=10)", "lovasz"})
    void noErrorIsAnObjectInDoubleEither(String text) {
        Problem problem = Problem.random(Task.binary(), 2, 2500, 1);
        assertThat(garbage(text, problem, problem.doublePrediction(), 8 * problem.logits().length, 1))
                .isLessThan(BOUND);
    }

    /// Many chunks and parts, so that threads wait for each other.
    @ParameterizedTest
    @ValueSource(strings = {"bce + dice", "lovasz", "lovasz(batch=true)", "topk"})
    void noThreadLeavesMore(String text) {
        Problem problem = Problem.random(Task.binary(), 2, 300_000, 1);
        assertThat(garbage(text, problem, problem.prediction(), 4 * problem.logits().length, 2))
                .isLessThan(BOUND);
    }

    /// {@return the least number of bytes that an evaluation left}
    private static long garbage(String text, Problem problem, Prediction prediction, int bytes, int threads) {
        Target target = problem.target();
        MemorySegment gradient = Arena.ofAuto().allocate(bytes, 8);
        LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), problem.task(), threads);
        long least = Long.MAX_VALUE;
        long end = System.nanoTime() + 30_000_000_000L;
        while (least > BOUND && System.nanoTime() < end) {
            long before = MEMORY.getTotalThreadAllocatedBytes();
            for (int i = 0; i < EVALUATIONS; i++) {
                evaluator.evaluate(prediction, target, gradient);
            }
            least = Math.min(least, (MEMORY.getTotalThreadAllocatedBytes() - before) / EVALUATIONS);
        }
        return least;
    }
}
