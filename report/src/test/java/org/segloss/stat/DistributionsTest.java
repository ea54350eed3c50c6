package org.segloss.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against SciPy 1.17.1. Relative, so that small tails count, too: 1e-10 of the value.
class DistributionsTest {
    private static final Percentage CLOSE = Percentage.withPercentage(1e-8);

    // scipy.stats.norm.cdf(x)
    @ParameterizedTest
    @CsvSource({
        "-9, 1.1285884059538324e-19",
        "-3, 0.0013498980316300933",
        "-2, 0.022750131948179195",
        "-1.5, 0.06680720126885807",
        "0, 0.5",
        "0.7, 0.758036347776927",
        "1.99999, 0.9772493281367566",
        "4, 0.9999683287581669"
    })
    void normal(double x, double expected) {
        assertThat(Distributions.normal(x)).isCloseTo(expected, CLOSE);
    }

    // scipy.stats.norm.ppf(p)
    @ParameterizedTest
    @CsvSource({
        "1e-12, -7.034483825301131",
        "0.025, -1.9599639845400545",
        "0.3, -0.5244005127080409",
        "0.5, 0",
        "0.975, 1.959963984540054",
        "0.9999, 3.719016485455709"
    })
    void normalQuantile(double p, double expected) {
        assertThat(Distributions.normalQuantile(p)).isCloseTo(expected, within(1e-11));
    }

    // 2 * scipy.stats.t.sf(t, v)
    @ParameterizedTest
    @CsvSource({
        "0.1, 1, 0.936548965138893",
        "2, 3, 0.13932596855884305",
        "2.5, 9, 0.033861827682985735",
        "1, 2.37, 0.4082407006237657",
        "8, 40, 7.905084110104538e-10",
        "30, 259, 2.9704919586940914e-86"
    })
    void studentTails(double t, double freedom, double expected) {
        assertThat(Distributions.studentTails(t, freedom)).isCloseTo(expected, CLOSE);
    }

    // scipy.stats.t.isf(p / 2, v)
    @ParameterizedTest
    @CsvSource({
        "0.05, 1, 12.706204736174705",
        "0.05, 9, 2.2621571627982053",
        "0.4, 19, 0.8609505502689285",
        "0.005, 5.5, 4.516046975994353",
        "0.001, 10000, 3.291499965941605"
    })
    void studentQuantile(double tails, double freedom, double expected) {
        assertThat(Distributions.studentQuantile(tails, freedom)).isCloseTo(expected, CLOSE);
    }

    // scipy.stats.f.sf(f, a, b)
    @ParameterizedTest
    @CsvSource({
        "0.3, 1, 1, 0.6809942799600229",
        "1, 2, 18, 0.387420489",
        "4.2, 4, 36, 0.006821398836249151",
        "25, 3, 7, 0.00040886880707481654",
        "2.2, 4, 1036, 0.06707757386613326",
        "60, 4, 76, 9.076286928334917e-23"
    })
    void fTail(double f, double a, double b, double expected) {
        assertThat(Distributions.fTail(f, a, b)).isCloseTo(expected, CLOSE);
    }

    // scipy.special.betainc(a, b, x)
    @ParameterizedTest
    @CsvSource({
        "0.5, 0.5, 0.3, 0.36901011956554536",
        "2, 3, 0.5, 0.6875",
        "100, 200, 0.3, 0.10884306564490986",
        "0.01, 5, 0.1, 0.9940726309296224",
        "5000, 5000, 0.51, 0.9772579676754254",
        "1, 1, 0.25, 0.25"
    })
    void beta(double a, double b, double x, double expected) {
        // the tail of F with 2 b and 2 a degrees of freedom is I_x(a, b) where x = a / (a + b f)
        assertThat(Distributions.fTail(a * (1 - x) / (b * x), 2 * b, 2 * a)).isCloseTo(expected, CLOSE);
    }

    @Test
    void theEnds() {
        assertThat(Distributions.fTail(Double.POSITIVE_INFINITY, 6, 4)).isZero();
        assertThat(Distributions.fTail(0, 6, 4)).isOne();
        assertThat(Distributions.studentTails(0, 5)).isOne();
        assertThat(Distributions.studentTails(Double.POSITIVE_INFINITY, 5)).isZero();
    }
}
