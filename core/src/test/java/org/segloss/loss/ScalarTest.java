package org.segloss.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class ScalarTest {

    /// d(x y + x / y) = (y + 1 / y, x - x / y²)
    @Test
    void aTapeIsUsedForOneFormulaAfterAnother() {
        Scalar.Tape tape = new Scalar.Tape();
        Scalar x = tape.variable(3);
        Scalar y = tape.variable(2);
        tape.differentiate(x.times(y).plus(x.over(y)));
        assertThat(x.gradient()).isEqualTo(2.5);
        assertThat(y.gradient()).isEqualTo(2.25);

        // a shorter one, of which y is no part
        tape.rewind();
        x.set(4);
        y.set(5);
        tape.differentiate(x.times(x));
        assertThat(x.gradient()).isEqualTo(8);
        assertThat(y.gradient()).isZero();

        tape.rewind();
        x.set(3);
        y.set(2);
        Scalar again = x.times(y).plus(x.over(y));
        tape.differentiate(again);
        assertThat(again.value()).isEqualTo(7.5);
        assertThat(x.gradient()).isEqualTo(2.5);
        assertThat(y.gradient()).isEqualTo(2.25);
    }

    /// A loss may keep constants, which all threads that evaluate it then share.
    @Test
    void nothingIsWrittenIntoAConstant() {
        Scalar constant = Scalar.of(2);
        Scalar.Tape tape = new Scalar.Tape();
        Scalar x = tape.variable(3);
        tape.differentiate(constant.times(x).plus(constant).plus(constant.times(constant)));

        assertThat(x.gradient()).isEqualTo(2);
        assertThat(constant.gradient()).isZero();
        assertThat(constant.value()).isEqualTo(2);
        assertThatIllegalStateException().isThrownBy(() -> constant.set(3)).withMessageContaining("stays 2.0");
        assertThatIllegalStateException().isThrownBy(() -> Scalar.ZERO.set(1)).withMessageContaining("stays 0.0");
        assertThat(Scalar.ZERO.value()).isZero();
    }
}
