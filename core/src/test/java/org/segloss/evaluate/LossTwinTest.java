package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.grid.Shape;
import org.segloss.kernel.Lanes;
import org.segloss.kernel.VectorModule;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// The fast twin against the plain one. Runs at every width of a vector.
class LossTwinTest {

    /// A block that has to be padded takes other loops than one of whole groups of lanes.
    private static final int[] PART_AND_WHOLE = {40, 64};

    static Stream<Arguments> losses() {
        return LossEvaluatorTest.losses();
    }

    @Test
    void theTestRunReallyUsesTheVectorKernels() {
        assertThat(VectorModule.isPresent()).isTrue();
        assertThat(Lanes.width() * Float.SIZE)
                .as("the width in segloss.vectorBits")
                .isEqualTo(Integer.getInteger("segloss.vectorBits"));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void twinsAgreeAtAwkwardSizes(Task task, Loss loss) {
        // around every lane count, and around a block
        for (int voxels : new int[] {1, 3, 4, 5, 8, 15, 16, 17, 31, 1023, 1024, 1025}) {
            agree(task, loss, Problem.random(task, loss, 2, voxels, voxels));
        }
    }

    @ParameterizedTest
    @FieldSource("org.segloss.evaluate.Losses#TASKS")
    void twinsAgreeOnMoreThanAChunk(Task task) {
        agree(
                task,
                Loss.parse("ce + dice + focal + tversky + lovasz + topk"),
                Problem.random(task, 2, 3 * 8 * 1024 + 5, 1));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void twinsAgreeOnSoftTargets(Task task, Loss loss) {
        if (loss.text().contains("lovasz")) {
            return;
        }
        for (int voxels : PART_AND_WHOLE) {
            Problem problem = Problem.random(task, loss, 2, voxels, 17);
            agree(task, loss, problem, problem.softTarget(0.2), problem.logits().length / 200);
        }
    }

    /// Where the truth is one infinity and the logit the other, the loss is infinite, not undefined.
    @ParameterizedTest
    @ValueSource(strings = {"bce + dice", "focal + dice", "ce", "focal", "log1p(focal) + dice"})
    void aVoxelThatIsInfinitelyWrongCostsInfinitelyMuch(String text) {
        for (int voxels : PART_AND_WHOLE) {
            for (int label : new int[] {0, 1}) {
                int[] labels = new int[voxels];
                labels[5] = label;
                float[] logits = new float[voxels];
                logits[5] = label == 1 ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
                Problem problem = new Problem(Task.binary(), new Shape(1, 1, 1, 1, voxels), logits, labels);
                for (boolean lanes : new boolean[] {false, true}) {
                    LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), Task.binary(), 1, lanes);
                    assertThat(evaluator
                                    .evaluate(problem.prediction(), problem.target())
                                    .value())
                            .as("%s, %d voxels, label %d, lanes %s", text, voxels, label, lanes)
                            .isEqualTo(Double.POSITIVE_INFINITY);
                    try (Arena arena = Arena.ofShared()) {
                        MemorySegment gradient = arena.allocate(4L * voxels);
                        assertThat(evaluate(evaluator, problem, true, arena, gradient))
                                .isEqualTo(Double.POSITIVE_INFINITY);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bce",
                "bce + log1p(1)",
                "bce + dice",
                "focal + dice",
                "log1p(bce)",
                "bce + dice(absent=ignore)",
                "dice(absent=penalize)",
                "bce + focal + tversky(absent=penalize)"
            })
    void aLogitThatIsNoNumberHasNoGradient(String text) {
        for (int voxels : PART_AND_WHOLE) {
            Problem problem = Problem.random(Task.binary(), 1, voxels, 1);
            if (text.contains("absent")) {
                // without foreground the weights of the sums don't depend on the probabilities
                Arrays.fill(problem.labels(), 0);
            }
            problem.logits()[3] = Float.NaN;
            for (boolean lanes : new boolean[] {false, true}) {
                LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), Task.binary(), 1, lanes);
                assertThat(problem.gradient(evaluator, problem.target())[3])
                        .as("%s, %d voxels, lanes %s", text, voxels, lanes)
                        .isNaN();
                assertThat(nativeGradient(evaluator, problem, true)[3])
                        .as("%s, %d voxels, lanes %s, native", text, voxels, lanes)
                        .isNaN();
            }
        }
    }

    /// Of any alignment. Both are worked on where they are.
    @ParameterizedTest
    @MethodSource("losses")
    void nativeMemoryGivesTheBitsOfArrays(Task task, Loss loss) {
        for (int voxels : new int[] {1, 31, 33, 1024, 1025, 2080, 3 * 8192 + 5}) {
            Problem problem = Problem.random(task, loss, 2, voxels, 23);
            LossEvaluator evaluator = new LossEvaluator(loss, task, 2);
            float[] expected = problem.gradient(evaluator, problem.target());
            for (boolean labelsToo : new boolean[] {false, true}) {
                assertThat(nativeGradient(evaluator, problem, labelsToo)).isEqualTo(expected);
            }
        }
    }

    private static float[] nativeGradient(LossEvaluator evaluator, Problem problem, boolean labelsToo) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment gradient = copied(MemorySegment.ofArray(new float[problem.logits().length]), arena);
            evaluate(evaluator, problem, labelsToo, arena, gradient);
            return gradient.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
    }

    private static double evaluate(
            LossEvaluator evaluator, Problem problem, boolean labelsToo, Arena arena, MemorySegment gradient) {
        MemorySegment logits = copied(MemorySegment.ofArray(problem.logits()), arena);
        Target target = problem.target();
        if (labelsToo) {
            target = new Target(
                    copied(target.data(), arena), target.type(), target.mask(), target.spacing(), target.normalized());
        }
        return evaluator
                .evaluate(Prediction.logits(logits, problem.shape()), target, gradient)
                .value();
    }

    private static MemorySegment copied(MemorySegment memory, Arena arena) {
        return arena.allocate(memory.byteSize() + 3).asSlice(3).copyFrom(memory);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void twinsAgreeOnLogitsBeyondAllProbabilities(Task task, Loss loss) {
        if (loss.text().contains("Erosion")) {
            // what differs in double is the same in float, and another voxel is the first of the largest
            return;
        }
        for (int voxels : PART_AND_WHOLE) {
            Problem problem = Problem.random(task, loss, 2, voxels, 3);
            for (int i = 0; i < problem.logits().length; i++) {
                problem.logits()[i] *= 100;
            }
            agree(task, loss, problem);
        }
    }

    /// Errors so far apart that float and double have them in one order: then no voxel may differ, to the last one of a
    /// block and of a chunk.
    @ParameterizedTest
    @ValueSource(strings = {"lovasz", "lovasz(batch=true)", "topk(percent=50)"})
    void twinsRankEveryVoxelAlike(String text) {
        for (int voxels : new int[] {1, 33, 1023, 1024, 1025, 4099, 8192 + 5}) {
            for (Task task : List.of(Task.binary(), Task.multiclass(2))) {
                Problem problem = Problem.random(task, 2, voxels, 7);
                int channels = task.channels();
                Arrays.fill(problem.logits(), 0);
                for (int i = 0; i < 2 * voxels; i++) {
                    // all different by 1 / 4096 at least, and none the opposite of another
                    long place = i * 7919L % (2 * voxels);
                    problem.logits()[(i / voxels * channels + channels - 1) * voxels + i % voxels] =
                            (place - voxels + 1f / 3) / 4096;
                }
                agree(task, Loss.parse(text), problem, problem.target(), 0);
            }
        }
    }

    /// The gradient of a sure voxel is tiny, and its last digits are as good as those of others.
    @Test
    void gradientsOfSureVoxelsHaveFullRelativePrecision() {
        for (int voxels : PART_AND_WHOLE) {
            for (int label : new int[] {0, 1}) {
                byte[] labels = new byte[voxels];
                Arrays.fill(labels, (byte) label);
                float[] logits = new float[voxels];
                Arrays.fill(logits, label == 1 ? 20 : -20);
                float[] gradient = new float[voxels];
                // two passes: pass 2 has the probabilities of pass 1
                new LossEvaluator(Loss.parse("bce + log1p(0*dice)"), Task.binary(), 1, true)
                        .evaluate(
                                Prediction.logits(MemorySegment.ofArray(logits), new Shape(1, 1, 1, 1, voxels)),
                                Target.labels(MemorySegment.ofArray(labels)),
                                MemorySegment.ofArray(gradient));
                double exact = (label == 1 ? -1 : 1) / (1 + Math.exp(20)) / voxels;
                assertThat(gradient[voxels - 1] / exact).isCloseTo(1, within(1e-6));
            }
        }
    }

    @Test
    void twinsAgreeWhereLogitsAreInfinitelyWrong() {
        for (String text :
                List.of("bce", "ce + dice", "focal", "focal + dice", "focal(gamma=1.5)", "focal(gamma=2, clip=0.01)")) {
            for (int voxels : PART_AND_WHOLE) {
                Problem problem = Problem.random(Task.binary(), 1, voxels, 3);
                problem.logits()[5] = problem.labels()[5] == 1 ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
                double[] exact = problem.doubleGradient(
                        new LossEvaluator(Loss.parse(text), Task.binary(), 1, false), problem.target());
                float[] fast =
                        problem.gradient(new LossEvaluator(Loss.parse(text), Task.binary(), 1, true), problem.target());
                for (int i = 0; i < voxels; i++) {
                    assertThat((double) fast[i]).as("%s, logit %d", text, i).isCloseTo(exact[i], within(1e-6));
                }
            }
        }
    }

    /// A sure voxel has next to no cross-entropy, and logits may have any offset: what is lost there is lost for good.
    @Test
    void twinsAgreeOnTheCrossEntropyOfSureVoxelsWhateverTheOffset() {
        for (int voxels : PART_AND_WHOLE) {
            for (float[] pair : new float[][] {{10, 0}, {24, 10}, {32, 20}, {1001, 1000}, {1e6f + 1, 1e6f}}) {
                float[] logits = new float[2 * voxels];
                Arrays.fill(logits, 0, voxels, pair[0]);
                Arrays.fill(logits, voxels, 2 * voxels, pair[1]);
                Prediction prediction = Prediction.logits(MemorySegment.ofArray(logits), new Shape(1, 2, 1, 1, voxels));
                double fast = new LossEvaluator(Loss.parse("ce"), Task.multiclass(2), 1, true)
                        .evaluate(prediction, Target.labels(MemorySegment.ofArray(new byte[voxels])))
                        .value();
                // log(1 + exp(-gap)); a float's sum of 1 and less is exact to 6e-8
                double exact = Math.log1p(Math.exp(pair[1] - pair[0]));
                assertThat(fast).isCloseTo(exact, within(6e-8 + 1e-6 * exact));
            }
        }
    }

    /// A class that can't be is given a logit of minus infinity; as long as the target agrees, all stays finite.
    @ParameterizedTest
    @MethodSource("losses")
    void twinsAgreeOnClassesThatCannotBe(Task task, Loss loss) {
        for (int voxels : PART_AND_WHOLE) {
            Problem problem = Problem.random(task, loss, 2, voxels, 3);
            int n = problem.voxels();
            Arrays.fill(problem.labels(), 0);
            for (int b = 0; b < 2; b++) {
                int last = (b * task.channels() + task.channels() - 1) * n;
                Arrays.fill(problem.logits(), last, last + n, Float.NEGATIVE_INFINITY);
            }
            agree(task, loss, problem);
        }
    }

    private static void agree(Task task, Loss loss, Problem problem) {
        // errors that are equal in float may not be in double: then voxels exchange their weights
        boolean ranks = loss.text().matches(".*(lovasz|topk).*");
        agree(task, loss, problem, problem.target(), ranks ? problem.logits().length / 200 : 0);
    }

    private static void agree(Task task, Loss loss, Problem problem, Target target, int exchanged) {
        LossEvaluator plain = new LossEvaluator(loss, task, 2, false);
        LossEvaluator lanes = new LossEvaluator(loss, task, 2, true);
        double expected = plain.evaluate(problem.doublePrediction(), target).value();
        double value = lanes.evaluate(problem.prediction(), target).value();
        // a float is exact to 6e-8; the functions cost a few such, a lane's sum of 32 numbers a few more
        assertThat(value)
                .as("%s, %s", loss.text(), problem.shape())
                .isCloseTo(expected, within(2e-6 * Math.abs(expected) + 1e-7));
        double[] exact = problem.doubleGradient(plain, target);
        float[] fast = problem.gradient(lanes, target);
        double largest = 0;
        for (double g : exact) {
            largest = Math.max(largest, Math.abs(g));
        }
        // where classes are absent, one voxel may have all of a ranked loss
        boolean absent = Arrays.stream(problem.labels()).distinct().count() < task.classes();
        String text = loss.text();
        double share = absent && text.contains("lovasz") ? 1 : 1.0 / problem.voxels();
        // an erosion is rescaled from 1/2 at most to 1, and so are its errors, here twice
        double scale = text.contains("Erosion") ? 4 : 1;
        // derivatives of several leaves, and of the classes of a sure voxel, may cancel: what is left
        // is as exact as the largest of them, and a voxel has a share in a mean
        double exactness = scale * (3e-6 * largest + 1e-7 * share);
        for (int i = 0; i < exact.length; i++) {
            if (exchanged > 0 && !(Math.abs(fast[i] - exact[i]) <= exactness)) {
                exchanged--;
            } else {
                assertThat((double) fast[i]).as("%s, logit %d", text, i).isCloseTo(exact[i], within(exactness));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bce + dice", "focal", "bce", "focal + dice", "log1p(dice)", "lovasz", "topk"})
    void anyNumberOfThreadsGivesTheSameBits(String text) {
        Problem problem = Problem.random(Task.binary(), 2, 200_001, 1);
        LossEvaluator one = new LossEvaluator(Loss.parse(text), problem.task(), 1);
        float[] gradient = problem.gradient(one, problem.target());
        for (int threads : new int[] {2, 3, 7}) {
            LossEvaluator many = new LossEvaluator(Loss.parse(text), problem.task(), threads);
            assertThat(many.evaluate(problem.prediction(), problem.target()))
                    .isEqualTo(one.evaluate(problem.prediction(), problem.target()));
            assertThat(problem.gradient(many, problem.target())).isEqualTo(gradient);
        }
    }

    /// It keeps scratch memory from one evaluation to the next, and none of it may be seen in the next.
    @Test
    void anEvaluatorIsSharedByThreadsAndByBatchesOfAllSizes() {
        for (String text :
                List.of("ce + dice", "focal + log1p(dice(batch=true))", "wassersteinDice", "lovasz + topk")) {
            Task task = Task.multiclass(3);
            LossEvaluator shared = new LossEvaluator(Loss.parse(text), task, 2);
            IntStream.range(0, 40).parallel().forEach(i -> {
                Problem problem = Problem.random(task, 1 + i % 2, 1 + 997 * (i % 13), i);
                LossEvaluator own = new LossEvaluator(Loss.parse(text), task, 1);
                assertThat(shared.evaluate(problem.prediction(), problem.target()))
                        .isEqualTo(own.evaluate(problem.prediction(), problem.target()));
                assertThat(problem.gradient(shared, problem.target()))
                        .isEqualTo(problem.gradient(own, problem.target()));
            });
        }
    }

    /// These bits are what every width of a vector has to give, on every CPU.
    @Test
    void anyWidthGivesTheSameBits() {
        assertThat(List.of(
                        bits(Task.binary(), "bce + dice"),
                        bits(Task.binary(), "focal + dice"),
                        bits(Task.multiclass(5), "ce + dice"),
                        bits(Task.multiclass(5), "ce + tversky + focal(gamma=1.5)")))
                .containsExactly(
                        "3ffe891d9ded86f3 95be2323",
                        "3ff1243fff540167 c924e4c3",
                        "40127b913e3e43a6 3a92084c",
                        "4017925d755eda03 d71b8c2a");
    }

    private static String bits(Task task, String text) {
        Problem problem = Problem.random(task, 2, 5000, 13);
        LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), task);
        double value =
                evaluator.evaluate(problem.prediction(), problem.target()).value();
        int hash = Arrays.hashCode(problem.gradient(evaluator, problem.target()));
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(Double.doubleToLongBits(value)) + " " + hex.toHexDigits(hash);
    }
}
