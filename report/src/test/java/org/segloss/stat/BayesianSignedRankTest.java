package org.segloss.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.random.CounterRandom;

class BayesianSignedRankTest {
    private static final int DRAWS = 40_000;
    // four standard errors of ours, and as much for those of the other program
    private static final double ERROR = 0.012;

    /// By baycomp 1.0.3, the mean of four calls of
    ///
    ///     baycomp.SignedRankTest.probs(numpy.zeros(n), d, rope, nsamples=100000, random_state=0 to 3)
    ///
    /// in which the second, right, is the better one where d is above 0; its prior has the strength 0.5, too.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.02 0.03 -0.01 0.05 0.04 0 0.015 0.025                           | 0.01 | 0.92571 | 0.07429 | 0",
                "0.004 -0.006 0.002 0.008 -0.003 0.001 0.012 -0.004 0.005 -0.002   | 0.01 | 0.00002 | 0.99998 | 0",
                "0.06 -0.05 0.07 -0.08 0.03 0.01 -0.02 0.09 -0.04 0.02 0.11 -0.01  | 0.01 | 0.79362 | 0.00403 | 0.20234",
                "0.012 0.009 0.011 0.013 0.008 0.014                               | 0.01 | 0.74856 | 0.25143 | 0",
                "0.02 0.03 -0.01 0.05 0.04 0 0.015 0.025                           | NaN  | 0.99829 | NaN | 0.00172",
                "0.004 -0.006 0.002 0.008 -0.003 0.001 0.012 -0.004 0.005 -0.002   | NaN  | 0.79026 | NaN | 0.20974",
                "0.06 -0.05 0.07 -0.08 0.03 0.01 -0.02 0.09 -0.04 0.02 0.11 -0.01  | NaN  | 0.81518 | NaN | 0.18482",
                "0.012 0.009 0.011 0.013 0.008 0.014                               | NaN  | 1       | NaN | 0"
            })
    void agreesWithBaycomp(String differences, double margin, double better, double equivalent, double worse) {
        double[] d = Arrays.stream(differences.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        BayesianSignedRank posterior = of(d, margin);
        assertEquals(better, posterior.better(), ERROR);
        assertEquals(equivalent, posterior.equivalent(), ERROR);
        assertEquals(worse, posterior.worse(), ERROR);
    }

    /// The sums over all pairs as they are defined, of the same draws.
    @Test
    void sumsAreThoseOfAllPairs() {
        double[] d = {0.02, 0.02, -0.01, 0, 0.01, -0.03, 0.01};
        int draws = 100;
        double[] won = new double[3];
        for (int r = 0; r < draws; r++) {
            CounterRandom random = CounterRandom.of(7, "signed-rank weights", d.length, r);
            double z = random.nextGaussian();
            double[] w = new double[d.length + 1];
            double[] all = new double[d.length + 1];
            w[0] = z * z / 2;
            for (int i = 1; i < w.length; i++) {
                w[i] = -StrictMath.log(1 - random.nextDouble());
                all[i] = d[i - 1];
            }
            double[] sums = new double[3];
            for (int i = 0; i < w.length; i++) {
                for (int j = 0; j < w.length; j++) {
                    double sum = all[i] + all[j];
                    double high = sum > 0.02 ? 1 : sum == 0.02 ? 0.5 : 0;
                    double low = sum < -0.02 ? 1 : sum == -0.02 ? 0.5 : 0;
                    sums[0] += w[i] * w[j] * high;
                    sums[1] += w[i] * w[j] * (1 - high - low);
                    sums[2] += w[i] * w[j] * low;
                }
            }
            for (int k = 0; k < 3; k++) {
                won[k] += sums[k] == Arrays.stream(sums).max().getAsDouble() ? 1.0 / draws : 0;
            }
        }
        BayesianSignedRank posterior =
                BayesianSignedRank.of(1, _ -> d, 0.01, draws, 7).getFirst();
        assertEquals(won[0], posterior.better(), 1e-9);
        assertEquals(won[1], posterior.equivalent(), 1e-9);
        assertEquals(won[2], posterior.worse(), 1e-9);
    }

    @Test
    void turnsWithItsDifferences() {
        double[] d = {0.02, 0.03, -0.01, 0.05, -0.04, 0.001, 0.015, 0.025};
        BayesianSignedRank one = of(d, 0.01);
        BayesianSignedRank other = of(Arrays.stream(d).map(x -> -x).toArray(), 0.01);
        assertEquals(one.better(), other.worse(), ERROR);
        assertEquals(1, one.better() + one.equivalent() + one.worse(), 1e-12);
    }

    /// On both sides of the number of units from which on nothing is drawn.
    @ParameterizedTest
    @CsvSource({"0.0003, 0.002", "0.0012, 0.002", "0, NaN", "0.0005, NaN", "0.004, 0.002", "0, 0.0068"})
    void theLimitContinuesTheDraws(double shift, double margin) {
        double[] d = noise(BayesianSignedRank.MOST_DRAWN, shift);
        BayesianSignedRank drawn = of(d, margin);
        BayesianSignedRank limit = BayesianSignedRank.limit(d, margin);
        assertEquals(drawn.better(), limit.better(), 0.015);
        assertEquals(drawn.equivalent(), limit.equivalent(), 0.015);
        assertEquals(drawn.worse(), limit.worse(), 0.015);
    }

    @Test
    void manyUnitsThatAllAgreeLeaveNoDoubt() {
        double[] d = new double[1000];
        Arrays.fill(d, 0.05);
        assertEquals(1, of(d, 0.01).better(), 1e-9);
        assertEquals(1, of(new double[1000], 0.01).equivalent(), 1e-9);
        assertEquals(0.5, of(new double[1000], Double.NaN).better(), 1e-9);
    }

    @Test
    void fewerThanSixUnitsSayNothing() {
        assertTrue(Double.isNaN(of(new double[] {1, 2, 3, 4, 5}, 0.1).better()));
        assertEquals(1, of(new double[] {1, 2, 3, 4, 5, 6}, 0.1).better(), ERROR);
    }

    @Test
    void thousandsOfCasesOfTwelveLossesTakeSeconds() {
        double[] d = noise(20_000, 0.001);
        long start = System.nanoTime();
        BayesianSignedRank.of(66, _ -> d, 0.01, 10_000, 1);
        BayesianSignedRank.of(66, _ -> noise(200, 0.001), 0.01, 10_000, 1);
        assertTrue(System.nanoTime() - start < 20_000_000_000L);
    }

    private static double[] noise(int n, double shift) {
        CounterRandom random = CounterRandom.of(3, "noise");
        return DoubleStream.generate(() -> shift + 0.01 * random.nextGaussian())
                .limit(n)
                .toArray();
    }

    private static BayesianSignedRank of(double[] differences, double margin) {
        return BayesianSignedRank.of(1, _ -> differences, margin, DRAWS, 1).getFirst();
    }
}
