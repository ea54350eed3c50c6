package org.segloss.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.segloss.compare.Convergence;
import org.segloss.compare.Convergence.Learning;

class CurvesTest {

    @Test
    void eachLossIsSaidToHaveConvergedOrNot() {
        var ends = Curves.Ends.of(new Convergence(
                true,
                66,
                List.of(new Learning("ce", 0.81, 0.08, 0.93, false), new Learning("dice", 0.9, -0.002, 0.9, true))));
        assertThat(ends.rows())
                .containsExactly(
                        new Curves.Ends.Row("ce", "0.810", "+0.080", "0.930", "no"),
                        new Curves.Ends.Row("dice", "0.900", "−0.002", "0.900", "yes"));
    }

    @Test
    void aTrainingLossFallsByAShareAndHasNoLimit() {
        var ends =
                Curves.Ends.of(new Convergence(false, 66, List.of(new Learning("ce", 0.2, 0.071, Double.NaN, false))));
        assertThat(ends.rows()).containsExactly(new Curves.Ends.Row("ce", "0.200", "7 %", "", "no"));
    }
}
