package org.segloss.decide;

import java.util.Arrays;

/// The set of voxels with the largest expected Dice, from the voxels' probabilities alone.
///
/// Let each voxel `i` be of the class with probability `p_i`, independently of all others. The expected Dice of a set
/// `S` of `k` voxels is
///
/// ```
/// E[ 2 |S ∩ Y| / (k + |Y|) ] = 2 Σ_{i in S} p_i E[ 1 / (k + 1 + |Y without i|) ]
/// ```
///
/// and that of the empty set the probability that no voxel is of the class, for then Dice is 1. Of all sets of `k`
/// voxels that of the most probable ones is the best, so that only `k` is looked for. With `1 / m` the integral of
/// `t^(m - 1)` from 0 to 1, and the voxels sorted, it is
///
/// ```
/// D(k) = 2 ∫ t^k G(t) A_k(t) dt,  G(t) = Π_i (1 - p_i + p_i t),  A_k(t) = Σ_{i <= k} p_i / (1 - p_i + p_i t)
/// ```
///
/// With `t = exp(-exp(u))` the trapezoidal rule over `u` converges exponentially, whatever `k`: some 100 to 150 points
/// give all `D(k)` with a relative error below 1e-10, in one pass over the sorted voxels. So the set is the exact one
/// under independence, up to sets whose expected Dice differs by less than that, in `O(n log n)`. Since `D(k)` is at
/// most `2 Σ p_i / (k + 1)`, and at least `2 Σ_{i <= k} p_i / (k + 1 + Σ p_i)`, only the first voxels are sorted and
/// looked at.
///
/// That the most probable voxels are the best is due to Lewis (1995), exact algorithms of quadratic time and more to
/// Dembczyński et al. (2011) and Ye et al. (2012); Dai and Li (2023), RankDice, brought the rule to segmentation, with
/// approximations of `|Y|` in its place.
public final class ExpectedDice {
    /// Of the trapezoidal rule over `u`.
    private static final double STEP = 0.25;

    /// Beyond `t = exp(-20)` there is nothing: `t^2` is below 1e-17.
    private static final double LARGEST = 20;

    /// The first point is at so small a part of the integrand's width.
    private static final double SMALLEST = 1e-6;

    /// `log(1 - p x)` of smaller probabilities is a series of so many powers.
    private static final float SMALL = 1f / 16;

    private static final int POWERS = 10;

    /// Smaller numbers would soon be none.
    private static final double NOTHING = 1e-200;

    /// A probability's bits without the last ones: in the order of the probabilities.
    private static final int SHIFT = 14;

    private static final int BUCKETS = (Float.floatToRawIntBits(1f) >>> SHIFT) + 1;

    private ExpectedDice() {}

    /// A set of voxels.
    ///
    /// @param voxels       the most probable one first, of equally probable ones the first in the image
    /// @param dice         its expected Dice
    /// @param expectedSize how many voxels of the class are expected in the image
    public record VoxelSet(int[] voxels, double dice, double expectedSize) {}

    /// {@return the set with the largest expected Dice, of equally good ones the smallest}
    ///
    /// @param probabilities of each voxel to be of the class, from 0 to 1
    /// @throws IllegalArgumentException if a number is no probability
    public static VoxelSet largest(float[] probabilities) {
        double[] powers = new double[POWERS + 1];
        int[] count = new int[BUCKETS];
        double[] sum = new double[BUCKETS];
        double size = 0;
        double logEmpty = 0;
        for (float p : probabilities) {
            if (!(p >= 0 && p <= 1)) {
                throw new IllegalArgumentException("%s is no probability".formatted(p));
            }
            size += p;
            int bucket = Float.floatToRawIntBits(p) >>> SHIFT & 0x1FFFF;
            count[bucket]++;
            sum[bucket] += p;
            if (p <= SMALL) {
                double power = p;
                for (int r = 1; r <= POWERS; r++) {
                    powers[r] += power / r;
                    power *= p;
                }
            } else {
                logEmpty += Math.log1p(-p);
            }
        }
        for (int r = 1; r <= POWERS; r++) {
            logEmpty -= powers[r];
        }
        double empty = Math.exp(logEmpty);
        int candidates = candidates(probabilities.length, count, sum, size, empty);
        if (candidates == 0) {
            return new VoxelSet(new int[0], empty, size);
        }
        long[] sorted = mostProbable(probabilities, count, candidates);
        var integral = new Integral(probabilities, powers, candidates + 1 + size);
        double best = empty;
        int length = 0;
        for (int k = 1; k <= candidates && 2 * size / (k + 1) > best; k++) {
            double dice = integral.next(probabilities[(int) sorted[k - 1]]);
            if (dice > best) {
                best = dice;
                length = k;
            }
        }
        return new VoxelSet(
                Arrays.stream(sorted, 0, length).mapToInt(key -> (int) key).toArray(), best, size);
    }

    /// {@return how many voxels a set that is the best can have}: one with more has an expected Dice below what some
    /// set has at least
    private static int candidates(int voxels, int[] count, double[] sum, double size, double empty) {
        double least = empty;
        long k = 0;
        double upTo = 0;
        for (int bucket = BUCKETS - 1; bucket >= 0; bucket--) {
            k += count[bucket];
            upTo += sum[bucket];
            least = Math.max(least, 2 * upTo / (k + 1 + size));
        }
        // a set of one voxel has at most the size
        return size < least || size == 0 ? 0 : (int) Math.min(voxels - count[0], Math.ceil(2 * size / least));
    }

    /// {@return the most probable voxels, the first so many of them in order}: numbers whose lower half is the voxel
    private static long[] mostProbable(float[] probabilities, int[] count, int candidates) {
        int bucket = BUCKETS;
        int collected = 0;
        while (collected < candidates && bucket > 0) {
            collected += count[--bucket];
        }
        long[] sorted = new long[collected];
        int end = 0;
        for (int i = 0; i < probabilities.length; i++) {
            int bits = Float.floatToRawIntBits(probabilities[i]) & 0x7FFFFFFF;
            if (bits >>> SHIFT >= bucket) {
                sorted[end++] = (long) -bits << 32 | i;
            }
        }
        Arrays.sort(sorted);
        return sorted;
    }

    /// `D(k)` for one `k` after the other.
    private static final class Integral {
        private final double[] t;
        private final double[] weights;
        private final double[] sums;
        private int points;

        /// @param powers sums of the powers of small probabilities, each divided by its exponent
        /// @param width  the largest exponent of `t`, about
        Integral(float[] probabilities, double[] powers, double width) {
            double first = Math.log(SMALLEST / width);
            points = 1 + (int) Math.ceil((Math.log(LARGEST) - first) / STEP);
            t = new double[points];
            weights = new double[points];
            sums = new double[points];
            float[] large = new float[probabilities.length];
            int count = 0;
            int sure = 0;
            for (float p : probabilities) {
                if (p == 1) {
                    sure++;
                } else if (p > SMALL) {
                    large[count++] = p;
                }
            }
            for (int j = 0; j < points; j++) {
                double s = Math.exp(first + j * STEP);
                t[j] = Math.exp(-s);
                double log = -s * sure - series(powers, -Math.expm1(-s)) + logProduct(large, count, t[j]);
                // from the first point on, the integrand is constant down to 0
                double share = j == 0 ? -1 / Math.expm1(-STEP) : 1;
                weights[j] = 2 * STEP * share * s * t[j] * Math.exp(log);
            }
        }

        private static double series(double[] powers, double x) {
            double sum = 0;
            for (int r = POWERS; r >= 1; r--) {
                sum = (sum + powers[r]) * x;
            }
            return sum;
        }

        private static double logProduct(float[] large, int count, double t) {
            double log = 0;
            double product = 1;
            for (int i = 0; i < count; i++) {
                product *= 1 - (double) large[i] + large[i] * t;
                if (product < NOTHING) {
                    log += Math.log(product);
                    product = 1;
                }
            }
            return log + Math.log(product);
        }

        /// {@return the expected Dice with one voxel more}
        double next(double p) {
            double rest = 1 - p;
            for (int j = 0; j < points; j++) {
                weights[j] *= t[j];
                sums[j] += p / (rest + p * t[j]);
            }
            while (points > 0 && weights[points - 1] < NOTHING) {
                points--;
            }
            double dice = 0;
            for (int j = 0; j < points; j++) {
                dice += weights[j] * sums[j];
            }
            return dice;
        }
    }
}
