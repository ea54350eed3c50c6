package org.segloss.loss.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FilterTest {

    @Test
    void theErrorFunctionHasAllItsDigits() {
        assertThat(Filter.erf(0)).isZero();
        assertThat(Filter.erf(1)).isCloseTo(0.8427007929497149, within(1e-15));
        assertThat(Filter.erf(-2.5)).isCloseTo(-0.9995930479825550, within(1e-15));
        assertThat(1 - Filter.erf(4.5)).isCloseTo(1.9661604415429e-10, within(1e-15));
        assertThat(Filter.erf(40)).isEqualTo(1);
    }
}
