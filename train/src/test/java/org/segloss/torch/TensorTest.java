package org.segloss.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TensorTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = new Scope();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void itsMemoryIsTheTensorItself() {
        Tensor tensor = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        tensor.memory().setAtIndex(ValueLayout.JAVA_FLOAT, 3, 40);

        assertThat(tensor.toArray()).containsExactly(1, 2, 3, 40);
        assertThat(tensor.scale(2).memory().getAtIndex(ValueLayout.JAVA_FLOAT, 3))
                .isEqualTo(80);
    }

    @Test
    void asManyValuesAsTheShapeHas() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tensor.of(new float[3], 2, 2))
                .withMessage("shape [2, 2] has 4 elements, but there are 3 values");
    }

    @Test
    void aScopeFreesItsTensorsButNotTheKeptOnes() {
        Tensor kept;
        Tensor freed;
        try (Scope _ = new Scope()) {
            kept = Tensor.of(new float[] {7}, 1).keep();
            freed = Tensor.of(new float[] {8}, 1);
        }
        assertThat(freed.data().isNull()).isTrue();
        assertThat(kept.toArray()).containsExactly(7);

        kept.release();
        assertThat(kept.data().isNull()).isTrue();
    }

    @Test
    void aKernelWithOneInItsMiddleCopiesTheImage() {
        Tensor image = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 1, 2, 4);
        float[] kernel = new float[9];
        kernel[4] = 1;

        assertThat(image.convolve(Tensor.of(kernel, 1, 1, 3, 3), 1).toArray()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(image.convolve(Tensor.of(kernel, 1, 1, 3, 3), 2).toArray()).containsExactly(1, 3);
    }

    @Test
    void aKernelOfEdgeTwoAndStrideTwoTakesWholeBlocks() {
        Tensor image = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 1, 2, 4);
        Tensor ones = Tensor.of(new float[] {1, 1, 1, 1}, 1, 1, 2, 2);

        // 1 + 2 + 5 + 6 and 3 + 4 + 7 + 8
        assertThat(image.convolve(ones, 2).toArray()).containsExactly(14, 22);
    }

    @Test
    void aBiasIsAddedToItsChannel() {
        Tensor image = Tensor.of(new float[] {1, 2}, 1, 1, 1, 2);
        Tensor kernel = Tensor.of(new float[] {1, 10}, 2, 1, 1, 1);

        assertThat(image.convolve(kernel, Tensor.of(new float[] {3, 4}, 2)).toArray())
                .containsExactly(4, 5, 14, 24);
    }

    @Test
    void upsamplingRepeatsAlongEveryAxis() {
        assertThat(Tensor.of(new float[] {1, 2}, 1, 1, 1, 2).upsample().toArray())
                .containsExactly(1, 1, 2, 2, 1, 1, 2, 2);
        assertThat(Tensor.of(new float[] {5}, 1, 1, 1, 1, 1).upsample().toArray())
                .containsExactly(5, 5, 5, 5, 5, 5, 5, 5);
    }

    @Test
    void theInstanceNormLooksAtEachChannelOfEachSampleAlone() {
        // 1, 3: mean 2, variance 1; 10, 30: mean 20, variance 100; the norm adds 1e-5 to the variance
        Tensor image = Tensor.of(new float[] {1, 3, 10, 30, 5, 9, 0, 2}, 2, 2, 1, 2);
        Tensor scale = Tensor.of(new float[] {1, 2}, 2);
        Tensor shift = Tensor.of(new float[] {0, 7}, 2);

        float[] expected = {-1, 1, 5, 9, -1, 1, 5, 9};
        float[] actual = image.instanceNorm(scale, shift).toArray();
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isEqualTo(expected[i], within(2e-5f));
        }
    }

    @Test
    void rectifiersKeepPositiveNumbersAndScaleNegativeOnes() {
        Tensor image = Tensor.of(new float[] {4, -4, 8, -8}, 1, 2, 1, 2);

        assertThat(image.prelu(Tensor.of(new float[] {0.5f, 0.25f}, 2)).toArray())
                .containsExactly(4, -2, 8, -2);
        assertThat(image.leakyRelu().toArray()).containsExactly(4, -0.04f, 8, -0.08f);
    }

    @Test
    void channelsAreJoinedSampleBySample() {
        Tensor first = Tensor.of(new float[] {1, 2}, 2, 1, 1, 1);
        Tensor second = Tensor.of(new float[] {3, 4}, 2, 1, 1, 1);

        assertThat(first.concatenate(second).toArray()).containsExactly(1, 3, 2, 4);
    }

    @Test
    void parametersShareTheFlatMemoryAndItsGradient() {
        Tensor values = Tensor.of(new float[] {1, 2, 3, 4}, 4);
        Tensor gradient = Tensor.zeros("cpu", 4);
        Tensor slope = values.parameter(gradient, 3, 1);

        Tensor image = Tensor.of(new float[] {-2, 5}, 1, 1, 1, 2);
        image.prelu(slope).backward(Tensor.of(new float[] {10, 100}, 1, 1, 1, 2));

        // prelu(-2) = 4 * -2: its derivative by the slope is -2; that of prelu(5) is 0
        assertThat(gradient.toArray()).containsExactly(0, 0, 0, -20);
        values.fill(9);
        assertThat(slope.toArray()).containsExactly(9);
    }

    @Test
    void arithmeticInPlaceIsWhatItsNameSays() {
        Tensor x = Tensor.of(new float[] {1, 2}, 2);
        Tensor y = Tensor.of(new float[] {4, 8}, 2);

        assertThat(x.add(0.5, y).toArray()).containsExactly(3, 6);
        assertThat(x.addSquare(2, y).toArray()).containsExactly(35, 134);
        assertThat(x.addQuotient(-1, y, y).toArray()).containsExactly(34, 133);
        assertThat(x.add(2.0).root().toArray()[0]).isEqualTo(6);
        assertThat(Tensor.of(new float[] {3, 4}, 2).norm()).isEqualTo(5);
    }

    @Test
    void probabilitiesOfTheSoftmaxAddUpToOne() {
        float[] p = Tensor.of(new float[] {0, (float) Math.log(3)}, 1, 2, 1, 1)
                .softmax()
                .toArray();

        assertThat(p[0]).isEqualTo(0.25f, within(1e-6f));
        assertThat(p[1]).isEqualTo(0.75f, within(1e-6f));
    }
}
