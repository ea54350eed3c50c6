package org.segloss.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.stat.BayesianSignedRank;
import org.segloss.stat.Interval;
import org.segloss.stat.Quantiles;
import org.segloss.stat.Verdict;

class DrawingTest {
    private static final BayesianSignedRank POSTERIOR = new BayesianSignedRank(0.93, 0.069, 0.001);

    @ParameterizedTest
    @CsvSource({
        // width 0.8: a fourth is 0.2
        "0.13, 0.93, 0, 1, 0.2",
        "-0.021, 0.034, -0.03, 0.04, 0.01",
        "3, 3, 1, 5, 1",
        "0, 47, 0, 50, 10"
    })
    void anAxisHasRoundEndsAndHoldsAllNumbers(double a, double b, double low, double high, double step) {
        Scale scale = Scale.of(a, b, Double.NaN);
        assertThat(scale.low()).isEqualTo(low, within(1e-12));
        assertThat(scale.high()).isEqualTo(high, within(1e-12));
        assertThat(scale.step()).isEqualTo(step, within(1e-12));
        assertThat(scale.at(low)).isEqualTo(2, within(1e-9));
        assertThat(scale.at(high)).isEqualTo(98, within(1e-9));
        assertThat(scale.ticks()).hasSize((int) Math.round((high - low) / step) + 1);
    }

    @Test
    void numbersAreWrittenForReaders() {
        assertThat(Numbers.plain(0.12345)).isEqualTo("0.123");
        assertThat(Numbers.plain(-12.345)).isEqualTo("−12.35");
        assertThat(Numbers.plain(Double.NaN)).isEqualTo("–");
        assertThat(Numbers.plain(Double.POSITIVE_INFINITY)).isEqualTo("∞");
        assertThat(Numbers.signed(0.0341)).isEqualTo("+0.034");
        assertThat(Numbers.signed(-0.0001)).isEqualTo("0.000");
        assertThat(Numbers.p(0.0004)).isEqualTo("< 0.001");
        assertThat(Numbers.p(0.0421)).isEqualTo("0.042");
        assertThat(Numbers.p(0.42)).isEqualTo("0.42");
        assertThat(Numbers.tick(0.30000000000000004)).isEqualTo("0.3");
        assertThat(Numbers.count(1, "loss")).isEqualTo("1 loss");
        assertThat(Numbers.count(5, "loss")).isEqualTo("5 losses");
    }

    @Test
    void aStripShowsTheIntervalWhereItIs() {
        var row = new Forest.Row(
                "a",
                "b",
                0.02,
                new Interval(0.01, 0.03),
                new Interval(-0.01, 0.05),
                0.01,
                POSTERIOR,
                Verdict.BETTER,
                false);
        Forest forest = Forest.of(List.of(row), 0.01);
        assertThat(forest.scale().low()).isEqualTo(-0.02, within(1e-12));
        assertThat(forest.scale().high()).isEqualTo(0.06, within(1e-12));
        // 0.01 and 0.03 lie 3/8 and 5/8 of the way: 2 + 96 * 3/8 = 38, 2 + 96 * 5/8 = 62
        assertThat(forest.strip(row)).contains("class=\"interval better\" x1=\"38%\" y1=\"15\" x2=\"62%\" y2=\"15\"");
        assertThat(row.posteriorText()).isEqualTo("93/7/<1 %");
        // 0.02 lies in the middle
        assertThat(forest.strip(row)).contains("<svg x=\"50%\"");
    }

    @Test
    void whatOtherSeedsMightDoDoesNotShrinkTheRest() {
        var row = new Forest.Row(
                "a",
                "b",
                0.02,
                new Interval(0.01, 0.03),
                new Interval(-4, 0.05),
                0.01,
                POSTERIOR,
                Verdict.BETTER,
                false);
        Forest forest = Forest.of(List.of(row), 0.01);
        assertThat(forest.scale().low()).isEqualTo(-0.04, within(1e-12));
        assertThat(forest.scale().high()).isEqualTo(0.06, within(1e-12));
        assertThat(forest.strip(row)).contains("class=\"whisker\" x1=\"0%\"");
    }

    @Test
    void dotsOfUndefinedValuesAreNotDrawn() {
        var dots = new Dots(
                "title",
                List.of(
                        new Dots.Row("a", new double[] {0.1, Double.NaN, 0.5}),
                        new Dots.Row("b<c", new double[] {0.2, 0.3, 0.9})),
                List.of("x", "y", "z"));
        String svg = dots.svg();
        assertThat(Pattern.compile("class=\"dot\"").matcher(svg).results()).hasSize(5);
        assertThat(Pattern.compile("class=\"join\"").matcher(svg).results()).hasSize(2);
        assertThat(svg).contains("b&lt;c, z: 0.900").doesNotContain("NaN", "b<c");
    }

    @Test
    void quartilesAreInterpolated() {
        // numpy 2.4: np.quantile([1, 2, 4, 8], 0.25) == 1.75
        assertThat(Quantiles.of(new double[] {1, 2, 4, 8}, 0.25)).isEqualTo(1.75);
        assertThat(Quantiles.of(new double[] {1, 2, 4, 8}, 1)).isEqualTo(8);
        assertThat(Quantiles.of(new double[] {3}, 0.5)).isEqualTo(3);
    }
}
