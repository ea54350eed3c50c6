package org.segloss.loss;

/// A loss that is a function of a few sums over the voxels of one sample and one class, averaged over samples and
/// classes. Background is a class like any other in a multiclass task; a binary task has the foreground alone.
public non-sealed interface OverlapLoss extends Loss.Leaf {

    /// The loss of one class of one sample, and its derivatives by the sums that depend on the prediction.
    Slope at(Sums sums);

    /// What is summed up over the voxels of one sample and class; `p` is the probability, `y` the target.
    ///
    /// @param py sum of `p y`, the soft true positives
    /// @param p  sum of `p`
    /// @param y  sum of `y`
    /// @param pp sum of `p^2`
    /// @param yy sum of `y^2`
    record Sums(double py, double p, double y, double pp, double yy) {}

    /// A value and its partial derivatives.
    ///
    /// @param value the loss
    /// @param byPy  derivative by `Sums.py`
    /// @param byP   derivative by `Sums.p`
    /// @param byPp  derivative by `Sums.pp`
    record Slope(double value, double byPy, double byP, double byPp) {

        /// The chain rule: a function of this loss.
        ///
        /// @param value      the function's
        /// @param derivative the function's, by this loss
        Slope through(double value, double derivative) {
            return new Slope(value, derivative * byPy, derivative * byP, derivative * byPp);
        }

        /// One minus a ratio, by the quotient rule.
        ///
        /// ```
        /// L = 1 - n / d,   dL = -(dn d - n dd) / d^2
        /// ```
        ///
        /// Where the denominator is 0 there was nothing to find and nothing was found: the loss is 0, and flat.
        static Slope oneMinus(Linear numerator, Linear denominator) {
            double n = numerator.value;
            double d = denominator.value;
            if (d == 0) {
                return new Slope(0, 0, 0, 0);
            }
            double r = n / d;
            return new Slope(
                    1 - r,
                    (r * denominator.byPy - numerator.byPy) / d,
                    (r * denominator.byP - numerator.byP) / d,
                    (r * denominator.byPp - numerator.byPp) / d);
        }
    }

    /// An expression that is linear in the sums: its value and its coefficients.
    record Linear(double value, double byPy, double byP, double byPp) {}
}
