package org.segloss.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.random.CounterRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class SignedRankTestTest {

    private static JsonNode golden(String name) throws IOException {
        try (InputStream file = SignedRankTestTest.class.getResourceAsStream("/golden/statistics.json")) {
            return new ObjectMapper().readTree(file).get(name);
        }
    }

    private static double[] numbers(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    // exact p: enumerated by a program of its own; approximation: scipy.stats.wilcoxon(method="approx",
    // correction=True)
    @ParameterizedTest
    @ValueSource(strings = {"n10_ties", "n10_with_zeros", "n8_noties", "n12_allpos"})
    void goldenValues(String name) throws IOException {
        JsonNode entry = golden("_wilcoxon").get(name);
        double[] d = numbers(entry.get("d"));
        SignedRankTest test = SignedRankTest.of(d);
        assertThat(test.p())
                .isCloseTo(entry.get("signflip_pratt_two_sided_exact").asDouble(), within(1e-15));
        assertThat(test.greater())
                .isCloseTo(entry.get("signflip_pratt_greater_exact").asDouble(), within(1e-15));
        assertThat(test.approximate())
                .isCloseTo(entry.get("approx/wilcox/cc/two-sided").get(1).asDouble(), within(1e-12));
        assertThat(test.rankBiserial()).isCloseTo(entry.get("rank_biserial").asDouble(), within(1e-14));
        assertThat(HodgesLehmann.of(d)).isCloseTo(entry.get("hodges_lehmann").asDouble(), within(1e-15));
    }

    @Test
    void holmAndKendallAsGolden() throws IOException {
        JsonNode holm = golden("_holm");
        assertThat(Holm.adjust(numbers(holm.get("p")))).containsExactly(numbers(holm.get("holm")), within(1e-15));
        JsonNode tau = golden("_kendall_tau_b");
        int[] a = DoubleStream.of(numbers(tau.get("a"))).mapToInt(x -> (int) x).toArray();
        int[] b = DoubleStream.of(numbers(tau.get("b"))).mapToInt(x -> (int) x).toArray();
        assertThat(KendallTau.b(a, b)).isCloseTo(tau.get("tau").asDouble(), within(1e-15));
    }

    // the same as an enumeration of all signs, with many ties and zeros: multiples of 1/4 are exact
    @Test
    void agreesWithEnumerationOfAllSigns() {
        var random = CounterRandom.of(1, "test");
        for (int repeat = 0; repeat < 200; repeat++) {
            int n = 1 + random.nextInt(11);
            double[] d = random(n, random);
            SignedRankTest test = SignedRankTest.of(d);
            assertThat(test.p()).isCloseTo(enumerated(d), within(1e-14));
        }
    }

    private static double[] random(int n, CounterRandom random) {
        double[] d = new double[n];
        for (int i = 0; i < n; i++) {
            d[i] = (random.nextInt(11) - 4) / 4.0;
        }
        return d;
    }

    private static double enumerated(double[] d) {
        int n = d.length;
        double[] ranks = new double[n];
        for (int i = 0; i < n; i++) {
            for (double other : d) {
                ranks[i] += Math.abs(other) < Math.abs(d[i]) ? 1 : Math.abs(other) == Math.abs(d[i]) ? 0.5 : 0;
            }
            ranks[i] += 0.5;
        }
        double observed = 0;
        for (int i = 0; i < n; i++) {
            observed += Math.signum(d[i]) * ranks[i];
        }
        int asFar = 0;
        for (int signs = 0; signs < 1 << n; signs++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += d[i] == 0 ? 0 : (signs >> i & 1) == 1 ? ranks[i] : -ranks[i];
            }
            asFar += Math.abs(sum) >= Math.abs(observed) ? 1 : 0;
        }
        return (double) asFar / (1 << n);
    }

    @Test
    void allZeroIsNoEvidence() {
        SignedRankTest test = SignedRankTest.of(new double[5]);
        assertThat(test.p()).isOne();
        assertThat(test.approximate()).isOne();
        assertThat(test.zeros()).isEqualTo(5);
        assertThat(test.rankBiserial()).isNaN();
    }

    @Test
    void otherSignsMirrorIt() {
        double[] d = {0.3, -0.1, 0, 0.7, 0.2, -0.15, 0.4};
        SignedRankTest test = SignedRankTest.of(d);
        SignedRankTest mirror =
                SignedRankTest.of(DoubleStream.of(d).map(x -> -x).toArray());
        assertThat(mirror.p()).isEqualTo(test.p());
        assertThat(mirror.rankBiserial()).isEqualTo(-test.rankBiserial());
        assertThat(HodgesLehmann.of(DoubleStream.of(d).map(x -> -x).toArray())).isEqualTo(-HodgesLehmann.of(d));
    }

    // 0.9 - 0.8 and 0.8 - 0.7 are no equal doubles
    @Test
    void differencesThatAreEqualButForRoundingAreTied() {
        assertThat(0.9 - 0.8).isNotEqualTo(0.8 - 0.7);
        double[] d = {0.9 - 0.8, 0.8 - 0.7, 0.7 - 0.8, 0.3};
        assertThat(SignedRankTest.of(d).p()).isEqualTo(enumerated(new double[] {1, 1, -1, 3}));
    }

    @Test
    void smallestPHalvesWithEachDifference() {
        for (int n = 2; n <= 300; n++) {
            double[] d = DoubleStream.iterate(1, x -> x + 1).limit(n).toArray();
            assertThat(SignedRankTest.of(d).p()).isEqualTo(Math.pow(2, 1 - n));
        }
    }

    /// On both sides of the limit: the same differences, of which the last few are in no relation to the others, and
    /// many of them tied.
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.05, 0.15, 0.3, 0.6})
    void beyondTheLimitThePGoesOnAsItWas(double shift) {
        var random = CounterRandom.of(2, "test");
        double[] d = DoubleStream.generate(() -> random.nextGaussian() + shift)
                .limit(SignedRankTest.EXACT_LIMIT)
                .toArray();
        double[] tied = DoubleStream.of(d).map(x -> Math.rint(4 * x) / 4).toArray();
        for (double[] each : List.of(d, tied)) {
            SignedRankTest exact = SignedRankTest.of(each);
            int[] ranks =
                    Ranks.doubledMiddle(DoubleStream.of(each).map(Math::abs).toArray());
            int[] weights = IntStream.range(0, each.length)
                    .filter(i -> each[i] != 0)
                    .map(i -> ranks[i])
                    .toArray();
            int positive = IntStream.range(0, each.length)
                    .filter(i -> each[i] > 0)
                    .map(i -> ranks[i])
                    .sum();
            int all = IntStream.of(weights).sum();
            assertThat(SignedRankTest.saddlepoint(weights, all, positive))
                    .isCloseTo(exact.greater(), Percentage.withPercentage(0.02));
        }
        double[] more = java.util.Arrays.copyOf(d, d.length + 1);
        more[d.length] = 1e-9;
        assertThat(SignedRankTest.of(more).p()).isCloseTo(SignedRankTest.of(d).p(), Percentage.withPercentage(3));
    }

    @Test
    void aMissingDifferenceIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignedRankTest.of(new double[] {1, Double.NaN}))
                .withMessage("differences have to be finite, but number 2 is NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignedRankTest.of(new double[0]))
                .withMessage("there are no differences, at least one is needed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Holm.adjust(new double[] {0.1, Double.NaN}))
                .withMessage("a p-value lies between 0 and 1, not at NaN");
    }
}
