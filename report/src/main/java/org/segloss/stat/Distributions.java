package org.segloss.stat;

import java.util.function.DoubleUnaryOperator;

/// The normal distribution, Student's and Fisher's, to about 1e-13. `StrictMath`, so that a platform gives no other
/// bits.
final class Distributions {
    private static final double ROOT_2_PI = StrictMath.sqrt(2 * Math.PI);
    private static final double TINY = 1e-300;

    private Distributions() {}

    /// The probability that a standard normal number is at most `z`.
    static double normal(double z) {
        return z < 0 ? normalTail(-z) : 1 - normalTail(z);
    }

    static double normalDensity(double z) {
        return StrictMath.exp(-z * z / 2) / ROOT_2_PI;
    }

    /// The probability above `z`, which is at least 0.
    private static double normalTail(double z) {
        double density = normalDensity(z);
        if (z < 2) {
            // 1/2 - density * (z + z^3/3 + z^5/(3*5) + ...)
            double term = z;
            double sum = z;
            for (int k = 3; term > sum * 1e-17; k += 2) {
                term *= z * z / k;
                sum += term;
            }
            return 0.5 - density * sum;
        }
        // Laplace's continued fraction, from the inside out; 200 levels are enough from z = 2 on
        double fraction = z;
        for (int k = 200; k > 0; k--) {
            fraction = z + k / fraction;
        }
        return density / fraction;
    }

    static double normalQuantile(double p) {
        return p < 0.5 ? -normalQuantile(1 - p, p) : normalQuantile(p, 1 - p);
    }

    /// In terms of the smaller tail, which keeps its digits.
    private static double normalQuantile(double p, double tail) {
        return p == 0.5 ? 0 : solve(z -> -normalTail(z), -tail, 0, 40);
    }

    /// The probability that |T| is at least |t|, for Student's T with `freedom` degrees of freedom.
    static double studentTails(double t, double freedom) {
        return Double.isInfinite(t) ? 0 : beta(freedom / 2, 0.5, freedom / (freedom + t * t));
    }

    /// The t that |T| exceeds with probability `tails`.
    static double studentQuantile(double tails, double freedom) {
        double high = 1;
        while (studentTails(high, freedom) > tails) {
            high *= 2;
        }
        return solve(t -> -studentTails(t, freedom), -tails, 0, high);
    }

    /// The probability that Fisher's F is at least `f`.
    static double fTail(double f, double numerator, double denominator) {
        return Double.isInfinite(f)
                ? 0
                : beta(denominator / 2, numerator / 2, denominator / (denominator + numerator * f));
    }

    /// Where a growing function has a value, by halving.
    static double solve(DoubleUnaryOperator function, double value, double low, double high) {
        double a = low;
        double b = high;
        for (double middle = (a + b) / 2; middle > a && middle < b; middle = (a + b) / 2) {
            if (function.applyAsDouble(middle) < value) {
                a = middle;
            } else {
                b = middle;
            }
        }
        return b;
    }

    /// The regularized incomplete beta function I_x(a, b).
    static double beta(double a, double b, double x) {
        if (x <= 0 || x >= 1) {
            return x <= 0 ? 0 : 1;
        }
        // the fraction converges fast on this side of the mean, the symmetry leads there
        return x <= (a + 1) / (a + b + 2) ? betaFraction(a, b, x) : 1 - betaFraction(b, a, 1 - x);
    }

    /// The continued fraction of DLMF 8.17.22, by Lentz's method.
    private static double betaFraction(double a, double b, double x) {
        double front = StrictMath.exp(
                        logGamma(a + b) - logGamma(a) - logGamma(b) + a * StrictMath.log(x) + b * StrictMath.log1p(-x))
                / a;
        double c = 1;
        double d = nonZero(1 - (a + b) * x / (a + 1));
        d = 1 / d;
        double fraction = d;
        double change = 0;
        for (int m = 1; Math.abs(change - 1) > 1e-16 && m < 10_000; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / nonZero(1 + even * d);
            c = nonZero(1 + even / c);
            fraction *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / nonZero(1 + odd * d);
            c = nonZero(1 + odd / c);
            change = d * c;
            fraction *= change;
        }
        return front * fraction;
    }

    private static double nonZero(double x) {
        return Math.abs(x) < TINY ? TINY : x;
    }

    /// Stirling's series where it is exact to a double, and the recursion down from there.
    static double logGamma(double x) {
        double product = 1;
        double y = x;
        while (y < 20) {
            product *= y;
            y++;
        }
        double r = 1 / (y * y);
        double series = (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))) / y;
        return (y - 0.5) * StrictMath.log(y) - y + StrictMath.log(2 * Math.PI) / 2 + series - StrictMath.log(product);
    }
}
