package org.segloss.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExpectedDiceTest {

    /// Every set against every outcome, each with its probability.
    @Test
    void noSetOfAFewVoxelsHasALargerExpectedDice() {
        var random = new Random(1);
        for (int trial = 0; trial < 300; trial++) {
            float[] p = some(random, 1 + trial % 8);
            int best = 0;
            for (int set = 1; set < 1 << p.length; set++) {
                if (expected(p, set) > expected(p, best) + 1e-12) {
                    best = set;
                }
            }
            var found = ExpectedDice.largest(p);
            assertThat(found.dice()).as(Arrays.toString(p)).isCloseTo(expected(p, best), within(1e-10));
            assertThat(expected(p, bits(found.voxels()))).isCloseTo(found.dice(), within(1e-10));
        }
    }

    /// The distribution of the number of true voxels, by the recursion over voxels that Ye et al. (2012) give.
    @Test
    void manyVoxelsAgreeWithTheDistributionOfTheirNumber() {
        var random = new Random(2);
        for (int n : new int[] {50, 200, 400}) {
            float[] p = some(random, n);
            double[] sorted = IntStream.range(0, n)
                    .mapToDouble(i -> -p[i])
                    .sorted()
                    .map(x -> -x)
                    .toArray();
            double best = Arrays.stream(sorted).reduce(1, (product, x) -> product * (1 - x));
            int length = 0;
            for (int k = 1; k <= n; k++) {
                double dice = byDistribution(sorted, k);
                if (dice > best) {
                    best = dice;
                    length = k;
                }
            }
            var found = ExpectedDice.largest(p);
            assertThat(found.dice()).isCloseTo(best, within(1e-9 * best));
            assertThat(found.voxels()).hasSize(length);
            assertThat(IntStream.of(found.voxels()).mapToDouble(i -> p[i]).toArray())
                    .containsExactly(Arrays.copyOf(sorted, length));
        }
    }

    /// Of `n` voxels of one probability that is 1 or 0 nothing is uncertain.
    @Test
    void sureVoxelsAreTheSet() {
        float[] p = new float[1000];
        Arrays.fill(p, 100, 400, 1);
        var found = ExpectedDice.largest(p);
        assertThat(found.voxels()).hasSize(300).startsWith(100, 101, 102).endsWith(399);
        assertThat(found.dice()).isCloseTo(1, within(1e-10));
        assertThat(found.expectedSize()).isEqualTo(300);
    }

    @Test
    void whatIsProbablyEmptyIsEmpty() {
        assertThat(ExpectedDice.largest(new float[10]).voxels()).isEmpty();
        assertThat(ExpectedDice.largest(new float[10]).dice()).isEqualTo(1);
        assertThat(ExpectedDice.largest(new float[0]).voxels()).isEmpty();
        // 0.9 for nothing, and 2/2 * 0.1 for the voxel
        assertThat(ExpectedDice.largest(new float[] {0.1f}).dice()).isCloseTo(0.9, within(1e-7));
        assertThat(ExpectedDice.largest(new float[] {0.6f}).voxels()).containsExactly(0);
    }

    /// A network that is sure of little: with the most probable class it would find nothing at all.
    @Test
    void voxelsBelowOneHalfAreInTheSetWhereTheDiceGainsByThem() {
        float[] p = new float[2000];
        Arrays.fill(p, 0, 1000, 0.4f);
        // with all of them 2 * 400 / (1000 + 400)
        var found = ExpectedDice.largest(p);
        assertThat(found.voxels()).hasSize(1000);
        assertThat(found.dice()).isCloseTo(4.0 / 7, within(1e-3));
    }

    /// In the limit of many voxels the threshold is half of the Dice.
    @Test
    void largeImagesAreDoneInOnePass() {
        var random = new Random(3);
        float[] p = new float[1_000_000];
        for (int i = 0; i < p.length; i++) {
            p[i] = (float) Math.pow(random.nextDouble(), 12);
        }
        var found = ExpectedDice.largest(p);
        assertThat((double) p[found.voxels()[found.voxels().length - 1]]).isCloseTo(found.dice() / 2, within(1e-4));
        double sum = IntStream.of(found.voxels()).mapToDouble(i -> p[i]).sum();
        assertThat(found.dice()).isCloseTo(2 * sum / (found.voxels().length + found.expectedSize()), within(1e-4));
    }

    @Test
    void equallyProbableVoxelsAreTakenInTheirOrder() {
        float[] p = {0.3f, 0.9f, 0.3f, 0.9f, 0.3f, 0.3f, 0.3f, 0.3f};
        int[] voxels = ExpectedDice.largest(p).voxels();
        assertThat(voxels).startsWith(1, 3);
        assertThat(Arrays.copyOfRange(voxels, 2, voxels.length)).isSorted();
    }

    @Test
    void whatIsNoProbabilityIsRefused() {
        for (float wrong : new float[] {-0.1f, 1.1f, Float.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ExpectedDice.largest(new float[] {wrong}))
                    .withMessageContaining("is no probability");
        }
    }

    private static float[] some(Random random, int n) {
        float[] p = new float[n];
        double power = Math.exp(2 * random.nextGaussian());
        for (int i = 0; i < n; i++) {
            double draw = random.nextDouble();
            p[i] = draw < 0.05 ? 0 : draw > 0.95 ? 1 : (float) Math.pow(random.nextDouble(), power);
        }
        return p;
    }

    private static int bits(int[] voxels) {
        return IntStream.of(voxels).map(i -> 1 << i).sum();
    }

    private static double expected(float[] p, int set) {
        double sum = 0;
        for (int truth = 0; truth < 1 << p.length; truth++) {
            double probability = 1;
            for (int i = 0; i < p.length; i++) {
                probability *= (truth >> i & 1) == 1 ? p[i] : 1 - (double) p[i];
            }
            int both = Integer.bitCount(set) + Integer.bitCount(truth);
            sum += probability * (both == 0 ? 1 : 2.0 * Integer.bitCount(set & truth) / both);
        }
        return sum;
    }

    private static double byDistribution(double[] sorted, int k) {
        double sum = 0;
        for (int i = 0; i < k; i++) {
            double[] number = new double[sorted.length];
            number[0] = 1;
            int last = 0;
            for (int j = 0; j < sorted.length; j++) {
                if (j != i) {
                    last++;
                    for (int m = last; m >= 0; m--) {
                        number[m] = number[m] * (1 - sorted[j]) + (m > 0 ? number[m - 1] * sorted[j] : 0);
                    }
                }
            }
            for (int m = 0; m <= last; m++) {
                sum += sorted[i] * number[m] / (k + 1 + m);
            }
        }
        return 2 * sum;
    }
}
