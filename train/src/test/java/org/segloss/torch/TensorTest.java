package org.segloss.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class TensorTest {
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
