package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.grid.Shape;
import org.segloss.kernel.Halves;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// Logits of 16 bits. Runs at every width of a vector.
class HalfPrecisionTwinTest {

    static Stream<Arguments> problems() {
        return Stream.of(Prediction.FloatType.FLOAT16, Prediction.FloatType.BFLOAT16)
                .flatMap(type -> Losses.TASKS.stream()
                        .flatMap(task -> Stream.of("ce + dice", "focal", "dice", "ce")
                                .map(loss -> Arguments.of(type, task, Loss.parse(loss)))));
    }

    /// A number of 16 bits is a float: the value is the same bits, the gradient the float's, rounded.
    @ParameterizedTest
    @MethodSource("problems")
    void numbersOf16BitsAreReadAsTheFloatsThatTheyAre(Prediction.FloatType type, Task task, Loss loss) {
        for (int voxels : new int[] {1, 33, 1024, 1057}) {
            Problem problem = Problem.random(task, 2, voxels, 5);
            for (boolean lanes : new boolean[] {true, false}) {
                // larger than a mean, so that gradients are no subnormal numbers
                LossEvaluator evaluator = new LossEvaluator(loss.times(voxels), task, 2, lanes);
                short[] bits = new short[problem.logits().length];
                double value = evaluator
                        .evaluate(problem.halfPrediction(type), problem.target(), MemorySegment.ofArray(bits))
                        .value();

                Problem rounded = problem.rounded(type);
                float[] expected = rounded.gradient(evaluator, problem.target());
                assertThat(value)
                        .isEqualTo(evaluator
                                .evaluate(rounded.prediction(), problem.target())
                                .value());
                double ulp = type == Prediction.FloatType.FLOAT16 ? 0x1p-11 : 0x1p-8;
                for (int i = 0; i < bits.length; i++) {
                    float actual = type == Prediction.FloatType.FLOAT16
                            ? Float.float16ToFloat(bits[i])
                            : Halves.bfloat16ToFloat(bits[i]);
                    // half an ulp of 16 bits, and what two ways to a float's gradient differ by
                    assertThat(actual).isCloseTo(expected[i], within((float)
                            (1.01 * ulp * Math.abs(expected[i]) + 6e-8)));
                }
            }
        }
    }

    /// 2^24 float16 numbers: where sums are kept in half precision, as in automatic mixed precision, they overflow at
    /// 65504 and stand still at 2048.
    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void aDiceOf16MillionVoxelsIsExact(Prediction.FloatType type) {
        int n = 1 << 24;
        short[] logits = new short[n];
        byte[] labels = new byte[n];
        for (int i = 0; i < n; i++) {
            labels[i] = (byte) (i % 3 == 0 ? 1 : 0);
        }
        // sigmoid(1) everywhere
        Arrays.fill(logits, type == Prediction.FloatType.FLOAT16 ? Float.floatToFloat16(1) : Halves.floatToBfloat16(1));
        Prediction prediction = new Prediction(
                MemorySegment.ofArray(logits), type, new Shape(1, 1, 256, 256, 256), Prediction.Scale.LOGITS);

        double dice = new LossEvaluator(Loss.parse("dice(smooth=0)"), Task.binary())
                .evaluate(prediction, Target.labels(MemorySegment.ofArray(labels)))
                .value();

        double p = 1 / (1 + Math.exp(-1));
        double foreground = Math.ceilDiv(n, 3);
        assertThat(dice).isCloseTo(1 - 2 * p * foreground / (p * n + foreground), within(1e-6));
    }

    @Test
    void bfloat16RoundsToTheNearestAndOfTwoToTheEven() {
        assertThat(Halves.floatToBfloat16(1)).isEqualTo((short) 0x3f80);
        // half way between 1 and 1 + 2^-7, and between 1 + 2^-7 and 1 + 2^-6
        assertThat(Halves.floatToBfloat16(1 + 0x1p-8f)).isEqualTo((short) 0x3f80);
        assertThat(Halves.floatToBfloat16(1 + 3 * 0x1p-8f)).isEqualTo((short) 0x3f82);
        assertThat(Halves.floatToBfloat16(Math.nextUp(1 + 0x1p-8f))).isEqualTo((short) 0x3f81);
        assertThat(Halves.floatToBfloat16(Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
        assertThat(Halves.bfloat16ToFloat(Halves.floatToBfloat16(Float.NEGATIVE_INFINITY)))
                .isEqualTo(Float.NEGATIVE_INFINITY);
        for (int nan : new int[] {0x7f800001, 0x7fffffff, 0xffffffff, 0xff800001}) {
            assertThat(Halves.bfloat16ToFloat(Halves.floatToBfloat16(Float.intBitsToFloat(nan))))
                    .isNaN();
        }
    }

    /// Of every number there is, and in blocks that end within a vector.
    @Test
    void blocksOfBfloat16AreConvertedAsEachNumberIs() {
        short[] all = new short[1 << 16];
        for (int i = 0; i < all.length; i++) {
            all[i] = (short) i;
        }
        float[] values = new float[all.length];
        Halves.bfloat16ToFloat(all, all.length, values);
        for (int i = 0; i < all.length; i++) {
            assertThat(Float.floatToRawIntBits(values[i]))
                    .isEqualTo(Float.floatToRawIntBits(Halves.bfloat16ToFloat(all[i])));
        }

        Random random = new Random(9);
        float[] floats = new float[1 << 16];
        for (int i = 0; i < floats.length; i++) {
            // any exponent, NaNs of all kinds among them; the last ones lie halfway between two numbers
            int bits = (i << 16) + random.nextInt(1 << 16);
            floats[i] = Float.intBitsToFloat(i < 1 << 15 ? bits : i << 17 | 0x8000);
        }
        short[] halves = new short[floats.length];
        for (int n : new int[] {1, 7, 15, 16, 17, 33, 1000, floats.length}) {
            Arrays.fill(halves, (short) 1);
            Halves.floatToBfloat16(floats, n, halves);
            for (int i = 0; i < n; i++) {
                assertThat(halves[i]).as("%s", floats[i]).isEqualTo(Halves.floatToBfloat16(floats[i]));
            }
            if (n < halves.length) {
                assertThat(halves[n]).isEqualTo((short) 1);
            }
        }
    }
}
