package org.segloss.stat;

import org.apache.commons.statistics.distribution.FDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/// The normal distribution, Student's and Fisher's, as tests need them: by their tails, and defined up to infinity.
final class Distributions {
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    private Distributions() {}

    /// The probability that a standard normal number is at most `z`.
    static double normal(double z) {
        return NORMAL.cumulativeProbability(z);
    }

    static double normalDensity(double z) {
        return NORMAL.density(z);
    }

    static double normalQuantile(double p) {
        return NORMAL.inverseCumulativeProbability(p);
    }

    /// The probability that |T| is at least |t|, for Student's T with `freedom` degrees of freedom.
    static double studentTails(double t, double freedom) {
        return 2 * TDistribution.of(freedom).survivalProbability(Math.abs(t));
    }

    /// The t that |T| exceeds with probability `tails`.
    static double studentQuantile(double tails, double freedom) {
        return TDistribution.of(freedom).inverseSurvivalProbability(tails / 2);
    }

    /// The probability that Fisher's F is at least `f`.
    static double fTail(double f, double numerator, double denominator) {
        return FDistribution.of(numerator, denominator).survivalProbability(f);
    }
}
