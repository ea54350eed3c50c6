package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// The probabilities of a voxel of a multiclass target add up to 1, or are refused.
class NormalizedTargetTest {
    private static final int VOXELS = 37;
    private static final Shape SHAPE = new Shape(2, 3, 1, 1, VOXELS);

    /// One-hot probabilities `(batch, class, x)`, voxel i of class `i % 3`.
    private static float[] oneHot() {
        float[] y = new float[2 * 3 * VOXELS];
        for (int b = 0; b < 2; b++) {
            for (int i = 0; i < VOXELS; i++) {
                y[(b * 3 + i % 3) * VOXELS + i] = 1;
            }
        }
        return y;
    }

    private static float[] with(Consumer<float[]> change) {
        float[] y = oneHot();
        change.accept(y);
        return y;
    }

    private static void refused(float[] y, String... parts) {
        Target floats = Target.probabilities(MemorySegment.ofArray(y));
        double[] wide = new double[y.length];
        Arrays.setAll(wide, i -> y[i]);
        Target doubles = Target.probabilities(MemorySegment.ofArray(wide), Target.Type.FLOAT64);
        for (boolean lanes : new boolean[] {false, true}) {
            for (String loss : new String[] {"ce", "ce + dice", "lovasz", "boundary"}) {
                for (Target target : new Target[] {floats, doubles}) {
                    LossEvaluator evaluator = new LossEvaluator(Loss.parse(loss), Task.multiclass(3), 1, lanes);
                    Prediction prediction = Prediction.logits(MemorySegment.ofArray(new float[y.length]), SHAPE);
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> evaluator.evaluate(prediction, target))
                            .withMessageContainingAll(parts);
                    assertThatIllegalArgumentException()
                            .isThrownBy(() ->
                                    evaluator.evaluate(prediction, target, MemorySegment.ofArray(new float[y.length])));
                }
            }
        }
    }

    @Test
    void aVoxelOfNoClassIsNamed() {
        refused(
                with(y -> y[(3 + 5 % 3) * VOXELS + 5] = 0),
                "target has the probabilities [0.0, 0.0, 0.0] at sample 1, voxel 5, which add up to 0 instead of 1",
                "a voxel without a class is masked out, or belongs to a background class");
    }

    @Test
    void aVoxelOfTwoClassesIsNamed() {
        refused(
                with(y -> y[2 * VOXELS + 36] = 1),
                "[1.0, 0.0, 1.0] at sample 0, voxel 36, which add up to 2 instead of 1",
                "classes that overlap are those of a multilabel task");
    }

    @Test
    void aSumOfMoreIsNamed() {
        refused(
                with(y -> Arrays.fill(y, 0.625f)),
                "[0.625, 0.625, 0.625] at sample 0, voxel 0, which add up to 1.875 instead of 1",
                "not logits and not labels",
                "mark the target as unnormalized");
    }

    @Test
    void notANumberIsNamed() {
        refused(with(y -> y[2 * VOXELS + 4] = Float.NaN), "the value NaN at sample 0, channel 2, voxel 4");
    }

    @Test
    void theClassesLastInMemoryAreRecognised() {
        refused(
                with(y -> {
                    Arrays.fill(y, 0);
                    for (int i = 0; i < 2 * VOXELS; i++) {
                        y[3 * i + i / 10 % 3] = 1;
                    }
                }),
                "with the classes last in memory they would add up to 1: bring them to the order (batch, class, z, y, x)");
    }

    /// Any number of voxels of more than a block, with a mask and without: both twins tell of the same voxel, which is
    /// the first, in the same words.
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 31, 32, 33, 64, 1023, 1024, 1025, 2080, 9000})
    void bothTwinsTellOfTheFirstVoxel(int voxels) {
        Random random = new Random(voxels);
        for (int round = 0; round < 40; round++) {
            Task task = round % 4 == 3 ? Task.multilabel(3) : Task.multiclass(3);
            double[] y = new double[2 * 3 * voxels];
            for (int i = 0; i < 2 * voxels; i++) {
                double a = random.nextDouble() / 2;
                double b = random.nextDouble() / 2;
                int at = i / voxels * 3 * voxels + i % voxels;
                y[at] = a;
                y[at + voxels] = b;
                y[at + 2 * voxels] = 1 - a - b;
            }
            for (int wrong = random.nextInt(4); wrong > 0; wrong--) {
                double[] values = {-1e-3, -1e-60, 1 + 1e-12, 2, 0, 1, Double.NaN, Double.POSITIVE_INFINITY};
                y[random.nextInt(y.length)] = values[random.nextInt(values.length)];
            }
            byte[] mask = new byte[2 * voxels];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = (byte) (random.nextInt(5) == 0 ? 0 : 1);
            }
            float[] narrow = new float[y.length];
            for (int i = 0; i < y.length; i++) {
                narrow[i] = (float) y[i];
            }
            Shape shape = new Shape(2, 3, 1, 1, voxels);
            for (Target target : new Target[] {
                Target.probabilities(MemorySegment.ofArray(y), Target.Type.FLOAT64),
                Target.probabilities(MemorySegment.ofArray(narrow))
            }) {
                for (Target each : new Target[] {target, target.masked(MemorySegment.ofArray(mask))}) {
                    assertThat(refusal(each, task, shape, true)).isEqualTo(refusal(each, task, shape, false));
                    assertThat(refusal(each.unnormalized(), task, shape, true))
                            .isEqualTo(refusal(each.unnormalized(), task, shape, false));
                }
            }
        }
    }

    private static String refusal(Target target, Task task, Shape shape, boolean lanes) {
        float[] logits = new float[(int) shape.elements()];
        try {
            return new LossEvaluator(Loss.parse("ce"), task, 1, lanes)
                                    .evaluate(Prediction.logits(MemorySegment.ofArray(logits), shape), target)
                                    .value()
                            > 0
                    ? "none"
                    : "no loss";
        } catch (IllegalArgumentException refused) {
            return refused.getMessage();
        }
    }

    /// A sum at the edge of what is taken is added up in double, however the floats round.
    @Test
    void bothTwinsTakeTheSameSums() {
        int voxels = 4001;
        for (int i = 0; i < 2; i++) {
            double edge = i == 0 ? 0.999 : 1.001;
            for (int step = -40; step <= 40; step++) {
                double[] y = new double[3 * voxels];
                Arrays.fill(y, (edge + step * 1e-8) / 3);
                Target target = Target.probabilities(MemorySegment.ofArray(y), Target.Type.FLOAT64);
                Shape shape = new Shape(1, 3, 1, 1, voxels);
                assertThat(refusal(target, Task.multiclass(3), shape, true))
                        .isEqualTo(refusal(target, Task.multiclass(3), shape, false));
            }
        }
    }

    /// Float probabilities that a network gives, of many classes, in halves.
    @ParameterizedTest
    @ValueSource(floats = {0.9995f, 1, 1.0009f})
    void whatIsRoundedIsTaken(float sum) {
        float[] y = with(all -> Arrays.fill(all, sum / 3));
        for (boolean lanes : new boolean[] {false, true}) {
            assertThat(ce(Target.probabilities(MemorySegment.ofArray(y)), lanes))
                    .isEqualTo(Math.log(3) * sum, within(1e-6));
        }
    }

    @Test
    void aVoxelThatDoesNotCountIsNotAsked() {
        float[] y = with(all -> all[(3 + 5 % 3) * VOXELS + 5] = 0);
        byte[] mask = new byte[2 * VOXELS];
        Arrays.fill(mask, (byte) 1);
        mask[VOXELS + 5] = 0;
        for (boolean lanes : new boolean[] {false, true}) {
            Target target = Target.probabilities(MemorySegment.ofArray(y)).masked(MemorySegment.ofArray(mask));
            assertThat(ce(target, lanes)).isEqualTo(Math.log(3), within(1e-6));
        }
    }

    /// By hand: one of 74 voxels has no class and no cross-entropy.
    @Test
    void aProgramMayMeanIt() {
        float[] y = with(all -> all[(3 + 5 % 3) * VOXELS + 5] = 0);
        for (boolean lanes : new boolean[] {false, true}) {
            Target target = Target.probabilities(MemorySegment.ofArray(y)).unnormalized();
            assertThat(ce(target, lanes)).isEqualTo(Math.log(3) * 73 / 74, within(1e-6));
        }
    }

    /// Sigmoids are for classes that overlap.
    @Test
    void theChannelsOfAMultilabelTaskAddUpToAnything() {
        float[] y = with(all -> all[2 * VOXELS + 36] = 1);
        assertThat(new LossEvaluator(Loss.parse("bce"), Task.multilabel(3))
                        .evaluate(
                                Prediction.logits(MemorySegment.ofArray(new float[y.length]), SHAPE),
                                Target.probabilities(MemorySegment.ofArray(y)))
                        .value())
                .isEqualTo(Math.log(2), within(1e-6));
    }

    private static double ce(Target target, boolean lanes) {
        return new LossEvaluator(Loss.parse("ce"), Task.multiclass(3), 1, lanes)
                .evaluate(Prediction.logits(MemorySegment.ofArray(new float[2 * 3 * VOXELS]), SHAPE), target)
                .value();
    }
}
