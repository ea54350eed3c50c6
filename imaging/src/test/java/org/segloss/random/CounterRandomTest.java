package org.segloss.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CounterRandomTest {

    @Test
    void aStreamDependsOnItsNameAlone() {
        var first = CounterRandom.of(7, "patch", 70, 1);
        CounterRandom.of(7, "patch", 69, 1).nextLong();
        var again = CounterRandom.of(7, "patch", 70, 1);
        for (int i = 0; i < 100; i++) {
            assertThat(again.nextLong()).isEqualTo(first.nextLong());
        }
    }

    @Test
    void everyPartOfTheNameMatters() {
        Set<Long> seen = new HashSet<>();
        int names = 0;
        for (String purpose : new String[] {"", "patch", "patcg", "order", "order\0"}) {
            for (long seed = -3; seed < 4; seed++) {
                seen.add(CounterRandom.of(seed, purpose).nextLong());
                names++;
                for (long a = -3; a < 40; a++) {
                    seen.add(CounterRandom.of(seed, purpose, a).nextLong());
                    names++;
                    for (long b = 0; b < 5; b++) {
                        seen.add(CounterRandom.of(seed, purpose, a, b).nextLong());
                        names++;
                    }
                }
            }
        }
        assertThat(seen).hasSize(names);
    }

    // a seed draws the same for ever: these bits are in people's results. Computed a second time by 20 lines of Python.
    @Test
    void theBitsNeverChange() {
        assertThat(CounterRandom.of(1, "patch", 2, 3).nextLong()).isEqualTo(GOLD);
    }

    private static final long GOLD = 0xF960879111AE298CL;

    // the largest bound, one of which half is drawn again, and small ones
    @Test
    void anArrayIsFilledAsNumberByNumber() {
        for (int bound : new int[] {1, 2, 10, (1 << 30) + 1, Integer.MAX_VALUE}) {
            int[] numbers = new int[50];
            CounterRandom.of(3, "fill", bound).fill(numbers, bound);
            var one = CounterRandom.of(3, "fill", bound);
            for (int number : numbers) {
                assertThat(number).isEqualTo(one.nextInt(bound)).isBetween(0, bound - 1);
            }
        }
    }

    @Test
    void uniformNumbersFillTheUnitIntervalEvenly() {
        var random = CounterRandom.of(1, "test");
        int[] counts = new int[10];
        for (int i = 0; i < 100_000; i++) {
            double u = random.nextDouble();
            assertThat(u).isBetween(0.0, Math.nextDown(1.0));
            counts[(int) (10 * u)]++;
        }
        // 10,000 expected, standard deviation 95; five of them
        for (int count : counts) {
            assertThat(count).isBetween(9_525, 10_475);
        }
    }

    @Test
    void firstDrawsOfNeighbouringKeysAreIndependent() {
        int n = 20_000;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double here = CounterRandom.of(5, "test", i).nextDouble() - 0.5;
            double next = CounterRandom.of(5, "test", i + 1).nextDouble() - 0.5;
            sum += 12 * here * next;
        }
        // a correlation of independent numbers has standard deviation 1 / sqrt(n); five of them
        assertThat(sum / n).isCloseTo(0, within(5 / Math.sqrt(n)));
    }

    @Test
    void wholeNumbersStayBelowTheBoundAndAllOccur() {
        var random = CounterRandom.of(2, "test");
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) {
            counts[random.nextInt(7)]++;
        }
        // 10,000 expected, standard deviation 93; five of them
        for (int count : counts) {
            assertThat(count).isBetween(9_535, 10_465);
        }
        assertThat(random.nextInt(1)).isZero();
        assertThat(random.nextInt(Integer.MAX_VALUE)).isBetween(0, Integer.MAX_VALUE - 1);
    }

    @Test
    void aBoundOfZeroIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CounterRandom.of(0, "test").nextInt(0))
                .withMessage("the bound has to be at least 1, but is 0");
    }

    @Test
    void gaussiansHaveTheMomentsOfTheNormalDistribution() {
        var random = CounterRandom.of(3, "test");
        int n = 100_000;
        double[] moments = new double[5];
        for (int i = 0; i < n; i++) {
            double g = random.nextGaussian();
            for (int k = 1; k <= 4; k++) {
                moments[k] += Math.pow(g, k) / n;
            }
        }
        // standard deviations of the mean moments: sqrt(1, 2, 15, 96) / sqrt(n); five of them
        assertThat(moments[1]).isCloseTo(0, within(0.016));
        assertThat(moments[2]).isCloseTo(1, within(0.023));
        assertThat(moments[3]).isCloseTo(0, within(0.062));
        assertThat(moments[4]).isCloseTo(3, within(0.155));
    }
}
