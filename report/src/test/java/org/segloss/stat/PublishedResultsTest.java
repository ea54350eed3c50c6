package org.segloss.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.random.CounterRandom;
import org.segloss.stat.PublishedResults.Method;

class PublishedResultsTest {
    private static final Method FIRST = new Method("a", 0.912, 0.05, 20);
    private static final List<Method> OTHERS =
            List.of(new Method("b", 0.905, 0.06, 20), new Method("c", 0.9, 0.055, 20), new Method("d", 0.88, 0.07, 20));

    /// scipy 1.17.1: scipy.stats.t.cdf((m1 - m2) / sqrt((s1^2 + s2^2 - 2 r s1 s2) / n), n - 1)
    @ParameterizedTest
    @CsvSource({"0, 0.6534874707711934", "0.5, 0.7097415723432647", "0.9, 0.8743412022967239", "-0.3, 0.635720689322117"
    })
    void ofTwoItIsTheKnownFormula(double correlation, double probability) {
        Method other = OTHERS.getFirst();
        assertThat(PublishedResults.better(FIRST, other, correlation, true)).isEqualTo(probability, within(1e-9));
        assertThat(PublishedResults.better(other, FIRST, correlation, true)).isEqualTo(1 - probability, within(1e-9));
        assertThat(PublishedResults.better(FIRST, other, correlation, false)).isEqualTo(1 - probability, within(1e-9));
        // the integral comes to the same
        assertThat(PublishedResults.first(FIRST, List.of(other), List.of(correlation), true))
                .isEqualTo(probability, within(0.002));
        // percent change nothing
        assertThat(PublishedResults.better(new Method("a", 91.2, 5, 50), new Method("b", 90.1, 7, 50), 0.75, true))
                .isEqualTo(0.9500917941940646, within(1e-9));
    }

    /// scipy 1.17.1: scipy.stats.multivariate_t(-(D @ m), D @ S @ D.T, df=n - 1, seed=1).cdf(0, maxpts=2e6),
    /// where D takes each other mean from the first, and S is the covariance of the means.
    @ParameterizedTest
    @CsvSource({"0, 0.53885624", "0.5, 0.63413004", "0.9, 0.86542154"})
    void ofSeveralItIsTheMultivariateT(double correlation, double probability) {
        assertThat(PublishedResults.first(FIRST, OTHERS, Collections.nCopies(3, correlation), true))
                .isEqualTo(probability, within(0.002));
    }

    /// Likewise, with the correlations of one factor, also with 5 cases alone.
    @Test
    void eachMethodMayHaveACorrelationOfItsOwn() {
        assertThat(PublishedResults.first(FIRST, OTHERS, List.of(0.8, 0.5, -0.2), true))
                .isEqualTo(0.64937348, within(0.002));
        List<Method> few = OTHERS.stream()
                .map(other -> new Method(other.name(), other.mean(), other.sd(), 5))
                .toList();
        assertThat(PublishedResults.first(new Method("a", 0.912, 0.05, 5), few, List.of(0.8, 0.5, -0.2), true))
                .isEqualTo(0.38446531, within(0.003));
    }

    /// Two methods whose true means are drawn from far and wide, so that nothing but the scores tells them
    /// apart: of the claims with a probability of about p a share of p is true.
    @Test
    void claimsAreTrueAsOftenAsStated() {
        int n = 12;
        double r = 0.6;
        double[] bounds = {0.5, 0.7, 0.9, 0.99};
        double[] stated = new double[3];
        double[] held = new double[3];
        int[] claims = new int[3];
        for (int repeat = 0; repeat < 40_000; repeat++) {
            CounterRandom random = CounterRandom.of(repeat, "claims");
            double truth = random.nextDouble(-2, 2);
            double[] a = new double[n];
            double[] b = new double[n];
            for (int i = 0; i < n; i++) {
                double shared = Math.sqrt(r) * random.nextGaussian();
                a[i] = truth + shared + Math.sqrt(1 - r) * random.nextGaussian();
                b[i] = shared + Math.sqrt(1 - r) * random.nextGaussian();
            }
            double p = PublishedResults.better(
                    new Method("a", Quantiles.mean(a), Quantiles.sd(a), n),
                    new Method("b", Quantiles.mean(b), Quantiles.sd(b), n),
                    r,
                    true);
            for (int i = 0; i < 3; i++) {
                if (p >= bounds[i] && p < bounds[i + 1]) {
                    claims[i]++;
                    stated[i] += p;
                    held[i] += truth > 0 ? 1 : 0;
                }
            }
        }
        for (int i = 0; i < 3; i++) {
            assertThat(claims[i]).isGreaterThan(800);
            assertThat(held[i] / claims[i]).isEqualTo(stated[i] / claims[i], within(0.035));
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Method("a", 0.9, 0, 10))
                .withMessageContaining("the SD of a has to be above 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PublishedResults.better(FIRST, OTHERS.getFirst(), 1, true))
                .withMessageContaining("a correlation lies between -1 and 1, and is 1.0");
    }
}
