package org.segloss.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.random.CounterRandom;

class DesignTest {

    // 10 units: 2^-9 times 21 pairs of 7 losses is 0.041, times 28 of 8 is 0.055
    @ParameterizedTest
    @CsvSource({"5, 0", "6, 2", "8, 4", "10, 7", "20, 229"})
    void howManyLossesShafferCanSeparate(int units, int losses) {
        assertThat(Design.of(units, 5, 1, 1).separable()).isEqualTo(losses);
        assertThat(Design.of(units, 5, 1, 1).smallestP()).isEqualTo(Math.pow(2, 1 - units));
    }

    // with 80 units the normal quantiles' (1.96 + 0.8416) / sqrt(80 * 0.955) = 0.3205 is near
    @Test
    void detectableDifferences() {
        assertThat(Design.of(80, 2, 1, 1).detectable().get(1).alone()).isCloseTo(0.3205, within(0.005));
        assertThat(Design.of(80, 2, 1, 1).detectable().get(2).alone())
                .isCloseTo(2 * Design.of(80, 2, 1, 1).detectable().get(1).alone(), within(1e-12));
        assertThat(Design.of(5, 2, 1, 1).detectable().getFirst().alone()).isNaN();
        assertThat(Design.of(10, 8, 1, 1).detectable().getFirst().ofAll()).isNaN();
    }

    /// The exact test finds what it is said to find in four of five samples: 2000 of them have a standard error of
    /// 0.009; the exact test's levels are steps, which costs some of the power at 10.
    @ParameterizedTest
    @ValueSource(ints = {10, 20, 40})
    void theDetectableDifferenceIsDetected(int units) {
        double difference = Design.of(units, 2, 1, 1).detectable().get(1).alone();
        var random = CounterRandom.of(units, "test");
        int found = 0;
        for (int repeat = 0; repeat < 2000; repeat++) {
            double[] d = new double[units];
            for (int i = 0; i < units; i++) {
                d[i] = difference + random.nextGaussian();
            }
            found += SignedRankTest.of(d).p() <= Rules.ALPHA ? 1 : 0;
        }
        assertThat(found / 2000.0).isBetween(0.77, 0.83);
    }

    @Test
    void whatItCantAnswerIsSaid() {
        assertThat(Design.of(5, 2, 1, 1).warnings().getFirst())
                .startsWith("5 independent test cases can't tell any two losses apart: the smallest p-value is 0.063.");
        assertThat(Design.of(8, 5, 2, 5).warnings())
                .containsExactly(
                        "8 independent test cases can't tell all of 5 losses apart: the smallest p-value is 0.0078, and Shaffer's correction for 10 pairs asks for 0.0050. Compare at most 4 losses, or test on 9 independent cases.");
        assertThat(Design.of(10, 5, 1, 1).warnings())
                .containsExactly(
                        "One seed, one training set: how much a training with another seed or on other cases would change the order is unknown.");
        assertThat(Design.of(10, 5, 3, 1).warnings())
                .containsExactly(
                        "One training set: how much a training on other cases would change the order is unknown.");
        assertThat(Design.of(10, 5, 1, 5).warnings())
                .containsExactly("One seed: how much a training with another seed would change the order is unknown.");
        assertThat(Design.of(10, 5, 3, 0).warnings())
                .singleElement()
                .asString()
                .startsWith("Cases were tested in several folds");
        assertThat(Design.of(10, 5, 3, 5).warnings()).isEmpty();
        assertThat(Design.of(10, 5, 3, 5).scope()).contains("the 5 training sets vary, which overlap");
        assertThat(Design.of(10, 5, 3, 1).scope()).isEmpty();
        assertThat(Design.of(3, 1, 1, 1).warnings()).isEmpty();
        assertThat(Design.of(10, 5, 3, 1).resolution()).contains("1.0 points between two losses", "all 10 pairs 1.5");
        assertThat(Design.of(10, 2, 3, 1).resolution()).endsWith("in four of five experiments.");
        assertThat(Design.of(5, 5, 3, 1).resolution()).contains("no difference can be found");
    }

    // 1 - 0.05^(1/n); Python: scipy.stats.binomtest(0, n).proportion_ci(0.9, "exact").high, SciPy 1.17.1
    @ParameterizedTest
    @CsvSource({
        "1, 0.95, 95 %",
        "10, 0.25886555089334723, 26 %",
        "20, 0.13910834066837535, 14 %",
        "100, 0.02951304960715665, 3 %",
        "1000, 0.0029912495452490083, 0.3 %"
    })
    void failuresThatMayBeUnseen(int units, double rate, String text) {
        Design design = Design.of(units, 2, 1, 1);
        assertThat(design.unseenFailures()).isCloseTo(rate, within(1e-11));
        assertThat(design.unseen())
                .startsWith("No verdict excludes failures that none of " + units)
                .endsWith("fails on up to " + text + " of all cases may show none.");
    }

    @Test
    void nothingIsNoDesign() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Design.of(0, 1, 1, 1))
                .withMessageContaining("0 units, 1 losses, 1 seeds");
    }
}
