package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Scalar;
import org.segloss.loss.Task;

/// What the evaluator is given and gives back: kinds of targets and of memory, wrong calls, and what it keeps.
class LossEvaluatorCallsTest {

    @Test
    void aSoftTargetMatchesTheFormula() {
        // y = 0.3, p = 0.5: cross-entropy is ln 2 whatever y is; Dice 1 - 2*0.15/0.8
        var prediction = Prediction.logits(MemorySegment.ofArray(new float[] {0}), new Shape(1, 1, 1, 1, 1));
        Target soft = Target.probabilities(MemorySegment.ofArray(new float[] {0.3f}));
        Evaluation evaluation =
                new LossEvaluator(Loss.parse("bce + 2*dice(smooth=0)"), Task.binary()).evaluate(prediction, soft);
        assertThat(evaluation.terms()).hasSize(2);
        assertThat(evaluation.terms().get(0).value()).isCloseTo(Math.log(2), within(1e-7));
        assertThat(evaluation.terms().get(1).value()).isCloseTo(0.625, within(1e-7));
        assertThat(evaluation.terms().get(1).weight()).isEqualTo(2);
        assertThat(evaluation.terms().get(1).term()).isEqualTo("dice(smooth=0)");
        assertThat(evaluation.value()).isCloseTo(Math.log(2) + 1.25, within(1e-7));
    }

    @ParameterizedTest
    @EnumSource(names = {"UINT8", "INT16", "INT32", "INT64"})
    void everyTypeOfLabelGivesTheSameBits(Target.Type type) {
        Problem problem = Problem.random(Task.multiclass(4), 2, 1500, 10);
        LossEvaluator evaluator = new LossEvaluator(Loss.parse("ce + dice"), problem.task());
        assertThat(problem.gradient(evaluator, problem.targetOf(type)))
                .isEqualTo(problem.gradient(evaluator, problem.target()));
    }

    /// Each of logits, gradient and labels native or an array, for each kind has loops of its own and a mixture has
    /// none.
    @ParameterizedTest
    @ValueSource(strings = {"bce + dice", "bce + dice + focal", "focal + dice", "bce", "ce + dice + lovasz"})
    void everyKindOfMemoryGivesTheSameBits(String loss) {
        Problem problem = Problem.random(Task.binary(), 2, 40_000, 11);
        LossEvaluator evaluator = new LossEvaluator(Loss.parse(loss), problem.task());
        float[] expected = problem.gradient(evaluator, problem.target());
        double value =
                evaluator.evaluate(problem.prediction(), problem.target()).value();
        try (Arena arena = Arena.ofConfined()) {
            for (int kinds = 0; kinds < 8; kinds++) {
                MemorySegment logits = memory(problem.prediction().data(), kinds & 1, arena);
                MemorySegment gradient = memory(MemorySegment.ofArray(new float[expected.length]), kinds & 2, arena);
                MemorySegment labels = memory(problem.target().data(), kinds & 4, arena);
                Prediction prediction = Prediction.logits(logits.asReadOnly(), problem.shape());
                evaluator.evaluate(prediction, Target.labels(labels), gradient);
                assertThat(gradient.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                        .as("kinds %d", kinds)
                        .isEqualTo(expected);
                assertThat(evaluator.evaluate(prediction, Target.labels(labels)).value())
                        .isEqualTo(value);
            }
        }
    }

    /// A part of a longer array, or native memory at an odd address, as a slice of a file may have.
    private static MemorySegment memory(MemorySegment content, int kind, Arena arena) {
        long size = content.byteSize();
        MemorySegment memory = kind != 0
                ? arena.allocate(size + 1).asSlice(1)
                : content.heapBase().orElseThrow() instanceof float[] floats
                        ? MemorySegment.ofArray(new float[floats.length + 3]).asSlice(12)
                        : MemorySegment.ofArray(new byte[(int) size + 5]).asSlice(5);
        return memory.copyFrom(content);
    }

    @Test
    void wrongCallsSayWhatIsWrong() {
        Problem problem = Problem.random(Task.binary(), 1, 10, 12);
        LossEvaluator evaluator = new LossEvaluator(Loss.parse("bce"), Task.binary());
        assertRefused(() -> new LossEvaluator(Loss.parse("dice + bce"), Task.multiclass(3)), "use ce");
        assertRefused(
                () -> evaluator.evaluate(problem.prediction(), Target.labels(MemorySegment.ofArray(new byte[9]))),
                "target has 9 bytes",
                "needs 10 labels");
        byte[] labels = new byte[10];
        labels[7] = (byte) 255;
        assertRefused(
                () -> evaluator.evaluate(problem.prediction(), Target.labels(MemorySegment.ofArray(labels))),
                "label 255 at sample 0, voxel 7",
                "labels 0 to 1");
        assertRefused(
                () -> evaluator.evaluate(problem.prediction(), problem.target(), MemorySegment.ofArray(new float[9])),
                "gradient has 36 bytes",
                "prediction has 40");
        assertRefused(
                () -> evaluator.evaluate(
                        problem.prediction(), problem.target().masked(MemorySegment.ofArray(new byte[3]))),
                "mask has 3 bytes");
        assertRefused(
                () -> new LossEvaluator(Loss.parse("ce"), Task.multiclass(3))
                        .evaluate(problem.prediction(), problem.target()),
                "needs a prediction with 3 channels");
        float[] tooLarge = new float[10];
        tooLarge[3] = 255;
        assertRefused(
                () -> evaluator.evaluate(problem.prediction(), Target.probabilities(MemorySegment.ofArray(tooLarge))),
                "255.0",
                "voxel 3",
                "from 0 to 1");
        assertRefused(
                () -> evaluator.evaluate(
                        new Prediction(
                                problem.prediction().data(),
                                Prediction.FloatType.FLOAT32,
                                problem.shape(),
                                Prediction.Scale.PROBABILITIES),
                        problem.target()),
                "probabilities are from 0 to 1",
                "logits");
    }

    @Test
    void minusOneIsNoLabelOnEitherTwin() {
        for (int voxels : new int[] {16, 17}) {
            Problem problem = Problem.random(Task.binary(), 1, voxels, 13);
            problem.labels()[5] = -1;
            for (boolean lanes : new boolean[] {false, true}) {
                LossEvaluator evaluator = new LossEvaluator(Loss.parse("bce + dice"), Task.binary(), 1, lanes);
                assertRefused(
                        () -> evaluator.evaluate(problem.prediction(), problem.targetOf(Target.Type.INT16)),
                        "label -1 at sample 0, voxel 5");
            }
        }
    }

    @Test
    void theFirstOfManyMistakesIsNamedWhateverTheThreadsDo() {
        Problem problem = Problem.random(Task.binary(), 1, 400_000, 14);
        Arrays.fill(problem.labels(), 100_001, 400_000, 7);
        LossEvaluator evaluator = new LossEvaluator(Loss.parse("bce"), Task.binary(), 4);
        for (int i = 0; i < 20; i++) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> evaluator.evaluate(problem.prediction(), problem.target()))
                    .withMessageStartingWith("target has the label 7 at sample 0, voxel 100001,");
        }
    }

    @Test
    void anIgnoredLabelNeedsLabels() {
        Problem problem = Problem.random(Task.binary(), 1, 10, 15);
        assertRefused(
                () -> new LossEvaluator(Loss.parse("bce"), Task.binary().ignoring(1))
                        .evaluate(problem.prediction(), problem.softTarget()),
                "probabilities",
                "use a mask");
    }

    /// Or it would keep the largest arrays of a program alive.
    @Test
    void anIdleEvaluatorHasLetGoOfTheCallersMemory() throws IllegalAccessException {
        for (String text : List.of("bce + dice", "lovasz")) {
            LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), Task.binary(), 2);
            Problem problem = Problem.random(Task.binary(), 1, 20_000, 1);
            problem.gradient(evaluator, problem.target());
            Set<Object> reached = Collections.newSetFromMap(new IdentityHashMap<>());
            reach(evaluator, reached);
            assertThat(reached).hasAtLeastOneElementOfType(LaneSweep.class).hasAtLeastOneElementOfType(Batch.class);
            assertThat(reached).doesNotHaveAnyElementsOfTypes(Prediction.class, Target.class);
            // its own are of a block
            assertThat(reached)
                    .noneMatch(one -> one instanceof MemorySegment memory && memory.byteSize() > 4 * Sweep.BLOCK);
        }
    }

    /// Everything that an object of ours keeps, through fields, arrays and collections.
    private static void reach(Object object, Set<Object> reached) throws IllegalAccessException {
        if (object == null || !reached.add(object)) {
            return;
        }
        if (object instanceof Iterable<?> many) {
            for (Object one : many) {
                reach(one, reached);
            }
        } else if (object instanceof Object[] many) {
            for (Object one : many) {
                reach(one, reached);
            }
        } else if (object.getClass().getName().startsWith("org.segloss.")) {
            for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    boolean ours = type.getName().startsWith("org.segloss.");
                    if (ours
                            && !Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive()) {
                        field.setAccessible(true);
                        reach(field.get(object), reached);
                    }
                }
            }
        }
    }

    /// Of a formula that is broken off, or a pass over the voxels, nothing may be seen in the next.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEvaluationAfterOneThatFailedGivesTheSameBits(boolean lanes) {
        Problem problem = Problem.random(Task.binary(), 2, 20_000, 1);
        Loss loss = Loss.parse("bce + dice").plus(new Breaking());
        Evaluation expected =
                new LossEvaluator(loss, problem.task(), 2, lanes).evaluate(problem.prediction(), problem.target());
        float[] gradient = problem.gradient(new LossEvaluator(loss, problem.task(), 2, lanes), problem.target());
        LossEvaluator evaluator = new LossEvaluator(loss, problem.task(), 2, lanes);
        byte[] wrong = new byte[40_000];
        wrong[30_000] = 2;

        for (int i = 0; i < 3; i++) {
            Breaking.breaks = true;
            assertThatIllegalStateException()
                    .isThrownBy(() -> evaluator.evaluate(problem.prediction(), problem.target()));
            Breaking.breaks = false;
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            evaluator.evaluate(problem.prediction(), Target.labels(MemorySegment.ofArray(wrong))));
            assertThat(evaluator.evaluate(problem.prediction(), problem.target()))
                    .isEqualTo(expected);
            assertThat(problem.gradient(evaluator, problem.target())).isEqualTo(gradient);
        }
    }

    private record Breaking() implements OverlapLoss {
        private static boolean breaks;

        @Override
        public Scalar at(Sums s) {
            Scalar square = s.p().plus(s.pp()).times(s.py());
            if (breaks) {
                throw new IllegalStateException("at " + square.value());
            }
            return square.log1p();
        }
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... words) {
        assertThatIllegalArgumentException()
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }
}
