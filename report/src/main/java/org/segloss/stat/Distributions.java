package org.segloss.stat;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.FDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/// The normal distribution, Student's and Fisher's, as tests need them: by their tails, and defined up to infinity.
final class Distributions {
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    /// What a standard normal number exceeds once in 10^18.
    private static final double FAR = 9;

    private static final int PANELS = 64;
    private static final double[] NODES = {
        -0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664
    };
    private static final double[] WEIGHTS = {
        0.23692688505618908, 0.47862867049936647, 0.5688888888888889, 0.47862867049936647, 0.23692688505618908
    };

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

    static double chiSquaredQuantile(double p, double freedom) {
        return ChiSquaredDistribution.of(freedom).inverseCumulativeProbability(p);
    }

    static double betaQuantile(double p, double a, double b) {
        return BetaDistribution.of(a, b).inverseCumulativeProbability(p);
    }

    /// The probability that Fisher's F is at least `f`.
    static double fTail(double f, double numerator, double denominator) {
        return FDistribution.of(numerator, denominator).survivalProbability(f);
    }

    /// The probability that two normal numbers are both above 0, by Gauss and Legendre's rule over the first.
    static double bothPositive(double a, double sdA, double b, double sdB, double covariance) {
        if (sdA == 0 || sdB == 0) {
            return (sdA == 0 ? share(a) : normal(a / sdA)) * (sdB == 0 ? share(b) : normal(b / sdB));
        }
        double slope = covariance / sdA;
        // what of b is its own; both may be one number but for rounding
        double own = Math.sqrt(Math.max(sdB * sdB * 1e-12, sdB * sdB - slope * slope));
        double low = Math.max(-a / sdA, -FAR);
        return low >= FAR ? 0 : integral(z -> normalDensity(z) * normal((b + slope * z) / own), low, FAR, PANELS);
    }

    private static double share(double number) {
        return number > 0 ? 1 : number < 0 ? 0 : 0.5;
    }

    /// An integral by Gauss and Legendre's rule of five points in each of some panels.
    static double integral(DoubleUnaryOperator function, double low, double high, int panels) {
        double half = (high - low) / panels / 2;
        double sum = 0;
        for (int i = 0; i < panels; i++) {
            double middle = low + (2 * i + 1) * half;
            for (int k = 0; k < NODES.length; k++) {
                sum += WEIGHTS[k] * half * function.applyAsDouble(middle + half * NODES[k]);
            }
        }
        return sum;
    }
}
