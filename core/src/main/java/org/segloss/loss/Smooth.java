package org.segloss.loss;

/// What is added to numerator and denominator of a ratio of sums. In text `smooth=1` is both, `smoothNum` and
/// `smoothDen` are one of them.
///
/// A numerator without it leaves a class that is absent without a gradient; a denominator with it only makes such a
/// class a loss of 1.
///
/// @param num at least 0
/// @param den at least 0
public record Smooth(double num, double den) {
    public Smooth {
        Check.notNegative("smooth", num);
        Check.notNegative("smooth", den);
    }

    public static Smooth of(double both) {
        return new Smooth(both, both);
    }

    /// {@return (n + num) / (d + den), and 1 without a derivative where that denominator is 0}
    public Scalar ratio(Scalar n, Scalar d) {
        return n.plus(num).shareOf(d.plus(den));
    }
}
