package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.RankedLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Task;
import org.segloss.loss.WholeLoss;
import org.segloss.loss.overlap.Dice;

class RankedLossTest {
    private static LossEvaluator evaluator(String text, Task task, boolean lanes) {
        return new LossEvaluator(Loss.parse(text), task, 2, lanes);
    }

    private static double binary(String text, boolean lanes, float[] logits, int... labels) {
        return evaluator(text, Task.binary(), lanes)
                .evaluate(prediction(1, logits), target(labels))
                .value();
    }

    private static Prediction prediction(int classes, float... logits) {
        return Prediction.logits(MemorySegment.ofArray(logits), new Shape(1, classes, 1, 1, logits.length / classes));
    }

    private static Target target(int... labels) {
        byte[] bytes = new byte[labels.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        return Target.labels(MemorySegment.ofArray(bytes));
    }

    /// Errors 3, 1.5 and 0.5 with foreground last: weights 1/2, 1/6, 1/3 (J: 1/2, 2/3, 1).
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hingeByHand(boolean lanes) {
        assertThat(binary("lovasz", lanes, new float[] {2, 0.5f, 0.5f}, 0, 0, 1))
                .isCloseTo(3.0 / 2 + 1.5 / 6 + 0.5 / 3, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutForegroundTheHingeIsTheLargestError(boolean lanes) {
        assertThat(binary("lovasz", lanes, new float[] {2, 0.5f, -3}, 0, 0, 0)).isCloseTo(3, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClassThatIsIgnoredIsLeftOutOfTheMean(boolean lanes) {
        Problem problem = Problem.random(Task.multiclass(3), 1, 40, 1);
        for (int i = 0; i < 40; i++) {
            problem.labels()[i] %= 2;
        }
        // the softmax of two of three classes, the third being impossible, is that of a task of two
        for (int i = 80; i < 120; i++) {
            problem.logits()[i] = -1000;
        }
        double three = evaluator("lovasz(absent=ignore)", problem.task(), lanes)
                .evaluate(problem.prediction(), problem.target())
                .value();
        float[] two = Arrays.copyOf(problem.logits(), 80);
        assertThat(evaluator("lovasz(absent=ignore)", Task.multiclass(2), lanes)
                        .evaluate(prediction(2, two), problem.target())
                        .value())
                .isCloseTo(three, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lovasz", "lovasz(batch=true)", "topk", "topk(percent=100)"})
    void withNoVoxelThatCountsTheLossIsZeroAndFlat(String text) {
        for (Task task : List.of(Task.binary(), Task.multiclass(3))) {
            for (boolean lanes : new boolean[] {true, false}) {
                Problem problem = Problem.random(task, 2, 40, 1);
                Target nothing = problem.target().masked(MemorySegment.ofArray(new byte[80]));
                LossEvaluator evaluator = evaluator(text, task, lanes);
                assertThat(evaluator.evaluate(problem.prediction(), nothing).value())
                        .isZero();
                assertThat(problem.gradient(evaluator, nothing)).containsOnly(0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lovasz", "lovasz(batch=true)", "topk"})
    void aLogitThatIsNoNumberMakesTheLossNaN(String text) {
        for (Task task : List.of(Task.binary(), Task.multiclass(3))) {
            for (boolean lanes : new boolean[] {true, false}) {
                Problem problem = Problem.random(task, 2, 40, 1);
                problem.logits()[17] = Float.NaN;
                byte[] mask = new byte[80];
                Arrays.fill(mask, 0, 79, (byte) 1);
                float[] gradient = problem.gradient(
                        evaluator(text, task, lanes), problem.target().masked(MemorySegment.ofArray(mask)));
                assertThat(gradient[17]).isNaN();
                assertThat(gradient[gradient.length - 1])
                        .as("a voxel that is left out")
                        .isZero();
                assertThat(evaluator(text, task, lanes)
                                .evaluate(problem.prediction(), problem.target())
                                .value())
                        .isNaN();
            }
        }
    }

    @Test
    void allVoxelsOfTopKAreTheCrossEntropy() {
        for (Task task : Losses.TASKS) {
            for (boolean lanes : new boolean[] {true, false}) {
                Problem problem = Problem.random(task, 2, 777, 1);
                double expected = evaluator("ce", task, lanes)
                        .evaluate(problem.prediction(), problem.target())
                        .value();
                assertThat(evaluator("topk(percent=100)", task, lanes)
                                .evaluate(problem.prediction(), problem.target())
                                .value())
                        .isCloseTo(expected, within(1e-6));
            }
        }
    }

    /// Ten equal voxels of which three count: the first three have all of the gradient.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofEqualVoxelsTopKTakesTheFirst(boolean lanes) {
        float[] gradient = new float[10];
        double value = evaluator("topk(percent=30)", Task.binary(), lanes)
                .evaluate(prediction(1, new float[10]), target(new int[10]), MemorySegment.ofArray(gradient))
                .value();

        assertThat(value).isCloseTo(Math.log(2), within(1e-6));
        for (int i = 0; i < 10; i++) {
            assertThat(gradient[i]).isCloseTo(i < 3 ? 0.5f / 3 : 0, within(1e-7f));
        }
    }

    /// More than one thread has a part of them.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofManyEqualVoxelsTopKTakesTheFirst(boolean lanes) {
        int voxels = 1_000_000;
        float[] gradient = new float[voxels];
        evaluator("topk(percent=60)", Task.binary(), lanes)
                .evaluate(prediction(1, new float[voxels]), target(new int[voxels]), MemorySegment.ofArray(gradient));

        assertThat(IntStream.range(0, voxels).filter(i -> gradient[i] != 0 != i < 600_000))
                .as("voxels that should have had the other weight")
                .isEmpty();
    }

    /// Wrong beyond all numbers, and that is the value. The other voxels have a finite gradient.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInfinitelyWrongVoxelMakesTopKInfinite(boolean lanes) {
        for (int percent : new int[] {10, 30}) {
            float[] logits = {0, 1, Float.POSITIVE_INFINITY, 2, 0, 0, 0, 0, 0, 0};
            double value = evaluator("topk(percent=%d)".formatted(percent), Task.binary(), lanes)
                    .evaluate(prediction(1, logits), target(new int[10]))
                    .value();

            assertThat(value).isEqualTo(Double.POSITIVE_INFINITY);
        }
    }

    @Test
    void whatCannotBeRankedIsRefused() {
        Prediction p = new Prediction(
                MemorySegment.ofArray(new float[] {0.5f, 0.5f}),
                Prediction.FloatType.FLOAT32,
                new Shape(1, 1, 1, 1, 2),
                Prediction.Scale.PROBABILITIES);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluator("lovasz", Task.binary(), true).evaluate(p, target(0, 1)))
                .withMessageContaining("lovasz in a binary task is a function of the logits");
        for (boolean lanes : new boolean[] {true, false}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> evaluator("lovasz", Task.binary(), lanes)
                            .evaluate(
                                    prediction(1, 1, 2),
                                    Target.probabilities(MemorySegment.ofArray(new float[] {0.25f, 1}))))
                    .withMessageContaining("0.25")
                    .withMessageContaining("has to be 0 or 1");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Loss.parse("topk(percent=0)"))
                .withMessageContaining("above 0");
    }

    /// The voxels are those of a file with nothing in it.
    @Test
    void moreVoxelsThanCanBeSortedAreRefused(@TempDir Path folder) throws Exception {
        Shape shape = new Shape(2, 1, 1 << 10, 1 << 10, 1 << 10);
        try (Arena arena = Arena.ofConfined();
                RandomAccessFile file =
                        new RandomAccessFile(folder.resolve("sparse").toFile(), "rw")) {
            file.setLength(4 * shape.elements());
            MemorySegment logits = file.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, file.length(), arena);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> evaluator("topk", Task.binary(), true)
                            .evaluate(Prediction.logits(logits, shape), target(0, 1)))
                    .withMessageContaining("2^31 - 1 voxels");
        }
    }

    /// What each addition rounds away counts, too, and what lies beyond the end doesn't.
    @Test
    void aSumIsThatOfExactNumbers() {
        double[] numbers = new double[1002];
        Arrays.fill(numbers, 1e-16);
        numbers[0] = 1;
        numbers[1001] = 5;
        assertThat(Planes.sum(numbers, 1001)).isEqualTo(1 + 1000 * 1e-16);
        assertThat(Planes.sum(new double[] {Double.POSITIVE_INFINITY, 1}, 2)).isInfinite();
        assertThat(Planes.sum(new double[] {Double.NaN, 1}, 2)).isNaN();
        assertThat(Planes.sum(numbers, 0)).isZero();
    }

    /// The cross-entropies, of which a user's loss says how many count.
    private record Some(long fewest, long most, double leastError) implements RankedLoss.Worst {
        @Override
        public Measure measure(Task task) {
            return Measure.CROSS_ENTROPY;
        }

        @Override
        public long fewest(long n) {
            return fewest;
        }

        @Override
        public long most(long n) {
            return most;
        }
    }

    /// Cross-entropies log 2, log 3 and log 4, and those of more than there are, of none, and of some.
    @ParameterizedTest
    @CsvSource({
        "false, 100, 100, 0, 3", "false, -5, -1, 0, 0", "false, 0, 2, 9, 0", "false, 2, 1, 9, 2", "false, 0, 9, 1, 2",
        "true, 100, 100, 0, 3", "true, -5, -1, 0, 0", "true, 0, 2, 9, 0", "true, 2, 1, 9, 2", "true, 0, 9, 1, 2"
    })
    void ofAUsersWorstNoMoreCountThanThereAre(boolean lanes, long fewest, long most, double least, int k) {
        LossEvaluator evaluator = new LossEvaluator(new Some(fewest, most, least), Task.binary(), 2, lanes);
        // the sigmoids are 1/2, 2/3 and 3/4, of background
        float[] logits = {0, (float) Math.log(2), (float) Math.log(3)};
        double[] entropies = {Math.log(2), Math.log(3), Math.log(4)};
        double expected =
                IntStream.range(3 - k, 3).mapToDouble(i -> entropies[i]).sum() / Math.max(1, k);
        MemorySegment gradient = MemorySegment.ofArray(new float[3]);
        assertThat(evaluator
                        .evaluate(prediction(1, logits), target(0, 0, 0), gradient)
                        .value())
                .isCloseTo(expected, within(1e-6));
        double[] sigmoids = {1 / 2.0, 2 / 3.0, 3 / 4.0};
        for (int i = 0; i < 3; i++) {
            assertThat((double) gradient.getAtIndex(ValueLayout.JAVA_FLOAT, i))
                    .isCloseTo(i < 3 - k ? 0 : sigmoids[i] / k, within(1e-6));
        }
        // NaN is not hidden by nothing that counts
        assertThat(evaluator
                        .evaluate(prediction(1, 0, Float.NaN, 0), target(0, 0, 0))
                        .value())
                .isNaN();
    }

    private record Wrong(Measure given) implements RankedLoss.Worst {
        @Override
        public Measure measure(Task task) {
            return given;
        }

        @Override
        public double leastError() {
            return 0;
        }

        @Override
        public long fewest(long n) {
            return n;
        }

        @Override
        public long most(long n) {
            return n;
        }
    }

    private record WrongExtension(Measure given, Reduction over) implements RankedLoss.Extension {
        @Override
        public Measure measure(Task task) {
            return given;
        }
    }

    @Test
    void aMeasureThatALossCantHaveIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LossEvaluator(new Wrong(WholeLoss.Measure.HINGE), Task.binary()))
                .withMessage(
                        "the measure of Wrong, a RankedLoss.Worst, is one of [CROSS_ENTROPY], but in a binary task it is HINGE");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LossEvaluator(
                        new WrongExtension(WholeLoss.Measure.LOGIT, Reduction.ALL), Task.multiclass(3)))
                .withMessageContaining("is one of [ABSOLUTE, HINGE], but in a multiclass task it is LOGIT");
        Reduction together = ((Dice) Loss.parse("dice(classes=together)")).over();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new LossEvaluator(new WrongExtension(WholeLoss.Measure.HINGE, together), Task.binary()))
                .withMessageContaining("takes no classes=together");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluator("lovasz(classes=together)", Task.binary(), false))
                .withMessageContaining("takes no classes=together");
    }
}
